import { ApiObjectMetadata } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { allowKind, FLAG, instanceOf, OBJECT, quoted, refuse } from '../manifest/check-input';

/** Options of what can be switched off. */
interface Switchable {
  readonly enabled?: boolean;
}

/** The options of what is there only where they are given; undefined where it is switched off. */
export function givenOptions<T extends Switchable>(path: string, field: string, options: T | undefined): T | undefined {
  return options === undefined || options === null ? undefined : optionsOf(path, field, options);
}

/** The options of what is there unless it is switched off; undefined then. */
export function optionsOf<T extends Switchable>(path: string, field: string, given: T | undefined): T | undefined {
  allowKind(path, field, given, { ...OBJECT, fix: (value) => (value === false ? `write \`${field}: { enabled: false }\`` : `write \`${field}: { ... }\``) });
  const options = given ?? {} as T;
  allowKind(path, `${field}.enabled`, options.enabled, FLAG);
  return options.enabled === false ? undefined : options;
}

/** Refuses what is not a whole number of at least so many; it may be missing. */
export function allowCount(path: string, field: string, value: number | undefined, lowest: number, why: string, highest = 2147483647): void {
  if (value !== undefined && value !== null && (!Number.isInteger(value) || value < lowest || value > highest)) {
    refuse(path, `${field}: ${quoted(value)} is not a whole number from ${lowest} to ${highest}`, why, `give a number such as ${Math.max(lowest, 2)}`);
  }
}

const AMOUNT = instanceOf(kplus.PercentOrAbsolute, 'write kplus.PercentOrAbsolute.absolute(1)');

/** Refuses what is neither a number of pods above zero nor a share of them; it may be missing. */
export function allowAmount(path: string, field: string, amount: kplus.PercentOrAbsolute | undefined, why: string): void {
  allowKind(path, field, amount, AMOUNT);
  const text = String(amount?.value ?? 1);
  const number = /^\d+%?$/.test(text) ? parseInt(text, 10) : 0;
  if (number === 0 || (text.endsWith('%') && number > 100)) {
    refuse(path, `${field}: ${quoted(text)} is neither a whole number above 0 nor a share from 1% to 100%`, why, 'write kplus.PercentOrAbsolute.absolute(1)');
  }
}

/** Metadata of an object that belongs to a workload: in its namespace, since it would find nothing in another. */
export function metadataBeside(workload: kplus.Workload, field: string, metadata?: ApiObjectMetadata): ApiObjectMetadata {
  const namespace = workload.metadata.namespace;
  if (metadata?.namespace !== undefined && metadata.namespace !== namespace) {
    refuse(workload.node.path, `${field}.metadata.namespace: ${quoted(metadata.namespace)} is not the namespace of the workload, ${quoted(namespace ?? '')}`,
      'it finds pods and Services of its own namespace only', 'remove the namespace, or give the workload the same one');
  }
  return { ...metadata, namespace };
}

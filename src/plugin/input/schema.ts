import { boolYaml11Tag, defineScalarTag, FAILSAFE_SCHEMA, mergeTag, NOT_RESOLVED, nullYaml11Tag } from './yaml';

const DECIMAL = /^[-+]?(?:0|[1-9][0-9]*)$/;
const PREFIXED = /^([-+]?)0(?:[xX]([0-9a-fA-F]+)|[bB]([01]+)|[oO]?([0-7]+))$/;
const FLOAT = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;
const NO_JSON_NUMBER = /^(?:[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;

/** The number that an unquoted text is; undefined where it is none. */
export function numberOf(source: string): number | undefined {
  const text = source.includes('_') && source[0] !== '_' ? source.replaceAll('_', '') : source;
  if (DECIMAL.test(text)) {
    return Number(text);
  }
  const prefixed = PREFIXED.exec(text);
  if (prefixed) {
    const [, sign, hex, binary, octal] = prefixed;
    const value = hex !== undefined ? parseInt(hex, 16) : binary !== undefined ? parseInt(binary, 2) : parseInt(octal, 8);
    return sign === '-' ? -value : value;
  }
  return FLOAT.test(text) ? Number(text) : undefined;
}

function resolveNumber(source: string): number | typeof NOT_RESOLVED {
  if (NO_JSON_NUMBER.test(source)) {
    throw new Error(`"${source}" is a number that JSON does not have, and that Kubernetes refuses`);
  }
  return numberOf(source) ?? NOT_RESOLVED;
}

const number = (tag: string) => defineScalarTag<number>(tag, {
  implicit: true,
  implicitFirstChars: ['-', '+', '.', ...'0123456789'],
  resolve: resolveNumber,
  identify: () => false,
});

/**
 * Unquoted values as Kubernetes reads them: as goyaml.v2 of sigs.k8s.io/yaml does, which is neither YAML 1.1 nor 1.2.
 *
 * `y`, `yes` and `on` are booleans; `017` and `0o17` are octal, `08` is eight; `1:30` and `2001-01-01` are text. Measured with the
 * strict decoder of Kubernetes 1.34; `test/plugin/input.test.ts` has the table.
 */
export const KUBERNETES_SCHEMA = FAILSAFE_SCHEMA.withTags(
  nullYaml11Tag, boolYaml11Tag, number('tag:yaml.org,2002:int'), number('tag:yaml.org,2002:float'), mergeTag);

/** Texts that were resolved: manifests repeat few of them very often. */
const resolved = new Map<string, unknown>();

const MOST_RESOLVED = 10_000;

/** The value of an unquoted text. */
export function resolveText(text: string): unknown {
  let value = resolved.get(text);
  if (value === undefined) {
    ({ value } = KUBERNETES_SCHEMA.resolveImplicitScalarTag(text));
    if (resolved.size < MOST_RESOLVED) {
      resolved.set(text, value);
    }
  }
  return value;
}

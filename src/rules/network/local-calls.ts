import { isLoopback } from './loopback';
import { ContainerView } from '../../manifest/containers';
import { JsonObject, objectsIn, textOf } from '../../manifest/json';

/** `127.0.0.1:5432`, also within an address: `postgres://localhost:5432/shop`. */
const LOCAL_PORT = /(?:^|[/@\s,=])(?:127\.0\.0\.1|localhost|\[::1\]):(\d+)(?!\d)/g;

/** Longer values are no addresses. */
const LONGEST = 1000;

/** A port of its own pod that a container is told to call. */
export interface LocalCall {
  readonly port: number;
  /** Field path of what tells it so. */
  readonly path: string;
  /** What tells it so: a variable with its value, or a command. */
  readonly text: string;
}

/** What the variables of a container tell it to call at the loopback address. */
export function localCallsOf({ json, path }: ContainerView): LocalCall[] {
  const calls: LocalCall[] = [];
  const variables = objectsIn(json.env);
  for (let index = 0; index < variables.length; index++) {
    for (const port of portsIn(variables[index], variables)) {
      calls.push({ port, path: `${path}.env[${index}].value`, text: `${textOf(variables[index].name)}=${textOf(variables[index].value).slice(0, LONGEST)}` });
    }
  }
  return calls;
}

function portsIn({ name, value }: JsonObject, variables: readonly JsonObject[]): number[] {
  const text = typeof value === 'string' ? value.slice(0, LONGEST) : '';
  if (!text.includes('127.0.0.1') && !text.includes('localhost') && !text.includes('::1')) {
    return [];
  }
  if (isLoopback(text) && textOf(name).endsWith('HOST')) {
    // `DB_HOST` and `DB_PORT`.
    const port = variables.find((other) => other.name === `${name.slice(0, -'HOST'.length)}PORT`)?.value;
    return typeof port === 'string' && /^\d+$/.test(port) ? [Number(port)] : [];
  }
  return [...text.matchAll(LOCAL_PORT)].map(([, port]) => Number(port));
}

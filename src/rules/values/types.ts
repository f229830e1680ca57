import { isObject, JsonObject } from '../../manifest/json';
import { quote } from '../quote';
import { RuleFinding } from '../rule';

/** Says what is wrong with a value; undefined where nothing is. */
type Type = (value: unknown) => string | undefined;

/** The types of the fields of an object. What it does not name may be anything. */
type Fields = ReadonlyMap<string, Schema>;

/** A list whose elements are all of one type, or an object whose values are. */
interface Collection {
  readonly isList: boolean;
  readonly of: Schema;
}

/** What the API takes in one place of a manifest. */
export type Schema = Type | Fields | Collection;

export function fields(schemas: { readonly [name: string]: Schema }): Fields {
  return new Map(Object.entries(schemas));
}

/** The same type for several fields. */
export function each<S extends Schema>(type: S, ...names: string[]): { [name: string]: S } {
  return Object.fromEntries(names.map((name) => [name, type]));
}

export function listOf(of: Schema): Collection {
  return { isList: true, of };
}

export function mapOf(of: Schema): Collection {
  return { isList: false, of };
}

const LARGEST_INT32 = 2 ** 31 - 1;
const KINDS: { readonly [type: string]: string } = { string: 'a string', number: 'a number', boolean: 'a flag' };

function not(value: unknown, wanted: string, { shown = value, meant }: { shown?: unknown; meant?: string } = {}): string {
  const kind = Array.isArray(value) ? 'a list' : KINDS[typeof value] ?? 'an object';
  return `${quote(shown)} is ${kind}, not ${wanted}${meant === undefined ? '' : `; did you mean ${meant}?`}`;
}

export const TEXT: Type = (value) => typeof value === 'string' ? undefined : not(value, 'a string');

export const FLAG: Type = (value) =>
  typeof value === 'boolean' ? undefined : not(value, 'a flag', value === 'true' || value === 'false' ? { meant: value } : {});

/** Seconds, mostly. */
export const INT64: Type = (value) => {
  if (typeof value === 'number') {
    return Number.isInteger(value) ? undefined : `${quote(value)} is not a whole number`;
  }
  return not(value, 'a number', typeof value === 'string' && /^-?\d{1,9}$/.test(value) ? { meant: `${Number(value)}` } : {});
};

export const INT32: Type = (value) =>
  typeof value === 'number' && Math.abs(value) > LARGEST_INT32 ? `${quote(value)} is more than ${LARGEST_INT32}` : INT64(value);

/** A number, or a part of all: `25%`. */
export const COUNT: Type = (value) => typeof value === 'string' && /^\d+%$/.test(value) ? undefined : INT32(value);

/** What stands for a value that nobody must read in a log. */
const HIDDEN = '…';

export const SECRET_TEXT: Type = (value) => typeof value === 'string' ? undefined : not(value, 'a string', { shown: HIDDEN });

const ENCODED = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

export const BASE64: Type = (value) => {
  if (typeof value !== 'string') {
    return SECRET_TEXT(value);
  }
  return ENCODED.test(value.replace(/[\r\n]/g, '')) ? undefined : `${quote(HIDDEN)} is not in base64`;
};

export const TEXTS = mapOf(TEXT);

/** An object whose fields are the matter of other rules. */
export const OBJECT: Fields = fields({});

const NONE: readonly RuleFinding[] = [];

/** The values that are not of their type, each with its path below this one. What is null is not set. */
export function mistypedIn(value: unknown, schema: Schema): readonly RuleFinding[] {
  if (value === undefined || value === null) {
    return NONE;
  }
  if (typeof schema === 'function') {
    const fact = schema(value);
    return fact === undefined ? NONE : [{ field: '', fact }];
  }
  if ('of' in schema && schema.isList) {
    return Array.isArray(value) ? inList(value, schema.of) : [{ field: '', fact: not(value, 'a list') }];
  }
  if (!isObject(value)) {
    return [{ field: '', fact: not(value, 'an object') }];
  }
  return inObject(value, schema);
}

function inList(list: readonly unknown[], schema: Schema): readonly RuleFinding[] {
  let found: RuleFinding[] | undefined;
  for (let index = 0; index < list.length; index++) {
    found = joined(found, mistypedIn(list[index], schema), `[${index}]`);
  }
  return found ?? NONE;
}

function inObject(object: JsonObject, schema: Fields | Collection): readonly RuleFinding[] {
  let found: RuleFinding[] | undefined;
  for (const key in object) {
    const value = object[key];
    if ('of' in schema) {
      found = joined(found, mistypedIn(value, schema.of), `[${key}]`);
    } else {
      const type = schema.get(key);
      if (type !== undefined) {
        found = joined(found, mistypedIn(value, type), `.${key}`);
      }
    }
  }
  return found ?? NONE;
}

/** Paths are written for what is wrong only, which is nearly never. */
function joined(found: RuleFinding[] | undefined, more: readonly RuleFinding[], place: string): RuleFinding[] | undefined {
  if (more.length === 0) {
    return found;
  }
  const all = found ?? [];
  for (const { field, fact } of more) {
    all.push({ field: `${place}${field}`, fact });
  }
  return all;
}

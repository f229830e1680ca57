import { isObject, JsonObject } from '../../manifest/json';
import { didYouMean, likelyMeant, quote } from '../quote';
import { RuleFinding } from '../rule';

/** Says what is wrong with a value; undefined where nothing is. */
type Judge = (value: unknown) => string | undefined;

/** What the API takes in one place of a manifest. All have the same shape and one of the four: the look at one is on the path of each value. */
export interface Schema {
  /** Of a single value. */
  readonly judge: Judge | undefined;
  /** Of the elements of a list. */
  readonly items: Schema | undefined;
  /** Of all values of an object. */
  readonly values: Schema | undefined;
  /** Of the fields of an object. What is not named may be anything. */
  readonly fields: ReadonlyMap<string, Schema> | undefined;
}

function schemaOf({ judge, items, values, fields: named }: Partial<Schema>): Schema {
  return { judge, items, values, fields: named };
}

export function fields(schemas: { readonly [name: string]: Schema }): Schema {
  return schemaOf({ fields: new Map(Object.entries(schemas)) });
}

/** The same type for several fields. */
export function each(type: Schema, ...names: string[]): { [name: string]: Schema } {
  return Object.fromEntries(names.map((name) => [name, type]));
}

export function listOf(items: Schema): Schema {
  return schemaOf({ items });
}

export function mapOf(values: Schema): Schema {
  return schemaOf({ values });
}

function single(judge: Judge): Schema {
  return schemaOf({ judge });
}

const LARGEST_INT32 = 2 ** 31 - 1;
const KINDS: { readonly [type: string]: string } = { string: 'a string', number: 'a number', boolean: 'a flag' };

/** What a value is instead of what is wanted. */
export function not(value: unknown, wanted: string, { shown = value, meant }: { shown?: unknown; meant?: string } = {}): string {
  const kind = Array.isArray(value) ? 'a list' : KINDS[typeof value] ?? 'an object';
  return `${quote(shown)} is ${kind}, not ${wanted}${meant === undefined ? '' : `; did you mean ${meant}?`}`;
}

export const TEXT = single((value) => typeof value === 'string' ? undefined : not(value, 'a string'));

export const FLAG = single((value) =>
  typeof value === 'boolean' ? undefined : not(value, 'a flag', value === 'true' || value === 'false' ? { meant: value } : {}));

function judgeNumber(value: unknown): string | undefined {
  if (typeof value === 'number') {
    return Number.isInteger(value) ? undefined : `${quote(value)} is not a whole number`;
  }
  return not(value, 'a number', typeof value === 'string' && /^-?\d{1,9}$/.test(value) ? { meant: `${Number(value)}` } : {});
}

function judgeSmallNumber(value: unknown): string | undefined {
  return typeof value === 'number' && Math.abs(value) > LARGEST_INT32 ? `${quote(value)} is more than ${LARGEST_INT32}` : judgeNumber(value);
}

function judgeBounds(value: unknown, least: number, most = Infinity): string | undefined {
  if (typeof value !== 'number' || value >= least && value <= most) {
    return undefined;
  }
  return `${quote(value)} is ${most === Infinity ? `less than ${least}` : `not from ${least} to ${most}`}`;
}

/** Seconds, mostly. */
export const INT64 = single(judgeNumber);
export const INT32 = single(judgeSmallNumber);

/** Seconds that may be many. */
export const NATURAL_INT64 = single((value) => judgeNumber(value) ?? judgeBounds(value, 0));

/** A number that is at least, and at most, so much. */
export function between(least: number, most?: number): Schema {
  return single((value) => judgeSmallNumber(value) ?? judgeBounds(value, least, most));
}

/** A number, or a part of all: `25%`. */
export const COUNT = single((value) =>
  typeof value === 'string' && /^\d+%$/.test(value) ? undefined : judgeSmallNumber(value) ?? judgeBounds(value, 0));

/** One of a few words. Where "" is among them it stands for the default. */
export function oneOf(...names: string[]): Schema {
  const known = new Set(names);
  const shown = names.filter((name) => name !== '');
  return single((value) => {
    if (typeof value !== 'string') {
      return not(value, 'a string');
    }
    return known.has(value) ? undefined : `${quote(value)} is none of ${shown.map(quote).join(', ')}${didYouMean(likelyMeant(value, shown))}`;
  });
}

/** What stands for a value that nobody must read in a log. */
const HIDDEN = '…';

function judgeSecret(value: unknown): string | undefined {
  return typeof value === 'string' ? undefined : not(value, 'a string', { shown: HIDDEN });
}

export const SECRET_TEXT = single(judgeSecret);

const ENCODED = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

export const BASE64 = single((value) => {
  if (typeof value !== 'string') {
    return judgeSecret(value);
  }
  return ENCODED.test(value.replace(/[\r\n]/g, '')) ? undefined : `${quote(HIDDEN)} is not in base64`;
});

export const TEXTS = mapOf(TEXT);

/** An object whose fields are the matter of other rules. */
export const OBJECT = fields({});

const NONE: readonly RuleFinding[] = [];

/** The values that are not of their type, each with its path below this one. What is null is not set. */
export function mistypedIn(value: unknown, schema: Schema): readonly RuleFinding[] {
  if (value === undefined || value === null) {
    return NONE;
  }
  if (schema.judge !== undefined) {
    const fact = schema.judge(value);
    return fact === undefined ? NONE : [{ field: '', fact }];
  }
  if (schema.items !== undefined) {
    return Array.isArray(value) ? inList(value, schema.items) : [{ field: '', fact: not(value, 'a list') }];
  }
  if (!isObject(value)) {
    return [{ field: '', fact: not(value, 'an object') }];
  }
  if (schema.fields === undefined) {
    return inValues(value, schema.values!);
  }
  return schema.fields.size === 0 ? NONE : inFields(value, schema.fields);
}

function inList(list: readonly unknown[], items: Schema): readonly RuleFinding[] {
  let found: RuleFinding[] | undefined;
  for (let index = 0; index < list.length; index++) {
    const more = mistypedIn(list[index], items);
    if (more !== NONE) {
      found = joined(found, more, `[${index}]`);
    }
  }
  return found ?? NONE;
}

function inValues(object: JsonObject, values: Schema): readonly RuleFinding[] {
  let found: RuleFinding[] | undefined;
  for (const key in object) {
    if (values !== TEXT || typeof object[key] !== 'string') {
      const more = mistypedIn(object[key], values);
      if (more !== NONE) {
        found = joined(found, more, `[${key}]`);
      }
    }
  }
  return found ?? NONE;
}

function inFields(object: JsonObject, named: ReadonlyMap<string, Schema>): readonly RuleFinding[] {
  let found: RuleFinding[] | undefined;
  for (const key in object) {
    const inner = named.get(key);
    // Nearly always a string is where one belongs.
    if (inner !== undefined && (inner !== TEXT || typeof object[key] !== 'string')) {
      const more = mistypedIn(object[key], inner);
      if (more !== NONE) {
        found = joined(found, more, `.${key}`);
      }
    }
  }
  return found ?? NONE;
}

/** Paths are written for what is wrong only, which is nearly never. */
function joined(found: RuleFinding[] | undefined, more: readonly RuleFinding[], place: string): RuleFinding[] {
  const all = found ?? [];
  for (const { field, fact } of more) {
    all.push({ field: `${place}${field}`, fact });
  }
  return all;
}

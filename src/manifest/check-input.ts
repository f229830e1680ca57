import { Duration, Size } from 'cdk8s';
import { Construct } from 'constructs';

/** What a value must be, in the words of an error. Callers in JavaScript can pass anything anywhere. */
export interface Kind {
  /** As in `is not a list`. */
  readonly noun: string;
  readonly matches: (value: any) => boolean;
  readonly why: string;
  readonly fix: (value: unknown) => string;
}

/** Longer values are cut: an error is read by people. */
const LONGEST = 100;

const LARGEST_USER = 2147483647;

/** The largest number of a Kubernetes field of type int32. */
export const LARGEST_INTEGER = 2147483647;

const NO_UNIT = 'it has a unit, and a bare number or a text does not carry it';

export const TEXT: Kind = {
  noun: 'a string',
  matches: (value) => typeof value === 'string',
  why: 'it is written into the manifest or a configuration as it is',
  fix: (value) => (typeof value === 'number' ? `write it in quotes: "${value}"` : 'give text'),
};

export const FLAG: Kind = {
  noun: 'true or false',
  matches: (value) => typeof value === 'boolean',
  why: 'a text such as "false" would count as true',
  fix: () => 'write true or false, without quotes',
};

export const OBJECT: Kind = {
  noun: 'an object',
  matches: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  why: 'nothing can be read from it',
  fix: () => 'give an object: { name: value }',
};

export const LIST: Kind = {
  noun: 'a list',
  matches: Array.isArray,
  why: 'a text would be read letter by letter, and one value is not a list of one',
  fix: () => 'put it in brackets: [...]',
};

export const DURATION: Kind = {
  noun: 'a Duration',
  matches: (value) => typeof value?.toMilliseconds === 'function',
  why: NO_UNIT,
  fix: (value) => `write Duration.seconds(${firstNumber(value) ?? 5})`,
};

export const SIZE: Kind = {
  noun: 'a Size',
  matches: (value) => typeof value?.toKibibytes === 'function',
  why: NO_UNIT,
  fix: (value) => `write Size.mebibytes(${firstNumber(value) ?? 64})`,
};

/** The instances of a class: neither the class itself, nor data of the same form. */
export function instanceOf(type: { readonly name: string; readonly prototype: object }, fix: string): Kind {
  return {
    noun: withArticle(type.name),
    matches: (value) => Object.prototype.isPrototypeOf.call(type.prototype, value),
    why: `only a value that was made as ${withArticle(type.name)} can do its work`,
    fix: () => fix,
  };
}

/** One of the values of an enum. */
export function memberOf(name: string, members: { readonly [name: string]: string }): Kind {
  return {
    noun: `a ${name}`,
    matches: (value) => Object.values(members).includes(value),
    why: 'the API server refuses any other value',
    fix: () => `use one of ${Object.keys(members).map((member) => `${name}.${member}`).join(', ')}`,
  };
}

/** An offending value in double quotes, on one line. */
export function quoted(value: unknown): string {
  const text = textFor(value).replace(/\s/g, ' ');
  return `"${text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text}"`;
}

/** Throws in the form of all errors of the library. */
export function refuse(where: string, fact: string, why: string, fix: string): never {
  throw new Error(`${where}: ${fact}\n  why: ${why}\n  fix: ${fix}`);
}

/** Refuses a value that is missing or of another kind. */
export function requireKind(where: string, field: string, value: unknown, kind: Kind): void {
  if (value === undefined || value === null) {
    refuse(where, `${field}: missing`, `it is required, and must be ${kind.noun}`, kind.fix(value));
  }
  if (!kind.matches(value)) {
    refuse(where, `${field}: ${quoted(value)} is not ${kind.noun}`, kind.why, kind.fix(value));
  }
}

/** Refuses a value of another kind; it may be missing. */
export function allowKind(where: string, field: string, value: unknown, kind: Kind): void {
  if (value !== undefined && value !== null) {
    requireKind(where, field, value, kind);
  }
}

/** Refuses what is not a list, and a list of anything else. */
export function requireList(where: string, field: string, value: unknown, elements: Kind): void {
  requireKind(where, field, value, value === undefined || value === null ? { ...LIST, fix: elements.fix } : LIST);
  // Not forEach: it jumps over holes.
  for (const element of value as unknown[]) {
    if (!elements.matches(element)) {
      refuse(where, `${field}: ${quoted(element)} is not ${elements.noun}`, elements.why, elements.fix(element));
    }
  }
}

/** Refuses what is not a list of these elements; it may be missing. */
export function allowList(where: string, field: string, value: unknown, elements: Kind): void {
  if (value !== undefined && value !== null) {
    requireList(where, field, value, elements);
  }
}

/** The props of a part or mixin, once they are known to be an object. */
export function requireProps<T>(where: string, props: T): T {
  requireKind(where, 'props', props, { ...OBJECT, fix: () => 'give its props: { ... }' });
  if (Construct.isConstruct(props)) {
    refuse(where, `props: "${props.node.path}" is a construct`, 'it is made without a scope and an id, and nothing would be done to that construct',
      'leave both out, and give what was made to the construct, to its props or its with()');
  }
  return props;
}

/** The name in the props of a part. */
export function nameIn(part: string, props: { readonly name?: string }, fallback: string): string {
  return requireProps(part, props).name ?? fallback;
}

/** A time in seconds, which is how Kubernetes counts it. */
export function wholeSeconds(where: string, field: string, duration: Duration | undefined, fallback: number, lowest = 0): number {
  if (duration === undefined || duration === null) {
    return fallback;
  }
  requireKind(where, field, duration, DURATION);
  const seconds = duration.toMilliseconds({ integral: false }) / 1000;
  if (!Number.isInteger(seconds) || seconds < lowest) {
    refuse(where, `${field}: "${seconds} s" is not a whole number of seconds from ${lowest}`,
      'Kubernetes counts in whole seconds', `give at least Duration.seconds(${Math.max(lowest, Math.ceil(seconds) || 1)})`);
  }
  return seconds;
}

/** Refuses a number that is none, or a fraction, or out of range. */
export function wholeNumber(where: string, field: string, value: unknown, lowest: number, highest: number, why: string): void {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < lowest || value > highest) {
    const range = highest === LARGEST_INTEGER ? `from ${lowest}` : `from ${lowest} to ${highest}`;
    refuse(where, `${field}: ${quoted(value)} is not a whole number ${range}`, why, `give a whole number ${range}`);
  }
}

/** A size in kibibytes; NaN where it is no whole number of them. */
export function wholeKibibytes(size: Size): number {
  try {
    // Of a fraction of a kibibyte cdk8s makes no error, only of one of a mebibyte.
    const whole = size.toKibibytes();
    return Number.isInteger(whole) ? whole : NaN;
  } catch {
    return NaN;
  }
}

/** A size in bytes, above zero. */
export function bytesOf(where: string, field: string, size: Size): number {
  requireKind(where, field, size, SIZE);
  const whole = wholeKibibytes(size);
  if (!(whole > 0)) {
    refuse(where, `${field}: "${size.asString()}" is not a whole number of kibibytes above zero`,
      'nothing fits into no space, and Kubernetes takes 0 for "no limit"', 'use Size.mebibytes() with a whole number from 1');
  }
  return whole * 1024;
}

/** A numeric user as which a container can start: not root. */
export function requireUser(where: string, user: number | undefined): void {
  if (user !== undefined && user !== null && (!Number.isInteger(user) || user < 1 || user > LARGEST_USER)) {
    refuse(where, `user: ${quoted(user)} is not a user id from 1 to ${LARGEST_USER}`,
      'the container must not run as root (0), and the kubelet cannot tell from a name who that is: it would never start',
      'give a numeric user id, or leave it out');
  }
}

function firstNumber(value: unknown): number | undefined {
  const number = parseFloat(String(value));
  return number > 0 ? number : undefined;
}

function textFor(value: unknown): string {
  if (typeof value === 'function') {
    return `class ${value.name}`;
  }
  if (typeof value !== 'object' || value === null) {
    return String(value);
  }
  const type = Object.getPrototypeOf(value)?.constructor;
  // Constructs point at their scopes: they cannot be written as JSON.
  return type === undefined || type === Object || type === Array ? JSON.stringify(value, shallow(value)) : withArticle(type.name);
}

function withArticle(name: string): string {
  return `${/^[AEIOU]/.test(name) ? 'an' : 'a'} ${name}`;
}

/** Leaves out what is inside of objects in an object: it may lead back to it. */
function shallow(root: object): (key: string, value: unknown) => unknown {
  return (_, value) => (typeof value === 'object' && value !== null && value !== root ? '…' : value);
}

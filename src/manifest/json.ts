/** A JSON object as it will be written to the manifest. */
export type JsonObject = { [key: string]: any };

/** Whether a value is a JSON object: neither an array nor null. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A value as text where it is text, else nothing: a manifest may hold anything anywhere. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

const NOTHING: JsonObject[] = [];

/** The elements of a list that are objects; a missing or misshapen list has none. Only to be read. */
export function objectsIn(list: unknown): JsonObject[] {
  if (!Array.isArray(list)) {
    return NOTHING;
  }
  for (let index = 0; index < list.length; index++) {
    if (!isObject(list[index])) {
      return list.filter(isObject);
    }
  }
  // Nearly always: and then there is nothing to copy.
  return list;
}

/** Whether cdk8s leaves keys in the order in which they were written. */
let unsorted = false;

/** Reads the setting of cdk8s; a look at the environment is too slow for every object. */
export function readSortSetting(): void {
  unsorted = Boolean(process.env.CDK8S_DISABLE_SORT);
}

/**
 * The object with its keys in the order in which cdk8s writes them; the object itself where they are in order.
 *
 * Only objects that were touched are sorted: sorting whole manifests again was the largest cost of the first
 * prototype. The keys are not moved in place, because an object that had a key deleted is slow ever after.
 */
export function sortedKeys(object: JsonObject): JsonObject {
  if (unsorted) {
    return object;
  }
  const keys = Object.keys(object);
  if (!sortNearlySorted(keys)) {
    return object;
  }
  const sorted: JsonObject = {};
  for (const key of keys) {
    sorted[key] = object[key];
  }
  return sorted;
}

/** A copy of a whole object with all keys in that order; `apiVersion`, `kind` and `metadata` of the object itself come first. */
export function deepSorted(object: JsonObject): JsonObject {
  const { apiVersion, kind, metadata, ...rest } = deeply(object) as JsonObject;
  return { apiVersion, kind, metadata, ...rest };
}

function deeply(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(deeply);
  }
  return isObject(value) ? sortedKeys(Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, deeply(inner)]))) : value;
}

/** Sorts by insertion: all but the last keys are in order already. Tells whether anything moved. */
function sortNearlySorted(keys: string[]): boolean {
  let moved = false;
  for (let index = 1; index < keys.length; index++) {
    const key = keys[index];
    let place = index;
    for (; place > 0 && keys[place - 1] > key; place--) {
      keys[place] = keys[place - 1];
      moved = true;
    }
    keys[place] = key;
  }
  return moved;
}

/** An object with one more key, at its place in the order in which cdk8s writes keys; a value that is there stays. */
export function withKey(object: JsonObject, key: string, value: unknown): JsonObject {
  if (object[key] !== undefined && object[key] !== null) {
    return object;
  }
  const result: JsonObject = {};
  let placed = false;
  for (const other of Object.keys(object)) {
    if (!placed && other > key) {
      result[key] = value;
      placed = true;
    }
    result[other] = object[other];
  }
  result[key] = value;
  return result;
}

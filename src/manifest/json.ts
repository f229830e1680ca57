/** A JSON object as it will be written to the manifest. */
export type JsonObject = { [key: string]: any };

/** Whether a value is a JSON object: neither an array nor null. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The elements of a list that are objects; a missing or misshapen list has none. */
export function objectsIn(list: unknown): JsonObject[] {
  return Array.isArray(list) ? list.filter(isObject) : [];
}

/**
 * Puts the keys of an object in the order in which cdk8s writes them.
 *
 * Only objects that were touched are sorted: sorting whole manifests again was
 * the largest cost of the first prototype.
 */
export function sortKeys(object: JsonObject): void {
  if (process.env.CDK8S_DISABLE_SORT) {
    return;
  }
  const keys = Object.keys(object);
  const sorted = [...keys].sort();
  if (keys.every((key, index) => key === sorted[index])) {
    return;
  }
  for (const key of sorted) {
    const value = object[key];
    delete object[key];
    object[key] = value;
  }
}

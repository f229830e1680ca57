import { isObject, JsonObject } from './json';

/** An object, and where it lies in a List, as in `items[3]`; empty outside of one. */
export interface ListedObject {
  readonly object: JsonObject;
  readonly item: string;
}

/** What is in a List, a PodList and the like, as `kubectl get -o yaml` writes them; undefined for any other object. */
export function itemsOf({ apiVersion, kind, items }: JsonObject): unknown[] | undefined {
  if (typeof kind !== 'string' || !kind.endsWith('List') || !Array.isArray(items)) {
    return undefined;
  }
  // The API server leaves out what is the same for all items of a PodList.
  const common = kind === 'List' ? {} : { apiVersion, kind: kind.slice(0, -'List'.length) };
  return items.map((inner) => isObject(inner) && kind !== 'List' ? { ...common, ...inner } : inner);
}

/** The object itself, or the objects of a List, also of one within another; nothing for what is no object. */
export function objectsInside(value: unknown, item = ''): ListedObject[] {
  if (!isObject(value)) {
    return [];
  }
  return itemsOf(value)?.flatMap((inner, position) => objectsInside(inner, positionIn(item, position))) ?? [{ object: value, item }];
}

/** Where an item lies, as kubectl prints it. */
export function positionIn(item: string, position: number): string {
  return `${item === '' ? '' : `${item}.`}items[${position}]`;
}

/** Adds a value to those of a key. */
export function append<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const values = map.get(key);
  if (values) {
    values.push(value);
  } else {
    map.set(key, [value]);
  }
}

/** What a map has for a key; made where it has nothing. */
export function valueIn<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key);
  if (value === undefined) {
    value = make();
    map.set(key, value);
  }
  return value;
}

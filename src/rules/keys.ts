import { JsonObject } from '../manifest/json';

/**
 * Which of some keys occur anywhere in an object.
 *
 * One walk through a pod spares most rules: each of them would look for its fields in every container, in code that in a fresh
 * process is slow for the first thousand pods.
 */
export function keysIn(object: JsonObject, wanted: ReadonlySet<string>): Set<string> {
  const found = new Set<string>();
  // A list of its own: a manifest may be nested more deeply than calls can be.
  const waiting: object[] = [object];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (Array.isArray(next)) {
      for (let index = 0; index < next.length; index++) {
        if (typeof next[index] === 'object' && next[index] !== null) {
          waiting.push(next[index]);
        }
      }
    } else {
      for (const key in next) {
        const value = (next as JsonObject)[key];
        if (wanted.has(key) && value !== undefined) {
          found.add(key);
        }
        if (typeof value === 'object' && value !== null) {
          waiting.push(value);
        }
      }
    }
  }
  return found;
}

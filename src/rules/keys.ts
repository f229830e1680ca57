import { JsonObject } from '../manifest/json';

/** So many sets are kept: an app has few, and input that means harm has many. */
const MOST_KNOWN = 1000;

/**
 * Which of some keys occur anywhere in an object.
 *
 * One walk through a pod spares most rules: each of them would look for its fields in every container, in code that in a fresh
 * process is slow for the first thousand pods. Pods of one make get the same set, so that what follows from it is found out once.
 */
export class KeySets {
  private readonly known = new Map<string, ReadonlySet<string>>();

  public constructor(private readonly wanted: ReadonlySet<string>) {}

  public of(object: JsonObject): ReadonlySet<string> {
    const found = this.walk(object);
    const signature = Array.from(found).join(' ');
    const same = this.known.get(signature);
    if (!same && this.known.size < MOST_KNOWN) {
      this.known.set(signature, found);
    }
    return same ?? found;
  }

  private walk(object: JsonObject): Set<string> {
    const { wanted } = this;
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
}

import { COMPARED, FREE, FREE_TEXTS, Place } from './free-texts';
import { JsonObject } from '../manifest/json';

/** So many steps are remembered: an app has few makes, and input that means harm has many. */
const MOST_STEPS = 200_000;

/** So many of one object: one that means harm leaves room for the others. */
const MOST_STEPS_OF_ONE = 5_000;

/** Nothing in Kubernetes is nested more deeply, and a manifest may be nested more deeply than calls can be. */
const MOST_LEVELS = 64;

const ANY_TEXT = Symbol('any text');
const ITEM = Symbol('an element of a list');
const LIST = Symbol('a list begins');
const OBJECT = Symbol('an object begins');
const END = Symbol('it ends');

/** A field, an element or the end of what they are in, and what came next in the objects that were read so far. */
class Step<M> {
  /** The first that came next; nearly always the only one. */
  public next: Step<M> | undefined = undefined;
  /** The others, by key and value. */
  public others: Map<unknown, Map<unknown, Step<M>>> | undefined = undefined;
  /** Of the objects that end here. */
  public make: M | undefined = undefined;

  public constructor(public readonly key: unknown, public readonly value: unknown, public readonly place: Place) {}
}

/** Undefined: nothing is known from here on. */
type Way<M> = Step<M> | undefined;

/**
 * Tells which objects are of one make: alike in all but their free texts.
 *
 * The pods of an app are of few makes, so what follows from the make alone is found out once: which keys occur, and what those rules say that
 * look at no free text. A make is a path in a tree of all that was read. An object that leaves the known paths plants one step and is read no
 * further; the second one that comes there lays the rest of the path. So objects that have no like cost little.
 *
 * The walk meets each value of each object, mostly in a fresh process, where calls are slow: it makes none for what comes as it came before.
 */
export class Makes<M> {
  private readonly root = new Step<M>(undefined, OBJECT, FREE_TEXTS);
  private steps = 0;
  private planted = 0;

  /**
   * What is known of the make of an object; undefined where no other object of it came before.
   *
   * @param find finds that out, once for each make
   */
  public of(object: JsonObject, find: () => M): M | undefined {
    this.planted = 0;
    const last = this.readObject(object, this.root, 0);
    return last && (last.make ??= find());
  }

  private readObject(object: JsonObject, start: Step<M>, level: number): Way<M> {
    let at: Way<M> = level > MOST_LEVELS ? undefined : start;
    for (const key in object) {
      if (at === undefined) {
        return undefined;
      }
      const value = object[key];
      const next: Way<M> = at.next;
      // What `step` does, without a call.
      if (next !== undefined && next.key === key && (next.value === value || (next.value === ANY_TEXT && typeof value === 'string' && value !== ''))) {
        at = next;
      } else if (typeof value === 'object' && value !== null) {
        at = this.readInner(value, at, key, start, level + 1);
      } else if (value !== undefined) {
        at = this.otherStep(at, key, value, start);
      }
    }
    return at && this.step(at, END, END, start);
  }

  private readList(list: readonly unknown[], start: Step<M>, level: number): Way<M> {
    let at: Way<M> = level > MOST_LEVELS ? undefined : start;
    for (let index = 0; index < list.length && at !== undefined; index++) {
      const value = list[index];
      at = typeof value === 'object' && value !== null ? this.readInner(value, at, ITEM, start, level + 1) : this.step(at, ITEM, value, start);
    }
    return at && this.step(at, END, END, start);
  }

  private readInner(value: object, at: Step<M>, key: unknown, inside: Step<M>, level: number): Way<M> {
    if (Array.isArray(value)) {
      const start = this.step(at, key, LIST, inside);
      return start && this.readList(value, start, level);
    }
    const start = this.step(at, key, OBJECT, inside);
    return start && this.readObject(value as JsonObject, start, level);
  }

  /** The step to a field or an element of what began with the step `inside`. */
  private step(at: Step<M>, key: unknown, value: unknown, inside: Step<M>): Way<M> {
    const { next } = at;
    return next !== undefined && next.key === key && next.value === value ? next : this.otherStep(at, key, value, inside);
  }

  private otherStep(at: Step<M>, key: unknown, value: unknown, inside: Step<M>): Way<M> {
    const place = placeOf(key, inside.place);
    const token = place.isFree && isText(value) ? ANY_TEXT : value;
    const { next } = at;
    if (next !== undefined && next.key === key && next.value === token) {
      return next;
    }
    return at.others?.get(key)?.get(token) ?? this.plant(at, new Step<M>(key, token, place));
  }

  /** Goes on only where the path ended. */
  private plant(at: Step<M>, step: Step<M>): Way<M> {
    if (this.steps >= MOST_STEPS || this.planted >= MOST_STEPS_OF_ONE) {
      return undefined;
    }
    this.steps++;
    this.planted++;
    if (at.next === undefined) {
      at.next = step;
      return step;
    }
    at.others ??= new Map();
    at.others.set(step.key, (at.others.get(step.key) ?? new Map()).set(step.value, step));
    return undefined;
  }
}

function placeOf(key: unknown, inside: Place): Place {
  return key === ITEM || inside === FREE ? inside : inside.fields.get(key as string) ?? COMPARED;
}

/** What is empty is not set, mostly. */
function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}

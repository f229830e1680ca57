import { ObjectRule, Pack, PodRule, RuleSubject } from './rule';
import { JsonObject } from '../manifest/json';
import { Target } from '../manifest/kubernetes-version';

/** An object to check, and where it was made. */
export interface Checked {
  readonly object: JsonObject;
  /** Where it was made; asked for only where there is a finding. */
  readonly place: () => string;
  readonly target: Target;
  /** Its position among all objects. */
  readonly position: number;
}

/** A pod to check. */
export interface CheckedPod extends Checked, RuleSubject {}

/** What decides which rules are asked about an object; one for all objects of the same traits. */
export interface Traits {
  readonly kind: string;
  /** Those of the rules' keys that occur in it; undefined where it has no pod. */
  readonly keys: ReadonlySet<string> | undefined;
}

/** What is known of objects of one make. */
export interface Make {
  readonly traits: Traits;
}

/** The packs whose rules an object is held to; all of them where nothing is said. */
type Packs = readonly Pack[] | undefined;

/** Objects of which the same rules are asked. */
interface Group<C> {
  /** For each rule whether it is asked. */
  readonly asked: boolean[];
  readonly ofOneMake: boolean;
  objects: C[];
}

/** For each rule the objects that it is asked about: found out once for all objects of the same traits. */
export class Queues<R extends PodRule | ObjectRule, C extends Checked> {
  private readonly groups = new Map<Packs, Map<Traits | Make, Group<C>>>();
  private filled: Group<C>[] = [];

  public constructor(private readonly rules: readonly R[]) {}

  /**
   * @param of the make of the object, or its traits where no other one of its make is known
   */
  public add(checked: C, of: Traits | Make, packs: Packs): void {
    const group = this.groupOf(of, packs);
    if (group.objects.length === 0) {
      this.filled.push(group);
    }
    group.objects.push(checked);
  }

  private groupOf(of: Traits | Make, packs: Packs): Group<C> {
    const groups = valueIn(this.groups, packs, () => new Map<Traits | Make, Group<C>>());
    return valueIn(groups, of, () => 'traits' in of
      ? { asked: this.groupOf(of.traits, packs).asked.slice(), ofOneMake: true, objects: [] }
      : { asked: this.rules.map((rule) => isAsked(rule, of, packs)), ofOneMake: false, objects: [] });
  }

  /**
   * Hands out what each rule is to be asked about, and is empty afterwards.
   *
   * @param ask says how much the rule finds in some objects
   */
  public drain(ask: (rule: R, objects: readonly C[]) => number): void {
    const { filled } = this;
    this.filled = [];
    this.rules.forEach((rule, number) => {
      for (const { asked, objects, ofOneMake } of filled) {
        if (asked[number]) {
          asked[number] = askAll(rule, objects, ofOneMake, ask);
        }
      }
    });
    filled.forEach((group) => group.objects = []);
  }
}

/** Asks about some objects; false where the rule will never find anything in one of these. */
function askAll<R extends PodRule | ObjectRule, C>(rule: R, objects: readonly C[], ofOneMake: boolean, ask: (rule: R, objects: readonly C[]) => number): boolean {
  if (!ofOneMake || !rule.looksAtMakeOnly) {
    ask(rule, objects);
    return true;
  }
  const found = ask(rule, objects.slice(0, 1)) > 0;
  if (found) {
    ask(rule, objects.slice(1));
  }
  return found;
}

function isAsked(rule: PodRule | ObjectRule, { kind, keys }: Traits, packs: Packs): boolean {
  return (packs === undefined || packs.includes(rule.pack))
    && (!('kinds' in rule) || rule.kinds.includes(kind))
    && (keys === undefined || rule.keys === undefined || rule.keys.some((key) => keys.has(key)));
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

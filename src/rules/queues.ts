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

/** What decides which rules are asked about an object. */
interface Traits {
  readonly kind: string;
  /** Those of the rules' keys that occur in it; undefined where it has no pod. */
  readonly keys?: ReadonlySet<string>;
  /** The packs whose rules it is held to; all of them where nothing is said. */
  readonly packs?: readonly Pack[];
}

/** Objects of which the same rules are asked. */
interface Group<C> {
  /** For each rule whether it is asked. */
  readonly asked: readonly boolean[];
  readonly objects: C[];
}

/** For each rule the objects that it is asked about: found out once for all objects of the same traits. */
export class Queues<R extends PodRule | ObjectRule, C extends Checked> {
  private readonly groups = new Map<Traits['packs'], Map<string, Map<Traits['keys'], Group<C>>>>();

  public constructor(private readonly rules: readonly R[]) {}

  public add(checked: C, { kind, keys, packs }: Traits): void {
    const ofPacks = valueIn(this.groups, packs, () => new Map<string, Map<Traits['keys'], Group<C>>>());
    const ofKind = valueIn(ofPacks, kind, () => new Map<Traits['keys'], Group<C>>());
    valueIn(ofKind, keys, () => this.groupFor({ kind, keys, packs })).objects.push(checked);
  }

  private groupFor(traits: Traits): Group<C> {
    return { asked: this.rules.map((rule) => isAsked(rule, traits)), objects: [] };
  }

  /** Hands out what each rule is to be asked about, and is empty afterwards. */
  public drain(ask: (rule: R, objects: readonly C[]) => void): void {
    const groups = [...this.groups.values()].flatMap((byKind) => [...byKind.values()]).flatMap((byKeys) => [...byKeys.values()]);
    this.rules.forEach((rule, number) => groups.forEach(({ asked, objects }) => {
      if (asked[number]) {
        ask(rule, objects);
      }
    }));
    this.groups.clear();
  }
}

function isAsked(rule: PodRule | ObjectRule, { kind, keys, packs }: Traits): boolean {
  return (packs === undefined || packs.includes(rule.pack))
    && (!('kinds' in rule) || rule.kinds.includes(kind))
    && (keys === undefined || rule.keys === undefined || rule.keys.some((key) => keys.has(key)));
}

function valueIn<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key);
  if (value === undefined) {
    value = make();
    map.set(key, value);
  }
  return value;
}

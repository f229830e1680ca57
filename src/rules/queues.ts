import { ObjectRule, Pack, PodRule, RuleSubject } from './rule';
import { JsonObject } from '../manifest/json';
import { Target } from '../manifest/kubernetes-version';
import { valueIn } from '../manifest/lists';

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
export interface Traits {
  readonly kind: string;
  /** Those of the rules' keys that occur in it; undefined where it has no pod. */
  readonly keys: ReadonlySet<string> | undefined;
}

/** The packs whose rules an object is held to; all of them where nothing is said. */
type Packs = readonly Pack[] | undefined;

/** Objects of which the same rules are asked. */
interface Group<C> {
  /** For each rule whether it is asked. */
  readonly asked: boolean[];
  readonly isOfOneMake: boolean;
  objects: C[];
}

/** Whether a rule finds anything in some objects. */
type Ask<R, C> = (rule: R, objects: readonly C[]) => boolean;

/** For each rule the objects that it is asked about: found out once for all objects of a make, or of the same traits. */
export class Queues<R extends PodRule | ObjectRule, C extends Checked> {
  private readonly ofMakes = new Map<Packs, Map<Traits, Group<C>>>();
  private readonly ofTraits = new Map<Packs, Map<string, Map<Traits['keys'], Group<C>>>>();
  private filled: Group<C>[] = [];

  public constructor(private readonly rules: readonly R[]) {}

  /**
   * @param traits those of the make, the same for all objects of it, where the object is of a known make
   */
  public add(checked: C, traits: Traits, packs: Packs, isOfKnownMake: boolean): void {
    const group = isOfKnownMake ? this.groupOfMake(traits, packs) : this.groupOfTraits(traits, packs);
    if (group.objects.length === 0) {
      this.filled.push(group);
    }
    group.objects.push(checked);
  }

  private groupOfMake(make: Traits, packs: Packs): Group<C> {
    const groups = valueIn(this.ofMakes, packs, () => new Map<Traits, Group<C>>());
    return valueIn(groups, make, () => ({ asked: this.askedOf(make, packs), isOfOneMake: true, objects: [] }));
  }

  private groupOfTraits(traits: Traits, packs: Packs): Group<C> {
    const ofPacks = valueIn(this.ofTraits, packs, () => new Map<string, Map<Traits['keys'], Group<C>>>());
    const ofKind = valueIn(ofPacks, traits.kind, () => new Map<Traits['keys'], Group<C>>());
    return valueIn(ofKind, traits.keys, () => ({ asked: this.askedOf(traits, packs), isOfOneMake: false, objects: [] }));
  }

  private askedOf(traits: Traits, packs: Packs): boolean[] {
    return this.rules.map((rule) => isAsked(rule, traits, packs));
  }

  /** Hands out what each rule is to be asked about, and is empty afterwards. */
  public drain(ask: Ask<R, C>): void {
    try {
      this.rules.forEach((rule, number) => {
        for (const group of this.filled) {
          if (group.asked[number]) {
            group.asked[number] = askGroup(rule, group, ask);
          }
        }
      });
    } finally {
      this.filled.forEach((group) => group.objects = []);
      this.filled = [];
      this.ofTraits.clear();
    }
  }
}

/** Whether the rule may find something in other objects of the group too. */
function askGroup<R extends PodRule | ObjectRule, C>(rule: R, { objects, isOfOneMake }: Group<C>, ask: Ask<R, C>): boolean {
  if (!isOfOneMake || !rule.looksAtMakeOnly) {
    ask(rule, objects);
    return true;
  }
  if (!ask(rule, objects.slice(0, 1))) {
    return false;
  }
  ask(rule, objects.slice(1));
  return true;
}

function isAsked(rule: PodRule | ObjectRule, { kind, keys }: Traits, packs: Packs): boolean {
  return (packs === undefined || packs.includes(rule.pack))
    && (!('kinds' in rule) || rule.kinds.includes(kind))
    && (keys === undefined || rule.keys === undefined || rule.keys.some((key) => keys.has(key)));
}

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

/** For each rule 1 where it belongs to some packs. */
class Selections {
  private readonly known = new Map<readonly Pack[], Uint8Array>();
  private readonly all: Uint8Array;

  public constructor(private readonly rules: readonly { readonly pack: Pack }[]) {
    this.all = new Uint8Array(rules.length).fill(1);
  }

  public of(packs: readonly Pack[] | undefined): Uint8Array {
    if (!packs) {
      return this.all;
    }
    let selection = this.known.get(packs);
    if (!selection) {
      selection = Uint8Array.from(this.rules, ({ pack }) => packs.includes(pack) ? 1 : 0);
      this.known.set(packs, selection);
    }
    return selection;
  }
}

/** For each rule the pods that it is asked about: found out once for each pod, not once for each rule and pod. */
export class PodQueues {
  /** By key, the numbers of the rules that wait for it. */
  private readonly waiting = new Map<string, number[]>();
  /** The numbers of the rules that wait for none. */
  private readonly always: number[] = [];
  private readonly queues: CheckedPod[][];
  private readonly selections: Selections;

  public constructor(private readonly rules: readonly PodRule[]) {
    this.queues = rules.map(() => []);
    this.selections = new Selections(rules);
    rules.forEach(({ keys }, number) => {
      (keys ? [] : this.always).push(number);
      for (const key of keys ?? []) {
        this.waiting.set(key, [...this.waiting.get(key) ?? [], number]);
      }
    });
  }

  /** The keys that some rule waits for. */
  public keys(): Iterable<string> {
    return this.waiting.keys();
  }

  public add(pod: CheckedPod, packs: readonly Pack[] | undefined): void {
    const selected = this.selections.of(packs);
    this.addTo(this.always, pod, selected);
    for (const key of pod.keys) {
      this.addTo(this.waiting.get(key) ?? [], pod, selected);
    }
  }

  private addTo(numbers: readonly number[], pod: CheckedPod, selected: Uint8Array): void {
    for (let index = 0; index < numbers.length; index++) {
      const number = numbers[index];
      const queue = this.queues[number];
      // A rule may wait for several of its keys.
      if (selected[number] === 1 && queue[queue.length - 1] !== pod) {
        queue.push(pod);
      }
    }
  }

  /** Hands out what each rule is to be asked about, and is empty afterwards. */
  public drain(ask: (rule: PodRule, pods: readonly CheckedPod[]) => void): void {
    this.rules.forEach((rule, number) => ask(rule, this.queues[number].splice(0)));
  }
}

/** For each rule that may look at several objects, those that it is asked about. */
export class ObjectQueues {
  private readonly queues: Checked[][];
  private readonly byKind = new Map<string, number[]>();
  private readonly selections: Selections;

  public constructor(private readonly rules: readonly ObjectRule[]) {
    this.queues = rules.map(() => []);
    this.selections = new Selections(rules);
    rules.forEach(({ kinds }, number) => kinds.forEach((kind) => this.byKind.set(kind, [...this.byKind.get(kind) ?? [], number])));
  }

  /** The keys that some rule waits for. */
  public keys(): Iterable<string> {
    return this.rules.flatMap(({ keys = [] }) => keys);
  }

  /**
   * @param keys those of the rules' keys that occur in the object; undefined where it has no pod
   */
  public add(checked: Checked, kind: string, keys: ReadonlySet<string> | undefined, packs: readonly Pack[] | undefined): void {
    const selected = this.selections.of(packs);
    for (const number of this.byKind.get(kind) ?? []) {
      const wanted = this.rules[number].keys;
      if (selected[number] === 1 && (!keys || !wanted || wanted.some((key) => keys.has(key)))) {
        this.queues[number].push(checked);
      }
    }
  }

  /** Hands out what each rule is to be asked about, and is empty afterwards. */
  public drain(ask: (rule: ObjectRule, objects: readonly Checked[]) => void): void {
    this.rules.forEach((rule, number) => ask(rule, this.queues[number].splice(0)));
  }
}

import { Finding, findingOf } from './finding';
import { ALL_RULES } from './index';
import { KeySets } from './keys';
import { Makes } from './makes';
import { Checked, CheckedPod, Queues, Traits } from './queues';
import { ObjectRule, Pack, PodRule, Rule, RuleFinding, Severity } from './rule';
import { containersOnce } from '../manifest/containers';
import { isObject, JsonObject } from '../manifest/json';
import { kindOf } from '../manifest/kinds';
import { DEFAULT_TARGET, Target } from '../manifest/kubernetes-version';
import { valueIn } from '../manifest/lists';
import { Manifests } from '../manifest/manifests';
import { PodTemplate, podTemplateOf } from '../manifest/pod-template';

/** How an object is checked. */
export interface CheckOptions {
  /** The clusters that it is made for. */
  readonly target?: Target;
  /** The packs whose rules it is held to; all of them where nothing is said. */
  readonly packs?: readonly Pack[];
}

/** Objects that are checked together: enough for the code of a rule to be warm, few enough for them to stay in the cache. */
const BATCH = 100;

/** An object that waits for its check. */
interface Added extends Checked {
  readonly packs: readonly Pack[] | undefined;
}

/** The objects of an app, checked together. */
export class Checks {
  private readonly found: { readonly position: number; readonly finding: Finding }[] = [];
  private readonly pods: Queues<PodRule, CheckedPod>;
  private readonly others: Queues<ObjectRule, Checked>;
  private readonly keySets: KeySets;
  private readonly makes = new Map<Target, Makes<Traits>>();
  private waiting: Added[] = [];
  private readonly objects: JsonObject[] = [];
  private readonly counts = { [Severity.ERROR]: 0, [Severity.WARNING]: 0 };
  private readonly templates = new Map<JsonObject, PodTemplate>();

  /**
   * @param most so many errors are kept, and so many warnings; the others are only counted
   */
  public constructor(rules: readonly Rule[] = ALL_RULES, private readonly most: number = Infinity) {
    const ofPods = rules.filter((rule): rule is PodRule => 'check' in rule);
    const ofObjects = rules.filter((rule): rule is ObjectRule => 'checkObject' in rule);
    this.pods = new Queues(ofPods);
    this.others = new Queues(ofObjects);
    this.keySets = new KeySets(new Set([...ofPods, ...ofObjects].flatMap(({ keys = [] }) => keys)));
  }

  /** Adds an object that is checked, and that others can refer to. It is read when the findings are asked for: until then it may change. */
  public add(object: unknown, place: () => string, { target = DEFAULT_TARGET, packs }: CheckOptions = {}): void {
    if (isObject(object)) {
      this.waiting.push({ object, place, target, packs, position: this.objects.length });
      this.objects.push(object);
    }
  }

  /** Adds an object that others can refer to, and that is not checked itself. */
  public addForReference(object: unknown): void {
    if (isObject(object)) {
      this.objects.push(object);
    }
  }

  /**
   * The findings, object by object in the order in which these were added.
   *
   * @param complete whether the objects are all there is: then what an object refers to must be among them
   */
  public findings(complete: boolean = true): Finding[] {
    const { waiting } = this;
    this.waiting = [];
    for (let start = 0; start < waiting.length; start += BATCH) {
      waiting.slice(start, start + BATCH).forEach((added) => this.queue(added));
      this.checkPods();
    }
    this.checkTogether(complete);
    return this.found.sort((one, other) => one.position - other.position).map(({ finding }) => finding);
  }

  /** How many findings of a severity are not kept. */
  public leftOut(severity: Severity): number {
    return Math.max(0, this.counts[severity] - this.most);
  }

  private queue({ object, place, target, packs, position }: Added): void {
    const template = podTemplateOf(object);
    const find = () => ({ kind: kindOf(object), keys: template && this.keySets.of(object) });
    // What a rule says of a make may be another thing for other clusters.
    const make = valueIn(this.makes, target, () => new Makes<Traits>()).of(object, find);
    const traits = make ?? find();
    this.others.add({ object, place, target, position }, traits, packs, make !== undefined);
    if (template && traits.keys) {
      this.templates.set(object, template);
      this.pods.add({ object, place, target, position, template, containers: containersOnce(template), keys: traits.keys }, traits, packs, make !== undefined);
    }
  }

  /** Each rule looks at many pods before the next rule does: half the time of pod by pod. */
  private checkPods(): void {
    this.pods.drain((rule, pods) => {
      let found = false;
      for (let index = 0; index < pods.length; index++) {
        found = this.report(rule, rule.check(pods[index]), pods[index]) || found;
      }
      return found;
    });
  }

  /** Rules that look at several objects come last, when all are there. */
  private checkTogether(complete: boolean): void {
    const app = new Manifests(this.objects, this.templates);
    this.others.drain((rule, objects) => {
      let found = false;
      for (const checked of rule.needsWholeApp && !complete ? [] : objects) {
        found = this.report(rule, rule.checkObject({ object: checked.object, app, target: checked.target }), checked) || found;
      }
      return found;
    });
  }

  /** Keeps what a rule found; false where that is nothing. */
  private report(rule: Rule, broken: readonly RuleFinding[] | undefined, { object, place, position }: Checked): boolean {
    if (broken === undefined || broken.length === 0) {
      return false;
    }
    for (const finding of broken) {
      if (++this.counts[rule.severity] <= this.most) {
        this.found.push({ position, finding: findingOf(rule, finding, object, place()) });
      }
    }
    return true;
  }
}

/** Checks one object. */
export function checkObject(object: unknown, place: () => string, rules?: readonly Rule[], target?: Target): Finding[] {
  const checks = new Checks(rules);
  checks.add(object, place, { target });
  return checks.findings(false);
}

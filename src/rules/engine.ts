import { Finding, findingOf } from './finding';
import { ALL_RULES } from './index';
import { KeySets } from './keys';
import { Makes } from './makes';
import { Checked, CheckedPod, Make, Queues, Traits, valueIn } from './queues';
import { ObjectRule, Pack, PodRule, Rule, RuleFinding, Severity } from './rule';
import { containersOnce } from '../manifest/containers';
import { isObject, JsonObject } from '../manifest/json';
import { kindOf } from '../manifest/kinds';
import { DEFAULT_TARGET, Target } from '../manifest/kubernetes-version';
import { Manifests } from '../manifest/manifests';
import { PodTemplate, podTemplateOf } from '../manifest/pod-template';

/** How an object is checked. */
export interface CheckOptions {
  /** The clusters that it is made for. */
  readonly target?: Target;
  /** The packs whose rules it is held to; all of them where nothing is said. */
  readonly packs?: readonly Pack[];
}

/** Pods that are checked together: enough for the code of a rule to be warm, few enough for them to stay in the cache. */
const BATCH = 100;

/** The objects of an app, checked together. */
export class Checks {
  private readonly found: { readonly position: number; readonly finding: Finding }[] = [];
  private readonly pods: Queues<PodRule, CheckedPod>;
  private readonly others: Queues<ObjectRule, Checked>;
  private readonly keySets: KeySets;
  private readonly traits = new Map<string, Map<Traits['keys'], Traits>>();
  private readonly makes = new Map<Target, Makes<Make>>();
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

  /** Adds an object that is checked, and that others can refer to. */
  public add(object: unknown, place: () => string, options: CheckOptions = {}): void {
    if (!isObject(object)) {
      return;
    }
    const { target = DEFAULT_TARGET, packs } = options;
    const position = this.objects.length;
    this.objects.push(object);
    const template = podTemplateOf(object);
    // What a rule says of a make may be another thing for other clusters.
    const make = valueIn(this.makes, target, () => new Makes<Make>()).of(object, () => ({ traits: this.traitsOf(object, template) }));
    const traits = make ? make.traits : this.traitsOf(object, template);
    this.others.add({ object, place, target, position }, make ?? traits, packs);
    if (template && traits.keys) {
      this.templates.set(object, template);
      this.pods.add({ object, place, target, position, template, containers: containersOnce(template), keys: traits.keys }, make ?? traits, packs);
      if (this.templates.size % BATCH === 0) {
        this.checkPods();
      }
    }
  }

  private traitsOf(object: JsonObject, template: PodTemplate | undefined): Traits {
    const kind = kindOf(object);
    const keys = template && this.keySets.of(object);
    const ofKind = valueIn(this.traits, kind, () => new Map<Traits['keys'], Traits>());
    return valueIn(ofKind, keys, () => ({ kind, keys }));
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
    this.checkPods();
    this.checkTogether(complete);
    return this.found.sort((one, other) => one.position - other.position).map(({ finding }) => finding);
  }

  /** How many findings of a severity are not kept. */
  public leftOut(severity: Severity): number {
    return Math.max(0, this.counts[severity] - this.most);
  }

  /** Each rule looks at many pods before the next rule does: half the time of pod by pod. */
  private checkPods(): void {
    this.pods.drain((rule, pods) => {
      let count = 0;
      for (let index = 0; index < pods.length; index++) {
        const broken = rule.check(pods[index]);
        if (broken !== undefined && broken.length > 0) {
          count += broken.length;
          this.report(rule, broken, pods[index]);
        }
      }
      return count;
    });
  }

  /** Rules that look at several objects come last, when all are there. */
  private checkTogether(complete: boolean): void {
    const app = new Manifests(this.objects, this.templates);
    this.others.drain((rule, objects) => {
      let count = 0;
      for (const checked of rule.needsWholeApp && !complete ? [] : objects) {
        const broken = rule.checkObject({ object: checked.object, app, target: checked.target });
        if (broken !== undefined && broken.length > 0) {
          count += broken.length;
          this.report(rule, broken, checked);
        }
      }
      return count;
    });
  }

  private report(rule: Rule, broken: RuleFinding[], { object, place, position }: Checked): void {
    for (const finding of broken) {
      if (++this.counts[rule.severity] <= this.most) {
        this.found.push({ position, finding: findingOf(rule, finding, object, place()) });
      }
    }
  }
}

/** Checks one object. */
export function checkObject(object: unknown, place: () => string, rules?: readonly Rule[], target?: Target): Finding[] {
  const checks = new Checks(rules);
  checks.add(object, place, { target });
  return checks.findings(false);
}

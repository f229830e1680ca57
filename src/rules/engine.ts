import { Asking } from './asking';
import { Finding, findingOf } from './finding';
import { ALL_RULES } from './index';
import { keysIn } from './keys';
import { ObjectRule, Pack, PodRule, Rule, RuleSubject } from './rule';
import { containersOf } from '../manifest/containers';
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

/** An object to check, and where it was made. */
interface Checked {
  readonly object: JsonObject;
  /** Where it was made; asked for only where there is a finding. */
  readonly place: () => string;
  readonly target: Target;
  readonly packs?: readonly Pack[];
  /** Its position among all objects. */
  readonly position: number;
}

/** A pod to check. */
interface CheckedPod extends Checked, RuleSubject {
  /** For each rule for pods, whether it is asked about this one. */
  readonly asked: Uint8Array;
}

/** Pods that are checked together: enough for the code of a rule to be warm, few enough for them to stay in the cache. */
const BATCH = 100;

/** The objects of an app, checked together. */
export class Checks {
  private readonly found: { readonly position: number; readonly finding: Finding }[] = [];
  private readonly podRules: readonly PodRule[];
  private readonly objectRules: readonly ObjectRule[];
  private readonly objects: JsonObject[] = [];
  private readonly checked: Checked[] = [];
  private readonly templates = new Map<JsonObject, PodTemplate>();
  private readonly asking: Asking;
  private batch: CheckedPod[] = [];

  public constructor(rules: readonly Rule[] = ALL_RULES) {
    this.podRules = rules.filter((rule): rule is PodRule => 'check' in rule);
    this.objectRules = rules.filter((rule): rule is ObjectRule => 'checkObject' in rule);
    this.asking = new Asking(this.podRules);
  }

  /** Adds an object that is checked, and that others can refer to. */
  public add(object: unknown, place: () => string, options: CheckOptions = {}): void {
    if (!isObject(object)) {
      return;
    }
    const { target = DEFAULT_TARGET, packs } = options;
    const checked = { object, place, target, packs, position: this.objects.length };
    this.objects.push(object);
    this.checked.push(checked);
    const template = podTemplateOf(object);
    if (template) {
      this.templates.set(object, template);
      const keys = keysIn(object, this.asking.keys);
      // Not spread: that is slow where it is compiled to a call.
      this.batch.push({
        object, place, target, packs, position: checked.position, template, containers: containersOf(template), keys, asked: this.asking.about(keys, packs),
      });
    }
    if (this.batch.length === BATCH) {
      this.checkBatch();
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
    this.checkBatch();
    this.checkTogether(complete);
    return this.found.sort((one, other) => one.position - other.position).map(({ finding }) => finding);
  }

  /** Each rule looks at all pods of the batch before the next rule does: half the time of pod by pod. */
  private checkBatch(): void {
    const { batch, podRules } = this;
    for (let number = 0; number < podRules.length; number++) {
      const rule = podRules[number];
      for (let index = 0; index < batch.length; index++) {
        const pod = batch[index];
        const broken = pod.asked[number] === 1 ? rule.check(pod) : undefined;
        // Nearly never; and a loop over nothing costs more than the rule.
        if (broken !== undefined && broken.length > 0) {
          broken.forEach((finding) => this.report(rule, finding, pod));
        }
      }
    }
    this.batch = [];
  }

  /** Rules that look at several objects come last, when all are there. */
  private checkTogether(complete: boolean): void {
    const app = new Manifests(this.objects, this.templates);
    const byKind = new Map<string, Checked[]>();
    for (const checked of this.checked.splice(0)) {
      const kind = kindOf(checked.object);
      const ofKind = byKind.get(kind);
      if (ofKind) {
        ofKind.push(checked);
      } else {
        byKind.set(kind, [checked]);
      }
    }
    for (const rule of this.objectRules.filter(({ needsWholeApp }) => complete || !needsWholeApp)) {
      for (const kind of rule.kinds) {
        for (const checked of byKind.get(kind) ?? []) {
          if (checked.packs === undefined || checked.packs.includes(rule.pack)) {
            rule.checkObject({ object: checked.object, app, target: checked.target })?.forEach((finding) => this.report(rule, finding, checked));
          }
        }
      }
    }
  }

  private report(rule: Rule, finding: Parameters<typeof findingOf>[1], { object, place, position }: Checked): void {
    this.found.push({ position, finding: findingOf(rule, finding, object, place()) });
  }
}

/** Checks one object. */
export function checkObject(object: unknown, place: () => string, rules?: readonly Rule[], target?: Target): Finding[] {
  const checks = new Checks(rules);
  checks.add(object, place, { target });
  return checks.findings(false);
}

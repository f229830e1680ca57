import { parse, parseAllDocuments } from 'yaml';
import { containersOf } from '../../src/manifest/containers';
import { isObject, JsonObject } from '../../src/manifest/json';
import { DEFAULT_TARGET, Target } from '../../src/manifest/kubernetes-version';
import { Manifests } from '../../src/manifest/manifests';
import { podTemplateOf } from '../../src/manifest/pod-template';
import { ALL_RULES } from '../../src/rules';
import { checkObject, Checks } from '../../src/rules/engine';
import { Finding } from '../../src/rules/finding';
import { KeySets } from '../../src/rules/keys';
import { ObjectRule, Pack, PodRule, Rule, RuleFinding } from '../../src/rules/rule';
import { applyWaivers, judgeWaivers } from '../../src/rules/waivers/waivers';

const KEY_SETS = new KeySets(new Set(ALL_RULES.flatMap((rule) => 'check' in rule ? rule.keys ?? [] : [])));

/** Runs one rule over one pod: its findings, or undefined where it does not apply. */
export function judge(rule: PodRule, object: unknown, target: Target = DEFAULT_TARGET): RuleFinding[] | undefined {
  const template = podTemplateOf(object);
  return template && rule.check({ template, containers: containersOf(template), target, keys: KEY_SETS.of(object as JsonObject) });
}

/** Runs one rule over one object, with others in reach: its findings, or undefined where it does not apply. */
export function judgeAmong(
  rule: ObjectRule, object: any, others: any[], { target = DEFAULT_TARGET }: { target?: Target } = {},
): RuleFinding[] | undefined {
  return rule.checkObject({ object, app: new Manifests([object, ...others]), target });
}

/** The fields that a rule finds wrong; undefined where it does not apply. */
export function fields(rule: PodRule, object: unknown, target?: Target): string[] | undefined {
  return judge(rule, object, target)?.map((found) => found.field);
}

/** The facts that a rule states; undefined where it does not apply. */
export function facts(rule: PodRule, object: unknown, target?: Target): string[] | undefined {
  return judge(rule, object, target)?.map((found) => found.fact);
}

/** All that rules find in a file of manifests that is the whole app, the waivers judged too. */
export function findingsIn(yaml: string, rules: readonly Rule[] = ALL_RULES, target: Target = DEFAULT_TARGET): Finding[] {
  const objects = parseAllDocuments(yaml).map((document) => document.toJS());
  const checks = new Checks(rules);
  objects.forEach((object) => checks.add(object, () => 'shop/Web', { target }));
  const findings = checks.findings();
  const ids = new Set(rules.map(({ id }) => id));
  const known = new Set(ALL_RULES.map(({ id }) => id));
  const ofWaivers = judgeWaivers(objects.filter(isObject).map((object) => ({ object, place: 'shop/Web' })), findings, ids, known, '2026-01-01');
  return [...applyWaivers(findings, '2026-01-01').open, ...ofWaivers];
}

/** The rules that a short example can keep to: production and Pod Security ask for much that a test leaves out. */
export const RULES_OF_EXAMPLES = ALL_RULES.filter(({ pack }) => pack === Pack.VALID || pack === Pack.GOLDEN);

/** The ids of the rules that a manifest breaks, once for each finding. */
export function brokenRules(object: unknown): string[] {
  return checkObject(object, () => 'shop/Web', RULES_OF_EXAMPLES).map((finding) => finding.ruleId);
}

/** A Pod with this spec, given as YAML. */
export function pod(spec: string, annotations: { [key: string]: string } = {}): any {
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web', annotations }, spec: parse(spec) };
}

/** A Pod of one container, called web, with these further fields, given as a YAML flow mapping. */
export function webPod(container: string, annotations: { [key: string]: string } = {}): any {
  const object = pod('containers: [{ name: web, image: "shop/web:1.0" }]', annotations);
  Object.assign(object.spec.containers[0], parse(container));
  return object;
}

/** Any other workload around such a Pod's spec. */
export function workload(kind: string, name: string, spec: any = pod('containers: [{ name: web, image: "shop/web:1.0" }]').spec): any {
  const template = { metadata: {}, spec };
  return {
    kind,
    metadata: { name },
    spec: kind === 'CronJob' ? { jobTemplate: { spec: { template } } } : { template },
  };
}

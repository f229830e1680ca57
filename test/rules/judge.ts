import { parse } from 'yaml';
import { containersOf } from '../../src/manifest/containers';
import { DEFAULT_TARGET, Target } from '../../src/manifest/kubernetes-version';
import { podTemplateOf } from '../../src/manifest/pod-template';
import { ALL_RULES } from '../../src/rules';
import { checkObject } from '../../src/rules/engine';
import { Rule, RuleFinding } from '../../src/rules/rule';

/** Runs one rule over one pod: its findings, or undefined where it does not apply. */
export function judge(rule: Rule, object: unknown, target: Target = DEFAULT_TARGET): RuleFinding[] | undefined {
  const template = podTemplateOf(object)!;
  return rule.check({ template, containers: containersOf(template), target });
}

/** The fields that a rule finds wrong; undefined where it does not apply. */
export function fields(rule: Rule, object: unknown, target?: Target): string[] | undefined {
  return judge(rule, object, target)?.map((found) => found.field);
}

/** The facts that a rule states; undefined where it does not apply. */
export function facts(rule: Rule, object: unknown, target?: Target): string[] | undefined {
  return judge(rule, object, target)?.map((found) => found.fact);
}

/** The ids of the rules that a manifest breaks, once for each finding. */
export function brokenRules(object: unknown): string[] {
  return checkObject(object, () => 'shop/Web', ALL_RULES).map((finding) => finding.ruleId);
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

import { Finding } from './finding';
import { Rule } from './rule';
import { containersOf } from '../manifest/containers';
import { podTemplateOf } from '../manifest/pod-template';

let all: readonly Rule[] | undefined;

/** The rules are many files: loaded at the first check, they cost nothing to those who only import the package. */
function allRules(): readonly Rule[] {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return (all ??= (require('./index') as typeof import('./index')).ALL_RULES);
}

/**
 * Checks one object of the manifest; objects without a pod have no findings.
 *
 * @param construct the path of its construct, asked for only where there is a finding
 */
export function checkObject(object: unknown, construct: () => string, rules: readonly Rule[] = allRules()): Finding[] {
  const template = podTemplateOf(object);
  if (!template) {
    return [];
  }
  const subject = { template, containers: containersOf(template) };
  const findings: Finding[] = [];
  for (const rule of rules) {
    const broken = rule.check(subject);
    // Nearly always; not a loop over nothing, which costs more than the rule.
    if (broken === undefined || broken.length === 0) {
      continue;
    }
    for (const found of broken) {
      findings.push({
        ruleId: rule.id,
        severity: rule.severity,
        construct: construct(),
        field: found.field,
        fact: found.fact,
        why: rule.why,
        fix: found.fix ?? rule.fix,
      });
    }
  }
  return findings;
}

import { CheckOptions, Checks } from './engine';
import { Finding } from './finding';
import { ALL_RULES } from './index';
import { Pack, Severity } from './rule';
import { applyWaivers, CheckedObject, Judgement, judgeWaivers } from './waivers/waivers';
import { DEFAULT_TARGET } from '../manifest/kubernetes-version';

/** How manifests are checked that lie ready. */
export interface ReportOptions extends CheckOptions {
  /** Whether the manifests are all of an app: then what an object refers to must be among them. */
  readonly complete?: boolean;
  /** The day, as `YYYY-MM-DD`, by which waivers are judged. */
  readonly today: string;
}

/** Checks manifests and judges their waivers. */
export function reportOn(objects: readonly CheckedObject[], options: ReportOptions): Judgement {
  const { packs = Object.values(Pack), target = DEFAULT_TARGET, complete = true, today } = options;
  const checks = new Checks(ALL_RULES);
  const checked = { target, packs };
  objects.forEach(({ object, place }) => checks.add(object, () => place, checked));
  const findings = checks.findings(complete);
  const { open, waived } = applyWaivers(findings, today);
  if (!packs.includes(Pack.GOLDEN)) {
    return { open, waived };
  }
  // In a part of an app a rule that looks at several objects may find nothing because the other one is elsewhere.
  const ran = new Set(ALL_RULES.filter((rule) => packs.includes(rule.pack) && (complete || !('checkObject' in rule))).map(({ id }) => id));
  const known = new Set(ALL_RULES.map(({ id }) => id));
  return { open: [...open, ...judgeWaivers(objects, findings, ran, known, today)], waived };
}

/** The day in UTC, as `YYYY-MM-DD`. */
export function currentDay(): string {
  return new Date().toISOString().slice(0, 10);
}

/** How many findings refuse and how many do not. */
export function countBySeverity(findings: readonly Finding[]): { readonly errors: number; readonly warnings: number } {
  const errors = findings.filter(({ severity }) => severity === Severity.ERROR).length;
  return { errors, warnings: findings.length - errors };
}

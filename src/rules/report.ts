import { CheckOptions, Checks } from './engine';
import { Finding } from './finding';
import { ALL_RULES } from './index';
import { Pack, Rule, Severity } from './rule';
import { applyWaivers, CheckedObject, Judgement, judgeWaivers } from './waivers/waivers';
import { DEFAULT_TARGET } from '../manifest/kubernetes-version';

/** How manifests are checked that lie ready. */
export interface ReportOptions extends CheckOptions {
  /** Whether the manifests are all of an app: then what an object refers to must be among them. */
  readonly complete?: boolean;
  /** The day, as `YYYY-MM-DD`, by which waivers are judged. */
  readonly today: string;
  /** So many errors are listed, and so many warnings; all of them where nothing is said. */
  readonly most?: number;
}

/** How many findings are not listed, because there are too many. */
export interface LeftOut {
  readonly errors: number;
  readonly warnings: number;
}

/** Checks manifests and judges their waivers. */
export function reportOn(objects: readonly CheckedObject[], options: ReportOptions): Judgement & { readonly leftOut: LeftOut } {
  const { packs = Object.values(Pack), target = DEFAULT_TARGET, complete = true, today, most = Infinity } = options;
  const checks = new Checks(ALL_RULES, most);
  const checked = { target, packs };
  objects.forEach(({ object, place }) => checks.add(object, () => place, checked));
  const findings = checks.findings(complete);
  const { open, waived } = applyWaivers(findings, today);
  const leftOut = { errors: checks.leftOut(Severity.ERROR), warnings: checks.leftOut(Severity.WARNING) };
  if (!packs.includes(Pack.GOLDEN)) {
    return { open, waived, leftOut };
  }
  // In a part of an app a rule that looks at several objects may find nothing because the other one is elsewhere; and where findings were
  // left out nobody knows what they were.
  const isKnown = (rule: Rule) => packs.includes(rule.pack) && (complete || !('checkObject' in rule)) && leftOut.errors + leftOut.warnings === 0;
  const ran = new Set(ALL_RULES.filter(isKnown).map(({ id }) => id));
  const known = new Set(ALL_RULES.map(({ id }) => id));
  const aboutWaivers = judgeWaivers(objects, findings, ran, known, today);
  const room = Math.max(0, most - countBySeverity(findings).warnings);
  return {
    open: open.concat(aboutWaivers.slice(0, room)), waived,
    leftOut: { ...leftOut, warnings: leftOut.warnings + Math.max(0, aboutWaivers.length - room) },
  };
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

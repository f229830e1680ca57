import { expiredWaiver } from './expired-waiver';
import { malformedWaiver } from './malformed-waiver';
import { unusedWaiver } from './unused-waiver';
import { WAIVER_PREFIX } from '../../manifest/annotations';
import { isObject, JsonObject, textOf } from '../../manifest/json';
import { Finding, findingOf } from '../finding';
import { quote } from '../quote';
import { RuleData } from '../rule';

/** A waiver as the annotation of an object says it. */
export interface WaiverView {
  readonly ruleId: string;
  readonly reason: string;
  /** Last day on which it holds, as `YYYY-MM-DD`; without one it has no end. */
  readonly until?: string;
  /** What is wrong with the annotation; such a waiver waives nothing. */
  readonly defect?: string;
  /** Field path of the annotation. */
  readonly field: string;
}

/** A finding that somebody has said to be right as it is. */
export interface WaivedFinding {
  readonly finding: Finding;
  readonly reason: string;
  readonly until?: string;
}

/** Findings, held against the waivers of their objects. */
export interface Judgement {
  readonly open: Finding[];
  readonly waived: WaivedFinding[];
}

/** An object that was checked, and where it was made. */
export interface CheckedObject {
  readonly object: JsonObject;
  readonly place: string;
}

const NONE: readonly never[] = [];

/** The end of a reason that holds for a time: `(until 2027-01-31)`. */
const UNTIL = /\s*\(until ([^()]*)\)$/;

/** The value of the annotation that makes a waiver. */
export function formatWaiver(reason: string, until?: string): string {
  return until === undefined ? reason : `${reason} (until ${until})`;
}

/** Whether a text is a day of the calendar, as `YYYY-MM-DD`. */
export function isDay(text: string): boolean {
  const time = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : NaN;
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

/** The waivers that an object carries, on its own metadata: on the template of a workload an edited reason would roll its pods. */
export function waiversOf(object: JsonObject): readonly WaiverView[] {
  const annotations = isObject(object.metadata) ? object.metadata.annotations : undefined;
  let waivers: WaiverView[] | undefined;
  for (const key of isObject(annotations) ? Object.keys(annotations) : NONE) {
    if (key.startsWith(WAIVER_PREFIX)) {
      (waivers ??= []).push(waiverOf(key, annotations[key]));
    }
  }
  return waivers ?? NONE;
}

function waiverOf(key: string, value: unknown): WaiverView {
  const text = textOf(value).trim();
  const until = UNTIL.exec(text)?.[1].trim();
  const waiver = { ruleId: key.slice(WAIVER_PREFIX.length), reason: text.replace(UNTIL, ''), until, field: `metadata.annotations[${key}]` };
  if (waiver.reason === '') {
    return { ...waiver, defect: `${quote(value)} gives no reason` };
  }
  return until !== undefined && !isDay(until) ? { ...waiver, defect: `${quote(until)} is not a day written as YYYY-MM-DD` } : waiver;
}

/**
 * Takes the waived ones out of findings.
 *
 * @param today the day, as `YYYY-MM-DD`; without it a waiver holds also when its time is over: what synthesis writes never depends on the clock
 */
export function applyWaivers(findings: readonly Finding[], today?: string): Judgement {
  const open: Finding[] = [];
  const waived: WaivedFinding[] = [];
  for (const finding of findings) {
    const waiver = waiversOf(finding.object).find(({ ruleId, defect, until }) =>
      ruleId === finding.ruleId && defect === undefined && !isOver(until, today));
    if (waiver) {
      waived.push({ finding, reason: waiver.reason, until: waiver.until });
    } else {
      open.push(finding);
    }
  }
  return { open, waived };
}

/**
 * What is wrong with the waivers themselves: those that waive nothing, those whose time is over, those that cannot be read.
 *
 * @param objects all objects that were checked
 * @param findings what was found in them
 * @param ran ids of the rules that looked at them: of the others nobody knows whether they are needed
 * @param known ids of all rules
 * @param today the day, as `YYYY-MM-DD`
 */
export function judgeWaivers(
  objects: readonly CheckedObject[], findings: readonly Finding[], ran: ReadonlySet<string>, known: ReadonlySet<string>, today: string,
): Finding[] {
  const used = new Map<JsonObject, Set<string>>();
  for (const { object, ruleId } of findings) {
    used.set(object, (used.get(object) ?? new Set()).add(ruleId));
  }
  const found: Finding[] = [];
  for (const { object, place } of objects) {
    for (const { ruleId, defect, until, field } of waiversOf(object)) {
      const report = (rule: RuleData, fact: string) => found.push(findingOf(rule, { field, fact }, object, place));
      if (defect !== undefined) {
        report(malformedWaiver, defect);
      } else if (!known.has(ruleId)) {
        report(unusedWaiver, `${quote(ruleId)} is not the id of a rule`);
      } else if (isOver(until, today)) {
        report(expiredWaiver, `${quote(until)} is past`);
      } else if (ran.has(ruleId) && !used.get(object)?.has(ruleId)) {
        report(unusedWaiver, `${quote(ruleId)} finds nothing in this object`);
      }
    }
  }
  return found;
}

function isOver(until: string | undefined, today: string | undefined): boolean {
  return until !== undefined && today !== undefined && until < today;
}

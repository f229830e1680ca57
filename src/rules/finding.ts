import { RuleFinding, RuleData, Severity } from './rule';
import { JsonObject } from '../manifest/json';
import { append } from '../manifest/lists';

/** A finding with all that a person needs to mend it. */
export interface Finding {
  readonly ruleId: string;
  readonly severity: Severity;
  /** Where the object was made: the path of its construct, or file and line. */
  readonly place: string;
  /** The whole object, as written to the manifest. */
  readonly object: JsonObject;
  /** Field path as kubectl prints it. */
  readonly field: string;
  readonly fact: string;
  readonly why: string;
  readonly fix: string;
}

/** What a rule found in an object, as a finding. */
export function findingOf(rule: RuleData, { field, fact, fix }: RuleFinding, object: JsonObject, place: string): Finding {
  return { ruleId: rule.id, severity: rule.severity, place, object, field, fact, why: rule.why, fix: fix ?? rule.fix };
}

/** Several findings as one error. */
export class FindingsError extends Error {
  public readonly findings!: Finding[];

  public constructor(findings: Finding[]) {
    super(renderAll(findings));
    this.name = 'FindingsError';
    // Node prints the enumerable properties of an error that nobody catches: each finding again, with its manifest.
    Object.defineProperty(this, 'findings', { value: findings, enumerable: false });
  }
}

/** What refuses comes first: that is what must be mended. */
function renderAll(findings: readonly Finding[]): string {
  const errors = findings.filter(({ severity }) => severity === Severity.ERROR);
  const warnings = findings.filter(({ severity }) => severity !== Severity.ERROR);
  const title = errors.length > 1 ? [`${findings.length} findings; no manifest was written`] : [];
  return [...title, ...errors.map(renderFinding), ...renderWarnings(warnings).map((text) => text.trimEnd())].join('\n\n');
}

/** One finding as text: where and what, then why, fix and page. */
export function renderFinding(finding: Finding): string {
  return [
    renderPlace(finding),
    ...renderAdvice(finding),
  ].join('\n');
}

function renderAdvice({ why, fix, ruleId }: Finding): string[] {
  return [`  why: ${why}`, `  fix: ${fix}`, `  see: ${pageOf(ruleId)}`];
}

function renderPlace({ place, field, fact, ruleId }: Finding): string {
  return `${place}: ${field}: ${fact}  [${ruleId}]`;
}

/** So many places of one rule are named: whoever mends these knows the others. */
const MOST_PLACES = 10;

/** Findings that share reason and advice, together. */
export function byAdvice(findings: readonly Finding[]): Finding[][] {
  const groups = new Map<string, Finding[]>();
  findings.forEach((finding) => append(groups, `${finding.ruleId} ${finding.fix}`, finding));
  return [...groups.values()];
}

/** Findings that refuse nothing, rule by rule: reason and advice stand once below the places that share them. */
export function renderWarnings(findings: readonly Finding[]): string[] {
  return byAdvice(findings).map((group) => `${[
    ...group.slice(0, MOST_PLACES).map((finding) => `warning: ${renderPlace(finding)}`),
    ...group.length > MOST_PLACES ? [`warning: and ${group.length - MOST_PLACES} more  [${group[0].ruleId}]`] : [],
    ...renderAdvice(group[0]),
  ].join('\n')}\n`);
}

/** The page of a rule, below the root of the package. */
export function pageOf(ruleId: string): string {
  return `docs/rules/${ruleId}.md`;
}

import { Severity } from './rule';

/** A finding with all that a person needs to mend it. */
export interface Finding {
  readonly ruleId: string;
  readonly severity: Severity;
  /** Path of the construct that wrote the object. */
  readonly construct: string;
  /** Field path as kubectl prints it. */
  readonly field: string;
  readonly fact: string;
  readonly why: string;
  readonly fix: string;
}

/** Several findings as one error. */
export class FindingsError extends Error {
  public constructor(public readonly findings: Finding[]) {
    super(findings.length === 1
      ? renderFinding(findings[0])
      : `${findings.length} findings; no manifest was written\n\n${findings.map(renderFinding).join('\n\n')}`);
    this.name = 'FindingsError';
  }
}

/** One finding as text: where and what, then why, fix and page. */
export function renderFinding(finding: Finding): string {
  return [
    `${finding.construct}: ${finding.field}: ${finding.fact}  [${finding.ruleId}]`,
    `  why: ${finding.why}`,
    `  fix: ${finding.fix}`,
    `  see: docs/rules/${finding.ruleId}.md`,
  ].join('\n');
}

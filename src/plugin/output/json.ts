import { pageOf } from '../../rules/finding';
import { Severity } from '../../rules/rule';
import { packageOf } from '../package';
import { countOf, PlacedFinding, Report } from '../report';

/** Raised when a field is renamed, removed or gets another meaning; new fields do not raise it. */
const SCHEMA_VERSION = 1;

/** The report for programs; docs/check.md documents its fields. */
export function renderJson(report: Report): string {
  return `${JSON.stringify({
    version: SCHEMA_VERSION,
    tool: { name: packageOf().name, version: packageOf().version },
    findings: report.findings.map(fieldsOf),
    waived: report.waived.map(({ reason, until, ...placed }) => ({ ...fieldsOf(placed), reason, until })),
    unusable: report.unusable,
    summary: {
      ...report.counts,
      errors: countOf(report, Severity.ERROR),
      warnings: countOf(report, Severity.WARNING),
      waived: report.waived.length,
      unusable: report.unusable.length,
      leftOut: report.leftOut,
    },
  }, undefined, 2)}\n`;
}

function fieldsOf({ finding, place }: PlacedFinding) {
  const { ruleId, severity, field, fact, why, fix } = finding;
  const { file, line, kind, namespace, name, item } = place;
  return { ruleId, severity, file, line, kind, namespace, name, item, field, fact, why, fix, see: pageOf(ruleId) };
}

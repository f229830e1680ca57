import { renderFinding } from '../../rules/finding';
import { Severity } from '../../rules/rule';
import { countOf, renderPlace, Report } from '../report';

/** The report for people: each finding with reason, advice and page, then what was looked at. */
export function renderText(report: Report): string {
  const findings = report.findings.map(({ finding, place }) =>
    `${renderFinding({ ...finding, place: renderPlace(place, finding.severity) })}\n\n`);
  return `${findings.join('')}${summaryOf(report)}\n`;
}

function summaryOf(report: Report): string {
  const { files, objects, pods, unknown } = report.counts;
  const looked = [plural(files, 'file'), plural(objects, 'object'), `${plural(pods, 'pod')}`, ...unknown > 0 ? [`${unknown} of unknown kinds`] : []];
  const found = [
    plural(countOf(report, Severity.ERROR), 'error'),
    plural(countOf(report, Severity.WARNING), 'warning'),
    `${report.waived.length} waived`,
    ...report.unusable.length > 0 ? [`${report.unusable.length} unusable`] : [],
    ...leftOutOf(report),
  ];
  return `checked ${looked.join(', ')}: ${found.join(', ')}`;
}

function leftOutOf({ leftOut: { errors, warnings } }: Report): string[] {
  return errors + warnings > 0 ? [`${plural(errors, 'more error')} and ${plural(warnings, 'more warning')} not listed`] : [];
}

function plural(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

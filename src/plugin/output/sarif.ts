import { pageOf } from '../../rules/finding';
import { Rule } from '../../rules/rule';
import { homeOf, packageOf } from '../package';
import { Place, PlacedFinding, PlacedWaiver, Report, Unusable } from '../report';

/** Where the output says what it is. */
const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';

/**
 * The report as SARIF 2.1.0, as GitHub code scanning takes it.
 *
 * @see https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
 * @see https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning
 */
export function renderSarif(report: Report): string {
  const rules = new Map(report.rules.map(({ id }, index) => [id, index]));
  const run = {
    tool: {
      driver: {
        name: packageOf().name,
        semanticVersion: packageOf().version,
        informationUri: homeOf(),
        rules: report.rules.map(ruleOf),
      },
    },
    columnKind: 'utf16CodeUnits',
    invocations: [{
      executionSuccessful: report.unusable.length === 0,
      toolExecutionNotifications: [...report.unusable.map(notificationOf), ...leftOutOf(report)],
    }],
    results: [
      ...report.findings.map((placed) => resultOf(placed, rules)),
      ...report.waived.map((placed) => ({ ...resultOf(placed, rules), suppressions: [suppressionOf(placed)] })),
    ],
  };
  return `${JSON.stringify({ $schema: SCHEMA, version: '2.1.0', runs: [run] }, undefined, 2)}\n`;
}

function ruleOf(rule: Rule) {
  const uri = `${homeOf()}/blob/main/${pageOf(rule.id)}`;
  return {
    id: rule.id,
    shortDescription: { text: rule.summary },
    fullDescription: { text: sentence(rule.why) },
    help: { text: `${sentence(rule.fix)} See ${uri}`, markdown: `${sentence(rule.fix)} [${rule.id}](${uri})` },
    helpUri: uri,
    defaultConfiguration: { level: rule.severity },
    properties: { 'tags': ['kubernetes', rule.pack], 'problem.severity': rule.severity },
  };
}

function resultOf({ finding, place }: PlacedFinding, rules: ReadonlyMap<string, number>) {
  const { ruleId, severity, field, fact, why, fix } = finding;
  const object = [place.kind, place.namespace, place.name].filter((part) => part !== '').join('/');
  return {
    ruleId,
    ruleIndex: rules.get(ruleId),
    level: severity,
    message: { text: `${object}: ${field}: ${fact}\nwhy: ${why}\nfix: ${fix}` },
    locations: [{
      physicalLocation: physical(place),
      logicalLocations: [{ name: field, fullyQualifiedName: `${object}: ${field}`, kind: 'member' }],
    }],
    // Where the object moves within its file the finding stays the same one.
    partialFingerprints: { 'objectAndField/v1': `${ruleId} ${object} ${field}` },
  };
}

/** The waiver stands in the manifest itself. */
function suppressionOf({ reason, until }: PlacedWaiver) {
  return { kind: 'inSource', status: 'accepted', justification: until === undefined ? reason : `${reason} (until ${until})` };
}

function notificationOf({ file, line, reason }: Unusable) {
  return { level: 'error', message: { text: reason }, locations: [{ physicalLocation: physical({ file, line }) }] };
}

function leftOutOf({ leftOut: { errors, warnings } }: Report) {
  return errors + warnings > 0 ? [{ level: 'warning', message: { text: `${errors} more errors and ${warnings} more warnings are not listed` } }] : [];
}

/** From the field to the end of its line: else viewers mark the whole line. What could not be used has only a line. */
function physical({ file, line, column, endColumn }: Pick<Place, 'file' | 'line'> & Partial<Place>) {
  const end = column === undefined ? {} : { startColumn: column, endLine: line, endColumn };
  return { artifactLocation: { uri: uriOf(file) }, region: { startLine: line, ...end } };
}

/** A path as a URI: relative ones stay relative, which is what GitHub resolves against the root of the repository. */
function uriOf(file: string): string {
  const path = (process.platform === 'win32' ? file.replaceAll('\\', '/') : file).replace(/^\.\//, '');
  const encoded = path.split('/').map(encodeURIComponent).join('/');
  return /^[A-Za-z]:\//.test(path) ? `file:///${encoded}` : path.startsWith('/') ? `file://${encoded}` : encoded;
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

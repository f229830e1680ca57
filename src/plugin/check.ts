import { Locator } from './input/locate';
import { objectsOf, ReadObject } from './input/objects';
import { Source } from './input/sources';
import { Counts, PlacedFinding, Report, Unusable } from './report';
import { JsonObject, textOf } from '../manifest/json';
import { kindOf, nameOf, namespaceOf } from '../manifest/kinds';
import { Target } from '../manifest/kubernetes-version';
import { holdsPod } from '../manifest/pod-template';
import { Finding } from '../rules/finding';
import { ALL_RULES } from '../rules/index';
import { rulesOf } from '../rules/packs';
import { reportOn } from '../rules/report';
import { Pack } from '../rules/rule';

/** How manifests are checked. */
export interface CheckSourcesOptions {
  readonly target?: Target;
  /** All of them where nothing is said. */
  readonly packs?: readonly Pack[];
  /** Whether the files are only a part of an app: then nothing is reported as missing. No where nothing is said. */
  readonly partial?: boolean;
  /** The day on which waivers must still hold, as `YYYY-MM-DD`. */
  readonly today: string;
}

/**
 * So many errors are listed, and so many warnings: a file of 100 MB can have millions, and code scanning takes 25,000 in all.
 *
 * @see https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning#validating-your-sarif-file
 */
const MOST_FINDINGS = 10_000;

/** Checks all objects of all files together. */
export function checkSources(sources: Iterable<Source>, options: CheckSourcesOptions): Report {
  const objects: ReadObject[] = [];
  const unusable: Unusable[] = [];
  let files = 0;
  for (const source of sources) {
    const read = objectsOf(source);
    files++;
    read.objects.forEach((found) => objects.push(found));
    read.defects.forEach((defect) => unusable.push({ file: source.file, ...defect }));
  }
  const complete = options.partial !== true;
  const { open, waived, leftOut } = reportOn(objects.map(({ object }) => ({ object, place: '' })), { ...options, complete, most: MOST_FINDINGS });
  const place = placer(objects);
  return {
    rules: rulesOf(ALL_RULES, options.packs, complete),
    counts: countsOf(files, objects),
    unusable,
    findings: inOrder(objects, open).map(place),
    waived: waived.map(({ finding, reason, until }) => ({ ...place(finding), reason, until })),
    leftOut,
  };
}

function countsOf(files: number, objects: readonly ReadObject[]): Counts {
  const kinds = objects.map(({ object }) => kindOf(object));
  return { files, objects: objects.length, pods: kinds.filter(holdsPod).length, unknown: kinds.filter((kind) => kind === '').length };
}

/** The findings of each object together, in the order of the files; those about waivers come last otherwise. */
function inOrder(objects: readonly ReadObject[], findings: readonly Finding[]): readonly Finding[] {
  if (findings.length < 2) {
    return findings;
  }
  const positions = new Map(objects.map(({ object }, position) => [object, position]));
  const position = ({ object }: Finding) => positions.get(object) ?? 0;
  return [...findings].sort((one, other) => position(one) - position(other));
}

/** Gives findings their places. Findings of one document follow each other, so that one document is held at a time. */
function placer(objects: readonly ReadObject[]): (finding: Finding) => PlacedFinding {
  let origins: Map<JsonObject, ReadObject> | undefined;
  let last: { readonly document: ReadObject['document']; readonly locator: Locator } | undefined;
  return (finding) => {
    origins ??= new Map(objects.map((read) => [read.object, read]));
    const { object, file, document, index, item } = origins.get(finding.object)!;
    if (last?.document !== document) {
      last = { document, locator: new Locator(document) };
    }
    const spot = last.locator.find(index, item === '' ? finding.field : `${item}.${finding.field}`);
    return { finding, place: { file, ...spot, item, kind: textOf(object.kind), namespace: namespaceOf(object), name: nameOf(object) } };
  };
}

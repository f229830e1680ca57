import { Spot } from './input/locate';
import { Finding } from '../rules/finding';
import { LeftOut } from '../rules/report';
import { Rule, Severity } from '../rules/rule';

/** Where the field of a finding stands; the nearest field around it where the field itself is missing. */
export interface Place extends Spot {
  readonly file: string;
  readonly kind: string;
  /** Empty where the object does not say. */
  readonly namespace: string;
  readonly name: string;
  /** Where the object lies in a List, as in `items[3]`; empty outside of one. */
  readonly item: string;
}

/** A finding and its place. */
export interface PlacedFinding {
  readonly finding: Finding;
  readonly place: Place;
}

/** A finding that a waiver in the manifest takes out. */
export interface PlacedWaiver extends PlacedFinding {
  readonly reason: string;
  /** The last day of the waiver, as `YYYY-MM-DD`. */
  readonly until?: string;
}

/** Something that could not be checked. */
export interface Unusable {
  readonly file: string;
  readonly line: number;
  readonly reason: string;
}

/** What was looked at. */
export interface Counts {
  readonly files: number;
  readonly objects: number;
  /** Objects that are pods or hold one. */
  readonly pods: number;
  /** Objects of kinds that no rule knows. */
  readonly unknown: number;
}

/** What a check of files found. */
export interface Report {
  readonly rules: readonly Rule[];
  readonly counts: Counts;
  /** File by file, object by object. */
  readonly findings: readonly PlacedFinding[];
  readonly waived: readonly PlacedWaiver[];
  readonly unusable: readonly Unusable[];
  /** Findings beyond those that are listed. */
  readonly leftOut: LeftOut;
}

/** How many open findings have a severity. */
export function countOf(report: Report, severity: Severity): number {
  return report.findings.filter(({ finding }) => finding.severity === severity).length;
}

/** Where a finding is, as compilers print it, so that editors find it. */
export function renderPlace({ file, line, kind, name, item }: Place, severity: string): string {
  return `${file}:${line}: ${severity}: ${item === '' ? '' : `${item} `}${kind}/${name}`;
}

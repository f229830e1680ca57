import { ContainerView } from '../manifest/containers';
import { Target } from '../manifest/kubernetes-version';
import { PodTemplate } from '../manifest/pod-template';

/** What a finding does to synthesis. */
export enum Severity {
  /** Refuses the app: no file is written. */
  ERROR = 'error',
  /** Reports on standard error. */
  WARNING = 'warning',
}

/** The pod that a rule looks at. */
export interface RuleSubject {
  readonly template: PodTemplate;
  /** All containers, init containers first. */
  readonly containers: ContainerView[];
  /** The clusters that the manifest is made for. */
  readonly target: Target;
}

/** One place in a manifest that breaks a rule. */
export interface RuleFinding {
  /** Field path as kubectl prints it. */
  readonly field: string;
  /** The offending value in double quotes and what is wrong with it; lowercase, no full stop. */
  readonly fact: string;
  /** What to do in this very case, where it differs from the rule's own advice. */
  readonly fix?: string;
}

/**
 * A rule: data for people, and a pure function from a manifest to findings.
 *
 * The rule's page in the documentation is generated from the data, and its
 * examples are run as tests: the bad one yields its finding, the good one none.
 */
export interface Rule {
  /** Kebab-case; says the wrong or the required thing. */
  readonly id: string;
  readonly severity: Severity;
  /** One sentence: what the rule demands. */
  readonly summary: string;
  /** Why: what happens to a pod that breaks it. Lowercase, no full stop. */
  readonly why: string;
  /** What to do: an imperative. Lowercase, no full stop. */
  readonly fix: string;
  /** Where the fact comes from. */
  readonly source: string;
  /** When the rule does not apply, in words. */
  readonly notApplicable: string;
  /** A manifest (YAML) that yields exactly one finding of this rule. */
  readonly bad: string;
  /** The same pod, mended. */
  readonly good: string;
  /** The findings, none, or undefined where the rule does not apply to this pod. */
  check(subject: RuleSubject): RuleFinding[] | undefined;
}

import { ContainerView } from '../manifest/containers';
import { JsonObject } from '../manifest/json';
import { KubernetesVersion, Target } from '../manifest/kubernetes-version';
import { Manifests } from '../manifest/manifests';
import { PodTemplate } from '../manifest/pod-template';

/** What a finding does to synthesis. */
export enum Severity {
  /** Refuses the app: no file is written. What can never work. */
  ERROR = 'error',
  /** Reports on standard error. What works, until it does not. */
  WARNING = 'warning',
}

/**
 * A set of rules, to be chosen as a whole. A pack only selects: a rule says the same in each.
 */
export enum Pack {
  /** What the API server refuses, or the kubelet, so that the pod is never created or never starts. */
  VALID = 'valid',
  /** What containers that share a pod can do to each other: coupling, network, volumes, life cycle, probes. */
  GOLDEN = 'golden',
  /** What production asks of every workload: images, secrets, resources, availability. */
  PRODUCTION = 'production',
  /** The Pod Security Standard *restricted*, in the version of the target. */
  RESTRICTED = 'restricted',
}

/** The pod that a rule looks at. */
export interface RuleSubject {
  readonly template: PodTemplate;
  /** All containers, init containers first. */
  readonly containers: ContainerView[];
  /** The clusters that the manifest is made for. */
  readonly target: Target;
  /** Of the keys that rules name in `keys`, those that occur in the object. */
  readonly keys: ReadonlySet<string>;
}

/** The object that a rule looks at, with all others of its app in reach. */
export interface ObjectSubject {
  readonly object: JsonObject;
  readonly app: Manifests;
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

/** What people read of a rule. Its page in the documentation, the help of the command and the reports are made of it. */
export interface RuleData {
  /** Kebab-case; says the wrong or the required thing. */
  readonly id: string;
  readonly severity: Severity;
  readonly pack: Pack;
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
  /** Manifests (YAML) that yield exactly one finding of this rule. */
  readonly bad: string;
  /** The same, mended. */
  readonly good: string;
  /** The version that the examples are for; the default where they are for every version. */
  readonly examplesFor?: KubernetesVersion;
  /** What a node did with the bad example and with the good one, and on which version; sentences. */
  readonly seen?: string;
}

/** A rule for pods, of whatever kind the object around them is: a pure function from one pod to findings. */
export interface PodRule extends RuleData {
  /** Whether it looks at no text that objects of one make may differ in, so that one of them answers for all; see `FREE_TEXTS`. */
  readonly looksAtMakeOnly?: boolean;
  /** Keys without which there is nothing to find: the rule is asked only where one of them occurs in the object; without `keys` always. */
  readonly keys?: readonly string[];
  /** The findings, none, or undefined where the rule does not apply to this pod. */
  check(subject: RuleSubject): RuleFinding[] | undefined;
}

/** A rule for objects of some kinds, which may look at the other objects of the app. */
export interface ObjectRule extends RuleData {
  /** Whether it looks at no other object, and at no text that objects of one make may differ in, so that one of them answers for all; see `FREE_TEXTS`. */
  readonly looksAtMakeOnly?: boolean;
  /** The kinds of objects that it looks at. */
  readonly kinds: readonly string[];
  /** Of objects with a pod only those with one of these keys; without `keys` all of them. */
  readonly keys?: readonly string[];
  /** Whether it is asked only where the objects are all of an app: it finds what is missing, and that may be elsewhere. */
  readonly needsWholeApp?: boolean;
  /** The findings in this object, none, or undefined where the rule does not apply to it. */
  checkObject(subject: ObjectSubject): RuleFinding[] | undefined;
}

/** A rule about waivers: judged when all the others have been. */
export interface WaiverRule extends RuleData {
  readonly aboutWaivers: true;
}

/** A rule: data for people, and a pure function from a manifest to findings. */
export type Rule = PodRule | ObjectRule | WaiverRule;

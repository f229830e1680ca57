import * as kplus from 'cdk8s-plus-28';
import { IConstruct, IMixin } from 'constructs';
import { fieldsOf, GivenField, giveToWorkload } from './given-fields';
import { MixinReach } from './mixin-reach';
import { PodFailureRule } from './pod-failure-rule';
import {
  allowKind, allowList, FLAG, instanceOf, LARGEST_INTEGER, memberOf, quoted, refuse, requireProps, wholeNumber,
} from '../../manifest/check-input';

/** When a Job has what it needs. */
export enum CompletionMode {
  /** When as many pods as `completions` says have succeeded; they are all alike. */
  NON_INDEXED = 'NonIndexed',
  /** When one pod has succeeded for each index from 0 on, which it finds in its variable `JOB_COMPLETION_INDEX`. */
  INDEXED = 'Indexed',
}

/** What a Job has in Kubernetes and cdk8s-plus has no property for. */
export interface JobSettingsProps {
  /**
   * How many pods run at a time: from 0; with `INDEXED` at most 100000.
   *
   * @default - 1, which is what Kubernetes takes
   */
  readonly parallelism?: number;

  /**
   * How many pods must succeed. From 0; required with `INDEXED`.
   *
   * @default - 1 without `parallelism`; with it, the success of any pod says that the work is done
   */
  readonly completions?: number;

  /**
   * Whether each pod has a number of its own.
   *
   * @see https://kubernetes.io/docs/concepts/workloads/controllers/job/#completion-mode
   * @default - `NON_INDEXED`, which is what Kubernetes takes
   */
  readonly completionMode?: CompletionMode;

  /**
   * What the failure of a pod means, by its exit code or condition: the first rule that matches. At most 20, and only with the
   * restart policy `Never`.
   *
   * @see https://kubernetes.io/docs/tasks/job/pod-failure-policy/
   * @default - each failure counts towards `backoffLimit`
   */
  readonly podFailurePolicy?: PodFailureRule[];

  /**
   * Whether the Job is made without pods, until somebody sets it to false. A CronJob has a `suspend` of its own.
   *
   * @default false
   */
  readonly suspend?: boolean;
}

const WHERE = 'JobSettings';

const MOST_PARALLEL_INDEXED = 100000;

const MOST_RULES = 20;

const RULE = instanceOf(PodFailureRule, 'make one: PodFailureRule.onExitCodes(PodFailureAction.FAIL_JOB, [42])');

/**
 * Fields of a Job that cdk8s-plus has no property for; applied to a CronJob, of the Jobs that it makes.
 *
 * They are written into the manifest before anything is filled, and JSON patches still have the last word. The pod is checked from
 * then on. Applied to a chart it reaches the Jobs that are there.
 *
 * @see https://kubernetes.io/docs/concepts/workloads/controllers/job/
 * @example
 *
 * const job = new kplus.Job(chart, 'Resize', { containers: [{ image: 'registry.example/resize:1.4.2' }] });
 * job.with(new JobSettings({
 *   completions: 20,
 *   parallelism: 5,
 *   completionMode: CompletionMode.INDEXED,
 *   podFailurePolicy: [PodFailureRule.onDisruption(PodFailureAction.IGNORE)],
 * }));
 */
export class JobSettings implements IMixin {
  private readonly fields: GivenField[];
  private readonly rules: PodFailureRule[];
  private readonly reach = new MixinReach(WHERE, 'a Job or CronJob of cdk8s-plus-28', isJob);

  /**
   * @param props the fields
   */
  public constructor(props: JobSettingsProps) {
    requireProps(WHERE, props);
    checkCounts(props);
    allowKind(WHERE, 'suspend', props.suspend, FLAG);
    allowList(WHERE, 'podFailurePolicy', props.podFailurePolicy, RULE);
    this.rules = [...(props.podFailurePolicy ?? [])];
    if (this.rules.length > MOST_RULES) {
      refuse(WHERE, `podFailurePolicy: "${this.rules.length}" rules`, `the API server takes at most ${MOST_RULES}`, 'join rules with the same action');
    }
    this.fields = fieldsOf([
      [['parallelism'], props.parallelism],
      [['completions'], props.completions],
      [['completionMode'], props.completionMode],
      [['suspend'], props.suspend],
      [['podFailurePolicy'], this.rules.length > 0 ? { rules: this.rules.map((rule) => rule._value) } : undefined],
    ]);
  }

  /**
   * Whether the construct is a Job or CronJob of cdk8s-plus-28.
   *
   * @param construct the construct that is asked about
   */
  public supports(construct: IConstruct): boolean {
    return this.reach.supports(construct);
  }

  /**
   * Gives the fields to a Job, or to the Jobs of a CronJob.
   *
   * @param construct the Job or CronJob
   */
  public applyTo(construct: IConstruct): void {
    if (!isJob(construct)) {
      refuse(WHERE, `applyTo: ${quoted(construct)} is not a Job or CronJob of cdk8s-plus-28`, 'no other kind has these fields',
        'apply it to a kplus.Job or kplus.CronJob');
    }
    this.check(construct);
    giveToWorkload({ name: WHERE, pod: construct }, this.fields);
  }

  private check(job: kplus.Workload): void {
    const path = job.node.path;
    const restarts = job.restartPolicy ?? kplus.RestartPolicy.NEVER;
    if (this.rules.length > 0 && restarts !== kplus.RestartPolicy.NEVER) {
      refuse(path, `podFailurePolicy: restartPolicy is "${restarts}"`, 'the kubelet would restart a container before the Job sees that it failed; the API server refuses both',
        'leave out `restartPolicy` of the Job, or the policy');
    }
    if (job instanceof kplus.CronJob && this.fields.some(({ keys }) => keys[0] === 'suspend')) {
      refuse(path, 'suspend: is given for the Jobs of a CronJob', 'each would be made without pods, and nobody would start it', 'give `suspend` to the CronJob itself');
    }
    this.rules.forEach((rule) => rule._check(job));
  }
}

function isJob(construct: IConstruct): construct is kplus.Job | kplus.CronJob {
  return construct instanceof kplus.Job || construct instanceof kplus.CronJob;
}

function checkCounts({ parallelism, completions, completionMode }: JobSettingsProps): void {
  allowKind(WHERE, 'completionMode', completionMode, memberOf('CompletionMode', CompletionMode));
  const indexed = completionMode === CompletionMode.INDEXED;
  const why = 'it is a number of pods';
  if (parallelism !== undefined && parallelism !== null) {
    wholeNumber(WHERE, 'parallelism', parallelism, 0, indexed ? MOST_PARALLEL_INDEXED : LARGEST_INTEGER, why);
  }
  if (completions !== undefined && completions !== null) {
    wholeNumber(WHERE, 'completions', completions, 0, LARGEST_INTEGER, why);
  } else if (indexed) {
    refuse(WHERE, 'completions: missing', 'an indexed Job has one pod for each index, and nobody said how many there are', 'give `completions`');
  }
}

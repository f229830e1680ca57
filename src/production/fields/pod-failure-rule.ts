import * as kplus from 'cdk8s-plus-28';
import { allowKind, FLAG, instanceOf, LARGEST_INTEGER, memberOf, refuse, requireKind, requireProps, LIST, wholeNumber } from '../../manifest/check-input';
import { JsonObject } from '../../manifest/json';

/** What a Job does about a pod that failed. */
export enum PodFailureAction {
  /** The whole Job fails, without further attempts. */
  FAIL_JOB = 'FailJob',
  /** The pod is replaced, and the failure does not count towards `backoffLimit`. */
  IGNORE = 'Ignore',
  /** The pod is replaced, and the failure counts, as without a rule. */
  COUNT = 'Count',
}

/** Which exit codes a rule is about. */
export interface ExitCodeOptions {
  /**
   * The container whose exit code counts.
   *
   * @default - any container of the pod
   */
  readonly container?: kplus.Container;

  /**
   * Whether the rule is about all exit codes but these.
   *
   * @default false
   */
  readonly allOthers?: boolean;
}

const MOST_CODES = 255;

const CONTAINER = instanceOf(kplus.Container, 'give what addContainer() returned');

/**
 * What the failure of a pod means for its Job.
 *
 * @see https://kubernetes.io/docs/concepts/workloads/controllers/job/#pod-failure-policy
 * @example
 *
 * const rules = [
 *   PodFailureRule.onDisruption(PodFailureAction.IGNORE),
 *   PodFailureRule.onExitCodes(PodFailureAction.FAIL_JOB, [42]),
 * ];
 */
export class PodFailureRule {
  /**
   * By the exit code of a container.
   *
   * @param action what the Job does
   * @param codes 1 to 255 codes, each once; 0 only with `allOthers`
   * @param options which container, and whether the codes are meant or all others
   */
  public static onExitCodes(action: PodFailureAction, codes: number[], options: ExitCodeOptions = {}): PodFailureRule {
    const where = 'PodFailureRule.onExitCodes';
    requireProps(where, options);
    allowKind(where, 'allOthers', options.allOthers, FLAG);
    allowKind(where, 'container', options.container, CONTAINER);
    requireKind(where, 'codes', codes, LIST);
    const lowest = options.allOthers ? 0 : 1;
    codes.forEach((code) => wholeNumber(where, 'codes', code, lowest, LARGEST_INTEGER, 'success is 0, which is no failure'));
    const repeated = codes.find((code, index) => codes.indexOf(code) !== index);
    if (repeated !== undefined) {
      refuse(where, `codes: "${repeated}" is given twice`, 'the API server refuses it', 'leave one of the two out');
    }
    if (codes.length < 1 || codes.length > MOST_CODES) {
      refuse(where, `codes: "${codes.length}" codes`, `the API server takes 1 to ${MOST_CODES}`, 'give those that the program uses');
    }
    const containerName = options.container && { containerName: options.container.name };
    // The API server demands that they are in order.
    const onExitCodes = { ...containerName, operator: options.allOthers ? 'NotIn' : 'In', values: [...codes].sort((a, b) => a - b) };
    return new PodFailureRule(where, action, { onExitCodes }, options.container);
  }

  /**
   * By the end of a pod that is nobody's fault: evicted, preempted, or its node drained.
   *
   * @see https://kubernetes.io/docs/concepts/workloads/pods/disruptions/#pod-disruption-conditions
   * @param action what the Job does
   */
  public static onDisruption(action: PodFailureAction): PodFailureRule {
    return new PodFailureRule('PodFailureRule.onDisruption', action, { onPodConditions: [{ status: 'True', type: 'DisruptionTarget' }] });
  }

  private readonly value: JsonObject;

  private constructor(where: string, action: PodFailureAction, requirement: object, private readonly container?: kplus.Container) {
    requireKind(where, 'action', action, memberOf('PodFailureAction', PodFailureAction));
    this.value = { action, ...requirement };
  }

  /**
   * As the manifest has it.
   *
   * @internal
   */
  public get _value(): JsonObject {
    return this.value;
  }

  /**
   * Refuses a container of another pod.
   *
   * @internal
   */
  public _check(job: kplus.Workload): void {
    const { container } = this;
    if (container && !job.containers.includes(container) && !job.initContainers.includes(container)) {
      refuse(job.node.path, `podFailurePolicy: container: "${container.name}" is no container of this Job`, 'the API server refuses a name that it does not find',
        'give what addContainer() of this Job returned');
    }
  }
}

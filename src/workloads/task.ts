import * as kplus from 'cdk8s-plus-28';
import { allowCount } from './check-options';
import { quoted, refuse, wholeSeconds } from '../manifest/check-input';
import { JsonObject } from '../manifest/json';
import { ComposedProps } from '../pods/composition';

/** The props that a Job and a CronJob share. */
export type TaskProps = kplus.JobProps & ComposedProps;

/** How often a task is tried again. */
const DEFAULT_BACKOFF_LIMIT = 3;

/** Checks the props of a task and decides what they leave open. */
export function decideTask<T extends TaskProps>(path: string, props: T): T {
  wholeSeconds(path, 'activeDeadline', props.activeDeadline, 0, 1);
  wholeSeconds(path, 'ttlAfterFinished', props.ttlAfterFinished, 0);
  allowCount(path, 'backoffLimit', props.backoffLimit, 0, 'it is how often a failed pod is replaced');
  const { restartPolicy } = props;
  if (restartPolicy === kplus.RestartPolicy.ALWAYS) {
    refuse(path, `restartPolicy: ${quoted(restartPolicy)} is for pods that never end`, 'the API server refuses it in a Job',
      'leave it out, or write kplus.RestartPolicy.ON_FAILURE');
  }
  return {
    ...props,
    backoffLimit: props.backoffLimit ?? DEFAULT_BACKOFF_LIMIT,
    // An undefined value would hide the one of cdk8s-plus.
    restartPolicy: restartPolicy ?? kplus.RestartPolicy.NEVER,
    select: props.select ?? false,
  };
}

/** Refuses a task that may run for ever. */
export function demandDeadline(path: string, { activeDeadline }: TaskProps, why: string): void {
  if (activeDeadline === undefined || activeDeadline === null) {
    refuse(path, 'activeDeadline: missing', why, 'give a time in which it has surely ended: `activeDeadline: Duration.hours(1)`');
  }
}

/** Whether containers run beside the app that can keep it from starting or ending. */
export function hasHelpers({ parts = [], containers = [], initContainers = [] }: TaskProps): boolean {
  return parts.length > 0 || containers.length > 0
    || initContainers.some(({ restartPolicy }) => restartPolicy === kplus.ContainerRestartPolicy.ALWAYS);
}

/**
 * Lets evictions and drained nodes not count as failures of the task. Only for pods that are not restarted in place.
 *
 * @see https://kubernetes.io/docs/concepts/workloads/controllers/job/#pod-failure-policy
 */
export function ignoreDisruptions(jobSpec: JsonObject): void {
  if (jobSpec.template.spec.restartPolicy === 'Never') {
    jobSpec.podFailurePolicy ??= { rules: [{ action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] }] };
  }
}

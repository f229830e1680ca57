import { Duration } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { allowCount } from './check-options';
import { IsolationOptions } from './network-isolation';
import { refuse } from '../manifest/check-input';
import { AppOptions } from '../pods/app-options';
import { ProbeOptions } from '../pods/probe-options';
import { PodHook } from '../production/pod-hook';

/** What every production workload takes whose pods run until they are stopped. */
export interface ProductionWorkloadOptions extends AppOptions, ProbeOptions, IsolationOptions {
  /**
   * How long the app goes on serving before it gets TERM, so that whoever routes traffic learns that the pod is going. It becomes
   * `lifecycle.preStop.sleep` of the app, and part of the termination grace period.
   *
   * Whole seconds; `Duration.seconds(0)` for no wait. Needs Kubernetes 1.30: for an older `kubernetesVersion` of `PodDefaults` it is
   * an error, unless `appHasSleep` says what can sleep instead.
   *
   * @see https://kubernetes.io/docs/concepts/containers/container-lifecycle-hooks/
   * @default - 10 seconds in a `ProductionDeployment` with a `service`, unless the app has a preStop hook; otherwise no wait
   */
  readonly preStopSleep?: Duration;

  /**
   * How many old revisions are kept, for `kubectl rollout undo`. With 0 there is no way back.
   *
   * Each is an object in the cluster that nobody cleans up otherwise.
   *
   * @default 3 - Kubernetes keeps 10
   */
  readonly revisionHistoryLimit?: number;
}

const KEPT_REVISIONS = 3;

/** How long a pod must be ready before it counts: one that dies right after its first readiness must not replace one that serves. */
export const MIN_READY_SECONDS = 5;

/** Writes how many revisions are kept, for which cdk8s-plus has no property. */
export function writeRevisionHistoryLimit(workload: kplus.Workload, limit = KEPT_REVISIONS): void {
  allowCount(workload.node.path, 'spec.revisionHistoryLimit', limit, 0, 'it is how many revisions are kept');
  PodHook.of(workload).addWriter((json) => json.spec.revisionHistoryLimit ??= limit);
}

/** Refuses a workload that selects nothing, when it is written: selectors may be added later. */
export function demandSelector(workload: kplus.Workload): void {
  PodHook.of(workload).addWriter(() => {
    if (Object.keys(workload.matchLabels).length === 0 && workload.matchExpressions.length === 0) {
      refuse(workload.node.path, 'spec.selector: selects nothing', 'the API server refuses it, and in a disruption budget or a spread it means every pod of the namespace',
        'leave out `select: false`, or call `select(...)`');
    }
  });
}

import * as kplus from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { allowAmount, allowCount } from './check-options';
import { composeWorkload, preStopSleepOf, TEMPLATE_SPEC, workloadProps } from './composed-workload';
import { demandSelector, MIN_READY_SECONDS, ProductionWorkloadOptions, writeRevisionHistoryLimit } from './production-workload';
import { requireProps } from '../manifest/check-input';
import { pathOf } from '../pods/check-props';
import { annotateDeclinedProbes, demandProbes } from '../pods/probe-options';
import { PodHook } from '../production/pod-hook';

/** A DaemonSet that is ready for production. */
export interface ProductionDaemonSetProps extends kplus.DaemonSetProps, ProductionWorkloadOptions {
  /**
   * How many nodes may be without their pod during an update. A share is rounded up.
   *
   * @see https://kubernetes.io/docs/tasks/manage-daemon/update-daemon-set/
   * @default kplus.PercentOrAbsolute.absolute(1)
   */
  readonly maxUnavailable?: kplus.PercentOrAbsolute;
}

/**
 * One pod on each node, updated one node after another.
 *
 * Its pods are pattern pods: everything absent is filled in every container, whoever adds it and whenever. Liveness and readiness of
 * the app are demanded, or declined with a reason: without readiness an update of a broken version goes on through all nodes.
 * A new pod must have been ready for 5 seconds (`minReadySeconds`) before the next node's turn comes.
 *
 * It has no disruption budget: who drains a node leaves the pods of a DaemonSet there. Nodes with taints have no pod unless it is
 * tolerated: `set.scheduling.tolerate(kplus.Node.tainted(kplus.NodeTaintQuery.exists('gpu')))`.
 *
 * @see https://kubernetes.io/docs/concepts/workloads/controllers/daemonset/
 * @example
 *
 * new ProductionDaemonSet(chart, 'NodeInfo', {
 *   app: {
 *     image: 'registry.example/node-info:1.4.2',
 *     portNumber: 9100,
 *     liveness: kplus.Probe.fromHttpGet('/healthz'),
 *     readiness: kplus.Probe.fromHttpGet('/readyz'),
 *   },
 *   maxUnavailable: kplus.PercentOrAbsolute.percent(10),
 * });
 */
export class ProductionDaemonSet extends kplus.DaemonSet {
  /** The app's container. */
  public readonly app: kplus.Container;

  /**
   * @param scope the chart or construct that the DaemonSet belongs to
   * @param id name of the construct
   * @param props the app
   */
  public constructor(scope: Construct, id: string, props: ProductionDaemonSetProps) {
    const path = pathOf(scope, id);
    const decided = decide(path, requireProps(path, props));
    super(scope, id, workloadProps(path, decided));
    this.app = composeWorkload(this, decided).app;
    annotateDeclinedProbes(this.metadata, props);
    demandSelector(this);
    writeRevisionHistoryLimit(this, props.revisionHistoryLimit);
    const maxUnavailable = props.maxUnavailable?.value ?? 1;
    PodHook.of(this).addWriter((json) => json.spec.updateStrategy ??= { type: 'RollingUpdate', rollingUpdate: { maxUnavailable } });
  }
}

/** Checks the props and decides what they leave open, before anything is in the tree. */
function decide(path: string, props: ProductionDaemonSetProps): ProductionDaemonSetProps {
  demandProbes(path, TEMPLATE_SPEC, props);
  allowCount(path, 'minReadySeconds', props.minReadySeconds, 0, 'it is a time in whole seconds');
  allowAmount(path, 'maxUnavailable', props.maxUnavailable, 'with none that may be away no pod can be replaced');
  return {
    ...props,
    minReadySeconds: props.minReadySeconds ?? MIN_READY_SECONDS,
    preStopSleep: preStopSleepOf(path, props, 0),
  };
}

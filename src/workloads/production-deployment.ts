import { Duration } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { addAutoscaler, AutoscalingOptions } from './autoscaling';
import { allowCount, givenOptions } from './check-options';
import { composeWorkload, preStopSleepOf, TEMPLATE_SPEC, workloadProps } from './composed-workload';
import { addDisruptionBudget, DisruptionBudgetOptions } from './disruption-budget';
import { addIngress, IngressOptions } from './ingress';
import { demandSelector, MIN_READY_SECONDS, ProductionWorkloadOptions, writeRevisionHistoryLimit } from './production-workload';
import { addService } from './service';
import { ServiceOptions } from './service-options';
import { spreadOverTopology, SpreadOptions } from './topology-spread';
import { allowKind, refuse, requireProps, TEXT, wholeSeconds } from '../manifest/check-input';
import { pathOf } from '../pods/check-props';
import { annotateDeclinedProbes, annotateReason, demandProbes } from '../pods/probe-options';

/** A Deployment that is ready for production, and what surrounds it. */
export interface ProductionDeploymentProps extends kplus.DeploymentProps, ProductionWorkloadOptions {
  /**
   * Why fewer than two replicas are enough. It becomes an annotation of the object, where reviewers see it.
   *
   * @default - `replicas` or `autoscaling.minReplicas` below 2 are an error
   */
  readonly redundancyDeclined?: string;

  /**
   * A Service in front of the pods: `service: {}` is one for the app's port.
   *
   * @default - no Service
   */
  readonly service?: ServiceOptions;

  /**
   * An Ingress in front of the Service.
   *
   * @default - no Ingress
   */
  readonly ingress?: IngressOptions;

  /**
   * An autoscaler. `replicas` must not be given beside it, and are left out of the manifest: each apply would reset them. When a
   * Deployment with `replicas` gets an autoscaler, the first apply sets them to 1 for a moment.
   *
   * @see https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#migrating-deployments-and-statefulsets-to-horizontal-autoscaling
   * @default - the number of replicas is fixed
   */
  readonly autoscaling?: AutoscalingOptions;

  /**
   * How many pods may be evicted at once. Switched off with `{ enabled: false }`.
   *
   * @default - a PodDisruptionBudget that lets one pod be evicted at a time
   */
  readonly disruptionBudget?: DisruptionBudgetOptions;

  /**
   * How pods are spread over nodes and zones. Switched off with `{ enabled: false }`. Constraints of a JSON patch replace these, and
   * pod anti-affinity of `scheduling` stays the only one.
   *
   * @default - preferably over both, each revision for itself
   */
  readonly topologySpread?: SpreadOptions;
}

const DEFAULT_PRE_STOP_SECONDS = 10;

const DEFAULT_PROGRESS_SECONDS = 600;

/**
 * A service that survives the loss of a node and an update, in the fewest words.
 *
 * Its pods are pattern pods: everything absent is filled in every container, whoever adds it and whenever. Beyond that:
 *
 * - two replicas, where neither `replicas` nor `autoscaling` says otherwise;
 * - updates that never take a pod away before its successor is available: `maxUnavailable: 0`, `maxSurge: 1`, and `minReady`
 *   of 5 seconds, because a pod that dies right after its first readiness must not replace one that serves;
 * - a PodDisruptionBudget, and pods spread over nodes and zones;
 * - liveness and readiness of the app demanded, or declined with a reason;
 * - with `service`, pods that go on serving for 10 seconds after they were told to go: traffic still arrives until every
 *   proxy has learnt of it. This needs Kubernetes 1.30;
 * - three old revisions kept, and `progressDeadline` of 600 seconds, as Kubernetes has it, until an update counts as failed.
 *
 * What the props say stays. A claim that one node at a time can mount needs `kplus.DeploymentStrategy.recreate()`, or a
 * `ProductionStatefulSet`: the successor of a pod would wait for the claim, and the pod for its successor.
 *
 * @see https://kubernetes.io/docs/concepts/workloads/controllers/deployment/
 * @example
 *
 * new ProductionDeployment(chart, 'Shop', {
 *   app: {
 *     image: 'registry.example/shop:1.4.2',
 *     portNumber: 8080,
 *     liveness: kplus.Probe.fromHttpGet('/healthz'),
 *     readiness: kplus.Probe.fromHttpGet('/readyz'),
 *   },
 *   service: {},
 * });
 */
export class ProductionDeployment extends kplus.Deployment {
  /** The app's container. */
  public readonly app: kplus.Container;
  /** The Service in front of the pods. */
  public readonly service?: kplus.Service;
  /** The Ingress in front of the Service. */
  public readonly ingress?: kplus.Ingress;
  /** What chooses the number of pods. */
  public readonly autoscaler?: kplus.HorizontalPodAutoscaler;

  /**
   * @param scope the chart or construct that the Deployment belongs to
   * @param id name of the construct
   * @param props the app and what surrounds it
   */
  public constructor(scope: Construct, id: string, props: ProductionDeploymentProps) {
    const path = pathOf(scope, id);
    const decided = decide(path, requireProps(path, props));
    super(scope, id, workloadProps(path, decided));
    this.app = composeWorkload(this, decided).app;
    annotateDeclinedProbes(this.metadata, props);
    annotateReason(this.metadata, 'several-replicas', props.redundancyDeclined);
    demandSelector(this);
    writeRevisionHistoryLimit(this, props.revisionHistoryLimit);
    // Old and new pods run side by side during an update: the old ones must not count.
    spreadOverTopology(this, props.topologySpread, 'pod-template-hash');
    addDisruptionBudget(this, props.disruptionBudget);
    const { service, ingress, autoscaling } = decided;
    this.service = service && addService(this, this.app, service);
    this.ingress = ingress && addIngress(this, this.service, ingress);
    this.autoscaler = autoscaling && addAutoscaler(this, this.app, autoscaling, props.redundancyDeclined ? 1 : 2);
  }
}

/** Checks the props and decides what they leave open, before anything is in the tree. */
function decide(path: string, props: ProductionDeploymentProps): ProductionDeploymentProps {
  demandProbes(path, TEMPLATE_SPEC, props);
  const service = givenOptions(path, 'service', props.service);
  const ingress = givenOptions(path, 'ingress', props.ingress);
  const autoscaling = givenOptions(path, 'autoscaling', props.autoscaling);
  const minReady = wholeSeconds(path, 'minReady', props.minReady, MIN_READY_SECONDS);
  const progress = wholeSeconds(path, 'progressDeadline', props.progressDeadline, DEFAULT_PROGRESS_SECONDS, 1);
  if (progress <= minReady) {
    refuse(path, `progressDeadline: "${progress} s" is not longer than minReady, "${minReady} s"`, 'every update would count as failed',
      'give more time, or a shorter `minReady`');
  }
  checkReplicas(path, { ...props, autoscaling });
  return {
    ...props,
    service,
    ingress,
    autoscaling,
    minReady: Duration.seconds(minReady),
    strategy: props.strategy ?? kplus.DeploymentStrategy.rollingUpdate({
      maxSurge: kplus.PercentOrAbsolute.absolute(1),
      maxUnavailable: kplus.PercentOrAbsolute.absolute(0),
    }),
    preStopSleep: preStopSleepOf(path, props, service ? DEFAULT_PRE_STOP_SECONDS : 0),
  };
}

function checkReplicas(path: string, { replicas, autoscaling, redundancyDeclined }: ProductionDeploymentProps): void {
  allowCount(path, 'spec.replicas', replicas, 0, 'it is a number of pods');
  allowKind(path, 'redundancyDeclined', redundancyDeclined, { ...TEXT, fix: () => 'say why in a sentence' });
  if (replicas !== undefined && autoscaling) {
    refuse(path, `spec.replicas: "${replicas}" is given beside autoscaling`, 'each apply would set back what the autoscaler chose',
      'remove `replicas`; `autoscaling.minReplicas` is the fewest');
  }
  const [field, fewest] = autoscaling ? ['autoscaling.minReplicas', autoscaling.minReplicas ?? 2] : ['spec.replicas', replicas ?? 2];
  if (fewest < 2 && !redundancyDeclined?.trim()) {
    refuse(path, `${field}: "${fewest}" is fewer than 2`,
      'a single pod is away whenever its node is drained or fails', 'leave it at 2, or say why one is enough: `redundancyDeclined: \'...\'`');
  }
  if (fewest >= 2 && redundancyDeclined) {
    refuse(path, `${field}: "${fewest}" beside redundancyDeclined: "${redundancyDeclined}"`, 'one of the two is a mistake',
      `remove \`redundancyDeclined\`, or give \`${autoscaling ? 'autoscaling: { minReplicas: 1 }' : 'replicas: 1'}\``);
  }
}

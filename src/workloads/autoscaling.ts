import { Duration } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { allowCount, metadataBeside } from './check-options';
import { refuse, wholeSeconds } from '../manifest/check-input';
import { objectsIn } from '../manifest/json';
import { PodHook } from '../production/pod-hook';

/** How a HorizontalPodAutoscaler chooses the number of pods. */
export interface AutoscalingOptions {
  /**
   * Whether there is an autoscaler.
   *
   * @default true - where these options are given
   */
  readonly enabled?: boolean;

  /**
   * Fewest pods. At least 2, or 1 with `redundancyDeclined`.
   *
   * @default 2
   */
  readonly minReplicas?: number;

  /** Most pods: what the nodes, and what the app speaks to, can bear. */
  readonly maxReplicas: number;

  /**
   * CPU that the app should use, in percent of its request, averaged over its pods. Helpers in the pod do not count: a busy app
   * beside idle helpers would look idle.
   *
   * The metric of one container is on by default from Kubernetes 1.27, and needs metrics-server.
   *
   * @see https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#container-resource-metrics
   * @default 70 - unless `memoryUtilization` is given
   */
  readonly cpuUtilization?: number;

  /**
   * Memory that the app should use, in percent of its request. Few apps give memory back when they have less to do: those never
   * scale down.
   *
   * @default - memory is not looked at
   */
  readonly memoryUtilization?: number;

  /**
   * For how long demand must have been lower before pods are taken away, at most half of them in a minute. Up to an hour.
   *
   * @default Duration.minutes(5)
   */
  readonly scaleDownStabilization?: Duration;
}

const DEFAULT_CPU_UTILIZATION = 70;

/** Adds the autoscaler of a Deployment whose `replicas` are left open. */
export function addAutoscaler(
  workload: kplus.Deployment, app: kplus.Container, options: AutoscalingOptions, fewest: number,
): kplus.HorizontalPodAutoscaler {
  const path = workload.node.path;
  const minReplicas = options.minReplicas ?? 2;
  checkNumbers(path, options, minReplicas, fewest);
  demandRequestsOf(workload, app, options);
  const window = wholeSeconds(path, 'autoscaling.scaleDownStabilization', options.scaleDownStabilization, 300);
  allowCount(path, 'autoscaling.scaleDownStabilization', window, 0, 'the API server takes up to an hour, in seconds', 3600);
  return new kplus.HorizontalPodAutoscaler(workload, 'Autoscaler', {
    metadata: metadataBeside(workload, 'autoscaling'),
    target: workload,
    minReplicas,
    maxReplicas: options.maxReplicas,
    metrics: metricsOf(path, app, options),
    scaleUp: {
      policies: [
        { replicas: kplus.Replicas.absolute(4), duration: Duration.seconds(15) },
        { replicas: kplus.Replicas.percent(100), duration: Duration.seconds(15) },
      ],
    },
    scaleDown: {
      stabilizationWindow: Duration.seconds(window),
      policies: [{ replicas: kplus.Replicas.percent(50), duration: Duration.minutes(1) }],
    },
  });
}

function checkNumbers(path: string, { maxReplicas, cpuUtilization, memoryUtilization }: AutoscalingOptions, minReplicas: number, fewest: number): void {
  allowCount(path, 'autoscaling.minReplicas', minReplicas, fewest, fewest < 2
    ? 'without a pod there is nothing to measure' : 'a single pod is away whenever its node is drained');
  allowCount(path, 'autoscaling.maxReplicas', maxReplicas ?? NaN, minReplicas, 'it bounds the number of pods, and is not below the fewest');
  for (const [field, share] of Object.entries({ cpuUtilization: cpuUtilization ?? undefined, memoryUtilization: memoryUtilization ?? undefined })) {
    allowCount(path, `autoscaling.${field}`, share, 1, 'it is a share of the request, in percent');
  }
}

function metricsOf(path: string, app: kplus.Container, options: AutoscalingOptions): kplus.Metric[] {
  return sharesOf(options).map(([resource, share]) => {
    demandRequest(path, resource, share, !!app.resources?.[resource]?.request || !!app.resources?.[resource]?.limit);
    const target = { container: app, target: kplus.MetricTarget.averageUtilization(share) };
    return resource === 'cpu' ? kplus.Metric.containerCpu(target) : kplus.Metric.containerMemory(target);
  });
}

type Resource = 'cpu' | 'memory';

function sharesOf({ cpuUtilization, memoryUtilization }: AutoscalingOptions): [Resource, number][] {
  const cpu = cpuUtilization ?? ((memoryUtilization ?? undefined) === undefined ? DEFAULT_CPU_UTILIZATION : undefined);
  const shares: [Resource, number | undefined][] = [['cpu', cpu], ['memory', memoryUtilization ?? undefined]];
  return shares.filter((share): share is [Resource, number] => share[1] !== undefined);
}

/** `PodDefaults` may leave out what the app had when the autoscaler was made. */
function demandRequestsOf(workload: kplus.Deployment, app: kplus.Container, options: AutoscalingOptions): void {
  PodHook.of(workload).addWriter((json) => {
    const resources = objectsIn(json.spec.template.spec.containers).find(({ name }) => name === app.name)?.resources ?? {};
    sharesOf(options).forEach(([resource, share]) =>
      demandRequest(workload.node.path, resource, share, (resources.requests?.[resource] ?? resources.limits?.[resource]) !== undefined));
  });
}

function demandRequest(path: string, resource: Resource, share: number, isThere: boolean): void {
  if (!isThere) {
    refuse(path, `autoscaling.${resource}Utilization: "${share}" is a share of a request, and the app requests no ${resource}`,
      'the autoscaler would not know the number of pods, and leave it as it is', `give \`app.resources.${resource}.request\``);
  }
}

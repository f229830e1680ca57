import { Construct } from 'constructs';
import { pathOf } from './check-props';
import { PatternPod, PatternPodProps } from './pattern-pod';
import { annotateDeclinedProbes, demandProbes, ProbeOptions } from './probe-options';
import { requireProps } from '../manifest/check-input';

/** A pod of one app that is ready for production. */
export interface ProductionPodProps extends PatternPodProps, ProbeOptions {}

/**
 * A pod that is secure, observable and resilient by construction.
 *
 * - Runs as user 1000, not as root, without capabilities, on a read-only root file system: Pod Security `restricted`.
 * - Requests 250m CPU and 256Mi memory, limits 500m and 512Mi, where the app names none. Over the memory limit it is
 *   killed (OOMKilled); over the CPU limit it is slowed down.
 * - Liveness ("is it alive?", restarts the container) and readiness ("can it take traffic?", takes the pod out of its
 *   Services) are demanded, or declined with a reason. Nothing is invented: only you know the endpoint.
 * - A failed liveness probe kills within 10 seconds, not after the pod's whole grace period.
 * - The termination grace period is computed from what the containers need.
 *
 * A bare Pod stays where it is: when its node fails or is drained, nobody starts it again, and it cannot be updated
 * in place. It is right for a one-off or a lesson; for a service use a Deployment with `ProductionReady`, for a task a Job.
 *
 * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted
 * @see https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#container-probes
 * @example
 *
 * new ProductionPod(chart, 'Api', {
 *   app: {
 *     image: 'registry.example/api:1.4.2',
 *     portNumber: 8080,
 *     liveness: kplus.Probe.fromHttpGet('/healthz'),
 *     readiness: kplus.Probe.fromHttpGet('/readyz'),
 *   },
 *   writablePaths: ['/tmp'],
 * });
 */
export class ProductionPod extends PatternPod {
  /**
   * @param scope the chart or construct that the pod belongs to
   * @param id name of the construct
   * @param props the app and its parts
   */
  public constructor(scope: Construct, id: string, props: ProductionPodProps) {
    const path = pathOf(scope, id);
    demandProbes(path, 'spec', requireProps(path, props));
    super(scope, id, props, props.parts ?? []);
    annotateDeclinedProbes(this.metadata, props);
  }
}

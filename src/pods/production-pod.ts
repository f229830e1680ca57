import { Construct } from 'constructs';
import { pathOf } from './check-props';
import { PatternPod, PatternPodProps } from './pattern-pod';
import { waiverAnnotation } from '../manifest/annotations';
import { quoted, requireProps } from '../manifest/check-input';

/** A pod of one app that is ready for production. */
export interface ProductionPodProps extends PatternPodProps {
  /**
   * Why the app has no liveness probe. It becomes an annotation of the pod, where reviewers see it.
   *
   * @default - a liveness probe is demanded
   */
  readonly livenessDeclined?: string;

  /**
   * Why the app has no readiness probe: usually because no traffic arrives. It becomes an annotation of the pod.
   *
   * @default - a readiness probe is demanded
   */
  readonly readinessDeclined?: string;
}

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
    demandProbes(path, requireProps(path, props));
    super(scope, id, props, props.parts ?? []);
    this.decline('liveness-probe', props.livenessDeclined);
    this.decline('readiness-probe', props.readinessDeclined);
  }

  private decline(rule: string, reason?: string): void {
    if (reason) {
      this.metadata.addAnnotation(waiverAnnotation(rule), reason.trim());
    }
  }
}

/** The earliest line that can know: nothing has been added to the tree yet. */
function demandProbes(path: string, props: ProductionPodProps): void {
  const probes = [
    { kind: 'liveness', probe: props.app?.liveness, reason: props.livenessDeclined, effect: 'restarts an app that hangs' },
    { kind: 'readiness', probe: props.app?.readiness, reason: props.readinessDeclined, effect: 'keeps traffic away from an app that cannot take it' },
  ];
  const problems = probes.flatMap(({ kind, probe, reason, effect }) => {
    const field = `spec.containers[0].${kind}Probe`;
    if (reason !== undefined && reason !== null && typeof reason !== 'string') {
      return [`${path}: ${field}: ${quoted(reason)} is not a reason\n`
        + '  why: it becomes an annotation, which reviewers read\n'
        + `  fix: say why in a sentence: \`${kind}Declined: '...'\``];
    }
    if (probe && reason) {
      return [`${path}: ${field}: is given, and declined: "${reason}"\n`
        + '  why: one of the two is a mistake\n'
        + `  fix: remove \`${kind}Declined\`, or the probe`];
    }
    if (!probe && !reason?.trim()) {
      return [`${path}: ${field}: missing\n`
        + `  why: the ${kind} probe ${effect}; nobody but you knows the endpoint\n`
        + `  fix: give \`app.${kind}\`, such as kplus.Probe.fromHttpGet('/healthz'), or say why there is none: \`${kind}Declined: '...'\``];
    }
    return [];
  });
  if (problems.length > 0) {
    throw new Error(problems.join('\n'));
  }
}

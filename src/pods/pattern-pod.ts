import { Duration } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { AppOptions } from './app-options';
import { pathOf } from './check-props';
import { compose, composedProps, PartInPod } from './composition';
import { BoundPart, PodPart } from '../parts/part';
import { PodHook } from '../production/pod-hook';
import { aimProbes, prepareContainer } from '../production/prepare-container';
import { markPrepared } from '../production/silent-defaults';

/** What every pattern pod takes beside the props of a cdk8s-plus pod. */
export interface PatternPodProps extends kplus.PodProps, AppOptions {
  /**
   * How long the app goes on serving before it gets TERM, so that whoever routes traffic learns that the pod is going:
   * 5 to 10 seconds behind a Service. It becomes `lifecycle.preStop.sleep` of the app.
   *
   * Needs Kubernetes 1.30: for an older `kubernetesVersion` of `PodDefaults` it is an error, unless `appHasSleep` says what
   * can sleep instead.
   *
   * @see https://kubernetes.io/docs/concepts/containers/container-lifecycle-hooks/
   * @default - no wait
   */
  readonly preStopSleep?: Duration;
}

/**
 * A pod of one app and its parts, ready for production: the base of the pattern pods.
 *
 * Everything that works on a `kplus.Pod` works on it. Whatever is absent in any container, whoever adds it and
 * whenever, is filled when the manifest is written, and the result is checked; JSON patches have the last word.
 *
 * @example
 *
 * const pod = new SidecarPod(chart, 'Web', {
 *   app: { image: 'nginxinc/nginx-unprivileged:1.30.4', portNumber: 8080 },
 *   writablePaths: ['/tmp'],
 *   sidecar: new Fluentd({ tail: ['/var/log/nginx/access.log'] }),
 * });
 * pod.app.env.addVariable('TZ', kplus.EnvValue.fromValue('UTC'));
 */
export abstract class PatternPod extends kplus.Pod {
  /** The app's container. */
  public readonly app: kplus.Container;

  private readonly boundParts: PartInPod[];

  /**
   * @param scope the chart or construct that the pod belongs to
   * @param id name of the construct
   * @param props the pod
   * @param parts its parts, in any order
   */
  protected constructor(scope: Construct, id: string, props: PatternPodProps, parts: PodPart[]) {
    super(scope, id, composedProps(pathOf(scope, id), props, parts));
    this.app = this.containers[0];
    this.boundParts = compose(this, props, parts);
  }

  /**
   * Whether the class itself tells the hook of containers that are attached, which is cheaper than a hook on each pod.
   *
   * @internal
   */
  public get _tellsHook(): boolean {
    return true;
  }

  /**
   * Attaches a container that was made elsewhere.
   *
   * @param cont the container
   */
  public attachContainer(cont: kplus.Container): void {
    super.attachContainer(cont);
    // Containers of the props come before there is a hook, and before any part that waits for them.
    if (this.app) {
      PodHook.of(this).onAttached(cont);
    }
  }

  /**
   * Adds a container; its silent defaults are decided as for the app.
   *
   * @param cont the container
   */
  public addContainer(cont: kplus.ContainerProps): kplus.Container {
    return markPrepared(aimProbes(super.addContainer(prepareContainer(cont, this.securityContext))), cont);
  }

  /**
   * Adds an init container; its silent defaults are decided as for the app.
   *
   * @param cont the container
   */
  public addInitContainer(cont: kplus.ContainerProps): kplus.Container {
    const plain = cont.restartPolicy !== kplus.ContainerRestartPolicy.ALWAYS;
    return markPrepared(aimProbes(super.addInitContainer(prepareContainer(cont, this.securityContext, plain))), cont);
  }

  /**
   * What a part became in this pod.
   *
   * @param part a part that was given to this pod
   * @internal
   */
  protected _boundOf(part: PodPart): BoundPart {
    return this.boundParts.find((candidate) => candidate.part === part)!.bound;
  }
}

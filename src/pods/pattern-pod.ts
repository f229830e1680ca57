import { Duration, Size } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { checkPatternProps, pathOf } from './check-props';
import { inStartOrder } from './start-order';
import { BoundPart, PodPart } from '../parts/part';
import { PartHolder } from '../parts/part-holder';
import { PodHook } from '../production/pod-hook';
import { aimProbes, prepareContainer } from '../production/prepare-container';
import { markPrepared } from '../production/silent-defaults';

/** What every pattern pod takes beside the props of a cdk8s-plus pod. */
export interface PatternPodProps extends kplus.PodProps {
  /**
   * The app: the container that the pod is there for, always `containers[0]`.
   *
   * Unnamed it is called `app`. Resources that are not given are 250m/256Mi, limits 500m/512Mi, more by the size of each volume in
   * memory that it writes; the user is 1000. With `portNumber` it gets a startup probe that gives it two minutes to open the port,
   * instead of the 30 seconds of cdk8s-plus.
   */
  readonly app: kplus.ContainerProps;

  /**
   * More parts of the pod.
   *
   * @default - none
   */
  readonly parts?: PodPart[];

  /**
   * Directories that the app must write, such as `/tmp`: each becomes an emptyDir, because the root file system is read-only.
   *
   * @default - none
   */
  readonly writablePaths?: string[];

  /**
   * Bound of each writable path.
   *
   * @default Size.mebibytes(64)
   */
  readonly writablePathSize?: Size;

  /**
   * How long the app needs from TERM to its end. The termination grace period of the pod is computed from it, from preStop
   * hooks and from the drains of the parts; `terminationGracePeriod` overrides the result.
   *
   * Whole seconds.
   *
   * @default Duration.seconds(15)
   */
  readonly drain?: Duration;

  /**
   * How long the app goes on serving before it gets TERM, so that whoever routes traffic learns that the pod is going:
   * 5 to 10 seconds behind a Service. It becomes `lifecycle.preStop.sleep` of the app.
   *
   * Needs Kubernetes 1.30: a 1.29 API server drops the field, and 1.28 does not know it.
   *
   * @see https://kubernetes.io/docs/concepts/containers/container-lifecycle-hooks/
   * @default - no wait
   */
  readonly preStopSleep?: Duration;
}

const DEFAULT_USER = 1000;

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

  private readonly boundParts: { readonly part: PodPart; readonly bound: BoundPart }[] = [];

  /**
   * @param scope the chart or construct that the pod belongs to
   * @param id name of the construct
   * @param props the pod
   * @param parts its parts, in any order
   */
  protected constructor(scope: Construct, id: string, props: PatternPodProps, parts: PodPart[]) {
    super(scope, id, podProps(pathOf(scope, id), props, parts));
    this.app = this.containers[0];
    const hook = PodHook.of(this);
    hook.markPatternPod();
    hook.facts.user = DEFAULT_USER;
    hook.facts.appDrainSeconds = props.drain?.toSeconds() ?? hook.facts.appDrainSeconds;
    hook.facts.gracePeriodSeconds = props.terminationGracePeriod?.toSeconds();
    hook.facts.preStopSleepSeconds = props.preStopSleep?.toSeconds();
    this.addWritablePaths(props.writablePaths ?? [], props.writablePathSize ?? Size.mebibytes(64));
    for (const part of inStartOrder(this.node.path, parts)) {
      this.boundParts.push({ part, bound: part.bind(this) });
    }
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
    return markPrepared(aimProbes(super.addContainer(prepareContainer(cont, this.securityContext))));
  }

  /**
   * Adds an init container; its silent defaults are decided as for the app.
   *
   * @param cont the container
   */
  public addInitContainer(cont: kplus.ContainerProps): kplus.Container {
    const plain = cont.restartPolicy !== kplus.ContainerRestartPolicy.ALWAYS;
    return markPrepared(aimProbes(super.addInitContainer(prepareContainer(cont, this.securityContext, plain))));
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

  private addWritablePaths(paths: string[], size: Size): void {
    const hook = PodHook.of(this);
    for (const path of paths) {
      const name = PartHolder.of(this).volumeName(`writable-${path}`);
      this.app.mount(path, kplus.Volume.fromEmptyDir(this, `Writable-${name}`, name));
      hook.facts.directories.push({ volume: name, sizeLimitBytes: size.toKibibytes() * 1024, inMemory: false });
    }
  }
}

/** The props of the cdk8s-plus pod: the app first, then the user's other containers. */
function podProps(path: string, props: PatternPodProps, parts: PodPart[]): kplus.PodProps {
  checkPatternProps(path, props, parts);
  const pod: { -readonly [name in keyof kplus.PodProps]: kplus.PodProps[name] } = { ...props };
  pod.containers = [{ ...props.app, name: props.app.name ?? 'app' }, ...(props.containers ?? [])];
  pod.initContainers &&= [...pod.initContainers];
  pod.volumes &&= [...pod.volumes];
  pod.hostAliases &&= [...pod.hostAliases];
  return pod;
}

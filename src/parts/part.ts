import * as kplus from 'cdk8s-plus-28';
import { IConstruct, IMixin } from 'constructs';
import { allowKind, allowList, FLAG, instanceOf, quoted } from '../manifest/check-input';
import { RoleName } from '../production/default-values';

/** How a part meets the pod that it is bound to. */
export interface BindOptions {
  /**
   * The container that the part serves: it shares directories with it and gives it its environment.
   *
   * @default - the first regular container of the pod that no part added, now or when it is added
   */
  readonly app?: kplus.Container;
}

/** What every part takes. */
export interface PodPartOptions {
  /**
   * Parts that must have started before this one starts. Native sidecars start one after another and stop in
   * reverse order.
   *
   * A pattern pod sorts its parts; with `bind()` and `with()` a predecessor that is not bound yet is an error.
   *
   * @default - the order in which parts are bound
   */
  readonly startAfter?: PodPart[];

  /**
   * Whether the container is a native sidecar: an init container with `restartPolicy: Always`, which starts before
   * the app, lets a Job end, and stops after the app.
   *
   * Needs Kubernetes 1.29; a 1.28 API server drops the field without a word. `false` adds a regular container, which
   * gets TERM together with the app. In a Job, a CronJob and a Pod whose restart policy is not Always, `false` is an error when
   * the part is bound: a regular container that runs for ever keeps the pod from ending.
   *
   * @see https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/
   * @default true - false where `PodDefaults` names an older Kubernetes before the part is bound; in a Job that is an error
   */
  readonly nativeSidecar?: boolean;
}

/** What every ready-made part takes. */
export interface ReadyMadePartOptions extends PodPartOptions {
  /**
   * Name of the part and of its container: a DNS label of at most 40 characters.
   *
   * @default - the name of the program, such as `fluentd`
   */
  readonly name?: string;
}

/**
 * A helper of an app, as a value: a sidecar, an adapter, an ambassador, or an init part, which ends before the app starts.
 *
 * Bound to a pod or workload of cdk8s-plus it adds its container, its volumes and mounts and the app's environment.
 * One value can be bound to several pods; each binding is independent.
 *
 * @example
 *
 * const logs = new Fluentd({ tail: ['/var/log/app/app.log'] });
 * pod.with(logs);
 */
export abstract class PodPart implements IMixin {
  /**
   * Parts that start before this one.
   *
   * @internal
   */
  public readonly _startAfter: PodPart[];

  /**
   * Whether the container is a native sidecar; undefined where the part does not say.
   *
   * @internal
   */
  public readonly _nativeSidecar?: boolean;

  /**
   * @param name name of the part and of its container
   * @param options order and kind of the container
   */
  protected constructor(
    /** Name of the part, unique in a pod. */
    public readonly name: string,
    options: PodPartOptions = {},
  ) {
    const type = this.constructor.name;
    if (typeof name !== 'string' || !/^[a-z0-9]([-a-z0-9]{0,38}[a-z0-9])?$/.test(name)) {
      throw new Error(`${type}: name: ${quoted(name)} is not a DNS label of at most 40 characters\n`
        + '  why: it names a container, volumes and a ConfigMap, and the API server takes lower case letters, digits and "-" there\n'
        + '  fix: give `name` such as "access-logs"');
    }
    allowList(type, 'startAfter', options.startAfter, instanceOf(PodPart, 'name the parts themselves, which are given to the same pod'));
    allowKind(type, 'nativeSidecar', options.nativeSidecar, FLAG);
    this._startAfter = [...(options.startAfter ?? [])];
    this._nativeSidecar = options.nativeSidecar ?? undefined;
    this.refuseOrderOfClassicContainers();
  }

  /**
   * What the container is to the pod, for defaults by role.
   *
   * @internal
   */
  public get _role(): RoleName {
    return 'sidecar';
  }

  /**
   * Whether the container is an init container, which ends before the app starts.
   *
   * @internal
   */
  public get _runsToEnd(): boolean {
    return this._role === 'initContainer';
  }

  /**
   * Whether the part can be bound to a construct: to every pod and workload of cdk8s-plus-28.
   *
   * @param construct the construct that is asked about
   */
  public supports(construct: IConstruct): boolean {
    return construct instanceof kplus.AbstractPod;
  }

  /**
   * Binds the part; `pod.with(part)` calls this.
   *
   * @param construct the pod or workload
   */
  public applyTo(construct: IConstruct): void {
    this.bind(construct as kplus.AbstractPod);
  }

  /**
   * Adds the part to a pod or workload.
   *
   * The termination grace period of a workload grows where its parts need longer, unless it was chosen. cdk8s-plus writes 30 seconds
   * where nothing was said, so a `terminationGracePeriod` of exactly 30 counts as not chosen, except in a pattern pod; a JSON patch
   * keeps it.
   *
   * @param pod the pod or workload
   * @param options which container is the app
   */
  public abstract bind(pod: kplus.AbstractPod, options?: BindOptions): BoundPart;

  private refuseOrderOfClassicContainers(): void {
    // What runs to its end does so before all regular containers.
    const others = this._startAfter.filter((part) => !part._runsToEnd);
    if (others.length > 0 && [this, ...others].some((part) => part._nativeSidecar === false)) {
      throw new Error(`${this.constructor.name}: startAfter: "${this.name}" and "${others[0].name}" cannot be ordered\n`
        + '  why: regular containers start together; only native sidecars start one after another\n'
        + '  fix: leave out `nativeSidecar: false`, or leave out `startAfter`');
    }
  }
}

/**
 * A part in the pod that it was bound to.
 *
 * @example
 *
 * const bound = new Fluentd({ tail: ['/var/log/app/app.log'] }).bind(pod);
 * bound.container.env.addVariable('TZ', kplus.EnvValue.fromValue('UTC'));
 */
export class BoundPart {
  private added?: kplus.Container;

  /**
   * @param pod the pod or workload that it was bound to
   * @param name name of the part
   */
  public constructor(
    /** The pod or workload that it was bound to. */
    public readonly pod: kplus.AbstractPod,
    /** Name of the part. */
    public readonly name: string,
  ) {}

  /**
   * The part in words, for messages: the path of the pod, and its name.
   *
   * @internal
   */
  public get _path(): string {
    return `${this.pod.node.path}: part "${this.name}"`;
  }

  /** The container that the part added. */
  public get container(): kplus.Container {
    if (!this.added) {
      throw new Error(`${this._path}: has no container yet`);
    }
    return this.added;
  }

  /**
   * Called once by the part.
   *
   * @internal
   */
  public _own(container: kplus.Container): void {
    this.added = container;
  }
}

import * as kplus from 'cdk8s-plus-28';
import { InitPartOptions, InitWriterOptions } from './init-options';
import { checkContainerLists } from '../../manifest/check-container';
import { allowKind, allowList, FLAG, nameIn, refuse } from '../../manifest/check-input';
import { RoleName } from '../../production/default-values';
import { copyContainer } from '../../production/prepare-container';
import { checkHost } from '../check-host';
import { HELPER_RESOURCES, refuseRepeatedPort } from '../custom-part';
import { DIRECTORY } from '../kinds';
import { BindOptions, BoundPart, PodPart } from '../part';
import { PartHost } from '../part-host';
import { SharedDirectory } from '../shared-directory';

/** An init task of your own: the props of its container, and what it shares with the app. */
export interface InitTaskProps extends kplus.ContainerProps, InitPartOptions, InitWriterOptions {
  /**
   * Directories that the task reads: mounted read-only in its container.
   *
   * @default - none
   */
  readonly reads?: SharedDirectory[];

  /**
   * Directories that the task writes: mounted read-write in its container, read-only in the app unless `appWrites`.
   *
   * @default - none
   */
  readonly writes?: SharedDirectory[];
}

/** What a container that runs to its end cannot have. */
const FORBIDDEN = ['liveness', 'readiness', 'startup', 'lifecycle', 'restartPolicy'] as const;

/**
 * An init task: a container that runs to its end before the app starts (migrations, key material, files that are computed once).
 *
 * Its container is yours to describe; unnamed it is called `init-task`. It has neither probes nor lifecycle hooks. If it fails, it is
 * started again with growing delays, or the pod fails where its restart policy is `Never`. It must bear to run again: it does so
 * when the pod's sandbox is made anew, such as after a reboot of the node. Resources that you do not give are 25m/32Mi, limits 200m/128Mi.
 *
 * @see https://kubernetes.io/docs/concepts/workloads/pods/init-containers/
 * @example
 *
 * const proxy = new Ambassador({ image: 'registry.example/proxy:3.1.0', localPort: 15432 });
 * new AmbassadorPod(chart, 'Shop', {
 *   app: { image: 'registry.example/shop:1.4.2', portNumber: 8080 },
 *   ambassador: proxy,
 *   parts: [new InitTask({ name: 'migrate', image: 'registry.example/shop:1.4.2', command: ['/migrate'], startAfter: [proxy] })],
 * });
 */
export class InitTask extends PodPart {
  private readonly props: InitTaskProps;

  /**
   * @param props the container, and what it shares
   */
  public constructor(props: InitTaskProps) {
    super(nameIn('InitTask', props, 'init-task'), { startAfter: props.startAfter });
    checkContainerLists('InitTask', '', props);
    allowList('InitTask', 'reads', props.reads, DIRECTORY);
    allowList('InitTask', 'writes', props.writes, DIRECTORY);
    allowKind('InitTask', 'appWrites', props.appWrites, FLAG);
    const forbidden = FORBIDDEN.find((name) => props[name] !== undefined && props[name] !== null);
    if (forbidden) {
      refuse('InitTask', `${forbidden}: is given for a container that runs to its end`, 'nothing waits for it to be ready, and the API server refuses it',
        'leave it out; for a container that goes on beside the app use Sidecar');
    }
    this.props = { ...copyContainer(props), reads: [...(props.reads ?? [])], writes: [...(props.writes ?? [])] };
  }

  /**
   * What the container is to the pod, for defaults by role.
   *
   * @internal
   */
  public get _role(): RoleName {
    return 'initContainer';
  }

  /**
   * Adds the task to a pod or workload.
   *
   * @param pod the pod or workload
   * @param options which container is the app
   */
  public bind(pod: kplus.AbstractPod, options?: BindOptions): BoundPart {
    const { reads = [], writes = [], appWrites = false, startAfter, ...container } = this.props;
    checkHost(this, pod);
    refuseRepeatedPort(`${pod.node.path}: part "${this.name}"`, container);
    const host = new PartHost(this, pod, options);
    const bound = new BoundPart(pod, this.name);
    bound._own(host.addContainer(
      { ...container, name: this.name, resources: container.resources ?? HELPER_RESOURCES },
      { drainSeconds: 0 },
    ));
    reads.forEach((directory) => host.share(directory, { readers: [bound.container] }, false));
    writes.forEach((directory) => host.share(directory, { writers: [bound.container] }, !appWrites));
    return bound;
  }
}

import { Duration } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { TcpEndpoint } from './tcp-endpoint';
import { allowKind, instanceOf, memberOf, nameIn, refuse, requireList, wholeSeconds } from '../../../manifest/check-input';
import { RoleName } from '../../../production/default-values';
import { checkHost } from '../../check-host';
import { BindOptions, BoundPart, PodPart } from '../../part';
import { bindInitProgram, checkInitOptions, InitProgramOptions } from '../init-options';

/** What happens when an endpoint has not answered in time. */
export enum WaitTimeout {
  /** The container fails. It is started again with growing delays, or the pod fails where its restart policy is `Never`. */
  FAIL = 'fail',
  /** The app starts all the same. */
  START_ANYWAY = 'start-anyway',
}

/** What is waited for, and for how long. */
export interface WaitForProps extends InitProgramOptions {
  /** Each must accept a TCP connection; at least one. */
  readonly endpoints: TcpEndpoint[];

  /**
   * How long all of them together are waited for. Whole seconds from 1.
   *
   * @default Duration.minutes(2)
   */
  readonly timeout?: Duration;

  /**
   * What happens then.
   *
   * @default WaitTimeout.FAIL
   */
  readonly onTimeout?: WaitTimeout;
}

/**
 * How long glibc waits for an answer of DNS: by default 5 seconds, twice, for each of the search domains of a pod. The program asks
 * again anyway.
 *
 * @see https://man7.org/linux/man-pages/man5/resolv.conf.5.html
 */
const LOOK_UP = 'timeout:2 attempts:1';

const ENDPOINT = instanceOf(TcpEndpoint, 'make one: TcpEndpoint.of(\'orders-db\', 5432)');

/**
 * An init part that waits until other servers accept connections.
 *
 * Mostly the wrong thing: the server may go away a second later, so that the app must bear that anyway; and while it is away, no new pod
 * starts, so that one outage becomes two. Let the app retry, and let its readiness probe say when it can work. It is right for programs that
 * cannot be changed and that end for good when they find nobody, and for Jobs whose attempts are counted.
 *
 * A connection that is accepted says that somebody listens, not that he can work.
 *
 * @see https://kubernetes.io/docs/concepts/workloads/pods/init-containers/#examples
 * @example
 *
 * pod.with(new WaitFor({
 *   endpoints: [TcpEndpoint.of('orders-db.shop.svc.cluster.local', 5432)],
 *   timeout: Duration.seconds(90),
 *   onTimeout: WaitTimeout.START_ANYWAY,
 * }));
 */
export class WaitFor extends PodPart {
  private readonly props: WaitForProps;

  /**
   * @param props what is waited for
   */
  public constructor(props: WaitForProps) {
    super(nameIn('WaitFor', props, 'wait-for'), { startAfter: props.startAfter });
    checkInitOptions('WaitFor', props);
    requireList('WaitFor', 'endpoints', props.endpoints, ENDPOINT);
    if (props.endpoints.length === 0) {
      refuse('WaitFor', 'endpoints: "" is nobody', 'there is nothing to wait for', 'give at least one: TcpEndpoint.of(\'orders-db\', 5432)');
    }
    wholeSeconds('WaitFor', 'timeout', props.timeout, 0, 1);
    allowKind('WaitFor', 'onTimeout', props.onTimeout, memberOf('WaitTimeout', WaitTimeout));
    this.props = { ...props, endpoints: [...props.endpoints] };
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
   * Adds the part to a pod or workload.
   *
   * @param pod the pod or workload
   * @param options which container is the app
   */
  public bind(pod: kplus.AbstractPod, options?: BindOptions): BoundPart {
    const { endpoints, timeout, onTimeout } = this.props;
    checkHost(this, pod);
    this.refuseNobody(pod);
    const { host, bound } = bindInitProgram(this, pod, {
      folder: 'init/wait-for',
      main: 'wait_for.py',
      settings: {
        endpoints: endpoints.map((endpoint) => ({ host: endpoint.host, port: endpoint.port })),
        timeoutSeconds: timeout?.toSeconds() ?? 120,
        startAnyway: onTimeout === WaitTimeout.START_ANYWAY,
      },
      env: { RES_OPTIONS: kplus.EnvValue.fromValue(LOOK_UP) },
    }, this.props, options);
    endpoints.filter((endpoint) => !endpoint._isLocal).forEach((endpoint) => host.connectsTo(endpoint.host, endpoint.port));
    return bound;
  }

  /** Of the containers of the pod only native sidecars run by then, and only those that were added before. */
  private refuseNobody(pod: kplus.AbstractPod): void {
    const local = this.props.endpoints.find((endpoint) => endpoint._isLocal);
    if (local && !pod.initContainers.some(({ restartPolicy }) => restartPolicy === kplus.ContainerRestartPolicy.ALWAYS)) {
      refuse(`${pod.node.path}: part "${this.name}"`, `endpoints: "${local.host}:${local.port}" is inside of the pod, where nothing runs yet`,
        'init containers come before the app, and no native sidecar was added before this one', 'name the part that listens there in `startAfter`');
    }
  }
}

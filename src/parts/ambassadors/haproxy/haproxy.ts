import { Duration, Size } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { HEALTH_PATH, POD_IP_VARIABLE, renderHaproxyConfig } from './config';
import { allocatePorts, chooseHealthPort, LocalUpstream } from './ports';
import { Upstream } from './upstream';
import { instanceOf, nameIn, quoted, refuse, requireList, requireUser, wholeSeconds } from '../../../manifest/check-input';
import { defaultResources } from '../../../production/default-resources';
import { RoleName } from '../../../production/default-values';
import { BindOptions, BoundPart, PodPart, ReadyMadePartOptions } from '../../part';
import { PartHost } from '../../part-host';

const DEFAULT_RESOURCES = defaultResources({
  cpu: { request: kplus.Cpu.millis(25), limit: kplus.Cpu.millis(500) },
  memory: { request: Size.mebibytes(48), limit: Size.mebibytes(96) },
});

/** Which upstreams HAProxy stands for, and how much it may use. */
export interface HAProxyProps extends ReadyMadePartOptions {
  /** The upstreams: each gets a port on 127.0.0.1, and the app the environment variables to find it. */
  readonly upstreams: Upstream[];

  /**
   * How many connections the app may have open at a time, over all upstreams.
   *
   * HAProxy would derive the number from the node's limit on open files, and be killed for its memory.
   *
   * @default 512
   */
  readonly maxConnections?: number;

  /**
   * Number of threads: 1 to 64. HAProxy would take one for each CPU of the node.
   *
   * @default 1
   */
  readonly threads?: number;

  /**
   * How long open connections may go on after the app has ended and HAProxy was told to stop.
   *
   * Whole seconds. It is `hard-stop-after` in the configuration, and part of the pod's termination grace period.
   *
   * @default Duration.seconds(5)
   */
  readonly drain?: Duration;

  /**
   * Port of the health listener, on the address of the pod, where the kubelet's probes look. It answers `/healthz` and nothing else.
   *
   * @default - 8404, or the next free port
   */
  readonly healthPort?: number;

  /**
   * Image of HAProxy 2.6 or later that stops softly on its stop signal, as the official one does.
   *
   * @see https://hub.docker.com/_/haproxy
   * @default 'haproxy:3.2.21'
   */
  readonly image?: string;

  /**
   * Numeric user and group. The image names its user, and a name does not satisfy `runAsNonRoot`.
   *
   * @default 99 - the user of the official image
   */
  readonly user?: number;

  /**
   * Requests and limits.
   *
   * @default - 25m/48Mi, limits 500m/96Mi
   */
  readonly resources?: kplus.ContainerResources;
}

/**
 * HAProxy in the pod that it was bound to.
 *
 * @example
 *
 * const catalog = Upstream.http('catalog', 'catalog.shop.svc.cluster.local', 8080);
 * const bound = new HAProxy({ upstreams: [catalog] }).bind(pod);
 * const port = bound.portOf(catalog);
 */
export class BoundHAProxy extends BoundPart {
  private readonly ports = new Map<Upstream, number>();

  /**
   * The port on 127.0.0.1 that stands for an upstream.
   *
   * @param upstream an upstream that was given to the part
   */
  public portOf(upstream: Upstream): number {
    const port = this.ports.get(upstream);
    if (port === undefined) {
      throw new Error(`${this._path}: portOf: "${upstream.name}" is not an upstream of this part\n`
        + '  why: only the values that were given to the part have a port\n  fix: pass the same Upstream value');
    }
    return port;
  }

  /**
   * Called once by the part.
   *
   * @internal
   */
  public _serve(locals: LocalUpstream[]): void {
    locals.forEach(({ upstream, localPort }) => this.ports.set(upstream, localPort));
  }
}

/**
 * An ambassador: HAProxy as a local proxy to TCP and HTTP services.
 *
 * The app speaks to 127.0.0.1 and finds the port in its environment (`CATALOG_HOST`, `CATALOG_PORT`, `CATALOG_URL` for an upstream
 * called `catalog`); HAProxy knows the network: names whose address changes, timeouts, limits, health checks and
 * retries. GET and HEAD are tried again on another connection; a POST is never sent twice unless you ask for it.
 *
 * The app starts when HAProxy listens, never waiting for the upstream: an absent one is answered with 503 or a closed connection
 * until it is there. HAProxy ends after the app.
 *
 * Its configuration is an immutable ConfigMap with the hash of the content in its name. A change rolls a Deployment; a bare Pod
 * and a Job must be replaced. A Job with an ambassador needs `activeDeadline`: a native sidecar whose image cannot be pulled
 * keeps it waiting for ever.
 *
 * @see https://docs.haproxy.org/3.2/configuration.html
 * @example
 *
 * new AmbassadorPod(chart, 'Shop', {
 *   app: { image: 'registry.example/shop:1.4.2', portNumber: 8080 },
 *   ambassador: new HAProxy({
 *     upstreams: [
 *       Upstream.http('catalog', 'catalog.shop.svc.cluster.local', 8080),
 *       Upstream.tcp('orders-db', 'db.example.com', 5432, { urlScheme: 'postgres' }),
 *     ],
 *   }),
 * });
 */
export class HAProxy extends PodPart {
  private readonly props: HAProxyProps;

  /**
   * @param props which upstreams it stands for
   */
  public constructor(props: HAProxyProps) {
    super(nameIn('HAProxy', props, 'haproxy'), props);
    requireList('HAProxy', 'upstreams', props.upstreams, instanceOf(Upstream, 'make one: Upstream.tcp(\'orders-db\', \'db.example.com\', 5432)'));
    if (props.upstreams.length === 0) {
      throw new Error('HAProxy: upstreams: none is given\n'
        + '  why: the proxy would have nothing to do\n  fix: name what the app reaches: [Upstream.http(\'catalog\', \'catalog.shop.svc.cluster.local\', 8080)]');
    }
    checkCount('threads', props.threads, 64, 'leave it out; one thread serves thousands of requests a second');
    checkCount('maxConnections', props.maxConnections, 1_000_000, 'leave it out, or say how many connections the app opens at a time');
    requireUser('HAProxy', props.user);
    drainOf(props);
    allocatePorts(props.upstreams, new Set());
    this.props = { ...props, upstreams: [...props.upstreams] };
  }

  /**
   * What the container is to the pod, for defaults by role.
   *
   * @internal
   */
  public get _role(): RoleName {
    return 'ambassador';
  }

  /**
   * Adds HAProxy and its configuration to a pod or workload, and its addresses to the app.
   *
   * @param pod the pod or workload
   * @param options which container is the app
   */
  public bind(pod: kplus.AbstractPod, options?: BindOptions): BoundHAProxy {
    const host = new PartHost(this, pod, options);
    const bound = new BoundHAProxy(pod, this.name);
    const taken = host.takenPorts();
    const locals = allocatePorts(this.props.upstreams, taken);
    const healthPort = chooseHealthPort(new Set([...taken, ...locals.map(({ localPort }) => localPort)]), this.props.healthPort);
    const drainSeconds = drainOf(this.props);
    bound._own(this.addContainer(host, healthPort, drainSeconds));
    bound._serve(locals);
    host.mountConfig(bound, bound.container, '/usr/local/etc/haproxy', {
      'haproxy.cfg': renderHaproxyConfig({
        upstreams: locals, healthPort, drainSeconds, maxConnections: this.props.maxConnections ?? 512, threads: this.props.threads ?? 1,
      }),
    });
    locals.forEach(({ localPort }) => host.listens(bound.container, '127.0.0.1', localPort));
    host.listens(bound.container, '*', healthPort);
    locals.forEach(({ upstream }) => host.connectsTo(upstream.host, upstream.port));
    host.whenAppIsKnown((app) => locals.forEach(({ upstream, localPort }) => host.giveEnv(app, upstream._environment(localPort))));
    return bound;
  }

  private addContainer(host: PartHost, healthPort: number, drainSeconds: number): kplus.Container {
    const user = this.props.user ?? 99;
    return host.addContainer({
      name: this.name,
      image: this.props.image ?? 'haproxy:3.2.21',
      securityContext: { user, group: user },
      envVariables: { [POD_IP_VARIABLE]: kplus.EnvValue.fromFieldRef(kplus.EnvFieldPaths.POD_IP) },
      resources: this.props.resources ?? DEFAULT_RESOURCES,
      // All listeners open at once: where health answers, the ports of the app accept.
      startup: kplus.Probe.fromHttpGet(HEALTH_PATH, {
        port: healthPort, periodSeconds: Duration.seconds(1), timeoutSeconds: Duration.seconds(1), failureThreshold: 60,
      }),
      liveness: kplus.Probe.fromHttpGet(HEALTH_PATH, {
        port: healthPort, periodSeconds: Duration.seconds(20), timeoutSeconds: Duration.seconds(5), failureThreshold: 3,
      }),
    }, { drainSeconds, hasSleep: true });
  }
}

/** HAProxy takes zero for no bound, and one idle connection would hold the pod until it is killed. */
function drainOf(props: HAProxyProps): number {
  return wholeSeconds('HAProxy', 'drain', props.drain, 5, 1);
}

function checkCount(field: string, value: number | undefined, highest: number, fix: string): void {
  if (value !== undefined && (!Number.isInteger(value) || value < 1 || value > highest)) {
    refuse('HAProxy', `${field}: ${quoted(value)} is not a whole number from 1 to ${highest}`, 'HAProxy does not start with it', fix);
  }
}

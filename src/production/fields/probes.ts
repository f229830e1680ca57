import { Duration } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { allowKind, LARGEST_INTEGER, memberOf, OBJECT, quoted, refuse, requireKind, requireList, TEXT, wholeNumber, wholeSeconds } from '../../manifest/check-input';

/** When a probe is made, and what its failure does. */
export interface ProbeTimingOptions extends kplus.ProbeOptions {
  /**
   * How long the container has from TERM to KILL after this probe has failed: for liveness and startup probes. Whole seconds from 1.
   *
   * @see https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/#probe-level-terminationgraceperiodseconds
   * @default - 10 seconds for liveness probes in pattern pods and under `ProductionReady`, else the termination grace period of the pod
   */
  readonly terminationGracePeriod?: Duration;
}

/** A probe by gRPC. */
export interface GrpcProbeOptions extends ProbeTimingOptions {
  /**
   * Name of the service in the request.
   *
   * @see https://github.com/grpc/grpc/blob/master/doc/health-checking.md
   * @default - none: the server as a whole
   */
  readonly service?: string;
}

/** A probe of a port by number or by name. */
export interface TcpProbeOptions extends ProbeTimingOptions {
  /**
   * Number of the port: 1 to 65535.
   *
   * @default - `portName`, else `portNumber` of the container, else its only TCP port; with none or several, an error
   */
  readonly port?: number;

  /**
   * Name of a port that the container declares.
   *
   * @see https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/#use-a-named-port
   * @default - `port`
   */
  readonly portName?: string;
}

/** A probe by HTTP. */
export interface HttpProbeOptions extends TcpProbeOptions {
  /**
   * With `HTTPS` the kubelet does not verify the certificate.
   *
   * @default kplus.ConnectionScheme.HTTP
   */
  readonly scheme?: kplus.ConnectionScheme;

  /**
   * Headers of the request. `Host` chooses a virtual host: the kubelet always dials the pod.
   *
   * They are in the manifest: no place for secrets.
   *
   * @default - those of the kubelet: `User-Agent` and `Accept`
   */
  readonly headers?: { [name: string]: string };
}

/** Where a probe goes; of the container only its ports are known when it is rendered. */
type ActionOf = (container: kplus.Container) => object;

const WHY_PORT = 'ports are whole numbers from 1 to 65535';

/**
 * Probes that cdk8s-plus has no factory for: by gRPC, of ports by name, with headers.
 *
 * They are probes of cdk8s-plus, and go wherever it takes one.
 *
 * @see https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/
 * @example
 *
 * new ProductionPod(chart, 'Orders', {
 *   app: {
 *     image: 'registry.example/orders:1.4.2',
 *     ports: [{ name: 'grpc', number: 9000 }, { name: 'http', number: 8080 }],
 *     liveness: Probes.fromGrpc(9000, { service: 'orders' }),
 *     readiness: Probes.fromHttpGet('/ready', { portName: 'http', headers: { Host: 'orders.example.com' } }),
 *   },
 * });
 */
export class Probes {
  /**
   * A probe by the gRPC health checking protocol. Needs Kubernetes 1.24.
   *
   * @param port number of the port, 1 to 65535; a gRPC probe knows no names
   * @param options service and timing
   */
  public static fromGrpc(port: number, options: GrpcProbeOptions = {}): kplus.Probe {
    const where = 'Probes.fromGrpc';
    wholeNumber(where, 'port', port, 1, 65535, `${WHY_PORT}, and a gRPC probe takes no name`);
    const timing = timingOf(where, options);
    allowKind(where, 'service', options.service, TEXT);
    const { service } = options;
    return withAction(timing, () => ({ grpc: { port, service } }));
  }

  /**
   * A probe by an HTTP GET request: any status from 200 to 399 is a success.
   *
   * @param path path of the request, with its query
   * @param options port, scheme, headers and timing
   */
  public static fromHttpGet(path: string, options: HttpProbeOptions = {}): kplus.Probe {
    const where = 'Probes.fromHttpGet';
    requireKind(where, 'path', path, TEXT);
    if (path === '') {
      refuse(where, 'path: "" is no path', 'the API server demands one', 'give it: "/healthz"');
    }
    const timing = timingOf(where, options);
    const portOf = portFor(where, options);
    const scheme = options.scheme ?? kplus.ConnectionScheme.HTTP;
    requireKind(where, 'scheme', scheme, memberOf('ConnectionScheme', kplus.ConnectionScheme));
    const httpHeaders = headersOf(where, options.headers);
    return withAction(timing, (container) => ({ httpGet: { path, port: portOf(container), scheme, httpHeaders } }));
  }

  /**
   * A probe that opens a TCP connection.
   *
   * @param options port and timing
   */
  public static fromTcpSocket(options: TcpProbeOptions = {}): kplus.Probe {
    const where = 'Probes.fromTcpSocket';
    const timing = timingOf(where, options);
    const portOf = portFor(where, options);
    return withAction(timing, (container) => ({ tcpSocket: { port: portOf(container) } }));
  }

  /**
   * A probe that runs a command in the container: exit code 0 is a success.
   *
   * @param command the program and its arguments; no shell is involved
   * @param options timing
   */
  public static fromCommand(command: string[], options: ProbeTimingOptions = {}): kplus.Probe {
    const where = 'Probes.fromCommand';
    requireList(where, 'command', command, TEXT);
    if (command.length === 0) {
      refuse(where, 'command: "" is no command', 'the API server demands one', 'give the program and its arguments: ["/bin/check"]');
    }
    const timing = timingOf(where, options);
    const copy = [...command];
    return withAction(timing, () => ({ exec: { command: [...copy] } }));
  }

  private constructor() {}
}

/** The timing of a probe, checked and copied. */
function timingOf(where: string, options: ProbeTimingOptions): ProbeTimingOptions {
  requireKind(where, 'options', options, OBJECT);
  const { failureThreshold, initialDelaySeconds, periodSeconds, successThreshold, timeoutSeconds, terminationGracePeriod } = options;
  for (const [field, count] of Object.entries({ failureThreshold, successThreshold })) {
    if (count !== undefined && count !== null) {
      wholeNumber(where, field, count, 1, LARGEST_INTEGER, 'it is a number of attempts');
    }
  }
  wholeSeconds(where, 'initialDelaySeconds', initialDelaySeconds, 0);
  for (const [field, time] of Object.entries({ periodSeconds, timeoutSeconds, terminationGracePeriod })) {
    wholeSeconds(where, field, time, 1, 1);
  }
  return { failureThreshold, initialDelaySeconds, periodSeconds, successThreshold, timeoutSeconds, terminationGracePeriod };
}

/** The port of a probe, asked of its container where the probe names none. */
function portFor(where: string, { port, portName }: TcpProbeOptions): (container: kplus.Container) => object {
  if (port !== undefined && port !== null) {
    wholeNumber(where, 'port', port, 1, 65535, WHY_PORT);
    if (portName !== undefined && portName !== null) {
      refuse(where, `portName: ${quoted(portName)} beside port "${port}"`, 'a probe goes to one port', 'leave one of the two out');
    }
    return () => kplus.k8s.IntOrString.fromNumber(port);
  }
  allowKind(where, 'portName', portName, TEXT);
  if (portName !== undefined && portName !== null) {
    if (!/^(?=.*[a-z])[a-z0-9]+(-[a-z0-9]+)*$/.test(portName) || portName.length > 15) {
      refuse(where, `portName: ${quoted(portName)} is no name of a port`, 'the API server takes at most 15 lower case letters, digits and single "-", at least one of them a letter',
        /^\d+$/.test(portName) ? `give the number: port: ${portName}` : 'give a port of the container this name, such as "http"');
    }
    return () => kplus.k8s.IntOrString.fromString(portName);
  }
  return (container) => kplus.k8s.IntOrString.fromNumber(declaredPort(where, container));
}

/** cdk8s-plus would go to port 80, where nothing may listen. */
function declaredPort(where: string, { name, portNumber, ports }: kplus.Container): number {
  const tcp = ports.filter(({ protocol }) => (protocol ?? kplus.Protocol.TCP) === kplus.Protocol.TCP);
  const port = portNumber ?? (tcp.length === 1 ? tcp[0].number : undefined);
  if (port === undefined) {
    refuse(where, `port: missing, and container "${name}" declares ${tcp.length === 0 ? 'no TCP port' : `${tcp.length} TCP ports`}`,
      'it is not known where the probe goes', 'give `port` or `portName`');
  }
  return port;
}

function headersOf(where: string, headers: { [name: string]: string } | undefined): object[] | undefined {
  allowKind(where, 'headers', headers, OBJECT);
  const names = Object.keys(headers ?? {});
  const bad = names.find((name) => !/^[-A-Za-z0-9]+$/.test(name));
  if (bad !== undefined) {
    refuse(where, `headers: ${quoted(bad)} is no name of a header`, 'the API server takes letters, digits and "-"', 'write it as in "X-Health"');
  }
  const repeated = names.find((name) => names.some((other) => other !== name && other.toLowerCase() === name.toLowerCase()));
  if (repeated !== undefined) {
    refuse(where, `headers: "${repeated}" is given twice`, 'names of headers are the same in capitals and small letters', 'leave one of the two out');
  }
  const list = names.map((name) => {
    requireKind(where, `headers["${name}"]`, headers![name], TEXT);
    return { name, value: headers![name] };
  });
  return list.length > 0 ? list : undefined;
}

type Rendering = { _toKube(container: kplus.Container): object };

/**
 * A probe of cdk8s-plus with an action that it does not know.
 *
 * Its constructor is private, so that there can be no subclass; the containers that it is given to call this one method.
 */
function withAction({ terminationGracePeriod, ...timing }: ProbeTimingOptions, actionOf: ActionOf): kplus.Probe {
  const probe = kplus.Probe.fromTcpSocket(timing);
  const renderTiming = (probe as unknown as Rendering)._toKube;
  (probe as unknown as Rendering)._toKube = (container) => ({
    ...renderTiming.call(probe, container),
    tcpSocket: undefined,
    terminationGracePeriodSeconds: terminationGracePeriod?.toSeconds(),
    ...actionOf(container),
  });
  return probe;
}

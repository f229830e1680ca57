import { Duration } from 'cdk8s';
import { HttpUpstreamHealthCheck, HttpUpstreamOptions, RetryOn, TcpUpstreamOptions, UpstreamOptions, UpstreamTls } from './upstream-options';
import { Validator } from './validation';

/**
 * A checked upstream, in the terms of haproxy.cfg: milliseconds, no option left open.
 *
 * @internal
 */
export interface UpstreamSettings {
  readonly connectTimeout: number;
  readonly queueTimeout: number;
  readonly idleTimeout: number;
  readonly maxConnections?: number;
  readonly retries: number;
  readonly check?: { readonly interval: number; readonly rise: number; readonly fall: number; readonly path?: string };
  readonly tls?: { readonly serverName: string; readonly caFile: string };
  /** Undefined for TCP. */
  readonly http?: HttpSettings;
}

/** @internal */
export interface HttpSettings {
  readonly requestTimeout: number;
  readonly responseTimeout: number;
  readonly retryOn: string[];
  readonly retryUnsafeMethods: boolean;
  readonly preserveHost: boolean;
}

/** What goes on after a failure where the user says nothing: see `HttpUpstreamOptions.retryOn`. */
const RETRIED = [RetryOn.CONNECTION_FAILURE, RetryOn.EMPTY_RESPONSE, RetryOn.STATUS_502, RetryOn.STATUS_503];

/**
 * A service outside of the pod that the app reaches through an ambassador, on 127.0.0.1.
 *
 * The host is a full DNS name or an IP address. Short names such as `orders` or `orders.shop`
 * are refused: HAProxy does not know the search domains of the cluster. The name need not
 * exist yet, and its address may change: HAProxy asks for it again every few seconds.
 *
 * @example
 *
 * const orders = Upstream.http('orders', 'orders.shop.svc.cluster.local', 80, { retries: 3 });
 * const db = Upstream.tcp('orders-db', 'db.example.com', 5432, { urlScheme: 'postgres' });
 */
export class Upstream {
  /**
   * An upstream whose protocol does not matter: databases, brokers, gRPC.
   *
   * @param name a DNS label, unique in the pod; names the environment variables
   * @param host full DNS name or IP address
   * @param port port of the upstream
   * @param options how to treat it
   */
  public static tcp(name: string, host: string, port: number, options: TcpUpstreamOptions = {}): Upstream {
    const check = new Validator(name);
    check.options(options);
    const idleTimeout = check.milliseconds('idleTimeout', options.idleTimeout ?? Duration.hours(1));
    return new Upstream(check, name, host, port, 'tcp', options, { idleTimeout });
  }

  /**
   * An HTTP/1.1 upstream, whose failures can be told from answers and partly mended.
   *
   * @param name a DNS label, unique in the pod; names the environment variables
   * @param host full DNS name or IP address
   * @param port port of the upstream
   * @param options how to treat it
   */
  public static http(name: string, host: string, port: number, options: HttpUpstreamOptions = {}): Upstream {
    const check = new Validator(name);
    check.options(options);
    return new Upstream(check, name, host, port, 'http', options, {
      idleTimeout: check.milliseconds('idleTimeout', options.idleTimeout ?? Duration.minutes(5)),
      http: {
        requestTimeout: check.milliseconds('requestTimeout', options.requestTimeout ?? Duration.seconds(10)),
        responseTimeout: check.milliseconds('responseTimeout', options.responseTimeout ?? Duration.seconds(30)),
        retryOn: check.retries(options.retryOn ?? RETRIED),
        retryUnsafeMethods: options.retryUnsafeMethods ?? false,
        preserveHost: options.preserveHost ?? false,
      },
    });
  }

  /** Names the upstream in the configuration, in logs and in the environment variables. */
  public readonly name: string;
  /** DNS name (without a final dot) or IP address. */
  public readonly host: string;
  /** Port of the upstream itself. */
  public readonly port: number;
  /** The port on 127.0.0.1 that was asked for; undefined where the ambassador chooses one. */
  public readonly localPort?: number;
  /** Environment variable with the host. */
  public readonly hostVariable: string;
  /** Environment variable with the local port. */
  public readonly portVariable: string;
  /** Environment variable with the whole address. */
  public readonly urlVariable: string;
  /** Scheme in the whole address. */
  public readonly urlScheme: string;
  /** @internal */
  public readonly _settings: UpstreamSettings;

  private constructor(check: Validator, name: string, host: string, port: number, scheme: string,
    options: UpstreamOptions & { readonly healthCheck?: HttpUpstreamHealthCheck }, protocol: Pick<UpstreamSettings, 'http' | 'idleTimeout'>) {
    this.name = check.name();
    this.host = check.host(host);
    this.port = check.port('port', port);
    this.localPort = options.localPort === undefined ? undefined : check.port('localPort', options.localPort, 1024);
    const prefix = name.toUpperCase().replace(/-/g, '_');
    this.hostVariable = check.variable('hostVariable', options.hostVariable ?? `${prefix}_HOST`);
    this.portVariable = check.variable('portVariable', options.portVariable ?? `${prefix}_PORT`);
    this.urlVariable = check.variable('urlVariable', options.urlVariable ?? `${prefix}_URL`);
    this.urlScheme = check.scheme(options.urlScheme ?? scheme);
    this._settings = {
      ...protocol,
      connectTimeout: check.milliseconds('connectTimeout', options.connectTimeout ?? Duration.seconds(4)),
      queueTimeout: check.milliseconds('queueTimeout', options.queueTimeout ?? Duration.seconds(5)),
      maxConnections: options.maxConnections === undefined ? undefined : check.count('maxConnections', options.maxConnections, 1, 100_000),
      retries: check.count('retries', options.retries ?? 2, 0, 100),
      check: healthCheck(check, options.healthCheck ?? {}),
      tls: options.tls && tls(check, options.tls, this.host),
    };
  }

  /**
   * What the app is told once the local port is known.
   *
   * The host is a number: `localhost` may be ::1, where nobody listens.
   *
   * @internal
   */
  public _environment(localPort: number): { readonly name: string; readonly value: string }[] {
    return [
      { name: this.hostVariable, value: '127.0.0.1' },
      { name: this.portVariable, value: `${localPort}` },
      { name: this.urlVariable, value: `${this.urlScheme}://127.0.0.1:${localPort}` },
    ];
  }
}

function healthCheck(check: Validator, options: HttpUpstreamHealthCheck): UpstreamSettings['check'] {
  const settings = {
    interval: check.milliseconds('healthCheck.interval', options.interval ?? Duration.seconds(2)),
    rise: check.count('healthCheck.rise', options.rise ?? 2, 1, 1000),
    fall: check.count('healthCheck.fall', options.fall ?? 3, 1, 1000),
    path: options.path === undefined ? undefined : check.urlPath('healthCheck.path', options.path),
  };
  return options.enabled === false ? undefined : settings;
}

function tls(check: Validator, options: UpstreamTls, host: string): UpstreamSettings['tls'] {
  return {
    serverName: check.serverName(options.serverName ?? host),
    caFile: options.caFile === undefined ? '@system-ca' : check.filePath('tls.caFile', options.caFile),
  };
}

import { LocalUpstream } from './ports';
import { Upstream } from './upstream';

/** What haproxy.cfg is made of. */
export interface HaproxyModel {
  /** The upstreams with their ports on 127.0.0.1. */
  readonly upstreams: readonly LocalUpstream[];
  /** Port on the pod's address that answers `GET /healthz` and nothing else. */
  readonly healthPort: number;
  /** Connections of the app at a time, shared equally among the upstreams. */
  readonly maxConnections: number;
  readonly threads: number;
  /** How long connections may end by themselves after a soft stop. */
  readonly drainSeconds: number;
  /** Name servers as `address:port`, in place of those of the pod. */
  readonly nameservers?: readonly string[];
  /** After how long a name is asked for again; 5 s where nothing is said. */
  readonly refreshSeconds?: number;
}

/** Environment variable that the container must have: the pod's address, by downward API. */
export const POD_IP_VARIABLE = 'POD_IP';

/** What probes ask for. */
export const HEALTH_PATH = '/healthz';

/** Connections that probes always find free, however many the app opens. */
const HEALTH_CONNECTIONS = 32;

type Line = string | false | undefined;

/**
 * Writes haproxy.cfg: a pure function, so that equal models are equal files.
 *
 * For HAProxy 2.6 and later, as any user, without capabilities and without a writable directory.
 */
export function renderHaproxyConfig(model: HaproxyModel): string {
  const upstreams = model.upstreams.map(({ upstream }) => upstream);
  const share = Math.floor(model.maxConnections / Math.max(1, upstreams.length));
  if (!(share >= 1)) {
    throw new Error(`HAProxy: maxConnections: "${model.maxConnections}" is less than one for each of ${upstreams.length} upstreams\n`
      + '  why: every upstream has its own share, so that none can starve another\n'
      + `  fix: allow at least ${upstreams.length}`);
  }
  if (!Number.isInteger(model.drainSeconds) || model.drainSeconds < 1) {
    throw new Error(`HAProxy: drain: "${model.drainSeconds} s" is not a whole number of seconds from 1\n`
      + '  why: HAProxy takes zero for no bound, and one idle connection would hold the pod until it is killed\n'
      + '  fix: give at least one second');
  }
  const sections = [
    global(model, share * upstreams.length + HEALTH_CONNECTIONS),
    defaults(),
    health(model.healthPort),
    upstreams.some(isNamed) && resolvers(model),
    ...model.upstreams.map((local) => listen(local, share)),
  ];
  return `# Written by cdk8s-pod-patterns: change the construct, not this file.\n\n${sections.filter(Boolean).join('\n')}`;
}

function global(model: HaproxyModel, connections: number): string {
  return section('global', [
    '# Failed requests and connections to stdout; that an upstream goes or comes is on stderr anyway.',
    'log stdout format raw daemon err',
    '# Both are set, because HAProxy derives them from the node, whose limits are not the pod\'s.',
    `maxconn ${connections}`,
    `nbthread ${model.threads}`,
    '# A soft stop (SIGUSR1) waits for open connections, but no longer than this.',
    `hard-stop-after ${model.drainSeconds}s`,
  ]);
}

function defaults(): string {
  return section('defaults', [
    'log global',
    '# Connections without data, and those that went well, are not logged; failed ones are errors.',
    'option dontlognull',
    'option dontlog-normal',
    'option log-separate-errors',
    '# A retry leaves for good once the upstream is known to be down.',
    'option redispatch',
    '# Finds connections whose other end is gone without a word: after 60 s + 4 x 15 s.',
    'option clitcpka',
    'clitcpka-idle 60s',
    'clitcpka-intvl 15s',
    'clitcpka-cnt 4',
    'option srvtcpka',
    'srvtcpka-idle 60s',
    'srvtcpka-intvl 15s',
    'srvtcpka-cnt 4',
  ]);
}

/** Never depends on an upstream: a probe that fails restarts HAProxy, which mends none. */
function health(port: number): string {
  return section('frontend _health', [
    'mode http',
    '# The kubelet dials the address of the pod, IPv4 or IPv6; without the variable: all IPv4 addresses.',
    `bind "\${${POD_IP_VARIABLE}}:${port}"`,
    '# Connections of their own, so that a busy app cannot make the probe fail.',
    `maxconn ${HEALTH_CONNECTIONS}`,
    'no log',
    'timeout client 5s',
    'timeout http-request 5s',
    'option httpclose',
    `monitor-uri ${HEALTH_PATH}`,
    'http-request deny deny_status 404',
  ]);
}

function resolvers({ nameservers, refreshSeconds = 5 }: HaproxyModel): string {
  return section('resolvers pod', [
    ...(nameservers?.map((address, index) => `nameserver ns${index + 1} ${address}`)
      ?? ['# Name servers of /etc/resolv.conf; its search domains do not count.', 'parse-resolv-conf']),
    '# Answers of services with many endpoints are larger than 512 bytes.',
    'accepted_payload_size 8192',
    'resolve_retries 3',
    'timeout retry 1s',
    '# A changed address is followed after this time.',
    `timeout resolve ${refreshSeconds}s`,
    `hold valid ${refreshSeconds}s`,
    '# A name that is gone takes its upstream down; name servers that fail do not: the last address stays.',
    'hold nx 30s',
    'hold timeout 1h',
    'hold refused 1h',
    'hold other 1h',
  ]);
}

function listen({ upstream, localPort }: LocalUpstream, share: number): string {
  const { http, connectTimeout, queueTimeout, idleTimeout, retries } = upstream._settings;
  return section(`listen ${upstream.name}`, [
    `mode ${http ? 'http' : 'tcp'}`,
    `option ${http ? 'httplog' : 'tcplog'}`,
    `bind 127.0.0.1:${localPort}`,
    '# Its share: upstreams cannot starve each other.',
    `maxconn ${share}`,
    `timeout connect ${time(connectTimeout)}`,
    `timeout queue ${time(queueTimeout)}`,
    `timeout client ${time(http?.responseTimeout ?? idleTimeout)}`,
    `timeout server ${time(http?.responseTimeout ?? idleTimeout)}`,
    ...httpLines(upstream, idleTimeout),
    `retries ${retries}`,
    ...retryLines(upstream),
    ...checkLines(upstream),
    ...serverLines(upstream),
  ]);
}

function httpLines(upstream: Upstream, idleTimeout: number): Line[] {
  const http = upstream._settings.http;
  return http ? [
    `timeout http-request ${time(http.requestTimeout)}`,
    `timeout http-keep-alive ${time(idleTimeout)}`,
    '# WebSockets and other upgraded connections.',
    `timeout tunnel ${time(idleTimeout)}`,
    !http.preserveHost && '# The app calls the upstream 127.0.0.1; this is what the upstream calls itself.',
    !http.preserveHost && `http-request set-header Host ${authority(upstream)}`,
  ] : [];
}

function retryLines(upstream: Upstream): Line[] {
  const http = upstream._settings.http;
  if (!http) {
    return [];
  }
  const failures = http.retryOn.length > 0 ? http.retryOn : ['none'];
  return [
    `retry-on ${failures.join(' ')}`,
    !http.retryUnsafeMethods && '# Sent again only if that cannot order anything twice; others only if no connection was made.',
    !http.retryUnsafeMethods && 'http-request disable-l7-retry unless { method GET HEAD }',
  ];
}

function checkLines(upstream: Upstream): Line[] {
  const path = upstream._settings.check?.path;
  return path ? [
    'option httpchk',
    `http-check send meth GET uri ${path} ver HTTP/1.1 hdr Host ${authority(upstream)}`,
    'http-check expect status 200-399',
  ] : [];
}

function serverLines(upstream: Upstream): Line[] {
  const { check, tls, maxConnections } = upstream._settings;
  const words = [
    `server upstream ${authority(upstream, true)}`,
    maxConnections && `maxconn ${maxConnections}`,
    check && `check inter ${time(check.interval)} rise ${check.rise} fall ${check.fall}`,
    tls && `ssl verify required ca-file ${tls.caFile} sni str(${tls.serverName}) verifyhost ${tls.serverName}`,
    tls && check && `check-sni ${tls.serverName}`,
    // Services have both families in dual-stack clusters, where pods always have IPv4.
    isNamed(upstream) && 'resolvers pod resolve-prefer ipv4 init-addr none',
  ];
  return [
    check && '# The check decides where traffic goes, never whether HAProxy lives.',
    isNamed(upstream) && '# init-addr none: a name that does not exist yet must not keep HAProxy from starting.',
    words.filter(Boolean).join(' '),
  ];
}

function isNamed(upstream: Upstream): boolean {
  return !/^[\d.]+$|:/.test(upstream.host);
}

/** `host:port` with brackets around IPv6; in headers without the default port. */
function authority(upstream: Upstream, withPort = false): string {
  const host = upstream.host.includes(':') ? `[${upstream.host}]` : upstream.host;
  const usual = upstream._settings.tls ? 443 : 80;
  return !withPort && upstream.port === usual ? host : `${host}:${upstream.port}`;
}

/** The largest unit that keeps the time exact. */
function time(milliseconds: number): string {
  const units: [string, number][] = [['h', 3_600_000], ['m', 60_000], ['s', 1000]];
  const [unit, size] = units.find(([, length]) => milliseconds % length === 0) ?? ['ms', 1];
  return `${milliseconds / size}${unit}`;
}

function section(title: string, lines: Line[]): string {
  return `${title}\n${lines.filter(Boolean).map((line) => `    ${line}\n`).join('')}`;
}

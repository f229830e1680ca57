import { Duration } from 'cdk8s';

/**
 * When an upstream counts as gone, and when as back.
 *
 * A check decides only where the traffic goes: while an upstream is down, HTTP
 * requests get a 503 and TCP connections are closed at once instead of hanging.
 * It never restarts HAProxy, and it never makes the pod unready.
 */
export interface UpstreamHealthCheck {
  /**
   * Whether the upstream is checked at all.
   *
   * A check opens a connection and closes it without a word. Switch it off for servers
   * that hold this against the client: MySQL blocks a host after `max_connect_errors`
   * of them.
   *
   * @default true
   */
  readonly enabled?: boolean;

  /**
   * Time between two checks.
   *
   * @default Duration.seconds(2)
   */
  readonly interval?: Duration;

  /**
   * How many checks must succeed in a row before the upstream gets traffic again.
   *
   * @default 2
   */
  readonly rise?: number;

  /**
   * How many checks must fail in a row before the upstream gets no more traffic.
   *
   * @default 3
   */
  readonly fall?: number;
}

/** When an HTTP upstream counts as gone, and when as back. */
export interface HttpUpstreamHealthCheck extends UpstreamHealthCheck {
  /**
   * Path to ask with GET; an answer from 200 to 399 is healthy.
   *
   * @default - the check only opens a connection
   */
  readonly path?: string;
}

/**
 * Encryption between HAProxy and the upstream. The app itself speaks plain text, over loopback.
 *
 * TLS starts with the first byte. Protocols that begin in plain text and switch later
 * (PostgreSQL before 17, MySQL, SMTP) are encrypted by the app, through a plain TCP upstream.
 */
export interface UpstreamTls {
  /**
   * Name that the upstream's certificate must carry, and that is sent as SNI.
   *
   * @default - the upstream's host
   */
  readonly serverName?: string;

  /**
   * Path, inside the HAProxy container, of the certificates (PEM) to trust.
   *
   * @default - the certificate authorities that the image brings
   */
  readonly caFile?: string;
}

/** Options that all upstreams have. */
export interface UpstreamOptions {
  /**
   * Port on 127.0.0.1 where the app finds the upstream. Not below 1024: HAProxy is not root.
   *
   * @default - the first free port from 16001
   */
  readonly localPort?: number;

  /**
   * How long to wait for a connection to the upstream, in each attempt.
   *
   * @default Duration.seconds(4) - enough for one lost packet, which the kernel sends again after 1 and 3 s
   */
  readonly connectTimeout?: Duration;

  /**
   * How long a connection of the app waits when `maxConnections` are in use.
   *
   * @default Duration.seconds(5)
   */
  readonly queueTimeout?: Duration;

  /**
   * How many connections (HTTP: requests at a time) the upstream gets from this pod; more wait in a queue.
   *
   * @default - as many as HAProxy's own limit allows
   */
  readonly maxConnections?: number;

  /**
   * How often a failed attempt is repeated, apart from the first.
   *
   * A refused connection is tried again after a second. What counts as failure for HTTP is `retryOn`.
   *
   * @default 2
   */
  readonly retries?: number;

  /**
   * TLS to the upstream; `{}` verifies the host's name against the image's certificate authorities.
   *
   * @default - plain text
   */
  readonly tls?: UpstreamTls;

  /**
   * Environment variable that tells the app the host, which is always 127.0.0.1.
   *
   * @default - the name in capitals with `_HOST`: `ORDERS_DB_HOST` for `orders-db`
   */
  readonly hostVariable?: string;

  /**
   * Environment variable that tells the app the local port.
   *
   * @default - the name in capitals with `_PORT`: `ORDERS_DB_PORT` for `orders-db`
   */
  readonly portVariable?: string;

  /**
   * Environment variable that tells the app the whole address: `http://127.0.0.1:16001`.
   *
   * @default - the name in capitals with `_URL`: `ORDERS_DB_URL` for `orders-db`
   */
  readonly urlVariable?: string;

  /**
   * Scheme of the address in the URL variable, such as `postgres` or `redis`.
   *
   * @default - `http` for HTTP, `tcp` for TCP
   */
  readonly urlScheme?: string;
}

/** Options of an upstream whose protocol HAProxy does not look into. */
export interface TcpUpstreamOptions extends UpstreamOptions {
  /**
   * How long a connection may be silent in both directions before it is closed.
   *
   * The default is long, because connection pools keep idle connections for later. A peer that is
   * gone without a word is found by TCP keep-alive within two minutes, whatever is set here.
   *
   * @default Duration.hours(1)
   */
  readonly idleTimeout?: Duration;

  /**
   * When the upstream counts as gone, and when as back.
   *
   * @default - a connection is opened every 2 seconds; 3 failures mean gone, 2 successes mean back
   */
  readonly healthCheck?: UpstreamHealthCheck;
}

/** A failure after which a request is sent again, where that is safe. */
export enum RetryOn {
  /** No connection could be made. The request never left: safe for every method. */
  CONNECTION_FAILURE = 'conn-failure',
  /** The connection ended before a single byte of an answer. */
  EMPTY_RESPONSE = 'empty-response',
  /** No answer within `responseTimeout`. Repeats what is slow: use with care. */
  RESPONSE_TIMEOUT = 'response-timeout',
  /** 408 Request Timeout. */
  STATUS_408 = '408',
  /** 425 Too Early. */
  STATUS_425 = '425',
  /** 500 Internal Server Error. */
  STATUS_500 = '500',
  /** 502 Bad Gateway. */
  STATUS_502 = '502',
  /** 503 Service Unavailable. */
  STATUS_503 = '503',
  /** 504 Gateway Timeout. Repeats what is slow: use with care. */
  STATUS_504 = '504',
}

/** Options of an HTTP/1.1 upstream. For gRPC and HTTP/2 in plain text use a TCP upstream. */
export interface HttpUpstreamOptions extends UpstreamOptions {
  /**
   * How long the app may take to send the head of a request.
   *
   * @default Duration.seconds(10)
   */
  readonly requestTimeout?: Duration;

  /**
   * How long the upstream may be silent before it answers, or in the middle of an answer.
   *
   * @default Duration.seconds(30)
   */
  readonly responseTimeout?: Duration;

  /**
   * How long a connection of the app may be idle between two requests; also the longest silence of a WebSocket.
   *
   * @default Duration.minutes(5)
   */
  readonly idleTimeout?: Duration;

  /**
   * After which failures a GET or HEAD request is sent again.
   *
   * Other methods are sent again only when no connection could be made, so that nothing is
   * ordered twice. Requests larger than 16 KiB are never sent again.
   *
   * @default - CONNECTION_FAILURE, EMPTY_RESPONSE, STATUS_502, STATUS_503
   */
  readonly retryOn?: RetryOn[];

  /**
   * Whether `retryOn` holds for POST, PUT, PATCH and DELETE too.
   *
   * Only where the upstream recognizes a request that it has seen before: it will get some twice.
   *
   * @default false
   */
  readonly retryUnsafeMethods?: boolean;

  /**
   * Whether the app's own `Host` header goes to the upstream.
   *
   * @default false - the header names the upstream, which the app calls 127.0.0.1
   */
  readonly preserveHost?: boolean;

  /**
   * When the upstream counts as gone, and when as back.
   *
   * @default - a connection is opened every 2 seconds; 3 failures mean gone, 2 successes mean back
   */
  readonly healthCheck?: HttpUpstreamHealthCheck;
}

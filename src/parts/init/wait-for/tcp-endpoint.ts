import { isIP } from 'net';
import { quoted, refuse, requireKind, TEXT, wholeNumber } from '../../../manifest/check-input';

const HOST_NAME = /^(?=.{1,254}$)([A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?)(\.[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?)*\.?$/;

/**
 * A host and a port to which a TCP connection is opened.
 *
 * @example
 *
 * const database = TcpEndpoint.of('orders-db.shop.svc.cluster.local', 5432);
 */
export class TcpEndpoint {
  /**
   * An endpoint; nothing is looked up yet.
   *
   * @param host DNS name, also a short one such as `orders-db`, or IP address
   * @param port 1 to 65535
   */
  public static of(host: string, port: number): TcpEndpoint {
    return new TcpEndpoint(host, port);
  }

  /**
   * @param host DNS name or IP address
   * @param port 1 to 65535
   */
  private constructor(
    /** DNS name or IP address. */
    public readonly host: string,
    /** 1 to 65535. */
    public readonly port: number,
  ) {
    requireKind('TcpEndpoint', 'host', host, TEXT);
    const isName = HOST_NAME.test(host) && !/^[\d.]+$/.test(host);
    if (!isName && !isIP(host)) {
      refuse('TcpEndpoint', `host: ${quoted(host)} is neither a DNS name nor an IP address`, 'nobody would answer, until the timeout',
        'give the host alone, without scheme, port and path');
    }
    wholeNumber('TcpEndpoint', 'port', port, 1, 65535, 'ports are whole numbers from 1 to 65535');
  }

  /**
   * Whether it is inside of the pod.
   *
   * @internal
   */
  public get _isLocal(): boolean {
    return this.host === 'localhost' || this.host === '::1' || (isIP(this.host) === 4 && this.host.startsWith('127.'));
  }
}

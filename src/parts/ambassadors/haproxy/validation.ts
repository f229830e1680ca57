import { isIP } from 'net';
import { Duration } from 'cdk8s';
import { RetryOn } from './upstream-options';
import { DURATION, OBJECT, requireKind, requireList, TEXT } from '../../../manifest/check-input';

/**
 * What may go into haproxy.cfg. Each pattern is a list of what is allowed, so that no value
 * can bring a space, a quote or a line break, and with it a directive of its own.
 */
const UPSTREAM_NAME = /^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/;
const HOST_NAME = /^(?=.{1,254}$)([A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?)(\.[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?)*\.?$/;
const URL_PATH = /^\/[A-Za-z0-9._~!*+,;=:@%/?&-]*$/;
const FILE_PATH = /^\/[A-Za-z0-9._/-]+$/;
const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]*$/;
const SCHEME = /^[a-z][a-z0-9+.-]*$/;

/** HAProxy counts milliseconds in 31 bits. */
const LONGEST = 2 ** 31 - 1;

/** Collects what is common to the errors of one upstream. */
export class Validator {
  public constructor(private readonly upstream: string) {}

  /** Throws, with what is wrong, why it matters and what to do. */
  public refuse(what: string, value: unknown, fact: string, why: string, fix: string): never {
    throw new Error(`${this.where}: ${what}: ${JSON.stringify(String(value))} ${fact}\n  why: ${why}\n  fix: ${fix}`);
  }

  private get where(): string {
    return `Upstream ${JSON.stringify(this.upstream)}`;
  }

  public name(): string {
    return this.matching('name', this.upstream, UPSTREAM_NAME, 'is not a lowercase DNS label that starts with a letter',
      'it names a section of haproxy.cfg and the environment variables of the app', 'use letters, digits and dashes, such as "orders-db"');
  }

  /** A port; from 1024 where HAProxy itself is to listen. */
  public port(what: string, value: number, lowest = 1): number {
    if (!Number.isInteger(value) || value < lowest || value > 65535) {
      this.refuse(what, value, `is not a port from ${lowest} to 65535`,
        lowest > 1 ? 'HAProxy does not run as root, and ports below 1024 are reserved for root' : 'HAProxy would refuse the configuration and never start',
        `give a whole number from ${lowest} to 65535`);
    }
    return value;
  }

  /**
   * An address, or a name that needs no search domain; without the final dot.
   *
   * HAProxy takes the name servers out of resolv.conf, and nothing else: neither the search
   * domains that make `orders` a name, nor /etc/hosts.
   */
  public host(value: string): string {
    if (isIP(value) && !value.includes('%')) {
      return value;
    }
    this.matching('host', value, HOST_NAME, 'is neither a DNS name nor an IP address',
      'HAProxy would refuse the configuration and never start', 'give the host alone, without scheme, port and path');
    if (/^[\d.]+$/.test(value)) {
      this.refuse('host', value, 'is not an IP address', 'it looks like one, but no DNS server knows it as a name', 'give four numbers from 0 to 255');
    }
    const labels = value.replace(/\.$/, '').split('.');
    const absolute = value.endsWith('.') && labels.length > 1;
    if (labels[labels.length - 1] === 'svc' || (labels.length < 3 && !absolute)) {
      const [service, namespace] = labels;
      this.refuse('host', value, 'is not a full DNS name',
        'HAProxy asks the name servers for exactly this name: it knows no search domains and no /etc/hosts',
        `write "${service}.${namespace ?? '<namespace>'}.svc.cluster.local" for a Service`
        + (labels.length === 2 ? `, or "${labels.join('.')}." with a final dot for a name of the internet` : ', or the IP address'));
    }
    return labels.join('.');
  }

  /** A timeout in milliseconds. */
  public milliseconds(what: string, value: Duration): number {
    requireKind(this.where, what, value, DURATION);
    const result = value.toMilliseconds({ integral: false });
    if (!Number.isInteger(result) || result < 1 || result > LONGEST) {
      this.refuse(what, `${result} ms`, 'is not a whole number of milliseconds from 1 to 24 days',
        'HAProxy would refuse the configuration, or never time out', 'give a Duration in this range');
    }
    return result;
  }

  public count(what: string, value: number, lowest: number, highest: number): number {
    if (!Number.isInteger(value) || value < lowest || value > highest) {
      this.refuse(what, value, `is not a whole number from ${lowest} to ${highest}`,
        'HAProxy would refuse the configuration or do the unexpected', `give a whole number from ${lowest} to ${highest}`);
    }
    return value;
  }

  public urlPath(what: string, value: string): string {
    return this.matching(what, value, URL_PATH, 'is not the path of a URL', 'HAProxy sends it as it is',
      'start with "/" and write other characters than letters, digits and ._~!*+,;=:@/?&- as %XX');
  }

  public filePath(what: string, value: string): string {
    return this.matching(what, value, FILE_PATH, 'is not an absolute path of plain characters', 'HAProxy reads the file when it starts',
      'give the path inside the HAProxy container, such as "/etc/ssl/orders/ca.crt"');
  }

  public variable(what: string, value: string): string {
    return this.matching(what, value, VARIABLE, 'is not the name of an environment variable', 'shells and older API servers refuse it',
      'use letters, digits and underscores, and start with a letter');
  }

  public options(value: object): void {
    requireKind(this.where, 'options', value, OBJECT);
  }

  /** Failures, each once. */
  public retries(values: RetryOn[]): string[] {
    requireList(this.where, 'retryOn', values, { ...TEXT, noun: 'a member of RetryOn', fix: () => 'write [RetryOn.CONNECTION_FAILURE]' });
    return [...new Set(values)].map((value) => this.retryOn(value));
  }

  /** Untyped callers can pass any string, and it would go straight into the configuration. */
  private retryOn(value: RetryOn): string {
    const known: string[] = Object.values(RetryOn);
    return known.includes(value) ? value : this.refuse('retryOn', value, 'is no failure that HAProxy 2.6 and later can retry',
      'HAProxy would refuse the configuration and never start', `use the members of RetryOn: ${known.join(', ')}`);
  }

  public scheme(value: string): string {
    return this.matching('urlScheme', value, SCHEME, 'is not a URL scheme', 'the app could not parse the URL', 'give the scheme alone, such as "postgres"');
  }

  /** A name that a certificate can carry. */
  public serverName(value: string): string {
    if (isIP(value)) {
      this.refuse('tls.serverName', value, 'is an IP address', 'SNI and the verification of the certificate need a name',
        'set tls.serverName to the name in the certificate');
    }
    return this.matching('tls.serverName', value, HOST_NAME, 'is not a DNS name', 'the certificate is verified against it', 'give the name in the certificate');
  }

  private matching(what: string, value: string, pattern: RegExp, fact: string, why: string, fix: string): string {
    return typeof value === 'string' && pattern.test(value) ? value : this.refuse(what, value, fact, why, fix);
  }
}

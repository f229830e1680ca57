import * as kplus from 'cdk8s-plus-28';
import { allowKind, FLAG, Kind, OBJECT, quoted, requireKind } from '../../../manifest/check-input';

const SECRET: Kind = {
  ...OBJECT,
  noun: 'a SecretValue',
  matches: (value) => OBJECT.matches(value) && OBJECT.matches(value.secret) && typeof value.key === 'string',
  why: 'what is secret must not be written into a manifest',
  fix: () => 'give the Secret and the key in it: { secret, key: \'password\' }',
};

/** A TCP port where fluentd's forward protocol is spoken. */
export interface FluentdForwardOptions {
  /**
   * Port of the receiver.
   *
   * @default 24224
   */
  readonly port?: number;
}

/** How fluentd meets an HTTP receiver. */
export interface FluentdHttpOptions {
  /**
   * Value of the `Authorization` header, from a Secret. It reaches fluentd through its environment and is never
   * written to the configuration.
   *
   * @default - no such header
   */
  readonly authorization?: kplus.SecretValue;
}

/** How fluentd meets Elasticsearch. */
export interface FluentdElasticsearchOptions {
  /**
   * Port of Elasticsearch.
   *
   * @default 9200
   */
  readonly port?: number;

  /**
   * Index prefix in the form of logstash: one index a day.
   *
   * @default 'logs'
   */
  readonly indexPrefix?: string;

  /**
   * Whether to use TLS.
   *
   * @default true
   */
  readonly tls?: boolean;

  /**
   * User name.
   *
   * @default - no authentication
   */
  readonly user?: string;

  /**
   * Password of the user, from a Secret. It reaches fluentd through its environment.
   *
   * @default - no authentication
   */
  readonly password?: kplus.SecretValue;
}

interface Destination {
  readonly host: string;
  readonly port: number;
}

/**
 * Where fluentd sends what it reads.
 *
 * @see https://docs.fluentd.org/output
 * @example
 *
 * new Fluentd({
 *   tail: ['/var/log/app/app.log'],
 *   output: FluentdOutput.forward('logs.logging.svc.cluster.local'),
 * });
 */
export class FluentdOutput {
  /**
   * The container's own standard output: `kubectl logs POD -c fluentd`, and whatever collects container logs of the node.
   */
  public static stdout(): FluentdOutput {
    return new FluentdOutput(['@type stdout', '<format>', '  @type json', '</format>'], false, false, new Map());
  }

  /**
   * Another fluentd or fluent-bit.
   *
   * @param host DNS name or address of the receiver
   * @param options its port
   */
  public static forward(host: string, options: FluentdForwardOptions = {}): FluentdOutput {
    requireKind('FluentdOutput.forward', 'options', options, OBJECT);
    return new FluentdOutput([
      '@type forward',
      // Otherwise a name that does not resolve yet keeps fluentd from starting.
      'ignore_network_errors_at_startup true',
      '<server>', `  host ${word('host', host)}`, `  port ${port(options.port ?? 24224)}`, '</server>',
    ], true, false, new Map(), { host, port: options.port ?? 24224 });
  }

  /**
   * An HTTP endpoint that takes JSON lines.
   *
   * @param endpoint URL such as `https://logs.example/ingest`
   * @param options credentials
   */
  public static http(endpoint: string, options: FluentdHttpOptions = {}): FluentdOutput {
    requireKind('FluentdOutput.http', 'options', options, OBJECT);
    allowKind('FluentdOutput.http', 'authorization', options.authorization, SECRET);
    if (!/^https?:\/\/[^\s"'#]+$/.test(endpoint)) {
      throw new Error(`FluentdOutput.http: endpoint: ${quoted(endpoint)} is not an http or https URL\n`
        + '  why: fluentd would not start\n  fix: write it as https://logs.example/ingest');
    }
    const secrets = new Map(options.authorization ? [['FLUENTD_AUTHORIZATION', options.authorization]] as [string, kplus.SecretValue][] : []);
    return new FluentdOutput([
      '@type http', `endpoint ${endpoint}`, 'content_type application/x-ndjson', 'open_timeout 5', 'read_timeout 10',
      ...(options.authorization ? ['headers {"Authorization":"#{ENV[\'FLUENTD_AUTHORIZATION\']}"}'] : []),
      '<format>', '  @type json', '</format>',
    ], true, false, secrets, destinationOf(endpoint));
  }

  /**
   * Elasticsearch or OpenSearch with its compatible API. The official fluentd image does not contain the plugin: give the
   * part an `image` that has `fluent-plugin-elasticsearch`, or it is refused.
   *
   * @param host DNS name or address
   * @param options port, index and credentials
   */
  public static elasticsearch(host: string, options: FluentdElasticsearchOptions = {}): FluentdOutput {
    requireKind('FluentdOutput.elasticsearch', 'options', options, OBJECT);
    allowKind('FluentdOutput.elasticsearch', 'password', options.password, SECRET);
    allowKind('FluentdOutput.elasticsearch', 'tls', options.tls, FLAG);
    const secrets = new Map(options.password ? [['FLUENTD_ELASTICSEARCH_PASSWORD', options.password]] as [string, kplus.SecretValue][] : []);
    return new FluentdOutput([
      '@type elasticsearch', `host ${word('host', host)}`, `port ${port(options.port ?? 9200)}`,
      `scheme ${options.tls === false ? 'http' : 'https'}`, 'logstash_format true',
      `logstash_prefix ${word('indexPrefix', options.indexPrefix ?? 'logs')}`,
      // Otherwise an Elasticsearch that is down keeps fluentd from starting.
      'verify_es_version_at_startup false', 'default_elasticsearch_version 8',
      ...(options.user ? [`user ${word('user', options.user)}`] : []),
      ...(options.password ? ['password "#{ENV[\'FLUENTD_ELASTICSEARCH_PASSWORD\']}"'] : []),
    ], true, true, secrets, { host, port: options.port ?? 9200 });
  }

  /**
   * @param lines the output's own configuration
   * @param isBuffered whether events wait in a buffer
   * @param needsPlugin whether the official image lacks the plugin
   * @param secrets environment of the container
   * @param destination what it connects to; undefined for standard output
   */
  private constructor(
    private readonly lines: string[],
    private readonly isBuffered: boolean,
    private readonly needsPlugin: boolean,
    private readonly secrets: Map<string, kplus.SecretValue>,
    private readonly destination?: Destination,
  ) {}

  /**
   * What it connects to.
   *
   * @internal
   */
  public get _destination(): Destination | undefined {
    return this.destination;
  }

  /**
   * The output's own configuration.
   *
   * @internal
   */
  public get _lines(): string[] {
    return [...this.lines];
  }

  /**
   * Whether events wait in a buffer.
   *
   * @internal
   */
  public get _isBuffered(): boolean {
    return this.isBuffered;
  }

  /**
   * Whether the official image lacks the plugin.
   *
   * @internal
   */
  public get _needsPlugin(): boolean {
    return this.needsPlugin;
  }

  /**
   * Environment of the container, by name.
   *
   * @internal
   */
  public get _environment(): { [name: string]: kplus.EnvValue } {
    return Object.fromEntries([...this.secrets].map(([name, secret]) => [name, kplus.EnvValue.fromSecretValue(secret)]));
  }
}

/** A value that cannot end its line or begin another directive. */
function word(field: string, value: string): string {
  if (typeof value !== 'string' || !/^[A-Za-z0-9._:-]+$/.test(value)) {
    throw new Error(`FluentdOutput: ${field}: ${quoted(value)} has characters that a fluentd configuration would misread\n`
      + '  why: blanks, quotes and "#" end a value or begin a comment\n'
      + '  fix: use letters, digits, ".", "_", ":" and "-"');
  }
  return value;
}

function port(value: number): number {
  if (!Number.isInteger(value) || value < 1 || value > 65535) {
    throw new Error(`FluentdOutput: port: "${value}" is not a port\n`
      + '  why: ports are whole numbers from 1 to 65535\n  fix: give the port on which the receiver listens');
  }
  return value;
}

function destinationOf(endpoint: string): Destination {
  const { hostname, port: given, protocol } = new URL(endpoint);
  return { host: hostname.replace(/^\[|\]$/g, ''), port: Number(given) || (protocol === 'https:' ? 443 : 80) };
}

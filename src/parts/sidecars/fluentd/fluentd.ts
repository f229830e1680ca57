import { basename } from 'path';
import { Duration, Size } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { POD_IP_VARIABLE, POSITION_FILE, renderFluentdConfig, START_SCRIPT, STATE_DIRECTORY } from './fluentd-config';
import { FluentdOutput } from './fluentd-output';
import { allowKind, bytesOf, FLAG, instanceOf, nameIn, requireUser, wholeSeconds } from '../../../manifest/check-input';
import { defaultResources } from '../../../production/default-resources';
import { checkLogDirectories, checkLogFiles } from '../../check-log-files';
import { freePort } from '../../free-port';
import { readLogs } from '../../log-input';
import { BindOptions, BoundPart, PodPart, ReadyMadePartOptions } from '../../part';
import { PartHost } from '../../part-host';
import { SharedDirectory } from '../../shared-directory';
import { LogRotation } from '../log-rotator/log-rotation';

/** What fluentd reads, and where it sends it. */
export interface FluentdProps extends ReadyMadePartOptions {
  /**
   * Files that the app writes: absolute paths; `*` may stand in a file name. Each directory becomes a volume that the app
   * mounts read-write and fluentd read-only.
   */
  readonly tail: string[];

  /**
   * Where the lines go.
   *
   * @default FluentdOutput.stdout()
   */
  readonly output?: FluentdOutput;

  /**
   * Bound and medium of the log directories, for those that need other ones.
   *
   * @default - 64Mi on disk for each directory
   */
  readonly directories?: SharedDirectory[];

  /**
   * Who bounds the log files.
   *
   * @default LogRotation.byRotator() - needs `securityContext.user` of the app; without one, binding is an error
   */
  readonly rotation?: LogRotation;

  /**
   * Whether each line is a JSON object whose fields become the fields of the event.
   *
   * @default false - a line is one field, `message`
   */
  readonly json?: boolean;

  /**
   * Disk space for lines that wait for an output that is down; above it the oldest give way. Not for standard output, which needs no buffer.
   *
   * @default Size.mebibytes(64)
   */
  readonly bufferLimit?: Size;

  /**
   * Image of fluentd 1.16.3 or later, with a shell. In a pod whose address is one of IPv6 it needs the gem async-http, which the official
   * image has.
   *
   * @see https://github.com/fluent/fluentd-docker-image
   * @default 'fluent/fluentd:v1.19.3-2.2'
   */
  readonly image?: string;

  /**
   * Numeric user and group. The image names its user, and a name does not satisfy `runAsNonRoot`.
   *
   * @default 1000
   */
  readonly user?: number;

  /**
   * Port of the health listener, on the address of the pod, where the kubelet's liveness probe looks.
   *
   * @default - 24220, or the next free port
   */
  readonly healthPort?: number;

  /**
   * Requests and limits.
   *
   * @default - 50m/128Mi, limits 500m/256Mi; measured: 90 MiB resident, supervisor and worker together
   */
  readonly resources?: kplus.ContainerResources;

  /**
   * How long it may take from TERM to the end: reading what the app wrote last, and emptying the buffer.
   *
   * @default Duration.seconds(10)
   */
  readonly drain?: Duration;
}

/** The official image, by whatever name. */
const OFFICIAL_IMAGE = /^(?:(?:index\.|registry-1\.)?docker\.io\/)?fluent\/fluentd(?:[:@]|$)/;

const DEFAULT_IMAGE = 'fluent/fluentd:v1.19.3-2.2';

const DEFAULT_RESOURCES = defaultResources({
  cpu: { request: kplus.Cpu.millis(50), limit: kplus.Cpu.millis(500) },
  memory: { request: Size.mebibytes(128), limit: Size.mebibytes(256) },
});

/**
 * A log sidecar: fluentd tails the files that the app writes, without a change to the app.
 *
 * It starts before the app, reads from the first line, remembers its position across restarts, waits for files that do not
 * exist yet and follows them through rotation. An output that is down never keeps the app from starting: there is no startup and
 * no readiness probe, and lines wait in a bounded buffer whose oldest ones give way. After the app has ended it reads the
 * rest, empties the buffer and ends.
 *
 * Its configuration is an immutable ConfigMap with the hash of the content in its name. A changed configuration rolls a Deployment,
 * a StatefulSet or a DaemonSet, and the next run of a CronJob uses it; a bare Pod and a Job cannot be changed and must
 * be replaced (`kubectl replace --force`).
 *
 * Where one file is all, and nothing but the node's own log collection reads it, let the app write to `/dev/stdout` instead.
 *
 * @see https://docs.fluentd.org/input/tail
 * @see https://kubernetes.io/docs/concepts/cluster-administration/logging/
 * @example
 *
 * new SidecarPod(chart, 'Web', {
 *   app: { image: 'nginxinc/nginx-unprivileged:1.30.4', portNumber: 8080 },
 *   writablePaths: ['/tmp'],
 *   sidecar: new Fluentd({ tail: ['/var/log/nginx/access.log'] }),
 * });
 */
export class Fluentd extends PodPart {
  private readonly props: FluentdProps;

  /**
   * @param props what it reads, and where it sends it
   */
  public constructor(props: FluentdProps) {
    super(nameIn('Fluentd', props, 'fluentd'), props);
    checkLogFiles('Fluentd', 'tail', props.tail, true);
    checkLogDirectories('Fluentd', props);
    checkOptions(props);
    this.props = { ...props, tail: [...props.tail], ...(props.directories && { directories: [...props.directories] }) };
  }

  /**
   * Adds fluentd, its volumes and its configuration to a pod or workload.
   *
   * @param pod the pod or workload
   * @param options which container is the app
   */
  public bind(pod: kplus.AbstractPod, options?: BindOptions): BoundPart {
    const host = new PartHost(this, pod, options);
    const bound = new BoundPart(pod, this.name);
    const output = this.props.output ?? FluentdOutput.stdout();
    const healthPort = this.props.healthPort ?? freePort('Fluentd', host.takenPorts(), 24220);
    const container = this.addContainer(host, output, healthPort);
    bound._own(container);
    const bufferBytes = bufferBytesOf(this.props);
    // Chunks that are being sent count beside those that wait.
    const stateSize = Size.kibibytes(16 * 1024 + (output._isBuffered ? Math.ceil(bufferBytes / 1024) : 0));
    const state = host.ownDirectory(container, STATE_DIRECTORY, 'state', stateSize);
    // Without it fluentd dies at its start: it locks a directory there.
    host.ownDirectory(container, '/tmp', 'tmp', Size.mebibytes(16));
    host.mountConfig(bound, container, '/fluentd/etc', {
      'fluent.conf': renderFluentdConfig({
        tail: this.props.tail, output, json: this.props.json ?? false, bufferBytes, healthPort,
      }),
      'start.sh': START_SCRIPT,
    });
    readLogs(host, bound, container, {
      files: this.props.tail,
      directories: this.props.directories ?? [],
      rotation: this.props.rotation ?? LogRotation.byRotator(),
      position: { format: 'fluentd', volume: state, file: basename(POSITION_FILE) },
    });
    host.listens(container, '*', healthPort);
    if (output._destination) {
      host.connectsTo(output._destination.host, output._destination.port);
    }
    return bound;
  }

  private addContainer(host: PartHost, output: FluentdOutput, healthPort: number): kplus.Container {
    const user = this.props.user ?? 1000;
    return host.addContainer({
      name: this.name,
      image: this.props.image ?? DEFAULT_IMAGE,
      command: ['/bin/sh', '/fluentd/etc/start.sh'],
      envVariables: { ...output._environment, [POD_IP_VARIABLE]: kplus.EnvValue.fromFieldRef(kplus.EnvFieldPaths.POD_IP) },
      securityContext: { user, group: user },
      resources: this.props.resources ?? DEFAULT_RESOURCES,
      liveness: kplus.Probe.fromHttpGet('/api/plugins.json', {
        port: healthPort,
        initialDelaySeconds: Duration.seconds(30),
        periodSeconds: Duration.seconds(20),
        timeoutSeconds: Duration.seconds(5),
        failureThreshold: 3,
      }),
    }, { drainSeconds: drainOf(this.props), hasSleep: true });
  }
}

function bufferBytesOf(props: FluentdProps): number {
  return bytesOf('Fluentd', 'bufferLimit', props.bufferLimit ?? Size.mebibytes(64));
}

function drainOf(props: FluentdProps): number {
  return wholeSeconds('Fluentd', 'drain', props.drain, 10);
}

/** Refuses options with which fluentd would not start. */
function checkOptions(props: FluentdProps): void {
  const { output, image = DEFAULT_IMAGE } = props;
  allowKind('Fluentd', 'json', props.json, FLAG);
  allowKind('Fluentd', 'output', output, instanceOf(FluentdOutput, 'use FluentdOutput.stdout(), forward(), http() or elasticsearch()'));
  requireUser('Fluentd', props.user);
  bufferBytesOf(props);
  drainOf(props);
  if (output?._needsPlugin && OFFICIAL_IMAGE.test(image)) {
    throw new Error(`Fluentd: image: "${image}" has no plugin for this output\n`
      + '  why: the official image contains fluentd\'s core only, and fluentd would not start\n'
      + '  fix: give an image that has fluent-plugin-elasticsearch, or use FluentdOutput.forward() or http()');
  }
}

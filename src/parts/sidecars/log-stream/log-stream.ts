import * as kplus from 'cdk8s-plus-28';
import { allowKind, FLAG, nameIn } from '../../../manifest/check-input';
import { checkLogFiles } from '../../check-log-files';
import { bindLogProgram, checkLogProgram, LogProgramOptions } from '../../log-program';
import { BindOptions, BoundPart, PodPart } from '../../part';

/** Which files are streamed. */
export interface LogStreamProps extends LogProgramOptions {
  /** Files that the app writes: absolute paths. They need not exist yet. */
  readonly files: string[];

  /**
   * Whether each line begins with the name of its file, where there are several.
   *
   * @default false
   */
  readonly prefix?: boolean;
}

/**
 * A log sidecar without an agent: copies every line of some files to its own standard output, where `kubectl logs` and the log
 * collection of the node find it.
 *
 * It waits for files that do not exist yet, loses no line when they are renamed, remembers its position across restarts,
 * and reads to the end on TERM. The lines take disk space twice: in the file and in the log of the container. An app that
 * can write to `/dev/stdout` does not need it.
 *
 * @see https://kubernetes.io/docs/concepts/cluster-administration/logging/#streaming-sidecar-container
 * @example
 *
 * new SidecarPod(chart, 'Legacy', {
 *   app: { image: 'registry.example/legacy:1.4.2' },
 *   sidecar: new LogStream({ files: ['/var/log/legacy/audit.log', '/var/log/legacy/access.log'] }),
 * });
 */
export class LogStream extends PodPart {
  private readonly props: LogStreamProps;

  /**
   * @param props which files are streamed
   */
  public constructor(props: LogStreamProps) {
    super(nameIn('LogStream', props, 'log-stream'), props);
    checkLogFiles('LogStream', 'files', props.files, false);
    checkLogProgram('LogStream', props);
    allowKind('LogStream', 'prefix', props.prefix, FLAG);
    this.props = { ...props, files: [...props.files], ...(props.directories && { directories: [...props.directories] }) };
  }

  /**
   * Adds the sidecar to a pod or workload.
   *
   * @param pod the pod or workload
   * @param options which container is the app
   */
  public bind(pod: kplus.AbstractPod, options?: BindOptions): BoundPart {
    return bindLogProgram(this, pod, {
      folder: 'sidecars/log-stream',
      main: 'stream_logs.py',
      inputs: this.props.files,
      settings: { prefix: this.props.prefix ?? false },
    }, this.props, options).bound;
  }
}

import { Duration, Size } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { checkLogDirectories } from './check-log-files';
import { readLogs } from './log-input';
import { BindOptions, BoundPart, PodPart, ReadyMadePartOptions } from './part';
import { PartHost } from './part-host';
import { addProgram, mountProgram, ProgramContainer, PROGRAM_RESOURCES, PROGRAM_USER, PYTHON_IMAGE, STATE_DIRECTORY } from './programs/program';
import { SharedDirectory } from './shared-directory';
import { requireUser, wholeSeconds } from '../manifest/check-input';
import { LogRotation } from './sidecars/log-rotator/log-rotation';

/** What every carried program that reads log files takes. */
export interface LogProgramOptions extends ReadyMadePartOptions {
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
   * Image with Python 3.9 or later and a shell; nothing but the standard library is used.
   *
   * @default 'python:3.13-slim-bookworm'
   */
  readonly image?: string;

  /**
   * Numeric user and group.
   *
   * @default 1000
   */
  readonly user?: number;

  /**
   * Requests and limits.
   *
   * @default - 20m/32Mi, limits 500m/64Mi; measured below 32 MiB resident
   */
  readonly resources?: kplus.ContainerResources;

  /**
   * How long it may take from TERM to the end: every input is read to its end, and until nothing new came for a moment.
   *
   * Whole seconds. What is not read by then is lost with the pod.
   *
   * @default Duration.seconds(5)
   */
  readonly drain?: Duration;
}

/** What tells one program from another. */
export interface LogProgram {
  readonly folder: string;
  readonly main: string;
  readonly inputs: string[];
  /** Settings beside inputs, drain and state directory. */
  readonly settings: object;
}

/** How long a carried program may take from TERM to its end. */
function drainOf(part: string, props: LogProgramOptions): number {
  return wholeSeconds(part, 'drain', props.drain, 5);
}

/** Refuses options that no carried program could start with. */
export function checkLogProgram(part: string, props: LogProgramOptions): void {
  checkLogDirectories(part, props);
  requireUser(part, props.user);
  drainOf(part, props);
}

/** Binds a carried program that reads log files. */
export function bindLogProgram(
  part: PodPart, pod: kplus.AbstractPod, program: LogProgram, props: LogProgramOptions, options?: BindOptions,
): { host: PartHost; bound: BoundPart } {
  const host = new PartHost(part, pod, options);
  const bound = new BoundPart(pod, part.name);
  const user = props.user ?? PROGRAM_USER;
  const drainSeconds = drainOf(part.name, props);
  const description: ProgramContainer = {
    name: part.name,
    image: props.image ?? PYTHON_IMAGE,
    folder: program.folder,
    main: program.main,
    user,
    group: user,
    drainSeconds,
    settingsInFile: true,
    resources: props.resources ?? PROGRAM_RESOURCES,
  };
  const container = addProgram(host, description);
  bound._own(container);
  const state = host.ownDirectory(container, STATE_DIRECTORY, 'state', Size.mebibytes(16));
  mountProgram(host, bound, container, description, {
    inputs: program.inputs,
    ...program.settings,
    drainSeconds,
    // A regular container gets TERM together with the app, which may write for a while yet.
    ...(!host.nativeSidecar && { quietSeconds: Math.min(2, drainSeconds / 2) }),
    stateDirectory: STATE_DIRECTORY,
  });
  readLogs(host, bound, container, {
    files: program.inputs,
    directories: props.directories ?? [],
    rotation: props.rotation ?? LogRotation.byRotator(),
    position: { format: 'state', volume: state, file: 'state.json' },
  });
  return { host, bound };
}

import { Size } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { LogRotation } from './log-rotation';
import { BoundPart } from '../../part';
import { PartHost } from '../../part-host';
import { addProgram, mountProgram, ProgramContainer, PYTHON_IMAGE, STATE_DIRECTORY } from '../../programs/program';
import { SharedDirectory } from '../../shared-directory';

/** Where a reader notes how far it has read. */
export interface ReaderPosition {
  /** Form of the notes: fluentd's position file, or the state of a carried program. */
  readonly format: 'fluentd' | 'state';
  /** Volume with the file. */
  readonly volume: kplus.Volume;
  /** Path of the file in the reader. */
  readonly path: string;
  /** Where the reader mounts the volume. */
  readonly mountPath: string;
}

/** What the rotator bounds. */
export interface RotatedLogs {
  readonly files: string[];
  readonly directories: SharedDirectory[];
  readonly rotation: LogRotation;
  readonly nativeSidecar: boolean;
  readonly position: ReaderPosition;
}

/** Bound of a directory that has none of its own. */
const FALLBACK_BYTES = 64 * 2 ** 20;

/** Adds the container that gives back the disk space of what has been read. */
export function addLogRotator(host: PartHost, bound: BoundPart, app: kplus.Container, logs: RotatedLogs): void {
  const { user, group } = writer(host, bound, app, logs);
  const program: ProgramContainer = {
    name: `${bound.node.id}-rotator`,
    image: PYTHON_IMAGE,
    folder: 'sidecars/log-rotator',
    main: 'reclaim_logs.py',
    user,
    group,
    nativeSidecar: logs.nativeSidecar,
    drainSeconds: 1,
    resources: {
      cpu: { request: kplus.Cpu.millis(10), limit: kplus.Cpu.millis(200) },
      memory: { request: Size.mebibytes(24), limit: Size.mebibytes(64) },
    },
  };
  const container = addProgram(host, program);
  logs.directories.forEach((directory) => host.share(directory, { writers: [container] }, false));
  container.mount(READER_DIRECTORY, logs.position.volume, { readOnly: true });
  host.ownDirectory(container, STATE_DIRECTORY, 'rotator-state', Size.mebibytes(1));
  mountProgram(host, bound, container, program, {
    files: logs.files,
    readers: [{ format: logs.position.format, path: logs.position.path.replace(logs.position.mountPath, READER_DIRECTORY) }],
    maxBytes: maxBytes(logs),
    stateDirectory: STATE_DIRECTORY,
  });
}

/** Where the rotator sees the notes of the reader. */
const READER_DIRECTORY = '/var/lib/reader';

function maxBytes({ rotation, directories }: RotatedLogs): number {
  const chosen = rotation._options.maxSize;
  const smallest = Math.min(...directories.map((directory) => directory._sizeLimitBytes ?? FALLBACK_BYTES));
  return chosen ? chosen.toKibibytes() * 1024 : Math.floor(smallest * 0.8);
}

/** Only the owner of a file may punch holes into it. */
function writer(host: PartHost, bound: BoundPart, app: kplus.Container, logs: RotatedLogs): { user: number; group: number } {
  const known = host.writerOf(app);
  const user = logs.rotation._options.user ?? known.user;
  if (user === undefined) {
    throw new Error(`${bound.node.path}: rotation: nobody bounds ${logs.directories.map(({ path }) => `"${path}"`).join(', ')}\n`
      + `  why: a log that grows for ever evicts the pod; only its writer may shorten it, and "${app.name}" has no numeric user\n`
      + '  fix: say that the app rotates: LogRotation.byApp(); or give its user: securityContext.user, or LogRotation.byRotator({ user })');
  }
  return { user, group: known.group ?? user };
}

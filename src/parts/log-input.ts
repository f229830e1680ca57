import { dirname } from 'path';
import { Size } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { BoundPart } from './part';
import { PartHost } from './part-host';
import { SharedDirectory } from './shared-directory';
import { formatBytes } from '../manifest/quantity';
import { LogFileFact, ReaderFact } from '../production/pod-facts';
import { LogRotation } from './sidecars/log-rotator/log-rotation';
import { addLogRotator, ROTATOR } from './sidecars/log-rotator/log-rotator';

/** Bound of a log directory that nobody described. */
const DEFAULT_SIZE = Size.mebibytes(64);

/** Where the rotator sees the notes of the readers. */
const READERS_DIRECTORY = '/var/lib/readers';

/** Where a reader notes how far it has read. */
export interface ReaderPosition {
  readonly format: ReaderFact['format'];
  /** Volume with the notes. */
  readonly volume: kplus.Volume;
  /** Name of the file on it. */
  readonly file: string;
}

/** Log files that a part reads. */
export interface LogInput {
  /** Absolute paths. */
  readonly files: string[];
  /** The user's own description of a directory. */
  readonly directories: SharedDirectory[];
  readonly rotation: LogRotation;
  readonly nativeSidecar: boolean;
  readonly position: ReaderPosition;
}

/** Shares the directories of log files with the app, read-only for the reader, and sees to their bound. */
export function readLogs(host: PartHost, bound: BoundPart, reader: kplus.Container, input: LogInput): void {
  const directories = directoriesOf(input);
  directories.forEach((directory) => host.share(directory, { readers: [reader] }, false));
  host.whenAppIsKnown((app) => {
    const rotator = input.rotation.isByRotator
      ? addLogRotator(host, bound, app, input.rotation, input.nativeSidecar, directories.map(({ path }) => path))
      : host.containerNamed(ROTATOR);
    if (rotator) {
      directories.forEach((directory) => host.share(directory, { writers: [rotator] }, false));
    }
    noteReader(host, bound, input, directories, rotator);
  });
}

/** The rotator must know every reader of a file, also one whose part says that the app rotates. */
function noteReader(host: PartHost, bound: BoundPart, input: LogInput, directories: SharedDirectory[], rotator?: kplus.Container): void {
  const notes = `${READERS_DIRECTORY}/${bound.node.id}`;
  host.showNotes(rotator, notes, input.position.volume);
  for (const path of input.files) {
    const directory = directories.find((candidate) => candidate.path === dirname(path))!;
    const file = logFile(host, path, directory);
    file.readers.push({ format: input.position.format, path: `${notes}/${input.position.file}` });
    file.isRotated ||= input.rotation.isByRotator;
    boundFile(bound, file, directory, input.rotation);
  }
}

/** What is known of a file: the same for all parts that read it. */
function logFile(host: PartHost, path: string, directory: SharedDirectory): LogFileFact {
  const files = host.facts.logFiles;
  let file = files.find((candidate) => candidate.path === path);
  if (!file) {
    file = { path, volume: host.holder.shared.get(directory.path)!.volume.name, readers: [], isRotated: false };
    files.push(file);
  }
  return file;
}

/** The smallest bound that a part asks for holds; it must fit into the directory. */
function boundFile(bound: BoundPart, file: LogFileFact, directory: SharedDirectory, rotation: LogRotation): void {
  const chosen = rotation._options.maxSize;
  if (!chosen) {
    return;
  }
  file.maxBytes = Math.min(chosen.toKibibytes() * 1024, file.maxBytes ?? Infinity);
  const limit = directory._sizeLimitBytes;
  if (limit !== undefined && file.maxBytes > limit) {
    throw new Error(`${bound.node.path}: rotation: maxSize: "${formatBytes(file.maxBytes)}" is more than "${directory.path}" holds: "${formatBytes(limit)}"\n`
      + '  why: the pod would be evicted before the rotator does anything\n'
      + '  fix: leave maxSize out, or raise the sizeLimit of the directory');
  }
}

function directoriesOf(input: LogInput): SharedDirectory[] {
  const paths = [...new Set(input.files.map((file) => dirname(file)))];
  return paths.map((path) => input.directories.find((directory) => directory.path === path)
    ?? SharedDirectory.onDisk(path, { sizeLimit: DEFAULT_SIZE }));
}

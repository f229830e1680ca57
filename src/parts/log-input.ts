import { dirname } from 'path';
import { Size } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { BoundPart } from './part';
import { PartHost } from './part-host';
import { SharedDirectory } from './shared-directory';
import { formatBytes } from '../manifest/quantity';
import { LogFileFact, ReaderFact } from '../production/pod-facts';
import { LogRotation } from './sidecars/log-rotator/log-rotation';
import { addLogRotator } from './sidecars/log-rotator/log-rotator';

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
  readonly position: ReaderPosition;
}

/** Shares the directories of log files with the app, read-only for the reader, and sees to their bound. */
export function readLogs(host: PartHost, bound: BoundPart, reader: kplus.Container, input: LogInput): void {
  const directories = directoriesOf(input);
  directories.forEach((directory) => host.share(directory, { readers: [reader] }, false));
  host.whenAppIsKnown((app) => {
    const rotator = input.rotation.isByRotator
      ? addLogRotator(host, bound, app, input.rotation, directories.map(({ path }) => path))
      : host.rotator;
    if (rotator) {
      directories.forEach((directory) => host.share(directory, { writers: [rotator] }, false));
    }
    noteReader(host, bound, input, directories, rotator);
  });
}

/** The rotator must know every reader of a file, also one whose part says that the app rotates. */
function noteReader(host: PartHost, bound: BoundPart, input: LogInput, directories: SharedDirectory[], rotator?: kplus.Container): void {
  const notes = `${READERS_DIRECTORY}/${bound.name}`;
  host.showNotes(rotator, notes, input.position.volume);
  const before = host.facts.logFiles.map((file) => file.path);
  for (const path of input.files) {
    const directory = directories.find((candidate) => candidate.path === dirname(path))!;
    refuseOverlap(bound, path, before);
    const file = logFile(host, path, directory);
    file.readers.push({ format: input.position.format, path: `${notes}/${input.position.file}` });
    file.isRotated ||= input.rotation.isByRotator;
    boundFile(bound, file, directory, input);
  }
}

/** Two patterns that may name one file would be bounded apart, and each would free what the other's reader has not read. */
function refuseOverlap(bound: BoundPart, path: string, others: string[]): void {
  const other = others.find((candidate) => candidate !== path && dirname(candidate) === dirname(path)
    && (path.includes('*') || candidate.includes('*')) && mayMeet(path, candidate));
  if (other) {
    throw new Error(`${bound._path}: "${path}" and "${other}" of another part may name the same file\n`
      + '  why: the space of a file is given back when all its readers have read it, so they must name it alike\n'
      + '  fix: name the files in full, or with the same pattern, in both parts');
  }
}

/** Whether two patterns can match one name: what stands before the first star and after the last one fits. */
function mayMeet(one: string, two: string): boolean {
  const head = (pattern: string) => pattern.split('*')[0];
  const tail = (pattern: string) => pattern.split('*').at(-1)!;
  return (head(one).startsWith(head(two)) || head(two).startsWith(head(one)))
    && (tail(one).endsWith(tail(two)) || tail(two).endsWith(tail(one)));
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
function boundFile(bound: BoundPart, file: LogFileFact, directory: SharedDirectory, { rotation, files }: LogInput): void {
  const chosen = rotation._options.maxSize;
  if (!chosen) {
    return;
  }
  const bytes = chosen.toKibibytes() * 1024;
  // The files of a part share what it allows.
  file.maxBytes = Math.min(Math.floor(bytes / files.length), file.maxBytes ?? Infinity);
  const limit = directory._sizeLimitBytes;
  if (limit !== undefined && bytes > limit) {
    throw new Error(`${bound._path}: rotation: maxSize: "${formatBytes(bytes)}" is more than "${directory.path}" holds: "${formatBytes(limit)}"\n`
      + '  why: the pod would be evicted before the rotator does anything\n'
      + '  fix: leave maxSize out, or raise the sizeLimit of the directory');
  }
}

function directoriesOf(input: LogInput): SharedDirectory[] {
  const paths = [...new Set(input.files.map((file) => dirname(file)))];
  return paths.map((path) => input.directories.find((directory) => directory.path === path)
    ?? SharedDirectory.onDisk(path, { sizeLimit: DEFAULT_SIZE }));
}

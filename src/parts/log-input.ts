import { dirname } from 'path';
import { Size } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { BoundPart } from './part';
import { PartHost } from './part-host';
import { SharedDirectory } from './shared-directory';
import { LogRotation } from './sidecars/log-rotator/log-rotation';
import { addLogRotator, ReaderPosition } from './sidecars/log-rotator/log-rotator';

/** Bound of a log directory that nobody described. */
const DEFAULT_SIZE = Size.mebibytes(64);

/** Log files that a part reads. */
export interface LogInput {
  /** Absolute paths. */
  readonly files: string[];
  /** The user's own description of a directory. */
  readonly directories: SharedDirectory[];
  readonly rotation: LogRotation;
  readonly nativeSidecar: boolean;
  /** Where the reader notes how far it has read. */
  readonly position: ReaderPosition;
}

/** Shares the directories of log files with the app, read-only for the reader, and sees to their bound. */
export function readLogs(host: PartHost, bound: BoundPart, reader: kplus.Container, input: LogInput): void {
  const directories = directoriesOf(input);
  directories.forEach((directory) => host.share(directory, { readers: [reader] }, false));
  if (input.rotation.isByRotator) {
    host.whenAppIsKnown((app) => addLogRotator(host, bound, app, { ...input, directories }));
  }
}

function directoriesOf(input: LogInput): SharedDirectory[] {
  const paths = [...new Set(input.files.map((file) => dirname(file)))];
  return paths.map((path) => input.directories.find((directory) => directory.path === path)
    ?? SharedDirectory.onDisk(path, { sizeLimit: DEFAULT_SIZE }));
}

/** Refuses file names that cannot be shared, or that a configuration would misread. */
export function checkLogFiles(part: string, field: string, files: string[], globs: boolean): void {
  if (files.length === 0) {
    throw new Error(`${part}: ${field}: no file is named\n`
      + '  why: the part would have nothing to read\n  fix: name the files that the app writes, such as "/var/log/app/app.log"');
  }
  for (const file of files) {
    const clean = /^(\/[A-Za-z0-9._*-]+){2,}$/.test(file) && !file.split('/').includes('..');
    const starsOnlyInName = !dirname(file).includes('*') && (globs || !file.includes('*'));
    if (!clean || !starsOnlyInName) {
      throw new Error(`${part}: ${field}: "${file}" is not the absolute path of a file in a directory of its own\n`
        + '  why: the directory becomes a volume that both containers mount, and it must not be the root directory\n'
        + `  fix: write it as "/var/log/app/app.log"${globs ? '; "*" may stand in the file name only' : '; one file, without "*"'}`);
    }
  }
}

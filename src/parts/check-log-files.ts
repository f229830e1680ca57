import { dirname } from 'path';
import { DIRECTORY, ROTATION } from './kinds';
import { SharedDirectory } from './shared-directory';
import { allowKind, allowList, Kind, requireList, TEXT } from '../manifest/check-input';
import { LogRotation } from './sidecars/log-rotator/log-rotation';

const FILE: Kind = { ...TEXT, noun: 'the path of a file', fix: () => 'name the files that the app writes: ["/var/log/app/app.log"]' };

/** Refuses file names that cannot be shared, or that a configuration would misread. */
export function checkLogFiles(part: string, field: string, files: string[], globs: boolean): void {
  requireList(part, field, files, FILE);
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

/** Refuses what is no description of log directories. */
export function checkLogDirectories(part: string, props: { readonly directories?: SharedDirectory[]; readonly rotation?: LogRotation }): void {
  allowList(part, 'directories', props.directories, DIRECTORY);
  allowKind(part, 'rotation', props.rotation, ROTATION);
}

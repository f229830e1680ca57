import { isUtf8 } from 'buffer';
import { readdirSync, readFileSync, statSync } from 'fs';
import { join } from 'path';
import { linesIn } from './documents';

/** A file, or what came on standard input; with its text, or with why there is none. */
export interface Source {
  /** As the user called it. */
  readonly file: string;
  readonly text?: string;
  readonly defect?: { readonly line: number; readonly reason: string };
}

/** What V8 still reads into one string, and what manifests of a whole fleet do not reach. */
const LARGEST_FILE = 256 * 1024 * 1024;

/** What kubectl takes from a directory. */
const MANIFEST = /\.(?:json|yaml|yml)$/;

const REASONS: { readonly [code: string]: string } = {
  ENOENT: 'there is no such file',
  EACCES: 'it may not be read',
  EISDIR: 'it is a directory',
  ELOOP: 'its links lead in a circle',
};

/** Reads files; a directory stands for the manifests in it. Never throws. */
export function* readSources(paths: readonly string[], recursive: boolean): Generator<Source> {
  for (const path of paths) {
    try {
      if (!statSync(path).isDirectory()) {
        yield readSource(path);
        continue;
      }
      const files = manifestsIn(path, recursive);
      if (files.length === 0) {
        yield { file: path, defect: { line: 1, reason: `this directory has no *.yaml, *.yml or *.json${recursive ? '' : '; for those in directories below it add --recursive'}` } };
      }
      for (const file of files) {
        yield readSource(file);
      }
    } catch (error) {
      yield unreadable(path, error);
    }
  }
}

/** The manifests in a directory, in the order of their names. Links to directories are not followed. */
function manifestsIn(directory: string, recursive: boolean): string[] {
  return readdirSync(directory, { recursive, encoding: 'utf8' })
    .filter((name) => MANIFEST.test(name))
    .sort()
    .map((name) => join(directory, name));
}

function readSource(file: string): Source {
  try {
    const status = statSync(file);
    if (!status.isFile() && !status.isFIFO()) {
      return { file, defect: { line: 1, reason: 'it is neither a file nor a pipe' } };
    }
    return status.size > LARGEST_FILE ? tooLarge(file) : sourceOf(file, readFileSync(file));
  } catch (error) {
    return unreadable(file, error);
  }
}

/** Bytes as text: UTF-8, with or without a byte order mark. */
export function sourceOf(file: string, bytes: Buffer): Source {
  if (bytes.length > LARGEST_FILE) {
    return tooLarge(file);
  }
  const wide = bytes.length > 1 && (bytes.readUInt16BE(0) === 0xfffe || bytes.readUInt16BE(0) === 0xfeff);
  if (wide) {
    return { file, defect: { line: 1, reason: 'it is UTF-16; Kubernetes reads UTF-8' } };
  }
  const zero = bytes.indexOf(0);
  if (zero >= 0) {
    return { file, defect: { line: lineOf(bytes, zero), reason: 'it contains a byte 0, so it is no text' } };
  }
  if (!isUtf8(bytes)) {
    return { file, defect: { line: lineOf(bytes, firstBrokenByte(bytes)), reason: 'it is not UTF-8' } };
  }
  const text = bytes.toString('utf8');
  return { file, text: text.startsWith('\ufeff') ? text.slice(1) : text };
}

function tooLarge(file: string): Source {
  return { file, defect: { line: 1, reason: 'it is larger than 256 MiB: check it in parts' } };
}

function unreadable(file: string, error: unknown): Source {
  const { code = '', message } = error as NodeJS.ErrnoException;
  return { file, defect: { line: 1, reason: REASONS[code] ?? `it cannot be read: ${code || message}` } };
}

/** No line end is part of a longer sequence of bytes: the first line that is broken by itself has the first broken byte. */
function firstBrokenByte(bytes: Buffer): number {
  let start = 0;
  for (let end = bytes.indexOf(10); end >= 0 && isUtf8(bytes.subarray(start, end)); end = bytes.indexOf(10, start)) {
    start = end + 1;
  }
  return start;
}

function lineOf(bytes: Buffer, position: number): number {
  return linesIn(bytes.toString('latin1', 0, position)) + 1;
}

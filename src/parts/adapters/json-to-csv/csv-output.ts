import { Size } from 'cdk8s';
import { bytesOf, OBJECT, quoted, requireKind } from '../../../manifest/check-input';
import { DIRECTORY } from '../../kinds';
import { SharedDirectory } from '../../shared-directory';

/** How a CSV file is bounded. */
export interface CsvFileOptions {
  /**
   * Size above which the file is renamed to `NAME.1` and a new one begins, with a header. Older files shift up.
   *
   * @default - the directory's size limit divided by the number of files and one more
   */
  readonly maxSize?: Size;

  /**
   * How many renamed files stay; the oldest one is deleted. Whoever reads them must keep up.
   *
   * @default 3
   */
  readonly keep?: number;
}

/**
 * Where the CSV rows go.
 *
 * @example
 *
 * const csv = SharedDirectory.onDisk('/var/spool/csv', { sizeLimit: Size.mebibytes(64) });
 * const output = CsvOutput.file(csv, 'orders.csv');
 */
export class CsvOutput {
  /** The container's own standard output, with a header at each start: `kubectl logs POD -c json-to-csv`. */
  public static stdout(): CsvOutput {
    return new CsvOutput(undefined, '', 0, 0);
  }

  /**
   * A file in a second shared directory, for another container of the pod; a header in each file.
   *
   * @param directory the directory, which the app mounts read-only
   * @param fileName name of the file in it
   * @param options its bound
   */
  public static file(directory: SharedDirectory, fileName: string, options: CsvFileOptions = {}): CsvOutput {
    requireKind('CsvOutput.file', 'directory', directory, DIRECTORY);
    if (typeof fileName !== 'string' || !/^[A-Za-z0-9_][A-Za-z0-9._-]*$/.test(fileName)) {
      throw new Error(`CsvOutput.file: fileName: ${quoted(fileName)} is not a plain file name\n`
        + '  why: it lies directly in the shared directory\n  fix: use letters, digits, ".", "_" and "-", such as "orders.csv"');
    }
    requireKind('CsvOutput.file', 'options', options, OBJECT);
    const keep = options.keep ?? 3;
    if (!Number.isInteger(keep) || keep < 1) {
      throw new Error(`CsvOutput.file: keep: "${keep}" is not a whole number above 0\n`
        + '  why: a reader needs the file that was just renamed\n  fix: keep at least 1');
    }
    const bytes = options.maxSize ? bytesOf('CsvOutput.file', 'maxSize', options.maxSize) : Math.floor((directory._sizeLimitBytes ?? DEFAULT_BYTES) / (keep + 2));
    const limit = directory._sizeLimitBytes;
    if (limit !== undefined && bytes * (keep + 1) > limit) {
      throw new Error(`CsvOutput.file: maxSize: "${fileName}" and ${keep} older files may need ${bytes * (keep + 1)} bytes, and "${directory.path}" has ${limit}\n`
        + '  why: a directory over its size limit evicts the pod\n  fix: lower maxSize or keep, or raise the sizeLimit of the directory');
    }
    return new CsvOutput(directory, `${directory.path}/${fileName}`, bytes, keep);
  }

  /**
   * @param directory the shared directory; undefined for standard output
   * @param path path of the file
   * @param maxBytes size of one file
   * @param keep how many renamed files stay
   */
  private constructor(
    private readonly directory: SharedDirectory | undefined,
    private readonly path: string,
    private readonly maxBytes: number,
    private readonly keep: number,
  ) {}

  /**
   * The shared directory; undefined for standard output.
   *
   * @internal
   */
  public get _directory(): SharedDirectory | undefined {
    return this.directory;
  }

  /**
   * The output as the converter reads it.
   *
   * @internal
   */
  public _toSettings(): { path: string; maxBytes: number; keep: number } | null {
    return this.directory ? { path: this.path, maxBytes: this.maxBytes, keep: this.keep } : null;
  }
}

const DEFAULT_BYTES = 64 * 2 ** 20;

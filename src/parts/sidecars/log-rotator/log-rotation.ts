import { Size } from 'cdk8s';
import { bytesOf, OBJECT, requireKind, requireUser } from '../../../manifest/check-input';

/** How the part's own rotator bounds a log directory. */
export interface LogRotatorOptions {
  /**
   * Disk space of the log files above which the oldest lines are dropped even if a reader has not read them yet, so that
   * the pod is not evicted. What all readers have read is given back long before.
   *
   * @default - four fifths of the directory's size limit
   */
  readonly maxSize?: Size;

  /**
   * User as which the app writes its logs; only the owner of a file may give back its space.
   *
   * @default - `user` of the app's container or of the pod
   */
  readonly user?: number;

  /**
   * Image with Python 3.9 or later and a shell, for registries of your own. Of several parts in a pod the first one decides.
   *
   * @default 'python:3.13-slim-bookworm'
   */
  readonly image?: string;
}

/**
 * Who bounds a directory of log files. Somebody must: a log that grows for ever evicts the pod, and a bare Pod
 * does not come back.
 *
 * @example
 *
 * new Fluentd({ tail: ['/var/log/app/app.log'], rotation: LogRotation.byApp() });
 */
export class LogRotation {
  /**
   * The app rotates its files itself, by renaming or by names with a date, and deletes old ones before the directory's size limit
   * is reached. Rotation by copying and truncating loses lines.
   *
   * The annotation `pod-patterns/rotated-by-app` of the pod says so to whoever checks the manifest.
   */
  public static byApp(): LogRotation {
    return new LogRotation(false, {});
  }

  /**
   * The part brings a rotator: a container that gives the disk space of what has been read back to the node while the app
   * goes on writing. It punches holes into the file (`fallocate`), so the app needs no signal, no rename and no truncation.
   *
   * Works on the file systems of usual nodes: ext4, xfs, btrfs and tmpfs.
   *
   * @param options its bound
   * @see https://man7.org/linux/man-pages/man2/fallocate.2.html
   */
  public static byRotator(options: LogRotatorOptions = {}): LogRotation {
    requireKind('LogRotation.byRotator', 'options', options, OBJECT);
    if (options.maxSize !== undefined) {
      bytesOf('LogRotation.byRotator', 'maxSize', options.maxSize);
    }
    requireUser('LogRotation.byRotator', options.user);
    return new LogRotation(true, { ...options });
  }

  /**
   * @param isByRotator whether the part brings a rotator
   * @param options its bound
   */
  private constructor(
    /** Whether the part brings a rotator. */
    public readonly isByRotator: boolean,
    private readonly options: LogRotatorOptions,
  ) {}

  /**
   * The bound of the rotator.
   *
   * @internal
   */
  public get _options(): LogRotatorOptions {
    return this.options;
  }
}

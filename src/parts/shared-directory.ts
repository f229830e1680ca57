import { Size } from 'cdk8s';
import { quoted, requireKind, SIZE, TEXT, wholeKibibytes } from '../manifest/check-input';

/** How a shared directory is bounded. */
export interface SharedDirectoryOptions {
  /**
   * Upper bound of the directory: any whole number of kibibytes.
   *
   * On disk the kubelet evicts the pod some seconds after the bound is passed; in memory
   * the write itself fails. On disk it counts against the pod's ephemeral-storage limit,
   * in memory against the memory limit of whoever writes.
   *
   * @see https://kubernetes.io/docs/concepts/storage/volumes/#emptydir
   */
  readonly sizeLimit: Size;
}

/**
 * A directory that the containers of one pod share through an emptyDir volume.
 *
 * It is made when the pod starts, survives restarts of containers, and is deleted with the pod.
 * A part that reads it mounts it read-only, and then the app writes; a part that writes it mounts it
 * read-write, and then the app reads. Where the app already mounts a volume at the path, or above it,
 * that volume is used as it is.
 *
 * @see https://kubernetes.io/docs/concepts/storage/volumes/#emptydir
 * @example
 *
 * const spool = SharedDirectory.onDisk('/var/spool/app', { sizeLimit: Size.mebibytes(64) });
 */
export class SharedDirectory {
  /**
   * A directory on the node's disk.
   *
   * @param path absolute path, the same in every container
   * @param options its bound
   */
  public static onDisk(path: string, options: SharedDirectoryOptions): SharedDirectory {
    return new SharedDirectory(path, false, bytesFrom(path, options));
  }

  /**
   * A directory in memory (`medium: Memory`, tmpfs): fast, never on a disk.
   *
   * What is written there is memory of the container that writes it, and stays when that container restarts: the
   * size limit is added to the memory request and limit of every container that mounts it read-write.
   *
   * @param path absolute path, the same in every container
   * @param options its bound
   */
  public static inMemory(path: string, options: SharedDirectoryOptions): SharedDirectory {
    return new SharedDirectory(path, true, bytesFrom(path, options));
  }

  /**
   * A directory on disk without a bound of its own: the node's free disk is the bound, and a full node evicts pods.
   *
   * The reason is written to the pod's object as the waiver of `empty-dir-size-limit`, if it has none yet.
   *
   * @param path absolute path, the same in every container
   * @param reason why no bound can be given; required, because it is the first thing that a reviewer asks
   */
  public static unbounded(path: string, reason: string): SharedDirectory {
    requireKind(`SharedDirectory: ${quoted(path)}`, 'reason', reason, TEXT);
    if (!reason.trim()) {
      throw new Error(`SharedDirectory: "${path}" is unbounded without a reason\n`
        + '  why: a directory that grows for ever evicts the pod, or its neighbours\n'
        + '  fix: say why in a sentence, or give a sizeLimit: SharedDirectory.onDisk(path, { sizeLimit })');
    }
    return new SharedDirectory(path, false, undefined, reason.trim());
  }

  /**
   * @param path absolute path, the same in every container
   * @param isInMemory whether it is a tmpfs
   * @param bytes its bound
   * @param reason why it has none
   */
  private constructor(
    /** Absolute path, the same in every container. */
    public readonly path: string,
    /** Whether it is a tmpfs. */
    public readonly isInMemory: boolean,
    private readonly bytes: number | undefined,
    private readonly reason?: string,
  ) {
    const clean = typeof path === 'string' && path.length > 1 ? path.replace(/\/+$/, '') : String(path);
    if (!/^(\/[^/:]+)+$/.test(clean) || clean.split('/').includes('..')) {
      throw new Error(`SharedDirectory: ${quoted(path)} is not an absolute path of a directory below the root\n`
        + '  why: the API server takes absolute mount paths without ":", and a mount at "/" hides the image\n'
        + '  fix: write it as /var/log/app');
    }
    this.path = clean;
  }

  /**
   * The bound in bytes.
   *
   * @internal
   */
  public get _sizeLimitBytes(): number | undefined {
    return this.bytes;
  }

  /**
   * Why there is no bound.
   *
   * @internal
   */
  public get _unboundedReason(): string | undefined {
    return this.reason;
  }
}

function bytesFrom(path: string, options?: SharedDirectoryOptions): number {
  const sizeLimit = options?.sizeLimit;
  requireKind(`SharedDirectory: ${quoted(path)}`, 'sizeLimit', sizeLimit, SIZE);
  const whole = wholeKibibytes(sizeLimit!);
  if (Number.isNaN(whole)) {
    throw new Error(`SharedDirectory: "${path}": sizeLimit is not a whole number of kibibytes\n`
      + '  why: Kubernetes counts in whole bytes, and smaller steps than a block of the disk mean nothing\n'
      + '  fix: use Size.kibibytes() or Size.mebibytes() with a whole number');
  }
  if (whole <= 0) {
    throw new Error(`SharedDirectory: "${path}": sizeLimit is zero\n`
      + '  why: Kubernetes takes 0 for "no limit"\n'
      + '  fix: give the largest size that the directory may reach');
  }
  return whole * 1024;
}

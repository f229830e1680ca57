import { ContainerView } from './containers';
import { isObject, JsonObject, objectsIn, textOf } from './json';
import { onceFor } from './memo';
import { PodTemplate } from './pod-template';
import { parseQuantity } from './quantity';

/** An emptyDir of a pod, with its place in the manifest. */
export interface EmptyDirView {
  readonly name: string;
  /** What stands under `emptyDir`. */
  readonly json: JsonObject;
  /** Field path: `spec.volumes[0].emptyDir`. */
  readonly path: string;
  /** Whether it lies on the disk of the node. */
  readonly isOnDisk: boolean;
  /** Whether it is a tmpfs, whose pages are memory of whoever writes them. */
  readonly isInMemory: boolean;
  /** Its bound; undefined where there is none, or none that can be read. */
  readonly sizeLimitBytes?: number;
}

/** The emptyDir volumes of a pod. */
export const emptyDirsOf = onceFor((template: PodTemplate): EmptyDirView[] => {
  const found: EmptyDirView[] = [];
  for (const [index, volume] of objectsIn(template.spec.volumes).entries()) {
    const { name } = volume;
    const emptyDir = emptyDirIn(volume);
    if (emptyDir) {
      const medium = textOf(emptyDir.medium);
      const bytes = parseQuantity(emptyDir.sizeLimit);
      found.push({
        name: textOf(name),
        json: emptyDir,
        path: `${template.path}.volumes[${index}].emptyDir`,
        isOnDisk: medium === '',
        isInMemory: medium === 'Memory',
        // The kubelet takes zero for no limit.
        sizeLimitBytes: bytes !== undefined && bytes > 0 ? bytes : undefined,
      });
    }
  }
  return found;
});

const WITHOUT_SETTINGS: JsonObject = {};

/**
 * What stands under `emptyDir` of a volume; undefined where it is of another kind.
 *
 * Of nothing below the key, `emptyDir:`, the API server makes a volume without a source, and of that an emptyDir.
 */
export function emptyDirIn(volume: JsonObject): JsonObject | undefined {
  const { emptyDir } = volume;
  if (emptyDir === null) {
    return Object.values(volume).some(isObject) ? undefined : WITHOUT_SETTINGS;
  }
  return isObject(emptyDir) ? emptyDir : undefined;
}

/** A container that mounts a volume. */
export interface Mounter {
  readonly container: ContainerView;
  /** Whether it can write to the volume. */
  readonly writes: boolean;
}

const NOBODY: readonly Mounter[] = [];

const mountersByVolume = onceFor((containers: ContainerView[]): Map<unknown, Mounter[]> => {
  const found = new Map<unknown, Mounter[]>();
  for (const container of containers) {
    // A container may mount several parts of one volume.
    const modes = new Map<unknown, boolean>();
    for (const { name, readOnly } of objectsIn(container.json.volumeMounts)) {
      modes.set(name, readOnly !== true || modes.get(name) === true);
    }
    for (const [name, canWrite] of modes) {
      const others = found.get(name);
      const mounter = { container, writes: canWrite };
      if (others) {
        others.push(mounter);
      } else {
        found.set(name, [mounter]);
      }
    }
  }
  return found;
});

/** Who of all containers of a pod mounts a volume. */
export function mountersOf(containers: ContainerView[], volume: string): readonly Mounter[] {
  return mountersByVolume(containers).get(volume) ?? NOBODY;
}

/** Whether a container mounts a volume. */
export function mounts(container: JsonObject, volume: string): boolean {
  return objectsIn(container.volumeMounts).some((mount) => mount.name === volume);
}

/** Whether a container can write to a volume. */
export function writes(container: JsonObject, volume: string): boolean {
  return objectsIn(container.volumeMounts).some((mount) => mount.name === volume && mount.readOnly !== true);
}

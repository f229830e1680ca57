import { posix } from 'path';
import { ContainerView } from '../../manifest/containers';
import { isObject, JsonObject, objectsIn, textOf } from '../../manifest/json';
import { onceFor } from '../../manifest/memo';
import { PodTemplate } from '../../manifest/pod-template';

/** One volume mount of a container, with its place in the manifest. */
export interface Mount {
  readonly container: ContainerView;
  readonly json: JsonObject;
  /** Position in `volumeMounts`. */
  readonly index: number;
  /** Field path: `spec.containers[0].volumeMounts[1]`. */
  readonly path: string;
}

/** The volume mounts of one container. */
export const mountsOf = onceFor((container: ContainerView): Mount[] =>
  objectsIn(container.json.volumeMounts).map((json, index) => ({
    container,
    json,
    index,
    path: `${container.path}.volumeMounts[${index}]`,
  })));

/** No segment that is empty or begins with a dot. */
const PLAIN = /^(?:\/[^/.][^/]*)+$/;

/**
 * The directory that a mount path means: `/data/` and `data` are `/data`.
 * Undefined where there is no path.
 *
 * The kubelet puts a missing slash in front itself.
 */
export function mountPoint({ json }: Mount): string | undefined {
  if (typeof json.mountPath !== 'string' || json.mountPath === '') {
    return undefined;
  }
  // Nearly always.
  if (PLAIN.test(json.mountPath)) {
    return json.mountPath;
  }
  const path = posix.normalize(`/${json.mountPath}`);
  return path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;
}

/** The names of all volumes, those that a StatefulSet makes of its claims included. */
export function volumeNamesOf({ object, spec }: PodTemplate): Set<unknown> {
  const names = new Set<unknown>();
  for (const { name } of objectsIn(spec.volumes)) {
    names.add(textOf(name));
  }
  if (isObject(object.spec) && object.kind === 'StatefulSet') {
    objectsIn(object.spec.volumeClaimTemplates).forEach(({ metadata }) => names.add(textOf(metadata?.name)));
  }
  names.delete('');
  return names;
}

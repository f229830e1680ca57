import { posix } from 'path';
import { Mount, mountPoint, mountsOf } from './mounts';
import { ContainerView } from '../../manifest/containers';
import { isObject, JsonObject, objectsIn } from '../../manifest/json';
import { append } from '../../manifest/lists';
import { onceFor } from '../../manifest/memo';
import { PodTemplate } from '../../manifest/pod-template';
import { emptyDirIn } from '../../manifest/volumes';
import { quote } from '../quote';
import { Pack, PodRule, RuleFinding, Severity } from '../rule';

/** Volumes whose files the kubelet writes, so that no container can. */
const WRITTEN_BY_KUBELET = ['configMap', 'secret', 'projected', 'downwardAPI'];

/** A mount inside of a mount that cannot be written. */
export const mountBelowReadOnly: PodRule = {
  id: 'mount-below-read-only',
  severity: Severity.ERROR,
  pack: Pack.GOLDEN,
  looksAtMakeOnly: true,
  keys: ['readOnly', ...WRITTEN_BY_KUBELET],
  summary: 'No mount lies below a read-only one in which its place does not exist.',
  why: 'the place to mount at cannot be made in a read-only volume: the container fails to start with "read-only file system"; in a volume that the kubelet writes it makes a directory there, and for a file the start ends with "not a directory"',
  fix: 'mount one of the two somewhere else, or put both into one `projected` volume',
  source: 'https://github.com/kubernetes/kubernetes/issues/121294',
  notApplicable: 'to mounts below a volume from outside of the pod (claim, hostPath, CSI…), which may have the place already, or below an emptyDir in which another container may make it; and to directories below a whole ConfigMap, Secret, projected or downward API volume, where the kubelet makes them',
  bad: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  volumes: [{ name: pages, emptyDir: {} }, { name: more, configMap: { name: web } }]
  containers:
    - name: web
      image: "shop/web:1.0"
      volumeMounts:
        - { name: pages, mountPath: /pages, readOnly: true }
        - { name: more, mountPath: /pages/more }
`,
  good: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  volumes: [{ name: pages, emptyDir: {} }, { name: more, configMap: { name: web } }]
  containers:
    - name: web
      image: "shop/web:1.0"
      volumeMounts:
        - { name: pages, mountPath: /pages, readOnly: true }
        - { name: more, mountPath: /more }
`,
  seen: 'On Kubernetes 1.33.13 with containerd 1.6 the container of the bad example never started: "mkdir .../rootfs/pages/more: read-only file system". The good one read the file.',
  check({ template, containers }) {
    let found: RuleFinding[] | undefined;
    let volumes: Map<unknown, JsonObject> | undefined;
    for (const container of containers) {
      const mounts = mountsOf(container);
      if (mounts.length > 1) {
        volumes ??= ownVolumes(template);
        found ??= [];
        for (const finding of nested(mounts, volumes, containers)) {
          found.push(finding);
        }
      }
    }
    return found;
  },
};

/** The volumes whose content comes from the pod: what they do not have when it starts is known. */
function ownVolumes({ spec }: PodTemplate): Map<unknown, JsonObject> {
  const own = objectsIn(spec.volumes).filter((volume) => emptyDirIn(volume) || isWrittenByKubelet(volume));
  return new Map(own.map((volume) => [volume.name, volume]));
}

function isWrittenByKubelet(volume: JsonObject): boolean {
  return WRITTEN_BY_KUBELET.some((source) => isObject(volume[source]));
}

function nested(mounts: Mount[], volumes: Map<unknown, JsonObject>, containers: ContainerView[]): RuleFinding[] {
  const isReadOnly = ({ json }: Mount) => {
    const volume = volumes.get(json.name);
    return volume !== undefined && (json.readOnly === true || isWrittenByKubelet(volume));
  };
  if (!mounts.some(isReadOnly)) {
    return [];
  }
  const places = new Map(mounts.map((mount) => [mountPoint(mount), mount]));
  return mounts.flatMap((mount) => {
    const { above, path } = nearestAbove(mountPoint(mount) ?? '', places);
    if (!above || !isReadOnly(above)) {
      return [];
    }
    const volume = volumes.get(above.json.name)!;
    const fails = isWrittenByKubelet(volume)
      ? !isSubPathExpr(above) && !hasAlready(volume, inVolume(path, above)) && (isPart(above) || isFile(mount, volumes))
      : !isMadeElsewhere(above, containers);
    return fails ? [{ field: `${mount.path}.mountPath`, fact: factOf(mount, above) }] : [];
  });
}

function isSubPathExpr({ json }: Mount): boolean {
  return json.subPathExpr !== undefined && json.subPathExpr !== null;
}

/** The kubelet makes places at the root of the volume, and not in the part that is mounted. */
function isPart({ json }: Mount): boolean {
  return typeof json.subPath === 'string' && json.subPath !== '';
}

/** Whether a mount is one file of a volume that the kubelet writes: there the kubelet has made a directory. */
function isFile({ json }: Mount, volumes: Map<unknown, JsonObject>): boolean {
  const volume = volumes.get(json.name);
  return volume !== undefined && isWrittenByKubelet(volume) && typeof json.subPath === 'string' && json.subPath !== ''
    && !hasAlready(volume, `${json.subPath}/`);
}

/** Whether another mount of the volume can be written, or makes a directory in it. */
function isMadeElsewhere({ json }: Mount, containers: ContainerView[]): boolean {
  return makersByVolume(containers).get(json.name)?.some((maker) => maker !== json) ?? false;
}

/** Mounts that can make a directory in their volume: two of each volume, for one may be the one that is asked about. */
const makersByVolume = onceFor((containers: ContainerView[]): Map<unknown, JsonObject[]> => {
  const makers = new Map<unknown, JsonObject[]>();
  for (const container of containers) {
    for (const mount of objectsIn(container.json.volumeMounts)) {
      if ((mount.readOnly !== true || mount.subPath || mount.subPathExpr) && (makers.get(mount.name)?.length ?? 0) < 2) {
        append(makers, mount.name, mount);
      }
    }
  }
  return makers;
});

/** The mount in which a path lies, of several nested ones the innermost, and the rest of the path. */
function nearestAbove(point: string, places: Map<string | undefined, Mount>): { above?: Mount; path: string } {
  for (let end = point.lastIndexOf('/'); end > 0; end = point.lastIndexOf('/', end - 1)) {
    const above = places.get(point.slice(0, end));
    if (above) {
      return { above, path: point.slice(end + 1) };
    }
  }
  return { path: point };
}

function inVolume(path: string, above: Mount): string {
  return typeof above.json.subPath === 'string' ? posix.join(above.json.subPath, path) : path;
}

/** Whether a volume lists files that make the path exist. */
function hasAlready(volume: JsonObject | undefined, path: string): boolean {
  const sources = [volume, ...objectsIn(volume?.projected?.sources)].flatMap((source) => WRITTEN_BY_KUBELET.map((kind) => source?.[kind]));
  return sources.some((source) => objectsIn(source?.items).some((item) =>
    typeof item.path === 'string' && (item.path === path || item.path.startsWith(path.endsWith('/') ? path : `${path}/`))));
}

function factOf(mount: Mount, above: Mount): string {
  return `${quote(mount.json.mountPath)} lies below volumeMounts[${above.index}] (${quote(above.json.mountPath)}), which is read-only`;
}

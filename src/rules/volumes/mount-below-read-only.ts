import { posix } from 'path';
import { Mount, mountPoint, mountsOf } from './mounts';
import { isObject, JsonObject, objectsIn } from '../../manifest/json';
import { PodTemplate } from '../../manifest/pod-template';
import { quote } from '../quote';
import { Pack, PodRule, RuleFinding, Severity } from '../rule';

/** Volumes whose files the kubelet writes, so that no container can. */
const WRITTEN_BY_KUBELET = ['configMap', 'secret', 'projected', 'downwardAPI'];

/** A mount inside of a mount that cannot be written. */
export const mountBelowReadOnly: PodRule = {
  id: 'mount-below-read-only',
  severity: Severity.ERROR,
  pack: Pack.GOLDEN,
  summary: 'No mount lies below a read-only mount of the same container.',
  why: 'the directory to mount at cannot be made in a read-only volume: the container fails to start with "read-only file system"',
  fix: 'mount one of the two somewhere else, or put both into one `projected` volume',
  source: 'https://kubernetes.io/docs/concepts/storage/volumes/#using-subpath',
  notApplicable: 'to mounts below a volume from outside of the pod (claim, hostPath, CSI…), which may have the directory already',
  bad: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  volumes: [{ name: config, configMap: { name: web } }, { name: keys, secret: { secretName: web } }]
  containers:
    - name: web
      image: "shop/web:1.0"
      volumeMounts:
        - { name: config, mountPath: /etc/web }
        - { name: keys, mountPath: /etc/web/keys }
`,
  good: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  volumes: [{ name: config, configMap: { name: web } }, { name: keys, secret: { secretName: web } }]
  containers:
    - name: web
      image: "shop/web:1.0"
      volumeMounts:
        - { name: config, mountPath: /etc/web }
        - { name: keys, mountPath: /etc/web-keys }
`,
  check({ template, containers }) {
    let found: RuleFinding[] | undefined;
    let volumes: Map<unknown, JsonObject> | undefined;
    for (const container of containers) {
      const mounts = mountsOf(container);
      if (mounts.length > 1) {
        volumes ??= ownVolumes(template);
        (found ??= []).push(...nested(mounts, volumes));
      }
    }
    return found;
  },
};

/** The volumes whose content comes from the pod: what they do not have when it starts is known. */
function ownVolumes({ spec }: PodTemplate): Map<unknown, JsonObject> {
  const own = objectsIn(spec.volumes).filter((volume) => isObject(volume.emptyDir) || isWrittenByKubelet(volume));
  return new Map(own.map((volume) => [volume.name, volume]));
}

function isWrittenByKubelet(volume: JsonObject): boolean {
  return WRITTEN_BY_KUBELET.some((source) => isObject(volume[source]));
}

function nested(mounts: Mount[], volumes: Map<unknown, JsonObject>): RuleFinding[] {
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
    return above && isReadOnly(above) && !hasAlready(volumes.get(above.json.name), inVolume(path, above))
      ? [{ field: `${mount.path}.mountPath`, fact: factOf(mount, above) }]
      : [];
  });
}

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
    typeof item.path === 'string' && (item.path === path || item.path.startsWith(`${path}/`))));
}

function factOf(mount: Mount, above: Mount): string {
  return `${quote(mount.json.mountPath)} lies below volumeMounts[${above.index}] (${quote(above.json.mountPath)}), which is read-only`;
}

import { Mount, mountPoint, mountsOf } from './mounts';
import { ContainerView, runsBesideOthers } from '../../manifest/containers';
import { textOf } from '../../manifest/json';
import { ROTATOR } from '../../manifest/rotator';
import { emptyDirsOf, mountersOf } from '../../manifest/volumes';
import { isAgentProgram } from '../images/helper-images';
import { programOf } from '../images/program';
import { quote } from '../quote';
import { Pack, PodRule, RuleFinding, Severity } from '../rule';

/** Directories that are there for several to write: sockets, process ids, shared memory. */
const FOR_SEVERAL = /(?:^|[/-])(?:run|socks?|sockets?|ipc|shm|dshm|csi)(?:$|[/-])|\.sock$/;

/** Directories that nobody knows whose they are. */
export const severalVolumeWriters: PodRule = {
  id: 'several-volume-writers',
  severity: Severity.WARNING,
  pack: Pack.GOLDEN,
  keys: ['emptyDir'],
  summary: 'Of the containers that run side by side one mounts an emptyDir read-write, and the others mount it read-only or write to a part of their own.',
  why: 'nothing keeps programs that know nothing of each other from replacing and deleting each other\'s files, and one that only reads can destroy what it reads when it is broken into',
  fix: 'mount it with `readOnly: true` in that one of the two which only reads; give each container that writes a `subPath`, or a volume, of its own',
  source: 'https://kubernetes.io/docs/concepts/storage/volumes/#emptydir',
  notApplicable: 'to volumes for sockets, process ids and shared memory, to parts that a variable names, to init containers, which end before the others start, and to the log rotator of this library, which gives space back',
  bad: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  containers:
    - { name: web, image: "shop/web:1.0", volumeMounts: [{ name: pages, mountPath: /pages }] }
    - { name: sync, image: "shop/sync:1.0", volumeMounts: [{ name: pages, mountPath: /pages }] }
  volumes: [{ name: pages, emptyDir: { sizeLimit: 64Mi } }]
`,
  good: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  containers:
    - { name: web, image: "shop/web:1.0", volumeMounts: [{ name: pages, mountPath: /pages, readOnly: true }] }
    - { name: sync, image: "shop/sync:1.0", volumeMounts: [{ name: pages, mountPath: /pages }] }
  volumes: [{ name: pages, emptyDir: { sizeLimit: 64Mi } }]
`,
  seen: 'On Kubernetes 1.33.13 the container of the bad example that should only read deleted the file of the other; in the good one it got "Read-only file system".',
  check({ template, containers }) {
    if (containers.length < 2) {
      return undefined;
    }
    let found: RuleFinding[] | undefined;
    for (const { name } of emptyDirsOf(template)) {
      const writers = mountersOf(containers, name).filter(({ container, writes }) => writes && runsBesideOthers(container) && container.name !== ROTATOR);
      found ??= [];
      const second = writers.length > 1 && !FOR_SEVERAL.test(name) ? clash(writers.map(({ container }) => container), name) : undefined;
      if (second) {
        const [reader, writer] = onlyWrites(second.mount.container) || onlyReads(second.first.container) ? [second.first, second.mount] : [second.mount, second.first];
        found.push({
          field: `${reader.path}.readOnly`,
          fact: `"false" lets ${quote(reader.container.name)} write to volume ${quote(name)}, which ${quote(writer.container.name)} writes too`,
        });
      }
    }
    return found;
  },
};

/** Programs that are there to put files into the volume. */
const WRITERS = new Set(['vault', 'git-sync', 'k8s-sidecar', 'config-reloader', 'consul-template']);

function onlyWrites({ json }: ContainerView): boolean {
  return WRITERS.has(programOf(json.image));
}

function onlyReads({ json }: ContainerView): boolean {
  return isAgentProgram(programOf(json.image));
}

interface Clash {
  readonly first: Mount;
  readonly mount: Mount;
}

/** The first mount that can write what an earlier container can write. */
function clash(writers: ContainerView[], volume: string): Clash | undefined {
  const earlier: Mount[] = [];
  for (const container of writers) {
    const own = mountsOf(container).filter((mount) => mount.json.name === volume && mount.json.readOnly !== true && !isForSeveral(mount));
    for (const mount of own) {
      const first = earlier.find((other) => overlap(partOf(mount), partOf(other)));
      if (first) {
        return { first, mount };
      }
    }
    own.forEach((mount) => earlier.push(mount));
  }
  return undefined;
}

function isForSeveral(mount: Mount): boolean {
  return textOf(mount.json.subPathExpr) !== '' || FOR_SEVERAL.test(mountPoint(mount) ?? '');
}

/** The part of the volume that is mounted, with a slash at its end; empty for all of it. */
function partOf({ json }: Mount): string {
  const parts = textOf(json.subPath).split('/').filter((part) => part !== '' && part !== '.');
  return parts.map((part) => `${part}/`).join('');
}

function overlap(one: string, other: string): boolean {
  return one.startsWith(other) || other.startsWith(one);
}

import { emptyDirsOf, EmptyDirView } from '../../manifest/volumes';
import { Pack, PodRule, RuleFinding, Severity } from '../rule';

/** Directories of sockets and of locks, which hold nothing that grows. */
const HOLDS_NOTHING = /(?:^|[-_])(?:sockets?(?:[-_]dir)?|lock)$/;

/** Directories that may fill the node. */
export const emptyDirSizeLimit: PodRule = {
  id: 'empty-dir-size-limit',
  severity: Severity.WARNING,
  pack: Pack.GOLDEN,
  looksAtMakeOnly: true,
  keys: ['emptyDir'],
  summary: 'Every emptyDir has a `sizeLimit`.',
  why: 'a container that writes without end fills the disk or the memory of the node, and then the kubelet evicts pods that did nothing wrong; with a bound it evicts the one that did',
  fix: 'set `emptyDir.sizeLimit` to the most that the directory may hold',
  source: 'https://kubernetes.io/docs/concepts/storage/volumes/#emptydir',
  notApplicable: 'to pods without an emptyDir, to volumes that are called a socket or a lock, to huge pages, whose bound is the limit of the container, and to a limit of zero, which `limits-above-zero` reports',
  bad: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  containers:
    - { name: web, image: "shop/web:1.0", volumeMounts: [{ name: cache, mountPath: /cache }] }
  volumes: [{ name: cache, emptyDir: {} }]
`,
  good: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  containers:
    - { name: web, image: "shop/web:1.0", volumeMounts: [{ name: cache, mountPath: /cache }] }
  volumes: [{ name: cache, emptyDir: { sizeLimit: 64Mi } }]
`,
  seen: 'On Kubernetes 1.33.13 the bad example wrote 200 MiB to the disk of the node and ran on; the good one was evicted: "Usage of EmptyDir volume "cache" exceeds the limit "64Mi"".',
  check({ template }) {
    let found: RuleFinding[] | undefined;
    for (const volume of emptyDirsOf(template)) {
      if (HOLDS_NOTHING.test(volume.name)) {
        continue;
      }
      found ??= [];
      const { sizeLimit } = volume.json;
      if ((volume.isOnDisk || volume.isInMemory) && (sizeLimit === undefined || sizeLimit === null)) {
        found.push({ field: `${volume.path}.sizeLimit`, fact: factOf(volume) });
      }
    }
    return found;
  },
};

function factOf({ isInMemory, name }: EmptyDirView): string {
  return isInMemory
    ? `"" is no bound of volume "${name}", which is memory: it grows up to the memory limit of the pod, and without one up to the memory of the node`
    : `"" is no bound of volume "${name}": it grows until the disk of the node is full`;
}

import { ContainerView } from '../../manifest/containers';
import { isObject, JsonObject } from '../../manifest/json';
import { formatBytes, parseQuantity } from '../../manifest/quantity';
import { ROTATOR } from '../../manifest/rotator';
import { emptyDirsOf, mountersOf } from '../../manifest/volumes';
import { quote } from '../quote';
import { Pack, PodRule, RuleFinding, Severity } from '../rule';

/** Volumes in memory that do not fit into the memory of who writes them. */
export const memoryVolumeWithinLimit: PodRule = {
  id: 'memory-volume-within-limit',
  severity: Severity.WARNING,
  pack: Pack.GOLDEN,
  looksAtMakeOnly: true,
  keys: ['medium'],
  summary: 'The memory limit of a container is larger than the volumes in memory that it can write together.',
  why: 'a page of a volume in memory counts against the limit of the container that wrote it: the container is killed before the volume is full, and again at each start, because the pages outlive it',
  fix: 'raise the memory limit by the size of the volumes, for each container that writes them, or lower their `sizeLimit`; mount them `readOnly` where they are only read',
  source: 'https://kubernetes.io/docs/concepts/storage/volumes/#emptydir',
  notApplicable: 'to pods without a writable emptyDir in memory that has a `sizeLimit`, and to containers without a memory limit',
  bad: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  containers:
    - name: web
      image: "shop/web:1.0"
      resources: { limits: { memory: 32Mi } }
      volumeMounts: [{ name: cache, mountPath: /cache }]
  volumes: [{ name: cache, emptyDir: { medium: Memory, sizeLimit: 64Mi } }]
`,
  good: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  containers:
    - name: web
      image: "shop/web:1.0"
      resources: { limits: { memory: 96Mi } }
      volumeMounts: [{ name: cache, mountPath: /cache }]
  volumes: [{ name: cache, emptyDir: { medium: Memory, sizeLimit: 64Mi } }]
`,
  seen: 'On Kubernetes 1.33.13 a container with a limit of 32Mi that wrote 60 MiB to the volume was OOMKilled, and restarts failed (StartError); with 96Mi it ran without a restart.',
  check({ template, containers }) {
    const volumes = emptyDirsOf(template).filter(({ isInMemory, sizeLimitBytes }) => isInMemory && sizeLimitBytes !== undefined);
    if (volumes.length === 0) {
      return undefined;
    }
    const bytes = new Map<ContainerView, number>();
    let together = 0;
    for (const { name, sizeLimitBytes } of volumes) {
      // The rotator mounts it read-write to give space back.
      const writers = mountersOf(containers, name).filter(({ container, writes }) => writes && container.name !== ROTATOR);
      writers.forEach(({ container }) => bytes.set(container, (bytes.get(container) ?? 0) + sizeLimitBytes!));
      together += writers.length > 0 ? sizeLimitBytes! : 0;
    }
    const found: RuleFinding[] = [];
    bytes.forEach((written, { json, path }) => judge(json, path, written, 'it writes', found));
    judge(template.spec, template.path, together, 'are written', found);
    return found;
  },
};

function judge({ resources }: JsonObject, path: string, bytes: number, how: string, found: RuleFinding[]): void {
  const limits = isObject(resources) ? resources.limits : undefined;
  const limit = isObject(limits) ? parseQuantity(limits.memory) : undefined;
  // Zero means no limit.
  if (limit !== undefined && limit > 0 && bytes >= limit) {
    found.push({
      field: `${path}.resources.limits[memory]`,
      fact: `${quote(limits.memory)} is not more than the ${formatBytes(bytes)} of the volumes in memory that ${how}`,
    });
  }
}

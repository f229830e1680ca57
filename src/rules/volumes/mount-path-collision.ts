import { mountPoint, mountsOf } from './mounts';
import { quote } from '../quote';
import { Pack, PodRule, RuleFinding, Severity } from '../rule';

/** Two mounts of one container in one place. */
export const mountPathCollision: PodRule = {
  id: 'mount-path-collision',
  severity: Severity.ERROR,
  pack: Pack.VALID,
  looksAtMakeOnly: true,
  keys: ['volumeMounts'],
  summary: 'Every mount of a container has a path of its own.',
  why: 'the API server rejects two mounts with one path; paths that differ only in slashes pass it, and then one volume hides the other',
  fix: 'mount one of the two somewhere else, or mount single files with `subPath`',
  source: 'https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#volumes-1',
  notApplicable: 'to pods in which no container has two mounts',
  bad: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  volumes: [{ name: pages, emptyDir: {} }, { name: cache, emptyDir: {} }]
  containers:
    - name: web
      image: "shop/web:1.0"
      volumeMounts:
        - { name: pages, mountPath: /data }
        - { name: cache, mountPath: /data/ }
`,
  good: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  volumes: [{ name: pages, emptyDir: {} }, { name: cache, emptyDir: {} }]
  containers:
    - name: web
      image: "shop/web:1.0"
      volumeMounts:
        - { name: pages, mountPath: /data }
        - { name: cache, mountPath: /cache }
`,
  seen: 'On Kubernetes 1.33.13 of two volumes at /data and /data/ the container saw the files of the second only; at paths of their own it saw both.',
  check({ containers }) {
    let found: RuleFinding[] | undefined;
    for (const container of containers) {
      const mounts = mountsOf(container);
      if (mounts.length < 2) {
        continue;
      }
      found ??= [];
      const taken = new Map<string, number>();
      for (const mount of mounts) {
        const point = mountPoint(mount);
        const first = point === undefined ? undefined : taken.get(point);
        if (first !== undefined) {
          found.push({ field: `${mount.path}.mountPath`, fact: `${quote(mount.json.mountPath)} is already the place of volumeMounts[${first}]` });
        } else if (point !== undefined) {
          taken.set(point, mount.index);
        }
      }
    }
    return found;
  },
};

import { Mount, mountPoint, mountsOf } from './mounts';
import { quote } from '../quote';
import { Pack, PodRule, RuleFinding, Severity } from '../rule';

/** Mount paths at which no container can be started. */
export const validMountPath: PodRule = {
  id: 'valid-mount-path',
  severity: Severity.ERROR,
  pack: Pack.VALID,
  looksAtMakeOnly: true,
  keys: ['volumeMounts'],
  summary: 'A mount has a path, which is not the root directory.',
  why: 'the API server rejects an empty path, and a container without its own root directory does not start',
  fix: 'mount at a directory of its own, such as /data',
  source: 'https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#volumes-1',
  notApplicable: 'to pods without volume mounts',
  bad: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  volumes: [{ name: data, emptyDir: {} }]
  containers:
    - name: web
      image: "shop/web:1.0"
      volumeMounts: [{ name: data, mountPath: / }]
`,
  good: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  volumes: [{ name: data, emptyDir: {} }]
  containers:
    - name: web
      image: "shop/web:1.0"
      volumeMounts: [{ name: data, mountPath: /var/data }]
`,
  seen: 'On Kubernetes 1.33.13 with containerd 1.6 both examples were accepted, and the container of the bad one never started: "open /proc/self/fd: no such file or directory".',
  check({ containers }) {
    let found: RuleFinding[] | undefined;
    for (const container of containers) {
      for (const mount of mountsOf(container)) {
        found ??= [];
        const fact = factOf(mount);
        if (fact) {
          found.push({ field: `${mount.path}.mountPath`, fact });
        }
      }
    }
    return found;
  },
};

function factOf(mount: Mount): string | undefined {
  const path = mount.json.mountPath;
  const point = mountPoint(mount);
  if (point === undefined) {
    return typeof path === 'string' || path === undefined || path === null ? '"" is no path, and one is required' : `${quote(path)} is not a string`;
  }
  return point === '/' ? `${quote(path)} is the root directory of the container` : undefined;
}

import { Mount, mountPoint, mountsOf } from './mounts';
import { didYouMean, quote } from '../quote';
import { Pack, PodRule, RuleFinding, Severity } from '../rule';

/** `C:\data`: the absolute path of another system. */
const WINDOWS_PATH = /^(?:[A-Za-z]:)?\\|^[A-Za-z]:\//;

/** Mount paths at which no container can be started, or not as it was meant. */
export const absoluteMountPath: PodRule = {
  id: 'absolute-mount-path',
  severity: Severity.ERROR,
  pack: Pack.VALID,
  keys: ['volumeMounts'],
  summary: 'A mount path is absolute, is not the root directory and has no ":".',
  why: 'a container without its own root directory does not start, the API server rejects an empty path, the API reference forbids a ":", and a relative path begins at the root directory, whatever the working directory of the program is',
  fix: 'mount at an absolute directory of its own, such as /data',
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
  seen: 'On Kubernetes 1.33.13 with containerd 1.6 both examples were accepted, and the container of the bad one never started: "open /proc/self/fd: no such file or directory". A volume at the relative path var/data was mounted at /var/data.',
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
  if (WINDOWS_PATH.test(path)) {
    return undefined;
  }
  if (point === '/') {
    return `${quote(path)} is the root directory of the container`;
  }
  if (path.includes(':')) {
    return `${quote(path)} has a ":"`;
  }
  return path.startsWith('/') ? undefined : `${quote(path)} is not absolute${didYouMean(point)}`;
}

import { Mount, mountPoint, mountsOf } from './mounts';
import { didYouMean, quote } from '../quote';
import { Pack, PodRule, RuleFinding, Severity } from '../rule';

/** `C:\data`, `C:/data` or `D:`: the absolute path of another system. */
const WINDOWS_PATH = /^(?:[A-Za-z]:)?\\|^[A-Za-z]:(?:\/|$)/;

/** Mount paths that mean another directory than they seem to. */
export const absoluteMountPath: PodRule = {
  id: 'absolute-mount-path',
  severity: Severity.WARNING,
  pack: Pack.GOLDEN,
  looksAtMakeOnly: true,
  keys: ['volumeMounts'],
  summary: 'A mount path begins with "/" and has no ":".',
  why: 'a relative path begins at the root directory, whatever the working directory of the program is; the API reference forbids a ":"',
  fix: 'mount at an absolute directory of its own, such as /data',
  source: 'https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#volumes-1',
  notApplicable: 'to pods without volume mounts, and to paths of Windows',
  bad: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  volumes: [{ name: data, emptyDir: {} }]
  containers:
    - name: web
      image: "shop/web:1.0"
      workingDir: /srv
      volumeMounts: [{ name: data, mountPath: var/data }]
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
      workingDir: /srv
      volumeMounts: [{ name: data, mountPath: /srv/var/data }]
`,
  seen: 'On Kubernetes 1.33.13 with containerd 1.6 the volume of the bad example was mounted at /var/data, although /srv is the working directory of the container; a path with a ":" was taken as it stands.',
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
  // Without a path, or at the root directory, the container does not start: that is the matter of valid-mount-path.
  if (point === undefined || point === '/' || WINDOWS_PATH.test(path)) {
    return undefined;
  }
  if (!path.startsWith('/')) {
    return `${quote(path)} is not absolute${didYouMean(point)}`;
  }
  return path.includes(':') ? `${quote(path)} has a ":"` : undefined;
}

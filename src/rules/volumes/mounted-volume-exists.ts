import { volumeNamesOf } from './mounts';
import { objectsIn } from '../../manifest/json';
import { quote } from '../quote';
import { Pack, PodRule, RuleFinding, Severity } from '../rule';

/** Where a container names volumes: as directories, and the claims of block devices as devices. */
const LISTS = ['volumeMounts', 'volumeDevices'];

/** Mounts of a volume that the pod does not have. */
export const mountedVolumeExists: PodRule = {
  id: 'mounted-volume-exists',
  severity: Severity.ERROR,
  pack: Pack.VALID,
  looksAtMakeOnly: true,
  keys: LISTS,
  summary: 'Every mount and every block device names a volume of the pod.',
  why: 'the API server rejects a pod that mounts a volume it does not list',
  fix: 'add the volume to `volumes`, or correct the name in the mount; `addVolume` does it in cdk8s-plus',
  source: 'https://kubernetes.io/docs/concepts/storage/volumes/',
  notApplicable: 'to pods without volume mounts and devices',
  bad: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  volumes: [{ name: data, emptyDir: {} }]
  containers:
    - name: web
      image: "shop/web:1.0"
      volumeMounts: [{ name: cache, mountPath: /cache }]
`,
  good: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  volumes: [{ name: cache, emptyDir: {} }]
  containers:
    - name: web
      image: "shop/web:1.0"
      volumeMounts: [{ name: cache, mountPath: /cache }]
`,
  seen: 'The API server of Kubernetes 1.33.13 refused the bad example with `spec.containers[0].volumeMounts[0].name: Not found: "cache"` and accepted the good one.',
  check({ template, containers }) {
    let found: RuleFinding[] | undefined;
    let volumes: Set<unknown> | undefined;
    let known: string | undefined;
    for (const { json, path } of containers) {
      for (const list of LISTS) {
        for (const [index, { name }] of objectsIn(json[list]).entries()) {
          found ??= [];
          volumes ??= volumeNamesOf(template);
          if (!volumes.has(name)) {
            known ??= listOf(volumes);
            found.push({ field: `${path}.${list}[${index}].name`, fact: `${quote(name ?? '')} is no volume of the pod; ${known}` });
          }
        }
      }
    }
    return found;
  },
};

function listOf(volumes: Set<unknown>): string {
  return volumes.size === 0 ? 'the pod has no volumes' : `the pod has ${[...volumes].slice(0, 5).map(quote).join(', ')}`;
}

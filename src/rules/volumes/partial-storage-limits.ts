import { storageLimitOf } from './storage-limits';
import { runsBesideOthers } from '../../manifest/containers';
import { quote } from '../quote';
import { Pack, PodRule, Severity } from '../rule';

/** A limit of storage on one container that becomes the limit of all. */
export const partialStorageLimits: PodRule = {
  id: 'partial-storage-limits',
  severity: Severity.WARNING,
  pack: Pack.GOLDEN,
  looksAtMakeOnly: true,
  keys: ['ephemeral-storage'],
  summary: 'Where a container has a limit of `ephemeral-storage`, all that run side by side have one.',
  why: 'the limit of the pod is the sum of those limits that exist, and the volumes, logs and files of all containers count against it: the pod is evicted for what a container without a limit writes',
  fix: 'give every container a limit of `ephemeral-storage`, which together hold its emptyDir volumes, 50Mi of logs for each and what they write beside, or remove the limit',
  source: 'https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/#local-ephemeral-storage',
  notApplicable: 'to pods with one container, and to pods without limits of ephemeral storage; init containers, which end, need no limit',
  bad: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  containers:
    - { name: web, image: "shop/web:1.0" }
    - { name: logs, image: "shop/logs:1.0", resources: { limits: { ephemeral-storage: 16Mi } } }
`,
  good: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  containers:
    - { name: web, image: "shop/web:1.0", resources: { limits: { ephemeral-storage: 256Mi } } }
    - { name: logs, image: "shop/logs:1.0", resources: { limits: { ephemeral-storage: 128Mi } } }
`,
  seen: 'On Kubernetes 1.33.13 a pod whose container without a limit wrote 60 MiB was evicted: "Pod ephemeral local storage usage exceeds the total limit of containers 16Mi". With a limit of 128Mi for that container it ran on.',
  check({ containers }) {
    // That of an init container stays when it has ended: the kubelet takes the largest sum for the whole life of the pod.
    const limited = containers.length > 1 ? containers.find((container) => storageLimitOf(container.json) > 0) : undefined;
    if (!limited) {
      return undefined;
    }
    const without = containers.filter((container) => runsBesideOthers(container) && storageLimitOf(container.json) === 0);
    return without.length === 0 ? [] : [{
      field: `${limited.path}.resources.limits[ephemeral-storage]`,
      fact: `${quote(limited.json.resources.limits['ephemeral-storage'])} limits the whole pod, because ${without.map(({ name }) => quote(name)).join(', ')} `
        + `${without.length === 1 ? 'has' : 'have'} no such limit`,
    }];
  },
};

import { hasSilentResources } from '../../manifest/silent-resources';
import { Pack, PodRule, RuleFinding, Severity } from '../rule';

/** Resources that nobody chose. */
export const silentDefaultResources: PodRule = {
  id: 'silent-default-resources',
  severity: Severity.WARNING,
  pack: Pack.PRODUCTION,
  looksAtMakeOnly: true,
  keys: ['resources'],
  summary: 'No container has the resources that cdk8s-plus writes where none are given.',
  why: 'each container that says nothing requests a whole CPU: a pod with two helpers asks for three, and is not placed on small nodes',
  fix: 'give `resources` in the props of the container; a pod of this library, and `PodDefaults`, have defaults for each role',
  source: 'https://cdk8s.io/docs/latest/plus/cdk8s-plus-28/container/#resources',
  notApplicable: 'to containers whose requests and limits are others, or have more than CPU and memory; whose choice these were cannot be told from a manifest',
  bad: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  containers:
    - name: web
      image: "shop/web:1.0"
      resources: { requests: { cpu: 1000m, memory: 512Mi }, limits: { cpu: 1500m, memory: 2048Mi } }
`,
  good: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  containers:
    - name: web
      image: "shop/web:1.0"
      resources: { requests: { cpu: 100m, memory: 128Mi }, limits: { memory: 256Mi } }
`,
  seen: 'On Kubernetes 1.33.13 the scheduler placed a pod of three containers like the good one on a node of two CPUs; of three like the bad one it said "Insufficient cpu".',
  check({ containers }) {
    let found: RuleFinding[] | undefined;
    for (const { json, path, name } of containers) {
      if (json.resources === undefined) {
        continue;
      }
      found ??= [];
      if (hasSilentResources(json)) {
        found.push({ field: `${path}.resources`, fact: `"1000m" of CPU and 512Mi of memory is what cdk8s-plus requests for a container without resources, here for "${name}"` });
      }
    }
    return found;
  },
};

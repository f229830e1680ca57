import { runsBesideOthers } from '../../manifest/containers';
import { isObject, JsonObject } from '../../manifest/json';
import { parseQuantity } from '../../manifest/quantity';
import { Pack, PodRule, RuleFinding, Severity } from '../rule';

/** Containers that take what they find. */
export const containerResources: PodRule = {
  id: 'container-resources',
  severity: Severity.WARNING,
  pack: Pack.PRODUCTION,
  looksAtMakeOnly: true,
  summary: 'Every container requests CPU and memory, and has a memory limit.',
  why: 'the scheduler counts requests only, and places a pod without them on a node that is full; without a memory limit a leak of one container ends with the kernel killing processes of others',
  fix: 'give `resources.requests` of cpu and memory and `resources.limits` of memory; a limit of CPU is not asked for',
  source: 'https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/#requests-and-limits',
  notApplicable: 'to init containers, which end, and where the pod as a whole has the amount (Kubernetes 1.34); a missing request is the limit, if there is one',
  bad: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  containers:
    - { name: web, image: "shop/web:1.0", resources: { requests: { cpu: 100m } } }
`,
  good: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  containers:
    - { name: web, image: "shop/web:1.0", resources: { requests: { cpu: 100m, memory: 64Mi }, limits: { memory: 64Mi } } }
`,
  seen: 'On Kubernetes 1.33.13 a container like the bad one took 200 MiB of the node and ran on; with a memory limit of 64Mi it was OOMKilled. The scheduler placed the one without a memory request on a node with 32Mi; of the other it said "Insufficient memory".',
  check({ template, containers, target }) {
    const ofPod = target.minor >= 34 || target.gates.includes('PodLevelResources') ? template.spec.resources : undefined;
    const found: RuleFinding[] = [];
    for (const container of containers) {
      if (runsBesideOthers(container)) {
        const missing = missingIn(container.json.resources, ofPod);
        if (missing.length > 0) {
          found.push({ field: `${container.path}.resources`, fact: `"${container.name}" has no ${missing.join(', no ')}` });
        }
      }
    }
    return found;
  },
};

function missingIn(own: unknown, ofPod: unknown): string[] {
  const missing: string[] = [];
  if (!requests(own, 'cpu') && !requests(ofPod, 'cpu')) {
    missing.push('CPU request');
  }
  if (!requests(own, 'memory') && !requests(ofPod, 'memory')) {
    missing.push('memory request');
  }
  if (!has(own, 'limits', 'memory') && !has(ofPod, 'limits', 'memory')) {
    missing.push('memory limit');
  }
  return missing;
}

/** What is not requested is requested up to the limit. */
function requests(resources: unknown, name: string): boolean {
  return has(resources, 'requests', name) || has(resources, 'limits', name);
}

/** What cannot be read is there, and reported by another rule. */
function has(resources: unknown, list: string, name: string): boolean {
  const amounts: JsonObject | undefined = isObject(resources) ? resources[list] : undefined;
  return isObject(amounts) && amounts[name] !== undefined && amounts[name] !== null && (list === 'requests' || parseQuantity(amounts[name]) !== 0);
}

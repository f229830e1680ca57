import { isObject } from '../../manifest/json';
import { quote } from '../quote';
import { ObjectRule, Pack, Severity } from '../rule';

/** Budgets that protect pods which do not work. */
export const unhealthyPodsEvictable: ObjectRule = {
  id: 'unhealthy-pods-evictable',
  severity: Severity.WARNING,
  pack: Pack.PRODUCTION,
  kinds: ['PodDisruptionBudget'],
  looksAtMakeOnly: true,
  summary: 'A PodDisruptionBudget lets pods go that are not ready.',
  why: 'an app that crashes is below its budget, and its broken pods may not be evicted: a drain waits until somebody mends the app',
  fix: 'set `unhealthyPodEvictionPolicy: AlwaysAllow`',
  source: 'https://kubernetes.io/docs/tasks/run-application/configure-pdb/#unhealthy-pod-eviction-policy',
  notApplicable: 'to objects without a spec; the field is on by default from Kubernetes 1.27',
  bad: `
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: { name: web }
spec: { maxUnavailable: 1, selector: { matchLabels: { app: web } } }
`,
  good: `
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: { name: web }
spec: { maxUnavailable: 1, unhealthyPodEvictionPolicy: AlwaysAllow, selector: { matchLabels: { app: web } } }
`,
  seen: 'On Kubernetes 1.33.13 the Eviction API answered 429 for a crashing pod under the bad example; under the good one the pod was evicted.',
  checkObject({ object }) {
    if (!isObject(object.spec)) {
      return undefined;
    }
    const policy = object.spec.unhealthyPodEvictionPolicy;
    return policy === 'AlwaysAllow' ? [] : [{ field: 'spec.unhealthyPodEvictionPolicy', fact: `${quote(policy ?? 'IfHealthyBudget')} protects pods that are not ready${policy ? '' : ' (the default)'}` }];
  },
};

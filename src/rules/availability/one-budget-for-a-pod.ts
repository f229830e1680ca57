import { sharedPods } from './budgets';
import { nameOf } from '../../manifest/kinds';
import { formatSelector } from '../../manifest/labels';
import { quote } from '../quote';
import { ObjectRule, Pack, Severity } from '../rule';

/** Pods that no drain can evict, since two budgets claim them. */
export const oneBudgetForAPod: ObjectRule = {
  id: 'one-budget-for-a-pod',
  severity: Severity.WARNING,
  pack: Pack.PRODUCTION,
  kinds: ['PodDisruptionBudget'],
  summary: 'A pod has one PodDisruptionBudget.',
  why: 'the API server evicts no pod with several budgets: it answers with an error, and a drain tries for ever',
  fix: 'keep one of the budgets, or make their selectors select different pods',
  source: 'https://kubernetes.io/docs/tasks/run-application/configure-pdb/#arbitrary-controllers-and-selectors',
  notApplicable: 'to the only budget of its pods',
  bad: `
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: { name: web }
spec: { maxUnavailable: 1, unhealthyPodEvictionPolicy: AlwaysAllow, selector: { matchLabels: { app: web } } }
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: { name: shop }
spec: { maxUnavailable: 1, unhealthyPodEvictionPolicy: AlwaysAllow, selector: { matchLabels: { part-of: shop } } }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  replicas: 2
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web, part-of: shop } }
    spec: { containers: [{ name: web, image: "shop/web:1.0" }] }
`,
  good: `
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: { name: web }
spec: { maxUnavailable: 1, unhealthyPodEvictionPolicy: AlwaysAllow, selector: { matchLabels: { app: web } } }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  replicas: 2
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web, part-of: shop } }
    spec: { containers: [{ name: web, image: "shop/web:1.0" }] }
`,
  seen: 'On Kubernetes 1.33.13 the Eviction API answered the bad example with an error: "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support". Under one budget the pod was evicted.',
  checkObject({ object, app }) {
    const budgets = sharedPods(app);
    const shared = app.podsOf(object).find((pod) => (budgets.get(pod)?.indexOf(object) ?? 0) > 0);
    if (!shared) {
      return [];
    }
    const first = budgets.get(shared)![0];
    return [{ field: 'spec.selector', fact: `${quote(formatSelector(object.spec.selector))} selects pods of ${shared.object.kind} ${quote(nameOf(shared.object))}, as ${quote(nameOf(first))} does` }];
  },
};

import { budgetOf, podsExpected } from './budgets';
import { amountOf } from './replicas';
import { isObject } from '../../manifest/json';
import { quote } from '../quote';
import { ObjectRule, Pack, RuleFinding, Severity } from '../rule';

/** Budgets that never let a pod go. */
export const budgetBlocksDrains: ObjectRule = {
  id: 'budget-blocks-drains',
  severity: Severity.WARNING,
  pack: Pack.PRODUCTION,
  kinds: ['PodDisruptionBudget'],
  summary: 'A PodDisruptionBudget lets at least one pod go.',
  why: 'no eviction is ever allowed: draining a node for an upgrade waits until somebody removes the budget',
  fix: 'write `maxUnavailable: 1`, which stays right when the number of pods changes; with one pod have no budget, or two pods',
  source: 'https://kubernetes.io/docs/tasks/run-application/configure-pdb/#think-about-how-your-application-reacts-to-disruptions',
  notApplicable: 'to budgets that say neither `minAvailable` nor `maxUnavailable`',
  bad: `
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: { name: web }
spec:
  minAvailable: 2
  unhealthyPodEvictionPolicy: AlwaysAllow
  selector: { matchLabels: { app: web } }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  replicas: 2
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec: { containers: [{ name: web, image: "shop/web:1.0" }] }
`,
  good: `
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: { name: web }
spec:
  maxUnavailable: 1
  unhealthyPodEvictionPolicy: AlwaysAllow
  selector: { matchLabels: { app: web } }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  replicas: 2
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec: { containers: [{ name: web, image: "shop/web:1.0" }] }
`,
  seen: 'On Kubernetes 1.33.13 the Eviction API answered 429 for the bad example: "Cannot evict pod as it would violate the pod\'s disruption budget". Under the good one the pod was evicted.',
  checkObject({ object, app }): RuleFinding[] | undefined {
    const budget = isObject(object.spec) ? budgetOf(object.spec) : undefined;
    if (!budget) {
      return undefined;
    }
    const { field, value } = budget;
    const pods = podsExpected(app.podsOf(object), app);
    // The disruption controller rounds shares up, of either field.
    const amount = amountOf(value, pods > 0 ? pods : 100, Math.ceil);
    if (amount === undefined || (field === 'minAvailable' && pods === 0 && value !== '100%')) {
      return [];
    }
    const blocks = field === 'maxUnavailable' ? amount <= 0 : amount >= (pods > 0 ? pods : 100);
    return blocks ? [{ field: `spec.${field}`, fact: `${quote(value)} ${pods > 0 ? `of ${pods} pods lets none go` : 'lets no pod go'}` }] : [];
  },
};

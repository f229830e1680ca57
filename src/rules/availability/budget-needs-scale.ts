import { budgetOf } from './budgets';
import { isObject } from '../../manifest/json';
import { nameOf } from '../../manifest/kinds';
import { quote } from '../quote';
import { ObjectRule, Pack, Severity } from '../rule';

/** Kinds of which the disruption controller cannot tell how many pods there should be. */
const WITHOUT_SCALE = ['Pod', 'Job', 'CronJob', 'DaemonSet'];

/** Budgets for pods whose number nobody knows. */
export const budgetNeedsScale: ObjectRule = {
  id: 'budget-needs-scale',
  severity: Severity.WARNING,
  pack: Pack.PRODUCTION,
  kinds: ['PodDisruptionBudget'],
  summary: 'A PodDisruptionBudget with `maxUnavailable` or a share is for pods whose workload has a number of replicas.',
  why: 'the controller cannot tell how many pods there should be, and allows no disruption: every drain waits',
  fix: 'select only pods of workloads with a number of replicas, by a label that the others do not have; for others write `minAvailable` as a number, or no budget: drains leave the pods of a DaemonSet alone',
  source: 'https://kubernetes.io/docs/tasks/run-application/configure-pdb/#arbitrary-controllers-and-selectors',
  notApplicable: 'to budgets with `minAvailable` as a number, and to those that select none of the pods at hand',
  bad: `
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: { name: report }
spec:
  maxUnavailable: 1
  unhealthyPodEvictionPolicy: AlwaysAllow
  selector: { matchLabels: { app: report } }
---
apiVersion: batch/v1
kind: Job
metadata: { name: report }
spec:
  template:
    metadata: { labels: { app: report } }
    spec:
      restartPolicy: Never
      containers: [{ name: report, image: "shop/report:1.0" }]
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
  seen: 'On Kubernetes 1.33.13 the budget of the bad example had the condition SyncFailed, "jobs.batch does not implement the scale subresource", and the Eviction API answered 429. Under the good one the pod was evicted.',
  checkObject({ object, app }) {
    const budget = isObject(object.spec) ? budgetOf(object.spec) : undefined;
    if (!budget || (budget.field === 'minAvailable' && typeof budget.value === 'number')) {
      return undefined;
    }
    const other = app.podsOf(object).find((pod) => WITHOUT_SCALE.includes(pod.object.kind))?.object;
    return other ? [{ field: `spec.${budget.field}`, fact: `${quote(budget.value)} is meant for pods of ${other.kind} ${quote(nameOf(other))}, which has no number of replicas` }] : [];
  },
};

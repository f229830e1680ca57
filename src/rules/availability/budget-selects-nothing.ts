import { isObject } from '../../manifest/json';
import { formatSelector } from '../../manifest/labels';
import { quote } from '../quote';
import { ObjectRule, Pack, Severity } from '../rule';

/** Budgets that protect nothing. */
export const budgetSelectsNothing: ObjectRule = {
  id: 'budget-selects-nothing',
  severity: Severity.WARNING,
  pack: Pack.PRODUCTION,
  kinds: ['PodDisruptionBudget'],
  needsWholeApp: true,
  summary: 'The selector of a PodDisruptionBudget selects pods.',
  why: 'it protects nothing: a drain may take all the pods that it was meant for at the same time',
  fix: 'write the labels of the pods, as the pod template has them, into the selector',
  source: 'https://kubernetes.io/docs/tasks/run-application/configure-pdb/#specifying-a-poddisruptionbudget',
  notApplicable: 'where the manifests are not all of an app, have no pod in the namespace of the budget, or have custom resources whose operators may make pods (a ServiceMonitor, a Certificate or a ScaledObject makes none)',
  bad: `
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: { name: web }
spec:
  maxUnavailable: 1
  selector: { matchLabels: { app: webb } }
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
  seen: 'On Kubernetes 1.33.13 the budget of the bad example had `expectedPods: 0`, and both pods were evicted at the same time; of the good one the second eviction got 429.',
  checkObject({ object, app }) {
    if (app.mayHaveOperators || !isObject(object.spec) || !isObject(object.spec.selector) || app.podsBeside(object).length === 0) {
      return undefined;
    }
    return app.podsOf(object).length > 0 ? [] : [{ field: 'spec.selector', fact: `${quote(formatSelector(object.spec.selector))} selects none of the pods in its namespace` }];
  },
};

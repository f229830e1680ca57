import { SELECTING } from './workloads';
import { isObject, JsonObject } from '../../manifest/json';
import { nameOf } from '../../manifest/kinds';
import { formatSelector } from '../../manifest/labels';
import { quote } from '../quote';
import { ObjectRule, Pack, Severity } from '../rule';

/** Workloads that take the pods of another for theirs. */
export const overlappingSelectors: ObjectRule = {
  id: 'overlapping-selectors',
  severity: Severity.WARNING,
  pack: Pack.PRODUCTION,
  kinds: SELECTING,
  summary: 'The selector of a workload selects its own pods only.',
  why: 'what goes by the selector counts the pods of both: an autoscaler measures strangers, a budget with the same selector counts them, kubectl shows them; and what a deletion with `--cascade=orphan` leaves of the other is adopted, and may be scaled to 0',
  fix: 'give the pods of each workload a label of their own, and put it into the selector; the selector of a workload that exists cannot be changed: make it anew',
  source: 'https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#selector',
  notApplicable: 'to workloads without a selector, and to objects that stand twice in the manifests',
  bad: `
apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  replicas: 2
  selector: { matchLabels: { app: shop } }
  template:
    metadata: { labels: { app: shop } }
    spec: { containers: [{ name: web, image: "shop/web:1.0" }] }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: worker }
spec:
  replicas: 2
  selector: { matchLabels: { app: shop, part: worker } }
  template:
    metadata: { labels: { app: shop, part: worker } }
    spec: { containers: [{ name: worker, image: "shop/worker:1.0" }] }
`,
  good: `
apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  replicas: 2
  selector: { matchLabels: { app: shop, part: web } }
  template:
    metadata: { labels: { app: shop, part: web } }
    spec: { containers: [{ name: web, image: "shop/web:1.0" }] }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: worker }
spec:
  replicas: 2
  selector: { matchLabels: { app: shop, part: worker } }
  template:
    metadata: { labels: { app: shop, part: worker } }
    spec: { containers: [{ name: worker, image: "shop/worker:1.0" }] }
`,
  seen: 'On Kubernetes 1.33.13 the scale of the Deployment "web", which autoscalers read, named a selector of four pods in the bad example and of two in the good one. When "worker" was deleted with `--cascade=orphan`, "web" of the bad example adopted its ReplicaSet and scaled it to 0; in the good one its pods stayed.',
  checkObject({ object, app }) {
    const selector = object.spec?.selector;
    if (!isObject(selector)) {
      return undefined;
    }
    const other = app.podsOf(object).find((pod) => isOther(pod.object, object))?.object;
    return other ? [{ field: 'spec.selector', fact: `${quote(formatSelector(selector))} selects the pods of ${other.kind} ${quote(nameOf(other))} too` }] : [];
  },
};

/** Pods of Jobs have an owner, and are many: they are left alone. */
function isOther(object: JsonObject, own: JsonObject): boolean {
  return (SELECTING.includes(object.kind) || object.kind === 'Pod') && !(object.kind === own.kind && nameOf(object) === nameOf(own));
}

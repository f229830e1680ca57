import { isObject, textOf } from '../../manifest/json';
import { nameOf } from '../../manifest/kinds';
import { didYouMean, quote } from '../quote';
import { ObjectRule, Pack, Severity } from '../rule';

/** StatefulSets whose pods have no names in the DNS. */
export const missingGoverningService: ObjectRule = {
  id: 'missing-governing-service',
  severity: Severity.WARNING,
  pack: Pack.PRODUCTION,
  kinds: ['StatefulSet'],
  needsWholeApp: true,
  summary: 'The `serviceName` of a StatefulSet is the name of a Service of the app.',
  why: 'the name of each pod, `<pod>.<serviceName>`, belongs to that Service: without it no such name is found, and pods that look for each other by name do not meet',
  fix: 'write the name of the headless Service (`clusterIP: None`) that selects the pods into `serviceName`, or add one; to change `serviceName` the StatefulSet must be replaced (`kubectl delete --cascade=orphan` keeps its pods)',
  source: 'https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#stable-network-id',
  notApplicable: 'to StatefulSets without `serviceName`; where the manifests are not all of an app, have no Service that selects the pods, or have custom resources whose operators may make Services',
  bad: `
apiVersion: v1
kind: Service
metadata: { name: db-headless }
spec: { clusterIP: None, selector: { app: db }, ports: [{ port: 5432 }] }
---
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: db }
spec:
  serviceName: db
  replicas: 3
  selector: { matchLabels: { app: db } }
  template:
    metadata: { labels: { app: db } }
    spec: { containers: [{ name: db, image: "shop/db:1.0" }] }
`,
  good: `
apiVersion: v1
kind: Service
metadata: { name: db-headless }
spec: { clusterIP: None, selector: { app: db }, ports: [{ port: 5432 }] }
---
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: db }
spec:
  serviceName: db-headless
  replicas: 3
  selector: { matchLabels: { app: db } }
  template:
    metadata: { labels: { app: db } }
    spec: { containers: [{ name: db, image: "shop/db:1.0" }] }
`,
  seen: 'On Kubernetes 1.33.13 the pod of such a StatefulSet ran, but the name `<pod>.<serviceName>` was not resolved; with the name of the headless Service another pod connected to it by that name.',
  checkObject({ object, app }) {
    const serviceName = isObject(object.spec) ? textOf(object.spec.serviceName) : '';
    const template = app.templateOf(object);
    const services = serviceName === '' || app.mayHaveOperators || !template ? [] : app.servicesOf(template);
    if (services.length === 0) {
      return undefined;
    }
    const headless = services.filter(({ spec }) => spec?.clusterIP === 'None');
    return app.named('Service', serviceName, object) ? []
      : [{ field: 'spec.serviceName', fact: `${quote(serviceName)} is no Service of the app${didYouMean(headless.length === 1 ? nameOf(headless[0]) : undefined)}` }];
  },
};

import { isObject } from '../../manifest/json';
import { formatSelector } from '../../manifest/labels';
import { quote } from '../quote';
import { ObjectRule, Pack, Severity } from '../rule';

/** Labels that Kubernetes itself gives to pods. */
const GIVEN_AT_RUN_TIME = /^(?:statefulset\.kubernetes\.io|apps\.kubernetes\.io|batch\.kubernetes\.io)\/|^(?:pod-template-hash|controller-revision-hash|job-name|controller-uid)$/;

/** Services that lead nowhere. */
export const serviceSelectsNothing: ObjectRule = {
  id: 'service-selects-nothing',
  severity: Severity.WARNING,
  pack: Pack.PRODUCTION,
  kinds: ['Service'],
  needsWholeApp: true,
  summary: 'The selector of a Service selects pods.',
  why: 'the Service has no endpoints: every connection to it is refused or hangs',
  fix: 'write the labels of the pods, as the pod template has them, into the selector',
  source: 'https://kubernetes.io/docs/tasks/debug/debug-application/debug-service/#does-the-service-have-any-endpointslices',
  notApplicable: 'to Services without a selector and of type ExternalName; where the manifests are not all of an app, have no pod in the namespace of the Service, or have custom resources whose operators may make pods (a ServiceMonitor, a Certificate or a ScaledObject makes none)',
  bad: `
apiVersion: v1
kind: Service
metadata: { name: web }
spec: { selector: { app: webb }, ports: [{ port: 80 }] }
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
apiVersion: v1
kind: Service
metadata: { name: web }
spec: { selector: { app: web }, ports: [{ port: 80 }] }
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
  seen: 'On Kubernetes 1.33.13 a connection through the Service of the bad example timed out in its first seconds, and was refused from then on; through that of the good one it was made.',
  checkObject({ object, app }) {
    const { selector, type } = isObject(object.spec) ? object.spec : { selector: undefined, type: undefined };
    if (app.mayHaveOperators || type === 'ExternalName' || !isObject(selector) || app.podsBeside(object).length === 0) {
      return undefined;
    }
    if (app.podsOf(object).length > 0) {
      return [];
    }
    const written = Object.fromEntries(Object.entries(selector).filter(([key]) => !GIVEN_AT_RUN_TIME.test(key)));
    if (Object.keys(written).length === 0) {
      return undefined;
    }
    return app.podsWith(written, object).length > 0 ? [] : [{ field: 'spec.selector', fact: `${quote(formatSelector(selector))} selects none of the pods in its namespace` }];
  },
};

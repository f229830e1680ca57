import { appContainer, isDeclined } from './app-container';
import { isObject, objectsIn } from '../../manifest/json';
import { isMeantToEnd } from '../jobs/tasks';
import { Pack, PodRule, Severity } from '../rule';

const ID = 'liveness-probe';

/** Apps that stay as they are when they hang. */
export const livenessProbe: PodRule = {
  id: ID,
  severity: Severity.WARNING,
  pack: Pack.PRODUCTION,
  summary: 'An app that serves a port has a liveness probe, or a reason for none.',
  why: 'a process that ends is started again, one that hangs is not: without a liveness probe nobody sees the difference, and the app stays dead until a person restarts it',
  fix: 'give `livenessProbe` an endpoint that answers as long as the process can work, and asks nothing of its upstreams; or waive the rule with the reason (`livenessDeclined` of the production pods)',
  source: 'https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/#liveness-probe',
  notApplicable: 'to pods that are meant to end, to helpers, and to apps without a port',
  bad: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  containers:
    - name: web
      image: "shop/web:1.0"
      ports: [{ containerPort: 8080 }]
      readinessProbe: { httpGet: { path: /readyz, port: 8080 } }
`,
  good: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  containers:
    - name: web
      image: "shop/web:1.0"
      ports: [{ containerPort: 8080 }]
      livenessProbe: { httpGet: { path: /healthz, port: 8080 } }
      readinessProbe: { httpGet: { path: /readyz, port: 8080 } }
`,
  seen: 'On Kubernetes 1.33.13 an app that no longer answered was not restarted within half a minute, and its pod was not ready; with a liveness probe it was restarted.',
  check({ template, containers }) {
    if (isMeantToEnd(template)) {
      return undefined;
    }
    const app = appContainer(template, containers);
    if (app === undefined || (objectsIn(app.json.ports).length === 0 && !isDeclined(template, ID))) {
      return undefined;
    }
    return isObject(app.json.livenessProbe) ? [] : [{ field: `${app.path}.livenessProbe`, fact: `"" is no probe: "${app.name}" is not restarted when it hangs` }];
  },
};

import { Times } from './timing';
import { handlersOf } from '../lifecycle/handlers';
import { Pack, PodRule, RuleFinding, Severity } from '../rule';

/** The probes that are asked as long as the container runs. */
const LASTING = ['livenessProbe', 'readinessProbe'];

/** Probes that wait longer for an answer than until the next question. */
export const timeoutWithinPeriod: PodRule = {
  id: 'timeout-within-period',
  severity: Severity.WARNING,
  pack: Pack.GOLDEN,
  looksAtMakeOnly: true,
  keys: ['timeoutSeconds'],
  summary: 'The `timeoutSeconds` of a liveness or readiness probe are not more than its `periodSeconds`.',
  why: 'the kubelet asks one question at a time: while it waits for an answer the next ones fall out, so that an app that hangs is found dead only after the failure threshold times the timeout, not the period',
  fix: 'lower `timeoutSeconds`, or raise `periodSeconds` to what is meant',
  source: 'https://github.com/kubernetes/kubernetes/blob/v1.33.0/pkg/kubelet/prober/worker.go',
  notApplicable: 'to startup probes, which ask often to see a start soon, and whose slow answers only make the kubelet more patient; a timeout as long as the period delays nothing',
  bad: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  containers:
    - name: web
      image: "shop/web:1.0"
      livenessProbe: { httpGet: { path: /healthz, port: 8080 }, periodSeconds: 10, timeoutSeconds: 15 }
`,
  good: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  containers:
    - name: web
      image: "shop/web:1.0"
      livenessProbe: { httpGet: { path: /healthz, port: 8080 }, periodSeconds: 10, timeoutSeconds: 5 }
`,
  seen: 'On Kubernetes 1.33.13 an app that never answers was killed 26 seconds after its start with a period of 2 seconds and a timeout of 10, and after 10 seconds with a timeout of 2.',
  check({ containers }) {
    let found: RuleFinding[] | undefined;
    for (const { kind, json, path } of handlersOf(containers)) {
      if (LASTING.includes(kind)) {
        found ??= [];
        const timeout = Times.timeout(json);
        const period = Times.period(json);
        if (timeout > period) {
          found.push({ field: `${path}.timeoutSeconds`, fact: `"${timeout}" is longer than the period of ${period} seconds: one slow answer takes the place of the next questions` });
        }
      }
    }
    return found;
  },
};

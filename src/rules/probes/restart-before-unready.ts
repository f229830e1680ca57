import { asksTheSame, Times } from './timing';
import { runsBesideOthers } from '../../manifest/containers';
import { isObject } from '../../manifest/json';
import { Pack, PodRule, RuleFinding, Severity } from '../rule';

/** Containers that are killed before they are taken out of their Services. */
export const restartBeforeUnready: PodRule = {
  id: 'restart-before-unready',
  severity: Severity.WARNING,
  pack: Pack.GOLDEN,
  looksAtMakeOnly: true,
  keys: ['readinessProbe'],
  summary: 'Where liveness and readiness probe ask the same, liveness takes longer to give up.',
  why: 'what makes an app unready for a moment, such as load or an upstream that is down, then restarts it as well: its work is lost, the others get its share, and a slow answer becomes an outage',
  fix: 'raise `failureThreshold` of the liveness probe, or let it ask only whether the process itself still works',
  source: 'https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/',
  notApplicable: 'to containers without both probes, and where the two ask different things or for a different verdict: period times failure threshold is what counts',
  bad: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  containers:
    - name: web
      image: "shop/web:1.0"
      livenessProbe: { httpGet: { path: /healthz, port: 8080 } }
      readinessProbe: { httpGet: { path: /healthz, port: 8080 } }
`,
  good: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  containers:
    - name: web
      image: "shop/web:1.0"
      livenessProbe: { httpGet: { path: /healthz, port: 8080 }, failureThreshold: 6 }
      readinessProbe: { httpGet: { path: /healthz, port: 8080 } }
`,
  seen: 'On Kubernetes 1.33.13 an app that was not well for 14 seconds was restarted by the bad probes, at 3 failures each; with more failures for liveness it was not ready for that time, then ready again without a restart.',
  check({ containers }) {
    let found: RuleFinding[] | undefined;
    for (const container of containers) {
      const { livenessProbe: liveness, readinessProbe: readiness } = container.json;
      if (!isObject(liveness) || !isObject(readiness) || !runsBesideOthers(container)) {
        continue;
      }
      found ??= [];
      const restarted = Times.verdict(liveness);
      const unready = Times.verdict(readiness);
      if (restarted <= unready && asksTheSame(liveness, readiness)) {
        found.push({
          field: `${container.path}.livenessProbe.failureThreshold`,
          fact: `"${Times.failures(liveness)}" failures in ${restarted} s restart "${container.name}", and the same answer takes ${unready} s to make it unready`,
        });
      }
    }
    return found;
  },
};

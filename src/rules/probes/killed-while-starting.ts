import { asksTheSame, Times } from './timing';
import { ContainerView, runsBesideOthers } from '../../manifest/containers';
import { isObject, JsonObject } from '../../manifest/json';
import { Pack, PodRule, RuleFinding, Severity } from '../rule';

/** Containers that one probe kills before another one expects them to answer. */
export const killedWhileStarting: PodRule = {
  id: 'killed-while-starting',
  severity: Severity.WARNING,
  pack: Pack.GOLDEN,
  looksAtMakeOnly: true,
  keys: ['initialDelaySeconds'],
  summary: 'No probe kills a container before the `initialDelaySeconds` of another one that asks the same are over.',
  why: 'the longer delay says that the app does not answer earlier; a startup or liveness probe that gives up by then kills it, and the next start ends the same way',
  fix: 'let a startup probe wait for as long as the slowest start takes (`failureThreshold` times `periodSeconds`), and leave `initialDelaySeconds` out of the others',
  source: 'https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/#startup-probe',
  notApplicable: 'to containers with one probe, and to probes that ask different things; the startup probe that cdk8s-plus adds by itself, a connection for 30 seconds, counts as the same',
  bad: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  containers:
    - name: web
      image: "shop/web:1.0"
      livenessProbe: { httpGet: { path: /healthz, port: 8080 }, periodSeconds: 5, failureThreshold: 4 }
      readinessProbe: { httpGet: { path: /healthz, port: 8080 }, initialDelaySeconds: 60, periodSeconds: 5 }
`,
  good: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  containers:
    - name: web
      image: "shop/web:1.0"
      startupProbe: { httpGet: { path: /healthz, port: 8080 }, periodSeconds: 2, failureThreshold: 60 }
      livenessProbe: { httpGet: { path: /healthz, port: 8080 }, periodSeconds: 5, failureThreshold: 4 }
      readinessProbe: { httpGet: { path: /healthz, port: 8080 }, periodSeconds: 5 }
`,
  seen: 'On Kubernetes 1.33.13 an app that answers 30 seconds after its start was killed by its liveness probe after 10, and restarted three times in a row; with the startup probe of the good example it was ready without a restart.',
  check({ containers }) {
    let found: RuleFinding[] | undefined;
    for (const container of containers) {
      const { startupProbe: startup, livenessProbe: liveness, readinessProbe: readiness } = container.json;
      if (!runsBesideOthers(container)) {
        continue;
      }
      if (isObject(startup)) {
        for (const later of [liveness, readiness]) {
          if (isObject(later)) {
            (found ??= []).push(...findings(container, 'startupProbe', startup, later));
          }
        }
      } else if (isObject(liveness) && isObject(readiness)) {
        (found ??= []).push(...findings(container, 'livenessProbe', liveness, readiness));
      }
    }
    return found;
  },
};

function findings({ path, name }: ContainerView, kind: string, killer: JsonObject, later: JsonObject): RuleFinding[] {
  const killed = Times.delay(killer) + Times.verdict(killer);
  const delay = Times.delay(later);
  return killed <= delay && (asksTheSame(killer, later) || (kind === 'startupProbe' && isAddedByItself(killer)))
    ? [{ field: `${path}.${kind}`, fact: `"${killed} s" after its start it has given "${name}" up, which another probe does not ask before ${delay} s are over` }]
    : [];
}

/** What cdk8s-plus adds to a container with a `portNumber`. */
function isAddedByItself(probe: JsonObject): boolean {
  return isObject(probe.tcpSocket) && probe.failureThreshold === 3 && Object.keys(probe).length === 2 && Object.keys(probe.tcpSocket).length === 1;
}

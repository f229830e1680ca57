import { handlersOf } from './handlers';
import { runsBesideOthers } from '../../manifest/containers';
import { Pack, PodRule, RuleFinding, Severity } from '../rule';

/** Longer than this nobody wants to wait for a container that hangs. */
const LONG = 60;

/** Liveness probes that restart a container only after the long grace period of its pod. */
export const livenessGracePeriod: PodRule = {
  id: 'liveness-grace-period',
  severity: Severity.WARNING,
  pack: Pack.GOLDEN,
  looksAtMakeOnly: true,
  keys: ['terminationGracePeriodSeconds'],
  summary: 'In a pod with a grace period of more than a minute, a liveness probe says how long the container may take to end.',
  why: 'a failed liveness probe ends the container with the grace period of the pod: one that hangs and does not listen to TERM stays for all of it before it is restarted',
  fix: 'set `terminationGracePeriodSeconds` of the probe: 10 for a program that no longer answers, or the grace period of the pod where even then it must have all of it',
  source: 'https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/#probe-level-terminationgraceperiodseconds',
  notApplicable: 'to pods with a grace period of at most 60 seconds, and to those without liveness probes',
  bad: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  terminationGracePeriodSeconds: 300
  containers:
    - name: web
      image: "shop/web:1.0"
      livenessProbe: { tcpSocket: { port: 8080 } }
`,
  good: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  terminationGracePeriodSeconds: 300
  containers:
    - name: web
      image: "shop/web:1.0"
      livenessProbe: { tcpSocket: { port: 8080 }, terminationGracePeriodSeconds: 10 }
`,
  seen: 'On Kubernetes 1.33.13 a container that ignores TERM and fails its liveness probe was killed 76 seconds after its start with a grace period of 70 seconds, and after 10 seconds with one of 5 at the probe.',
  check({ template, containers }) {
    const grace = template.spec.terminationGracePeriodSeconds;
    if (typeof grace !== 'number' || grace <= LONG) {
      return undefined;
    }
    let found: RuleFinding[] | undefined;
    for (const { container, kind, json, path } of handlersOf(containers)) {
      if (kind === 'livenessProbe' && runsBesideOthers(container)) {
        found ??= [];
        if (json.terminationGracePeriodSeconds === undefined || json.terminationGracePeriodSeconds === null) {
          found.push({ field: path, fact: `"${grace} s" pass before "${container.name}" is killed when it hangs: the grace period of the pod` });
        }
      }
    }
    return found;
  },
};

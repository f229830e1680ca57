import { startGates, targetsOf } from './start-gates';
import { isLoopback } from '../network/loopback';
import { quote } from '../quote';
import { Pack, PodRule, RuleFinding, Severity } from '../rule';

/** Apps that do not start while something outside of the pod is down. */
export const startWaitsForUpstream: PodRule = {
  id: 'start-waits-for-upstream',
  severity: Severity.WARNING,
  pack: Pack.GOLDEN,
  looksAtMakeOnly: true,
  keys: ['command'],
  summary: 'No startup probe or postStart handler of a native sidecar asks another host.',
  why: 'while that host is down the sidecar is restarted again and again, and the app never starts: an outage elsewhere becomes an outage here, and keeps every rollout and every new node from coming up',
  fix: 'test the listener of the sidecar itself, and let the app answer for an upstream that is absent',
  source: 'https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/#sidecar-containers-and-pod-lifecycle',
  notApplicable: 'to pods without native sidecars that have a startup probe or a postStart handler, to commands whose failure counts for nothing, and to hosts that come from a variable',
  bad: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  initContainers:
    - name: proxy
      image: "shop/proxy:1.0"
      restartPolicy: Always
      startupProbe: { exec: { command: [pg_isready, -h, db.example.com] } }
  containers:
    - { name: web, image: "shop/web:1.0" }
`,
  good: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  initContainers:
    - name: proxy
      image: "shop/proxy:1.0"
      restartPolicy: Always
      startupProbe: { exec: { command: [nc, -z, 127.0.0.1, "5432"] } }
  containers:
    - { name: web, image: "shop/web:1.0" }
`,
  seen: 'On Kubernetes 1.33.13 with a host that does not exist the sidecar was restarted again and again, and the app stayed in PodInitializing; with the probe of the good example the app ran.',
  check({ containers }) {
    const gates = startGates(containers);
    if (gates.length === 0) {
      return undefined;
    }
    const found: RuleFinding[] = [];
    for (const gate of gates) {
      const targets = targetsOf(gate);
      // Beside an address of the pod another one may be but a header, or a page that is asked for through the proxy.
      if (targets.length > 0 && !targets.some(({ host }) => isLoopback(host))) {
        found.push({ field: gate.path, fact: `${quote(targets[0].host)} must answer before the containers after "${gate.container.name}" start` });
      }
    }
    return found;
  },
};

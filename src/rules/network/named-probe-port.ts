import { Dial, dialsOf, isPort } from './dials';
import { objectsIn } from '../../manifest/json';
import { didYouMean, quote } from '../quote';
import { Pack, PodRule, RuleFinding, Severity } from '../rule';

/** Probes and handlers that name a port which their container does not declare. */
export const namedProbePort: PodRule = {
  id: 'named-probe-port',
  severity: Severity.ERROR,
  pack: Pack.GOLDEN,
  looksAtMakeOnly: true,
  keys: ['httpGet', 'tcpSocket', 'grpc'],
  summary: 'A probe or lifecycle handler that names its port names a port of its own container.',
  why: 'the kubelet looks a name up in the same container only, and throws the result of a probe without a port away: the container is never ready, never started, never found dead',
  fix: 'declare the port by that name in the container, or give the number',
  source: 'https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/#use-a-named-port',
  notApplicable: 'to pods whose probes and lifecycle handlers give numbers',
  bad: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  containers:
    - name: web
      image: "shop/web:1.0"
      ports: [{ name: http, containerPort: 8080 }]
      readinessProbe: { httpGet: { path: /ready, port: web } }
`,
  good: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  containers:
    - name: web
      image: "shop/web:1.0"
      ports: [{ name: http, containerPort: 8080 }]
      readinessProbe: { httpGet: { path: /ready, port: http } }
`,
  seen: 'On Kubernetes 1.33.13 the bad example was not ready after 45 seconds, with the event "Readiness probe errored and resulted in unknown state"; the good one was ready.',
  check({ containers }) {
    let found: RuleFinding[] | undefined;
    for (const dial of dialsOf(containers)) {
      const name = dial.json.port;
      if (typeof name !== 'string' || dial.action === 'grpc') {
        continue;
      }
      found ??= [];
      const named = objectsIn(dial.container.json.ports).map((port) => port.name).filter((port) => typeof port === 'string');
      if (!named.includes(name)) {
        found.push({ field: `${dial.path}.port`, fact: factOf(name, named, dial) });
      }
    }
    return found;
  },
};

function factOf(name: string, named: string[], { container }: Dial): string {
  if (isPort(Number(name))) {
    return `${quote(name)} in quotes is the name of a port, not its number${didYouMean(Number(name))}`;
  }
  return `${quote(name)} is no port of container ${quote(container.name)}${didYouMean(named.length === 1 ? named[0] : undefined)}`;
}

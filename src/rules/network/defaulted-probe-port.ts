import { Dial, dialsOf } from './dials';
import { objectsIn } from '../../manifest/json';
import { listenersOf } from '../../manifest/listeners';
import { quote } from '../quote';
import { Pack, PodRule, RuleFinding, Severity } from '../rule';

/** Where cdk8s-plus sends a probe for which it knows no port. */
const DEFAULT_PORT = 80;

/** Probes that go to port 80 because nobody gave them a port. */
export const defaultedProbePort: PodRule = {
  id: 'defaulted-probe-port',
  severity: Severity.WARNING,
  pack: Pack.GOLDEN,
  looksAtMakeOnly: true,
  keys: ['httpGet', 'tcpSocket', 'grpc'],
  summary: 'A probe or lifecycle handler goes to a port that its container opens, not to the default 80.',
  why: 'cdk8s-plus reads `portNumber` only: with `ports` a probe without `port` goes to 80, where nothing listens, and the pod is never ready or is killed again and again',
  fix: 'give the probe its `port`',
  source: 'https://github.com/cdk8s-team/cdk8s-plus/blob/cdk8s-plus-28/v2.5.6/src/_action.ts',
  notApplicable: 'to containers that declare no TCP port, and to pods in which something listens on TCP port 80',
  bad: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  containers:
    - name: web
      image: "shop/web:1.0"
      ports: [{ containerPort: 8080 }]
      readinessProbe: { httpGet: { path: /ready, port: 80 } }
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
      readinessProbe: { httpGet: { path: /ready, port: 8080 } }
`,
  seen: 'On Kubernetes 1.33.13 the bad example was not ready after 45 seconds, with the event "dial tcp 10.244.0.3:80: connect: connection refused"; the good one was ready.',
  check({ template, containers }) {
    let found: RuleFinding[] | undefined;
    let listens: boolean | undefined;
    for (const dial of dialsOf(containers)) {
      if (!declaresOtherPorts(dial)) {
        continue;
      }
      found ??= [];
      const { port, host } = dial.json;
      if (port !== DEFAULT_PORT || host) {
        continue;
      }
      listens ??= listenersOf(template, containers).some(({ port: one, protocol }) => one === DEFAULT_PORT && protocol === 'TCP');
      if (!listens) {
        found.push(findingOf(dial));
      }
    }
    return found;
  },
};

function declaresOtherPorts({ action, container }: Dial): boolean {
  const ports = action === 'grpc' ? [] : tcpPorts(container.json.ports);
  return ports.length > 0 && !ports.includes(DEFAULT_PORT);
}

function tcpPorts(ports: unknown): unknown[] {
  const numbers: unknown[] = [];
  for (const { containerPort, protocol } of objectsIn(ports)) {
    if ((protocol ?? 'TCP') === 'TCP') {
      numbers.push(containerPort);
    }
  }
  return numbers;
}

function findingOf({ path, container }: Dial): RuleFinding {
  const ports = tcpPorts(container.json.ports);
  return {
    field: `${path}.port`,
    fact: `"${DEFAULT_PORT}" is not among the ports of container "${container.name}" (${ports.map((port) => quote(port)).join(', ')})`,
  };
}

import { Handler } from './handlers';
import { opensLater, startGates, targetsOf } from './start-gates';
import { isObject } from '../../manifest/json';
import { Listener, listenersOf } from '../../manifest/listeners';
import { Dial, portOf } from '../network/dials';
import { dialsPod, isLoopback } from '../network/loopback';
import { quote } from '../quote';
import { Pack, PodRule, RuleFinding, RuleSubject, Severity } from '../rule';

/** Native sidecars that wait for a container that waits for them. */
export const startOrderDeadlock: PodRule = {
  id: 'start-order-deadlock',
  severity: Severity.ERROR,
  pack: Pack.GOLDEN,
  looksAtMakeOnly: true,
  keys: ['initContainers'],
  summary: 'No startup probe or postStart handler of a native sidecar asks a container that starts after it.',
  why: 'the containers after a native sidecar start only when its startup probe and postStart have succeeded, and these wait for a port that such a container opens: the pod never starts',
  fix: 'ask a port of the sidecar itself, or list the sidecar after what it waits for; what needs the app is checked in a readiness probe of the app',
  source: 'https://github.com/kubernetes/enhancements/tree/master/keps/sig-node/753-sidecar-containers#scenario-7-risk-of-porting-existing-sidecars-to-the-new-mechanism-naively',
  notApplicable: 'to pods without native sidecars that have a startup probe or a postStart handler, and to ports that nobody in the pod declares',
  bad: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  initContainers:
    - name: proxy
      image: "shop/proxy:1.0"
      restartPolicy: Always
      startupProbe: { tcpSocket: { port: 8080 } }
  containers:
    - { name: web, image: "shop/web:1.0", ports: [{ containerPort: 8080 }] }
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
      ports: [{ containerPort: 9901 }]
      startupProbe: { tcpSocket: { port: 9901 } }
  containers:
    - { name: web, image: "shop/web:1.0", ports: [{ containerPort: 8080 }] }
`,
  seen: 'On Kubernetes 1.33.13 the startup probe of the bad example got "connection refused", the sidecar was killed and restarted again and again, and the app stayed in PodInitializing; in the good example the app ran.',
  check(subject) {
    const gates = startGates(subject.containers);
    if (gates.length === 0) {
      return undefined;
    }
    const listeners = listenersOf(subject.template, subject.containers);
    return gates.flatMap((gate) => findings(gate, listeners, subject));
  },
};

function findings(gate: Handler, listeners: Listener[], subject: RuleSubject): RuleFinding[] {
  const found: RuleFinding[] = [];
  for (const port of new Set(portsOf(gate, subject))) {
    const later = opensLater(gate.container, port, listeners, subject.containers);
    if (later !== undefined) {
      found.push({ field: gate.path, fact: `${quote(port)} is a port of "${later}", which starts after "${gate.container.name}"` });
    }
  }
  return found;
}

/** The TCP ports of the pod that a gate connects to. */
function portsOf(gate: Handler, { template }: RuleSubject): number[] {
  const dialled = ['httpGet', 'tcpSocket', 'grpc'].flatMap((action) => {
    const dial: Dial = { container: gate.container, action, json: gate.json[action], path: gate.path };
    return isObject(gate.json[action]) && dialsPod(dial, template) ? [portOf(dial)] : [];
  });
  const commanded = targetsOf(gate).filter(({ host }) => isLoopback(host)).map(({ port }) => port);
  return [...dialled, ...commanded].filter((port) => port !== undefined);
}

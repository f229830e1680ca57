import { Dial, dialsOf, portOf } from './dials';
import { dialsPod, loopbackOnly } from './loopback';
import { Listener } from '../../manifest/listeners';
import { Pack, PodRule, RuleFinding, Severity } from '../rule';

/** Probes from outside of a port that only the pod itself can reach. */
export const probeOfLoopbackListener: PodRule = {
  id: 'probe-of-loopback-listener',
  severity: Severity.ERROR,
  pack: Pack.GOLDEN,
  looksAtMakeOnly: true,
  keys: ['httpGet', 'tcpSocket', 'grpc'],
  summary: 'No probe or lifecycle handler dials a port that listens on 127.0.0.1 only.',
  why: 'the kubelet stands outside the pod and dials its IP address: nothing answers there, and the probe fails for ever',
  fix: 'probe with `exec`, or open a separate listener for health checks on all addresses and probe that',
  source: 'https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/#http-probes',
  notApplicable: 'to pods without a listener on 127.0.0.1 in the annotation `pod-patterns/listeners`',
  bad: `
apiVersion: v1
kind: Pod
metadata:
  name: web
  annotations: { pod-patterns/listeners: "proxy=127.0.0.1:15432" }
spec:
  containers:
    - name: proxy
      image: "shop/proxy:1.0"
      readinessProbe: { tcpSocket: { port: 15432 } }
`,
  good: `
apiVersion: v1
kind: Pod
metadata:
  name: web
  annotations: { pod-patterns/listeners: "proxy=127.0.0.1:15432,proxy=*:8404" }
spec:
  containers:
    - name: proxy
      image: "shop/proxy:1.0"
      readinessProbe: { tcpSocket: { port: 8404 } }
`,
  seen: 'On Kubernetes 1.33.13 the bad example was not ready after 45 seconds: the kubelet dialled the IP address of the pod and got "connection refused". The good one was ready.',
  check({ template, containers }) {
    const loopback = loopbackOnly(template, containers);
    if (loopback.size === 0) {
      return undefined;
    }
    const found: RuleFinding[] = [];
    for (const dial of dialsOf(containers)) {
      const listener = loopback.get(portOf(dial) ?? 0);
      if (listener && dialsPod(dial, template)) {
        found.push({ field: `${dial.path}.port`, fact: factOf(dial, listener) });
      }
    }
    return found;
  },
};

function factOf({ json }: Dial, { address, port, container }: Listener): string {
  const target = json.host ? `; host "${json.host}" is the node, not the pod` : '';
  return `"${port}" listens on ${address} only, in container "${container}"${target}`;
}

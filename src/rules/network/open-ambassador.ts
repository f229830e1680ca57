import { dialsOf, portOf } from './dials';
import { localCallsOf } from './local-calls';
import { isLoopback, loopbackOnly } from './loopback';
import { ContainerRole, ContainerView } from '../../manifest/containers';
import { Listener, listenersOf } from '../../manifest/listeners';
import { Pack, PodRule, RuleFinding, Severity } from '../rule';

/** Ambassadors that everybody can reach. */
export const openAmbassador: PodRule = {
  id: 'open-ambassador',
  severity: Severity.WARNING,
  pack: Pack.GOLDEN,
  keys: ['env'],
  summary: 'A native sidecar through which the app calls out at 127.0.0.1 listens there only.',
  why: 'whoever reaches the address of the pod then calls out with the credentials, the network policy and the retries of the app; a port that is declared tells everybody where',
  fix: 'let the sidecar listen on 127.0.0.1 and remove the port from its `ports`; for its health open another one',
  source: 'https://kubernetes.io/docs/concepts/workloads/pods/#pod-networking',
  notApplicable: 'to regular containers, which may as well serve others, to ports that no variable of a regular container names at 127.0.0.1 or localhost, and to those that a probe asks with `httpGet` or `grpc`: they are for health',
  bad: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  initContainers:
    - { name: db-proxy, image: "shop/proxy:1.0", restartPolicy: Always, ports: [{ containerPort: 15432 }] }
  containers:
    - { name: web, image: "shop/web:1.0", env: [{ name: DB, value: "127.0.0.1:15432" }] }
`,
  good: `
apiVersion: v1
kind: Pod
metadata: { name: web, annotations: { pod-patterns/listeners: "db-proxy=127.0.0.1:15432" } }
spec:
  initContainers:
    - { name: db-proxy, image: "shop/proxy:1.0", restartPolicy: Always }
  containers:
    - { name: web, image: "shop/web:1.0", env: [{ name: DB, value: "127.0.0.1:15432" }] }
`,
  seen: 'On Kubernetes 1.33.13 another pod of the cluster connected to port 15432 of the bad example; of the good one it got "Connection refused".',
  check({ template, containers }) {
    const sidecars = containers.filter(({ role }) => role === ContainerRole.NATIVE_SIDECAR);
    const callers = sidecars.length === 0 ? new Map<number, string>() : callersByPort(containers);
    if (callers.size === 0) {
      return undefined;
    }
    const local = loopbackOnly(template, containers);
    const healthPorts = dialsOf(sidecars).filter(({ action }) => action !== 'tcpSocket').map(portOf);
    const isOpen = ({ container, port, protocol, address }: Listener) => callers.has(port) && !local.has(port) && !healthPorts.includes(port)
      && protocol === 'TCP' && !isLoopback(address) && sidecars.some(({ name }) => name === container);
    const found = new Map<number, RuleFinding>();
    for (const listener of listenersOf(template, containers)) {
      if (isOpen(listener) && !found.has(listener.port)) {
        const { path, port, container } = listener;
        found.set(port, { field: path, fact: `"${port}" of "${container}" is open to every caller, and "${callers.get(port)}" reaches it at 127.0.0.1` });
      }
    }
    return [...found.values()];
  },
};

/** The ports that regular containers are told to call at the loopback address, with the first of these containers. */
function callersByPort(containers: ContainerView[]): Map<number, string> {
  const callers = new Map<number, string>();
  for (const container of containers) {
    for (const { port } of container.role === ContainerRole.REGULAR ? localCallsOf(container) : []) {
      if (!callers.has(port)) {
        callers.set(port, container.name);
      }
    }
  }
  return callers;
}

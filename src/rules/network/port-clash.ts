import { isPort } from './dials';
import { LISTENERS_ANNOTATION } from '../../manifest/annotations';
import { sideBySide } from '../../manifest/containers';
import { Listener, listenersOf } from '../../manifest/listeners';
import { Pack, PodRule, RuleFinding, Severity } from '../rule';

/** Two containers that open one port of the network they share. */
export const portClash: PodRule = {
  id: 'port-clash',
  severity: Severity.ERROR,
  pack: Pack.GOLDEN,
  looksAtMakeOnly: true,
  keys: ['ports', LISTENERS_ANNOTATION],
  summary: 'Containers that run side by side listen on different ports.',
  why: 'all containers of a pod share one network: the second to open the port ends with "address already in use" and is restarted for ever',
  fix: 'let one of the two listen on another port, and change the port in its own configuration as well',
  source: 'https://kubernetes.io/docs/concepts/workloads/pods/#pod-networking',
  notApplicable: 'to pods with one container, and to plain init containers, which end before the others start',
  bad: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  containers:
    - name: web
      image: "shop/web:1.0"
      ports: [{ containerPort: 8080 }]
    - name: metrics
      image: "shop/metrics:1.0"
      ports: [{ containerPort: 8080 }]
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
    - name: metrics
      image: "shop/metrics:1.0"
      ports: [{ containerPort: 9090 }]
`,
  seen: 'On Kubernetes 1.33.13 the container "metrics" of the bad example ended with status 1 and "bind: Address already in use", and was restarted again and again; with port 9090 both ran without a restart.',
  check({ template, containers }) {
    const beside = sideBySide(containers);
    if (beside.length < 2) {
      return undefined;
    }
    const listeners = listenersOf(template, containers);
    if (listeners.length < 2) {
      return [];
    }
    const running = new Set(beside.map(({ name }) => name));
    const found: RuleFinding[] = [];
    const taken = new Map<string, Listener>();
    const reported = new Set<string>();
    for (const listener of listeners) {
      if (!isPort(listener.port) || !running.has(listener.container)) {
        continue;
      }
      const { container, address, path } = listener;
      const port = `${listener.port}/${listener.protocol}`;
      const place = isEveryAddress(address) ? `${port} *` : `${port} ${address}`;
      const first = isEveryAddress(address) ? taken.get(port) : taken.get(`${port} *`) ?? taken.get(place);
      if (first && first.container !== container && !reported.has(`${port} ${container}`)) {
        reported.add(`${port} ${container}`);
        found.push({ field: path, fact: `"${port}" of container "${container}" is already opened by container "${first.container}"` });
      }
      for (const key of [port, place]) {
        taken.set(key, taken.get(key) ?? listener);
      }
    }
    return found;
  },
};

function isEveryAddress(address: string): boolean {
  return address === '*' || address === '0.0.0.0' || address === '::' || address === '[::]';
}

import { isPort } from './dials';
import { runsBesideOthers } from '../../manifest/containers';
import { objectsIn } from '../../manifest/json';
import { quote } from '../quote';
import { Pack, PodRule, RuleFinding, Severity } from '../rule';

/** Two containers that take one port of the node. */
export const hostPortClash: PodRule = {
  id: 'host-port-clash',
  severity: Severity.ERROR,
  pack: Pack.VALID,
  looksAtMakeOnly: true,
  keys: ['hostPort', 'hostNetwork'],
  summary: 'Containers that run side by side take different ports of the node.',
  why: 'the API server rejects a pod whose containers take one port of the node twice; where one is a native sidecar, only one of the two is reached',
  fix: 'remove `hostPort`, which a Service makes needless, or give one of the two another number',
  source: 'https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#ports',
  notApplicable: 'to pods without `hostPort`, and with `hostNetwork`, where port-clash and repeated-port judge the ports',
  bad: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  containers:
    - name: web
      image: "shop/web:1.0"
      ports: [{ containerPort: 8080, hostPort: 80 }]
    - name: metrics
      image: "shop/metrics:1.0"
      ports: [{ containerPort: 9090, hostPort: 80 }]
`,
  good: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  containers:
    - name: web
      image: "shop/web:1.0"
      ports: [{ containerPort: 8080, hostPort: 80 }]
    - name: metrics
      image: "shop/metrics:1.0"
      ports: [{ containerPort: 9090, hostPort: 9090 }]
`,
  seen: 'The API server of Kubernetes 1.33.13 refused the bad example with `spec.containers[1].ports[0].hostPort: Duplicate value: "TCP//80"` and accepted the good one.',
  check({ template, containers }) {
    if (template.spec.hostNetwork === true) {
      return undefined;
    }
    let found: RuleFinding[] | undefined;
    let taken: Map<string, string> | undefined;
    for (const container of containers) {
      const ports = objectsIn(container.json.ports);
      for (let index = 0; index < ports.length; index++) {
        const { hostPort, hostIP, protocol } = ports[index];
        if (!isPort(hostPort) || !runsBesideOthers(container)) {
          continue;
        }
        found ??= [];
        taken ??= new Map();
        const port = `${hostPort}/${typeof protocol === 'string' && protocol !== '' ? protocol : 'TCP'}`;
        // One port at two addresses of the node is two ports.
        const key = typeof hostIP === 'string' && hostIP !== '' ? `${port} at ${hostIP}` : port;
        const first = taken.get(key);
        if (first === undefined) {
          taken.set(key, container.name);
        } else {
          found.push({ field: `${container.path}.ports[${index}].hostPort`, fact: `${quote(key)} is already taken by container ${quote(first)}` });
        }
      }
    }
    return found;
  },
};

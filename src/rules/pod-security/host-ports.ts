import { everyContainer } from './places';
import { objectsIn } from '../../manifest/json';
import { quote } from '../quote';
import { Pack, PodRule, RuleFinding, Severity } from '../rule';

/** Ports of the node. */
export const hostPorts: PodRule = {
  id: 'host-ports',
  severity: Severity.WARNING,
  pack: Pack.RESTRICTED,
  looksAtMakeOnly: true,
  keys: ['hostPort'],
  summary: 'No container takes a port of its node: `hostPort` is not set.',
  why: 'the port is open at the address of the node, past every NetworkPolicy of most network plugins, and only one such pod fits on a node; Pod Security refuses it from the level baseline on',
  fix: 'remove `hostPort` and put a Service in front of the pod',
  source: 'https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline',
  notApplicable: 'to pods without ports',
  bad: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  containers:
    - name: web
      image: "shop/web:1.0"
      ports: [{ containerPort: 8080, hostPort: 8080 }]
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
`,
  seen: 'Where Kubernetes 1.33.13 enforced the level restricted it refused the bad example with `hostPort (container "web" uses hostPort 8080)`, and had no such objection to the good one.',
  check(subject) {
    let found: RuleFinding[] | undefined;
    for (const { json, path } of everyContainer(subject)) {
      const ports = objectsIn(json.ports);
      for (let index = 0; index < ports.length; index++) {
        const { hostPort } = ports[index];
        found ??= [];
        if (hostPort !== undefined && hostPort !== null && hostPort !== 0) {
          found.push({ field: `${path}.ports[${index}].hostPort`, fact: `${quote(hostPort)} is a port of the node` });
        }
      }
    }
    return found;
  },
};

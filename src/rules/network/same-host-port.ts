import { isPort } from './dials';
import { ContainerRole } from '../../manifest/containers';
import { objectsIn } from '../../manifest/json';
import { Pack, PodRule, RuleFinding, Severity } from '../rule';

/** Ports that are to have another number on a node whose network the pod shares. */
export const sameHostPort: PodRule = {
  id: 'same-host-port',
  severity: Severity.ERROR,
  pack: Pack.VALID,
  looksAtMakeOnly: true,
  keys: ['hostNetwork'],
  summary: 'With `hostNetwork` a `hostPort` is the same number as its `containerPort`.',
  why: 'the pod has no network of its own from which a port could be mapped: the API server rejects it',
  fix: 'remove `hostPort`, and let the program listen on the port that the node is to have',
  source: 'https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#ports',
  notApplicable: 'to pods with a network of their own, and to init containers and native sidecars, of which the API server takes any number, which means nothing',
  bad: `
apiVersion: v1
kind: Pod
metadata: { name: agent }
spec:
  hostNetwork: true
  containers: [{ name: agent, image: "shop/agent:1.0", ports: [{ containerPort: 8080, hostPort: 9100 }] }]
`,
  good: `
apiVersion: v1
kind: Pod
metadata: { name: agent }
spec:
  hostNetwork: true
  containers: [{ name: agent, image: "shop/agent:1.0", ports: [{ containerPort: 9100, hostPort: 9100 }] }]
`,
  seen: 'The API server of Kubernetes 1.33.13 refused the bad example with "spec.containers[0].ports[0].hostPort: Invalid value: 9100: must match `containerPort` when `hostNetwork` is true" and accepted the good one.',
  check({ template, containers }) {
    if (template.spec.hostNetwork !== true) {
      return undefined;
    }
    const found: RuleFinding[] = [];
    for (const { json, path, role } of containers) {
      objectsIn(role === ContainerRole.REGULAR ? json.ports : undefined).forEach(({ containerPort, hostPort }, index) => {
        if (isPort(containerPort) && isPort(hostPort) && containerPort !== hostPort) {
          found.push({ field: `${path}.ports[${index}].hostPort`, fact: `"${hostPort}" is not ${containerPort}, the \`containerPort\`` });
        }
      });
    }
    return found;
  },
};

import { Pack, PodRule, RuleFinding, Severity } from '../rule';

const WHAT: { readonly [field: string]: string } = { hostNetwork: 'the network', hostPID: 'the processes', hostIPC: 'the shared memory and message queues' };

const FIELDS = Object.keys(WHAT);

const NONE: RuleFinding[] = [];

/** Pods that share namespaces of the node. */
export const hostNamespaces: PodRule = {
  id: 'host-namespaces',
  severity: Severity.WARNING,
  pack: Pack.RESTRICTED,
  looksAtMakeOnly: true,
  keys: ['hostNetwork', 'hostPID', 'hostIPC'],
  summary: 'No pod shares the network, the processes or the IPC of its node: `hostNetwork`, `hostPID` and `hostIPC` are not true.',
  why: 'its processes see the traffic of the node, can dial what listens on its localhost, and can read and signal the processes of all other pods: a break-in ends at the node; Pod Security refuses such a pod from the level baseline on',
  fix: 'remove the field; for an agent of the node, keep it in a namespace of its own at the level privileged and waive this finding with that reason',
  source: 'https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline',
  notApplicable: 'to pods that share none of them',
  bad: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  hostPID: true
  containers:
    - name: web
      image: "shop/web:1.0"
`,
  good: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  containers:
    - name: web
      image: "shop/web:1.0"
`,
  seen: 'Where Kubernetes 1.33.13 enforced the level restricted it refused the bad example with `host namespaces (hostPID=true)`, and had no such objection to the good one.',
  check({ template }) {
    const { spec, path } = template;
    let found: RuleFinding[] | undefined;
    for (const field of FIELDS) {
      if (spec[field] === true) {
        (found ??= []).push({ field: `${path}.${field}`, fact: `"true" shares ${WHAT[field]} of the node` });
      }
    }
    return found ?? NONE;
  },
};

import { hasOwnUsers, inContexts } from './places';
import { Pack, PodRule, Severity } from '../rule';

/** Containers that run as root. */
export const rootUser: PodRule = {
  id: 'root-user',
  severity: Severity.WARNING,
  pack: Pack.RESTRICTED,
  looksAtMakeOnly: true,
  keys: ['runAsUser'],
  summary: 'Nothing sets `runAsUser: 0`.',
  why: 'root of a container is root of the node to the kernel: one hole in the container runtime or in a mount is enough; Pod Security refuses such a pod at the level restricted',
  fix: 'choose a user above 0, one that owns what the program writes',
  source: 'https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted',
  notApplicable: 'from Kubernetes 1.35 on, to pods with `hostUsers: false`',
  bad: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  containers:
    - name: web
      image: "shop/web:1.0"
      securityContext: { runAsUser: 0 }
`,
  good: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  containers:
    - name: web
      image: "shop/web:1.0"
      securityContext: { runAsUser: 1000 }
`,
  seen: 'Where Kubernetes 1.33.13 enforced the level restricted it refused the bad example with `runAsUser=0 (container "web" must not set runAsUser=0)`, and had no such objection to the good one.',
  check: (subject) => hasOwnUsers(subject.template, subject.target) ? undefined : inContexts(subject, ({ runAsUser }, owner) =>
    runAsUser === 0 ? { field: `${owner}.securityContext.runAsUser`, fact: '"0" is root' } : undefined),
};

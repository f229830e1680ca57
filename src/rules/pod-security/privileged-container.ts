import { inContainers } from './places';
import { Pack, PodRule, Severity } from '../rule';

/** Containers that may do what the node may. */
export const privilegedContainer: PodRule = {
  id: 'privileged-container',
  severity: Severity.WARNING,
  pack: Pack.RESTRICTED,
  looksAtMakeOnly: true,
  keys: ['privileged'],
  summary: 'No container is privileged.',
  why: 'a privileged container has all devices and all capabilities of its node, and is not confined by seccomp, AppArmor or SELinux: whoever takes it over has the node; Pod Security refuses it from the level baseline on',
  fix: 'remove `privileged`; where one device or capability is needed, ask for that one: a device plugin, or `capabilities.add`',
  source: 'https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline',
  notApplicable: 'to pods whose containers are not privileged',
  bad: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  containers:
    - name: web
      image: "shop/web:1.0"
      securityContext: { privileged: true }
`,
  good: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  containers:
    - name: web
      image: "shop/web:1.0"
      securityContext: { privileged: false }
`,
  seen: 'Where Kubernetes 1.33.13 enforced the level restricted it refused the bad example with `privileged (container "web" must not set securityContext.privileged=true)`, and had no such objection to the good one.',
  check: (subject) => inContainers(subject, ({ privileged }, { path }) =>
    privileged === true ? { field: `${path}.securityContext.privileged`, fact: '"true" gives the container the whole node' } : undefined),
};

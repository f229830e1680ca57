import { inContainers, isForWindows } from './places';
import { quote } from '../quote';
import { Pack, PodRule, Severity } from '../rule';

/** Containers whose processes may gain privileges. */
export const privilegeEscalation: PodRule = {
  id: 'privilege-escalation',
  severity: Severity.WARNING,
  pack: Pack.RESTRICTED,
  looksAtMakeOnly: true,
  summary: 'Every container has `allowPrivilegeEscalation: false`.',
  why: 'a set-user-ID program of the image, such as su or ping, makes any user of the container root; Pod Security refuses such a pod at the level restricted',
  fix: 'set `allowPrivilegeEscalation: false`',
  source: 'https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted',
  notApplicable: 'to pods for Windows, which has no such programs',
  bad: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  containers:
    - name: web
      image: "shop/web:1.0"
      securityContext: { runAsUser: 1000 }
`,
  good: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  containers:
    - name: web
      image: "shop/web:1.0"
      securityContext: { runAsUser: 1000, allowPrivilegeEscalation: false }
`,
  seen: 'Where Kubernetes 1.33.13 enforced the level restricted it refused the bad example with `allowPrivilegeEscalation != false`, and had no such objection to the good one.',
  check: (subject) => isForWindows(subject) ? undefined : inContainers(subject, ({ allowPrivilegeEscalation }, { path, name }) =>
    allowPrivilegeEscalation === false ? undefined
      : { field: `${path}.securityContext.allowPrivilegeEscalation`, fact: `${quote(name)} does not set allowPrivilegeEscalation to false` }),
};

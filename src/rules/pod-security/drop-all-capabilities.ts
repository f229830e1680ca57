import { inContainers, isForWindows } from './places';
import { isObject } from '../../manifest/json';
import { quote } from '../quote';
import { Pack, PodRule, Severity } from '../rule';

/** Containers that keep the capabilities of the container runtime. */
export const dropAllCapabilities: PodRule = {
  id: 'drop-all-capabilities',
  severity: Severity.WARNING,
  pack: Pack.RESTRICTED,
  looksAtMakeOnly: true,
  summary: 'Every container drops all capabilities: `capabilities.drop` has ALL in it.',
  why: 'a container runtime gives about a dozen capabilities to whoever is root in a container, such as to read all files and to send raw packets, and set-user-ID programs hand them to others; Pod Security refuses such a pod at the level restricted',
  fix: "set `capabilities: { drop: ['ALL'] }`; a program that listens below port 1024 may add NET_BIND_SERVICE",
  source: 'https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted',
  notApplicable: 'to pods for Windows, which has no capabilities',
  bad: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  containers:
    - name: web
      image: "shop/web:1.0"
      securityContext: { capabilities: { drop: [NET_RAW] } }
`,
  good: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  containers:
    - name: web
      image: "shop/web:1.0"
      securityContext: { capabilities: { drop: [ALL] } }
`,
  seen: 'Where Kubernetes 1.33.13 enforced the level restricted it refused the bad example with `unrestricted capabilities (container "web" must set securityContext.capabilities.drop=["ALL"])`, and had no such objection to the good one.',
  check: (subject) => isForWindows(subject) ? undefined : inContainers(subject, ({ capabilities }, { path, name }) =>
    isObject(capabilities) && Array.isArray(capabilities.drop) && capabilities.drop.includes('ALL') ? undefined
      : { field: `${path}.securityContext.capabilities.drop`, fact: `${quote(name)} does not drop ALL capabilities` }),
};

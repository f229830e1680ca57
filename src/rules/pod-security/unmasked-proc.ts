import { inContainers } from './places';
import { quote } from '../quote';
import { Pack, PodRule, Severity } from '../rule';

/** Containers that see all of /proc. */
export const unmaskedProc: PodRule = {
  id: 'unmasked-proc',
  severity: Severity.WARNING,
  pack: Pack.RESTRICTED,
  looksAtMakeOnly: true,
  keys: ['procMount'],
  summary: 'No container sets `procMount` to anything but Default.',
  why: 'the masks of the container runtime hide parts of /proc that tell of the node or change it, such as /proc/sysrq-trigger; Pod Security refuses a pod without them at the level restricted, with `hostUsers: false` too',
  fix: 'remove `procMount`',
  source: 'https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted',
  notApplicable: 'to pods whose containers do not set procMount',
  bad: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  hostUsers: false
  containers:
    - name: web
      image: "shop/web:1.0"
      securityContext: { procMount: Unmasked }
`,
  good: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  hostUsers: false
  containers:
    - name: web
      image: "shop/web:1.0"
      securityContext: { procMount: Default }
`,
  seen: 'Where Kubernetes 1.33.13 enforced the level restricted it refused the bad example with `procMount (container "web" must not set securityContext.procMount to "Unmasked")`, and had no such objection to the good one.',
  check: (subject) => inContainers(subject, ({ procMount }, { path }) =>
    procMount === undefined || procMount === null || procMount === 'Default' ? undefined
      : { field: `${path}.securityContext.procMount`, fact: `${quote(procMount)} is another procMount than Default` }),
};

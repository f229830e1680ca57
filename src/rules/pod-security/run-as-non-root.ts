import { contextOf, hasOwnUsers, inContainers } from './places';
import { quote } from '../quote';
import { Pack, PodRule, Severity } from '../rule';

/** Containers that may run as root. */
export const runAsNonRoot: PodRule = {
  id: 'run-as-non-root',
  severity: Severity.WARNING,
  pack: Pack.RESTRICTED,
  looksAtMakeOnly: true,
  summary: 'Every container has `runAsNonRoot: true`, be it of its own or of the pod, and nothing sets it to false.',
  why: 'an image that was built to run as root does so unnoticed, and root of a container is root of the node to the kernel; Pod Security refuses such a pod at the level restricted',
  fix: 'set `securityContext.runAsNonRoot: true` for the pod, and `runAsUser` where the image names no user by number',
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
      securityContext: { runAsUser: 1000 }
`,
  good: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  securityContext: { runAsNonRoot: true }
  containers:
    - name: web
      image: "shop/web:1.0"
      securityContext: { runAsUser: 1000 }
`,
  seen: 'Where Kubernetes 1.33.13 enforced the level restricted it refused the bad example with `runAsNonRoot != true`, and had no such objection to the good one.',
  check(subject) {
    if (hasOwnUsers(subject.template, subject.target)) {
      return undefined;
    }
    const { spec, path: ofPod } = subject.template;
    const inherited = contextOf(spec).runAsNonRoot;
    const ofContainers = inContainers(subject, ({ runAsNonRoot: own }, { path, name }) => {
      const field = `${path}.securityContext.runAsNonRoot`;
      if (own !== undefined && own !== null) {
        return own === true ? undefined : { field, fact: `${quote(own)} lets the container run as root` };
      }
      // What the pod says is one finding, not one for each container.
      return typeof inherited === 'boolean' ? undefined
        : { field, fact: `${quote(name)} may run as root: neither the container nor the pod sets runAsNonRoot` };
    });
    return inherited === false ? [{ field: `${ofPod}.securityContext.runAsNonRoot`, fact: '"false" lets containers run as root' }, ...ofContainers] : ofContainers;
  },
};

import { contextOf, inContainers, isForWindows } from './places';
import { isObject, JsonObject } from '../../manifest/json';
import { quote } from '../quote';
import { Pack, PodRule, RuleFinding, Severity } from '../rule';

/** Containers that may make every system call. */
export const seccompProfile: PodRule = {
  id: 'seccomp-profile',
  severity: Severity.WARNING,
  pack: Pack.RESTRICTED,
  looksAtMakeOnly: true,
  summary: 'Every container has the seccomp profile RuntimeDefault or Localhost, be it of its own or of the pod.',
  why: 'without a profile a container may make every call of the kernel, those too that only break-ins need; Pod Security refuses such a pod at the level restricted',
  fix: 'set `securityContext.seccompProfile.type: RuntimeDefault` for the pod',
  source: 'https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted',
  notApplicable: 'to pods for Windows, which has no seccomp',
  bad: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  containers:
    - name: web
      image: "shop/web:1.0"
      securityContext: { runAsNonRoot: true }
`,
  good: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  securityContext: { seccompProfile: { type: RuntimeDefault } }
  containers:
    - name: web
      image: "shop/web:1.0"
      securityContext: { runAsNonRoot: true }
`,
  seen: 'Where Kubernetes 1.33.13 enforced the level restricted it refused the bad example with `seccompProfile (pod or container "web" must set securityContext.seccompProfile.type`, and had no such objection to the good one.',
  check(subject) {
    if (isForWindows(subject)) {
      return undefined;
    }
    const { spec, path: ofPod } = subject.template;
    const profile = contextOf(spec).seccompProfile;
    const found = isObject(profile) && !confines(profile) ? [wrongType(profile, ofPod)] : undefined;
    const inherited = isObject(profile);
    const ofContainers = inContainers(subject, (context, { path, name }) => {
      if (isObject(context.seccompProfile)) {
        return confines(context.seccompProfile) ? undefined : wrongType(context.seccompProfile, path);
      }
      return inherited ? undefined
        : { field: `${path}.securityContext.seccompProfile`, fact: `${quote(name)} has no seccomp profile, of its own or of the pod` };
    });
    return found ? [...found, ...ofContainers] : ofContainers;
  },
};

function confines({ type }: JsonObject): boolean {
  return type === 'RuntimeDefault' || type === 'Localhost';
}

function wrongType({ type }: JsonObject, owner: string): RuleFinding {
  return { field: `${owner}.securityContext.seccompProfile.type`, fact: `${quote(type ?? '')} is neither RuntimeDefault nor Localhost` };
}

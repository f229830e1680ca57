import { inContexts } from './places';
import { isObject } from '../../manifest/json';
import { quote } from '../quote';
import { Pack, PodRule, RuleFinding, RuleSubject, Severity } from '../rule';

/** Before its name: the container that the annotation is about. Kubernetes reads these beside the fields. */
const ANNOTATION = 'container.apparmor.security.beta.kubernetes.io/';

/** Containers without an AppArmor profile. */
export const apparmorDisabled: PodRule = {
  id: 'apparmor-disabled',
  severity: Severity.WARNING,
  pack: Pack.RESTRICTED,
  looksAtMakeOnly: true,
  keys: ['appArmorProfile', 'annotations'],
  summary: 'No AppArmor profile is anything but RuntimeDefault or Localhost.',
  why: 'the profile of the container runtime keeps processes from mounting and from writing below /proc and /sys; Pod Security refuses a pod that turns it off from the level baseline on',
  fix: 'remove the profile, or name one that every node has: `type: Localhost`',
  source: 'https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline',
  notApplicable: 'to pods without AppArmor profiles, which have that of the container runtime where the node has AppArmor',
  bad: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  containers:
    - name: web
      image: "shop/web:1.0"
      securityContext: { appArmorProfile: { type: Unconfined } }
`,
  good: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  containers:
    - name: web
      image: "shop/web:1.0"
      securityContext: { appArmorProfile: { type: RuntimeDefault } }
`,
  seen: 'Where Kubernetes 1.33.13 enforced the level restricted it refused the bad example with `forbidden AppArmor profiles`, and had no such objection to the good one.',
  check(subject) {
    const ofFields = inContexts(subject, ({ appArmorProfile: profile }, owner) =>
      !isObject(profile) || profile.type === 'RuntimeDefault' || profile.type === 'Localhost' ? undefined
        : { field: `${owner}.securityContext.appArmorProfile.type`, fact: `${quote(profile.type ?? '')} is neither RuntimeDefault nor Localhost` });
    const ofAnnotations = inAnnotations(subject);
    return ofAnnotations ? [...ofFields, ...ofAnnotations] : ofFields;
  },
};

function inAnnotations({ template: { holder, path } }: RuleSubject): RuleFinding[] | undefined {
  const annotations = isObject(holder.metadata) ? holder.metadata.annotations : undefined;
  if (!isObject(annotations)) {
    return undefined;
  }
  let found: RuleFinding[] | undefined;
  for (const key of Object.keys(annotations)) {
    const value = annotations[key];
    if (key.startsWith(ANNOTATION) && typeof value === 'string' && value !== '' && value !== 'runtime/default' && !value.startsWith('localhost/')) {
      const field = `${path.slice(0, -'spec'.length)}metadata.annotations[${key}]`;
      (found ??= []).push({ field, fact: `${quote(value)} is neither runtime/default nor localhost/…` });
    }
  }
  return found;
}

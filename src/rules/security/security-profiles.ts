import { isObject, JsonObject } from '../../manifest/json';
import { inContexts } from '../pod-security/places';
import { quote } from '../quote';
import { relativePathProblem } from '../relative-path';
import { Pack, PodRule, RuleFinding, Severity } from '../rule';

const TYPES = ['RuntimeDefault', 'Localhost', 'Unconfined'];

/** Seccomp and AppArmor profiles that name no profile, or one too many. */
export const securityProfiles: PodRule = {
  id: 'security-profiles',
  severity: Severity.ERROR,
  pack: Pack.VALID,
  looksAtMakeOnly: true,
  keys: ['seccompProfile', 'appArmorProfile'],
  summary: 'A seccomp or AppArmor profile has a type, and a `localhostProfile` with the type Localhost and with no other.',
  why: 'the API server rejects other combinations, and the kubelet an empty name: the profile would not be known',
  fix: 'use `type: RuntimeDefault`, or `type: Localhost` with the name of a profile that every node has',
  source: 'https://kubernetes.io/docs/tutorials/security/seccomp/',
  notApplicable: 'to pods without seccomp and AppArmor profiles',
  bad: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  containers:
    - name: web
      image: "shop/web:1.0"
      securityContext: { seccompProfile: { type: Localhost } }
`,
  good: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  containers:
    - name: web
      image: "shop/web:1.0"
      securityContext: { seccompProfile: { type: RuntimeDefault } }
`,
  seen: 'The API server of Kubernetes 1.33.13 refused the bad example with `spec.containers[0].securityContext.seccompProfile.localhostProfile: Required value: must be set when seccomp type is Localhost` and accepted the good one.',
  check: (subject) => [...inContexts(subject, ofSeccomp), ...inContexts(subject, ofAppArmor)],
};

function ofSeccomp({ seccompProfile: profile }: JsonObject, owner: string): RuleFinding | undefined {
  return isObject(profile) ? findingOf(profile, 'seccompProfile', owner) : undefined;
}

function ofAppArmor({ appArmorProfile: profile }: JsonObject, owner: string): RuleFinding | undefined {
  return isObject(profile) ? findingOf(profile, 'appArmorProfile', owner) : undefined;
}

function findingOf({ type, localhostProfile }: JsonObject, kind: string, owner: string): RuleFinding | undefined {
  const path = `${owner}.securityContext.${kind}`;
  if (!TYPES.includes(type)) {
    return { field: `${path}.type`, fact: type === undefined || type === null || type === '' ? '"" is no type, and one is required' : `${quote(type)} is none of "${TYPES.join('", "')}"` };
  }
  const problem = type === 'Localhost' ? nameProblem(localhostProfile, kind) : strayProblem(localhostProfile, type);
  return problem ? { field: `${path}.localhostProfile`, fact: `${quote(localhostProfile ?? '')} ${problem}` } : undefined;
}

function nameProblem(name: unknown, kind: string): string | undefined {
  if (name === undefined || name === null || name === '') {
    return 'is no profile, and the type Localhost requires one';
  }
  if (typeof name !== 'string') {
    return 'is not a string';
  }
  // A seccomp profile is a file of the node, an AppArmor profile has been loaded by its name.
  return kind === 'seccompProfile' ? relativePathProblem(name) : undefined;
}

function strayProblem(name: unknown, type: string): string | undefined {
  return name === undefined || name === null ? undefined : `is not allowed with the type ${type}`;
}

import { inContainers, isForWindows } from './places';
import { ContainerView } from '../../manifest/containers';
import { isObject, JsonObject } from '../../manifest/json';
import { quote } from '../quote';
import { Pack, PodRule, RuleFinding, Severity } from '../rule';

/** Containers that ask for capabilities. */
export const addedCapabilities: PodRule = {
  id: 'added-capabilities',
  severity: Severity.WARNING,
  pack: Pack.RESTRICTED,
  looksAtMakeOnly: true,
  keys: ['add'],
  summary: 'No container adds a capability other than NET_BIND_SERVICE.',
  why: 'each capability is a part of what root may do, and several of them are enough to take over the node; Pod Security refuses such a pod at the level restricted, and what the container runtime does not give anyway, such as NET_ADMIN and SYS_PTRACE, from the level baseline on',
  fix: 'remove the capability; where the program cannot do without it, say why in a waiver, and give it a namespace of its own',
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
      securityContext: { capabilities: { drop: [ALL], add: [NET_ADMIN] } }
`,
  good: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  containers:
    - name: web
      image: "shop/web:1.0"
      securityContext: { capabilities: { drop: [ALL], add: [NET_BIND_SERVICE] } }
`,
  seen: 'Where Kubernetes 1.33.13 enforced the level restricted it refused the bad example with `unrestricted capabilities (container "web" must not include "NET_ADMIN" in securityContext.capabilities.add)`, and had no such objection to the good one.',
  check: (subject) => isForWindows(subject) ? undefined : inContainers(subject, addedBy),
};

function addedBy({ capabilities }: JsonObject, { path }: ContainerView): RuleFinding[] | undefined {
  if (!isObject(capabilities) || !Array.isArray(capabilities.add)) {
    return undefined;
  }
  return capabilities.add.flatMap((capability, index) => capability === 'NET_BIND_SERVICE' ? []
    : [{ field: `${path}.securityContext.capabilities.add[${index}]`, fact: `${quote(capability)} is a capability that the level restricted does not let a container add` }]);
}

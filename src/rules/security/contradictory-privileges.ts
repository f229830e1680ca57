import { isObject } from '../../manifest/json';
import { Pack, PodRule, RuleFinding, Severity } from '../rule';

/** Containers that get all privileges and must not gain any. */
export const contradictoryPrivileges: PodRule = {
  id: 'contradictory-privileges',
  severity: Severity.ERROR,
  pack: Pack.VALID,
  looksAtMakeOnly: true,
  keys: ['allowPrivilegeEscalation'],
  summary: 'No container with `allowPrivilegeEscalation: false` is privileged or adds CAP_SYS_ADMIN.',
  why: 'the API server rejects the pair: such a container has every privilege already',
  fix: 'remove `privileged` and the capability, or leave `allowPrivilegeEscalation` out',
  source: 'https://kubernetes.io/docs/tasks/configure-pod-container/security-context/',
  notApplicable: 'to pods in which no container sets `allowPrivilegeEscalation: false`',
  bad: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  containers:
    - name: web
      image: "shop/web:1.0"
      securityContext: { privileged: true, allowPrivilegeEscalation: false }
`,
  good: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  containers:
    - name: web
      image: "shop/web:1.0"
      securityContext: { privileged: false, allowPrivilegeEscalation: false }
`,
  seen: 'The API server of Kubernetes 1.33.13 refused the bad example with `spec.containers[0].securityContext: Invalid value` and accepted the good one.',
  check({ containers }) {
    let found: RuleFinding[] | undefined;
    for (const { json, path } of containers) {
      const context = json.securityContext;
      if (!isObject(context) || context.allowPrivilegeEscalation !== false) {
        continue;
      }
      found ??= [];
      const field = `${path}.securityContext.allowPrivilegeEscalation`;
      if (context.privileged === true) {
        found.push({ field, fact: '"false" contradicts `privileged: true`' });
      } else if (addsSysAdmin(context.capabilities)) {
        found.push({ field, fact: '"false" contradicts the capability CAP_SYS_ADMIN' });
      }
    }
    return found;
  },
};

/** Of this spelling only: `SYS_ADMIN` is accepted. */
function addsSysAdmin(capabilities: unknown): boolean {
  return isObject(capabilities) && Array.isArray(capabilities.add) && capabilities.add.includes('CAP_SYS_ADMIN');
}

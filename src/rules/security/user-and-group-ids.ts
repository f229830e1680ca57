import { JsonObject } from '../../manifest/json';
import { inContexts } from '../pod-security/places';
import { quote } from '../quote';
import { Pack, PodRule, RuleFinding, Severity } from '../rule';

const FIELDS = ['runAsUser', 'runAsGroup', 'fsGroup'];

const LARGEST = 2 ** 31 - 1;

/** Numbers that are no user and no group of Linux. */
export const userAndGroupIds: PodRule = {
  id: 'user-and-group-ids',
  severity: Severity.ERROR,
  pack: Pack.VALID,
  looksAtMakeOnly: true,
  keys: ['runAsUser', 'runAsGroup', 'fsGroup', 'supplementalGroups'],
  summary: 'Users and groups are whole numbers from 0 to 2147483647.',
  why: 'the API server rejects any other number, and it takes no names',
  fix: 'give the number of the user or group; `id -u <name>`, run in the image, prints it',
  source: 'https://kubernetes.io/docs/tasks/configure-pod-container/security-context/',
  notApplicable: 'to pods without a security context',
  bad: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  containers:
    - name: web
      image: "shop/web:1.0"
      securityContext: { runAsUser: -1 }
`,
  good: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  containers:
    - name: web
      image: "shop/web:1.0"
      securityContext: { runAsUser: 1000 }
`,
  seen: 'The API server of Kubernetes 1.33.13 refused the bad example with `spec.containers[0].securityContext.runAsUser: Invalid value: -1: must be between 0 and 2147483647, inclusive` and accepted the good one.',
  check: (subject) => inContexts(subject, findingsIn),
};

function findingsIn(context: JsonObject, owner: string): RuleFinding[] | undefined {
  let found: RuleFinding[] | undefined;
  for (let index = 0; index < FIELDS.length; index++) {
    const name = FIELDS[index];
    const value = context[name];
    if (value !== undefined && value !== null && !isId(value)) {
      (found ??= []).push({ field: `${owner}.securityContext.${name}`, fact: factOf(value) });
    }
  }
  const groups = context.supplementalGroups;
  for (let index = 0; Array.isArray(groups) && index < groups.length; index++) {
    if (groups[index] !== null && !isId(groups[index])) {
      (found ??= []).push({ field: `${owner}.securityContext.supplementalGroups[${index}]`, fact: factOf(groups[index]) });
    }
  }
  return found;
}

function isId(value: unknown): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= LARGEST;
}

function factOf(value: unknown): string {
  return `${quote(value)} ${typeof value === 'number' ? `is not a whole number from 0 to ${LARGEST}` : 'is not a number'}`;
}

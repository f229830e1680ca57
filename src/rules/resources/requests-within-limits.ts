import { isObject } from '../../manifest/json';
import { parseQuantity } from '../../manifest/quantity';
import { quote } from '../quote';
import { Pack, PodRule, RuleFinding, Severity } from '../rule';

/** Quantities are read as floating point numbers: this much may be lost. */
const ROUNDING = 1 + 1e-9;

/** Requests of more than the container may use. */
export const requestsWithinLimits: PodRule = {
  id: 'requests-within-limits',
  severity: Severity.ERROR,
  pack: Pack.VALID,
  looksAtMakeOnly: true,
  keys: ['limits'],
  summary: 'No container requests more of a resource than its limit allows.',
  why: 'the API server rejects a container that requests more than its limit',
  fix: 'raise the limit or lower the request',
  source: 'https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/#requests-and-limits',
  notApplicable: 'to pods in which no container has both requests and limits',
  bad: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  containers:
    - name: web
      image: "shop/web:1.0"
      resources: { requests: { memory: 1Gi }, limits: { memory: 512Mi } }
`,
  good: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  containers:
    - name: web
      image: "shop/web:1.0"
      resources: { requests: { memory: 256Mi }, limits: { memory: 512Mi } }
`,
  seen: 'The API server of Kubernetes 1.33.13 refused the bad example with `spec.containers[0].resources.requests: Invalid value: "1Gi": must be less than or equal to memory limit of 512Mi` and accepted the good one.',
  check({ containers }) {
    let found: RuleFinding[] | undefined;
    for (const { json, path } of containers) {
      const requests = json.resources?.requests;
      const limits = json.resources?.limits;
      if (!isObject(requests) || !isObject(limits)) {
        continue;
      }
      found ??= [];
      for (const name in requests) {
        const request = parse(requests[name]);
        const limit = Object.hasOwn(limits, name) ? parse(limits[name]) : undefined;
        if (request !== undefined && limit !== undefined && request > limit * ROUNDING) {
          found.push({ field: `${path}.resources.requests[${name}]`, fact: `${quote(requests[name])} is more than the limit ${quote(limits[name])}` });
        }
      }
    }
    return found;
  },
};

function parse(amount: unknown): number | undefined {
  return typeof amount === 'string' || typeof amount === 'number' ? parseQuantity(amount) : undefined;
}

import { isObject, objectsIn } from '../../manifest/json';
import { parseQuantity } from '../../manifest/quantity';
import { quote } from '../quote';
import { Pack, PodRule, RuleFinding, Severity } from '../rule';

const LIMITED = ['memory', 'ephemeral-storage'];

/** Limits that limit nothing. */
export const limitsAboveZero: PodRule = {
  id: 'limits-above-zero',
  severity: Severity.ERROR,
  pack: Pack.VALID,
  looksAtMakeOnly: true,
  keys: ['limits', 'sizeLimit'],
  summary: 'Limits of memory and of storage, and size limits of emptyDir volumes, are above zero.',
  why: 'the API server accepts a limit of zero, and the kubelet takes it for no limit of the container or volume: memory and disk of the node are used up without a bound; a pod whose limits of storage are zero together is evicted for its first file or line of log',
  fix: 'give the amount that is enough, or leave the limit out where there shall be none',
  source: 'https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/',
  notApplicable: 'to pods without such limits, and to limits of CPU, where zero is the known way around the default of a namespace',
  bad: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  containers:
    - name: web
      image: "shop/web:1.0"
      resources: { limits: { memory: 0Mi } }
`,
  good: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  containers:
    - name: web
      image: "shop/web:1.0"
      resources: { limits: { memory: 64Mi } }
`,
  seen: 'On Kubernetes 1.33.13 both examples were accepted: the memory limit in the cgroup of the bad one was 9223372036854771712 bytes, which is none, that of the good one 67108864.',
  check({ template, containers }) {
    let found: RuleFinding[] | undefined;
    for (const { json, path } of containers) {
      const limits = json.resources?.limits;
      for (const name of isObject(limits) ? LIMITED : []) {
        found ??= [];
        if (isZero(limits[name])) {
          found.push({ field: `${path}.resources.limits[${name}]`, fact: factOf(limits[name]) });
        }
      }
    }
    objectsIn(template.spec.volumes).forEach(({ emptyDir }, index) => {
      if (isObject(emptyDir) && emptyDir.sizeLimit !== undefined) {
        found ??= [];
        if (isZero(emptyDir.sizeLimit)) {
          found.push({ field: `${template.path}.volumes[${index}].emptyDir.sizeLimit`, fact: factOf(emptyDir.sizeLimit) });
        }
      }
    });
    return found;
  },
};

function isZero(amount: unknown): boolean {
  return (typeof amount === 'string' || typeof amount === 'number') && parseQuantity(amount) === 0;
}

function factOf(amount: unknown): string {
  return `${quote(amount)} means no limit`;
}

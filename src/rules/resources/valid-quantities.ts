import { isObject, objectsIn } from '../../manifest/json';
import { parseQuantity } from '../../manifest/quantity';
import { didYouMean, quote } from '../quote';
import { Pack, PodRule, RuleFinding, Severity } from '../rule';

const KINDS = ['limits', 'requests'];

/** Amounts of a resource that are no Kubernetes quantity. */
export const validQuantities: PodRule = {
  id: 'valid-quantities',
  severity: Severity.ERROR,
  pack: Pack.VALID,
  looksAtMakeOnly: true,
  keys: ['requests', 'limits', 'sizeLimit'],
  summary: 'Requests, limits and size limits are Kubernetes quantities, none of them negative.',
  why: 'the API server rejects an amount that it cannot read, and a negative one',
  fix: 'write a number with a suffix of Kubernetes: 250m for cores; 64Mi or 64M for bytes, never MB',
  source: 'https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/',
  notApplicable: 'to pods without requests, limits and size limits',
  bad: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  containers:
    - name: web
      image: "shop/web:1.0"
      resources: { limits: { memory: 64MB } }
`,
  good: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  containers:
    - name: web
      image: "shop/web:1.0"
      resources: { limits: { memory: 64M } }
`,
  seen: 'The API server of Kubernetes 1.33.13 refused the bad example with `quantities must match the regular expression` and accepted the good one.',
  check({ template, containers }) {
    let found: RuleFinding[] | undefined;
    for (const { json, path } of containers) {
      for (const kind of KINDS) {
        const amounts = json.resources?.[kind];
        for (const name in isObject(amounts) ? amounts : undefined) {
          found ??= [];
          const fact = factOf(amounts[name]);
          if (fact) {
            found.push({ field: `${path}.resources.${kind}[${name}]`, fact });
          }
        }
      }
    }
    objectsIn(template.spec.volumes).forEach(({ emptyDir }, index) => {
      if (isObject(emptyDir) && emptyDir.sizeLimit !== undefined) {
        found ??= [];
        const fact = factOf(emptyDir.sizeLimit);
        if (fact) {
          found.push({ field: `${template.path}.volumes[${index}].emptyDir.sizeLimit`, fact });
        }
      }
    });
    return found;
  },
};

function factOf(amount: unknown): string | undefined {
  if (amount === null) {
    return undefined;
  }
  const value = typeof amount === 'string' || typeof amount === 'number' ? parseQuantity(amount) : undefined;
  if (value === undefined) {
    return `${quote(amount)} is no quantity${didYouMean(mend(amount))}`;
  }
  return value < 0 ? `${quote(amount)} is negative` : undefined;
}

/** Suffixes that people write and Kubernetes does not know: `MB`, `mb`, `KiB`, `kB`, a blank before them. */
function mend(amount: unknown): string | undefined {
  const match = typeof amount === 'string' ? /^([0-9.]{1,30}) ?([kmgtpe])(i?)b?$/i.exec(amount) : null;
  if (!match) {
    return undefined;
  }
  const [, number, letter, binary] = match;
  const suffix = binary === '' && letter.toLowerCase() === 'k' ? 'k' : `${letter.toUpperCase()}${binary.toLowerCase()}`;
  return parseQuantity(number) === undefined ? undefined : `${number}${suffix}`;
}

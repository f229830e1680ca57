import { objectsIn } from '../../manifest/json';
import { didYouMean, quote } from '../quote';
import { Pack, PodRule, RuleFinding, Severity } from '../rule';

/** Most characters of a service name as IANA registers them. */
const LIMIT = 15;

/** Port names that the API server rejects. */
export const portNames: PodRule = {
  id: 'port-names',
  severity: Severity.ERROR,
  pack: Pack.VALID,
  looksAtMakeOnly: true,
  keys: ['ports'],
  summary: 'Ports are named with at most 15 lower case letters, digits and single "-", at least one of them a letter.',
  why: 'the API server rejects a port name that IANA would not register as a service name (RFC 6335)',
  fix: 'shorten or rename the port; a Service or probe that uses the name must follow',
  source: 'https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#ports',
  notApplicable: 'to pods whose ports have no names',
  bad: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  containers:
    - name: web
      image: "shop/web:1.0"
      ports: [{ name: prometheus-metrics, containerPort: 9090 }]
`,
  good: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  containers:
    - name: web
      image: "shop/web:1.0"
      ports: [{ name: metrics, containerPort: 9090 }]
`,
  seen: 'The API server of Kubernetes 1.33.13 refused the bad example with `spec.containers[0].ports[0].name: Invalid value: "prometheus-metrics": must be no more than 15 characters` and accepted the good one.',
  check({ containers }) {
    let found: RuleFinding[] | undefined;
    for (const container of containers) {
      objectsIn(container.json.ports).forEach(({ name }, index) => {
        if (name === undefined || name === null || name === '') {
          return;
        }
        found ??= [];
        const problem = problemOf(name);
        if (problem) {
          found.push({ field: `${container.path}.ports[${index}].name`, fact: `${quote(name)} ${problem}${didYouMean(mend(name))}` });
        }
      });
    }
    return found;
  },
};

function problemOf(name: unknown): string | undefined {
  if (typeof name !== 'string') {
    return 'is not a string';
  }
  if (name.length > LIMIT) {
    return `has ${name.length} characters and may have ${LIMIT}`;
  }
  if (!/^[-a-z0-9]+$/.test(name)) {
    return 'has characters other than lower case letters, digits and "-"';
  }
  if (!/[a-z]/.test(name)) {
    return 'has no letter';
  }
  return /^-|-$|--/.test(name) ? 'has "-" at an end or twice in a row' : undefined;
}

function mend(name: unknown): string | undefined {
  const plain = typeof name === 'string' ? name.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-/, '').slice(0, LIMIT).replace(/-$/, '') : '';
  return /[a-z]/.test(plain) ? plain : undefined;
}

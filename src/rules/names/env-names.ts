import { objectsIn } from '../../manifest/json';
import { didYouMean, quote } from '../quote';
import { Pack, PodRule, RuleFinding, Severity } from '../rule';

/** What Kubernetes 1.32 and later accept; earlier ones want a C identifier, with "-" and "." allowed. */
const PRINTABLE = /^[ -<>-~]+$/;

/** Environment variables whose name the API server rejects. */
export const envNames: PodRule = {
  id: 'env-names',
  severity: Severity.ERROR,
  pack: Pack.VALID,
  looksAtMakeOnly: true,
  keys: ['env'],
  summary: 'Environment variables are named with printable ASCII characters, without "=".',
  why: 'the API server rejects a pod with any other name; before 1.32 it takes letters, digits, "_", "-" and "." only',
  fix: 'name the variable in capitals, digits and "_"',
  source: 'https://kubernetes.io/docs/tasks/inject-data-application/define-environment-variable-container/',
  notApplicable: 'to pods whose containers list no environment variables',
  bad: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  containers:
    - name: web
      image: "shop/web:1.0"
      env: [{ name: "MODE=fast", value: "1" }]
`,
  good: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  containers:
    - name: web
      image: "shop/web:1.0"
      env: [{ name: MODE, value: fast }]
`,
  seen: 'The API server of Kubernetes 1.33.13 refused the bad example with `spec.containers[0].env[0].name: Invalid value: "MODE=fast": a valid environment variable name must consist only of printable ASCII characters` and accepted the good one.',
  check({ containers }) {
    let found: RuleFinding[] | undefined;
    for (const container of containers) {
      objectsIn(container.json.env).forEach(({ name }, index) => {
        found ??= [];
        if (typeof name !== 'string' || !PRINTABLE.test(name)) {
          found.push({ field: `${container.path}.env[${index}].name`, fact: factOf(name) });
        }
      });
    }
    return found;
  },
};

function factOf(name: unknown): string {
  if (name === undefined || name === null || name === '') {
    return '"" is no name, and one is required';
  }
  if (typeof name !== 'string') {
    return `${quote(name)} is not a string`;
  }
  return `${quote(name)} has "=" or a character that is not printable ASCII${didYouMean(toEnvName(name))}`;
}

function toEnvName(name: string): string {
  const plain = name.replace(/[^a-zA-Z0-9_]+/g, '_').replace(/^_|_$/g, '');
  return /^\d/.test(plain) ? `_${plain}` : plain;
}

import { factOfSecret, secretIn } from './credentials';
import { JsonObject, objectsIn } from '../../manifest/json';
import { quote } from '../quote';
import { Pack, PodRule, RuleFinding, Severity } from '../rule';

/** Nearly no argument has anything of it. */
const MAY_NAME_SECRET = /pass|pwd|secret|token|key|:\/\/|AKIA|ASIA|gh[pousr]_|github_pat_|glpat-|xox|k_live_|eyJ/i;

const LISTS = ['command', 'args'];

/** Passwords, tokens and keys that stand in the manifest. */
export const literalSecret: PodRule = {
  id: 'literal-secret',
  severity: Severity.WARNING,
  pack: Pack.PRODUCTION,
  keys: ['env', 'command', 'args'],
  summary: 'No password, token or key stands in an environment variable or an argument.',
  why: 'whoever may read the pod, the repository or the logs of the pipeline reads it too, and to change it takes a new rollout',
  fix: 'put it into a Secret and refer to it: `valueFrom.secretKeyRef`, or a mounted file; replace the one that stood here, it is known now',
  source: 'https://kubernetes.io/docs/concepts/configuration/secret/',
  notApplicable: 'to values that are paths, references such as $(VAR), numbers, switches or placeholders; a value whose name and form say nothing it takes for none',
  bad: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  containers:
    - name: web
      image: "shop/web:1.0"
      env: [{ name: DB_PASSWORD, value: correct-horse-battery }]
`,
  good: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  containers:
    - name: web
      image: "shop/web:1.0"
      env: [{ name: DB_PASSWORD, valueFrom: { secretKeyRef: { name: db, key: password } } }]
`,
  seen: 'On Kubernetes 1.33.13 a user with the role `view`, which reads no Secrets, read the password in the bad example with `kubectl get pod -o yaml`. In the good one it found the name of the Secret, and reading that was forbidden.',
  check({ containers }) {
    let found: RuleFinding[] | undefined;
    for (const { json, path } of containers) {
      found = inEnvironment(found, json, path);
      for (const list of LISTS) {
        if (Array.isArray(json[list])) {
          found = inArguments(found ?? [], json[list], list, path);
        }
      }
    }
    return found;
  },
};

function inEnvironment(found: RuleFinding[] | undefined, { env }: JsonObject, path: string): RuleFinding[] | undefined {
  const variables = objectsIn(env);
  for (let index = 0; index < variables.length; index++) {
    const { name, value } = variables[index];
    found ??= [];
    const fact = typeof value === 'string' && value !== '' && typeof name === 'string' ? factOfSecret(name, value) : undefined;
    if (fact) {
      found.push({ field: `${path}.env[${index}].value`, fact: `${quote(name)} ${fact}` });
    }
  }
  return found;
}

function inArguments(found: RuleFinding[], values: unknown[], list: string, path: string): RuleFinding[] {
  for (let index = 0; index < values.length; index++) {
    const value = values[index];
    if (typeof value !== 'string' || !MAY_NAME_SECRET.test(value)) {
      continue;
    }
    const place = `${list}[${index}]`;
    const fact = factOfArgument(value, place);
    const factOfNext = fact ? undefined : factOfNextArgument(value, values[index + 1]);
    if (fact || factOfNext) {
      found.push({ field: `${path}.${fact ? place : `${list}[${index + 1}]`}`, fact: fact ?? factOfNext! });
    }
  }
  return found;
}

/** `--db-password=x`, `-Ddb.password=x`, `db.password=x`, `DB_PASSWORD=x` of a script, or a secret by its form. */
function factOfArgument(argument: string, place: string): string | undefined {
  const [, name, value] = /^(--?[A-Za-z][\w.-]{0,99})=([^\n]*)$/.exec(argument) ?? /^([A-Za-z][\w.-]{0,99})=(\S+)$/.exec(argument) ?? [];
  const fact = name === undefined ? undefined : factOfSecret(name, value);
  if (fact) {
    return `${quote(name)} ${fact}`;
  }
  if (secretIn(argument)) {
    return `${quote(place)} ${factOfSecret('', argument)}`;
  }
  for (const [, variable, text] of argument.matchAll(/(?:^|[\s;&(])([A-Z][A-Z0-9_]{2,63})=("[^"\n]*"|'[^'\n]*'|[^\s;&|"')]+)/g)) {
    const ofVariable = factOfSecret(variable, text.replace(/^(["'])(.*)\1$/, '$2'));
    if (ofVariable) {
      return `${quote(variable)} ${ofVariable}`;
    }
  }
  return undefined;
}

/** `--db-password x`. A short word may as well be what a flag without a value is followed by, such as a command. */
function factOfNextArgument(flag: string, next: unknown): string | undefined {
  // One that can be told by its form is found where it stands.
  if (!/^--?[A-Za-z][\w.-]{0,99}$/.test(flag) || typeof next !== 'string' || next.startsWith('-') || /^[a-z]{0,11}$/.test(next) || secretIn(next)) {
    return undefined;
  }
  const fact = factOfSecret(flag, next);
  return fact && `${quote(flag)} ${fact}`;
}

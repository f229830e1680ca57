import { isObject, JsonObject, objectsIn } from '../../manifest/json';
import { quote } from '../quote';
import { Pack, PodRule, RuleFinding, Severity } from '../rule';

/** Variables that a container is given twice. */
export const repeatedEnvName: PodRule = {
  id: 'repeated-env-name',
  severity: Severity.WARNING,
  pack: Pack.PRODUCTION,
  keys: ['env'],
  summary: 'A container gives each environment variable once.',
  why: 'the last one counts, and the name is the key of the list: `kubectl apply` of a change can change the one that does not count, or delete both, and server-side apply, as Flux uses it, refuses the pod',
  fix: 'keep one of the two',
  source: 'https://kubernetes.io/docs/reference/using-api/server-side-apply/#merge-strategy',
  notApplicable: 'to a value that adds to the one before it, as in `$(JAVA_OPTS) -Xmx1g`, and to variables of `envFrom`, which those of `env` replace',
  bad: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  containers:
    - name: web
      image: "shop/web:1.0"
      env: [{ name: LEVEL, value: info }, { name: PAGES, value: /srv/pages }, { name: LEVEL, value: debug }]
`,
  good: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  containers:
    - name: web
      image: "shop/web:1.0"
      env: [{ name: PAGES, value: /srv/pages }, { name: LEVEL, value: debug }]
`,
  seen: 'In a Deployment with the variables of the bad example on Kubernetes 1.33.13, `kubectl apply` of `trace` instead of `debug` made the list `trace`, `debug`, so that nothing changed for the program; `kubectl apply` without the second one then deleted both. Server-side apply was refused with `duplicate entries for key [name="LEVEL"]`.',
  check({ containers }) {
    let found: RuleFinding[] | undefined;
    for (const { json, path } of containers) {
      const variables = objectsIn(json.env);
      if (variables.length > 1) {
        addRepetitions(variables, `${path}.env`, found ??= []);
      }
    }
    return found;
  },
};

function addRepetitions(variables: JsonObject[], path: string, found: RuleFinding[]): void {
  const firsts = new Map<unknown, number>();
  for (let index = 0; index < variables.length; index++) {
    const { name } = variables[index];
    const first = firsts.get(name);
    if (first === undefined) {
      firsts.set(name, index);
    } else if (typeof name === 'string' && name !== '' && !addsTo(variables[index])) {
      found.push({ field: `${path}[${index}].name`, fact: `${quote(name)} is already the name of env[${first}]` });
    }
  }
}

function addsTo({ name, value, valueFrom }: JsonObject): boolean {
  return !isObject(valueFrom) && typeof value === 'string' && value !== `$(${name})` && value.includes(`$(${name})`);
}

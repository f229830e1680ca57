import { isObject, JsonObject, objectsIn } from '../../manifest/json';
import { quote } from '../quote';
import { Pack, PodRule, RuleFinding, Severity } from '../rule';

/** Volumes and environment variables that say twice where their content comes from. */
export const oneSource: PodRule = {
  id: 'one-source',
  severity: Severity.ERROR,
  pack: Pack.VALID,
  looksAtMakeOnly: true,
  keys: ['valueFrom', 'volumes'],
  summary: 'A volume is of one kind, and an environment variable has either a value or one source.',
  why: 'the API server rejects a pod in which it would have to choose between two sources; mostly a patch or an overlay has added one and left the other',
  fix: 'remove all but one of them; in a patch set the other to null',
  source: 'https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#environment-variables',
  notApplicable: 'to pods without volumes and without values from elsewhere',
  bad: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  containers:
    - name: web
      image: "shop/web:1.0"
      env: [{ name: NODE, value: local, valueFrom: { fieldRef: { fieldPath: spec.nodeName } } }]
`,
  good: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  containers:
    - name: web
      image: "shop/web:1.0"
      env: [{ name: NODE, valueFrom: { fieldRef: { fieldPath: spec.nodeName } } }]
`,
  seen: 'The API server of Kubernetes 1.33.13 refused the bad example with `spec.containers[0].env[0].valueFrom: Invalid value: "": may not be specified when` and accepted the good one.',
  check({ template, containers, keys }) {
    const found: RuleFinding[] = [];
    const volumes = objectsIn(template.spec.volumes);
    for (let index = 0; index < volumes.length; index++) {
      const [first, second] = sourcesOf(volumes[index]);
      if (second !== undefined) {
        found.push({ field: `${template.path}.volumes[${index}].${second}`, fact: `"${second}" is a second kind of volume ${quote(volumes[index].name ?? '')}, which is of "${first}"` });
      }
    }
    for (const { json, path } of keys.has('valueFrom') ? containers : []) {
      const variables = objectsIn(json.env);
      for (let index = 0; index < variables.length; index++) {
        const fact = factOf(variables[index]);
        if (fact !== undefined) {
          found.push({ field: `${path}.env[${index}].valueFrom`, fact });
        }
      }
    }
    return found;
  },
};

const NO_SOURCES: readonly string[] = [];

/** The fields that hold something: what is null is not set. */
function sourcesOf(holder: JsonObject): readonly string[] {
  let sources: string[] | undefined;
  for (const key in holder) {
    if (isObject(holder[key])) {
      (sources ??= []).push(key);
    }
  }
  return sources ?? NO_SOURCES;
}

function factOf({ value, valueFrom }: JsonObject): string | undefined {
  if (!isObject(valueFrom)) {
    return undefined;
  }
  const sources = sourcesOf(valueFrom);
  if (sources.length !== 1) {
    return sources.length === 0 ? '"" is no source, and one is required' : `"${sources.join(', ')}" are several sources`;
  }
  return value !== undefined && value !== null && value !== '' ? `"${sources[0]}" is a source beside a value` : undefined;
}

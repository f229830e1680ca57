import { not } from './types';
import { isObject, objectsIn } from '../../manifest/json';
import { handlersOf } from '../lifecycle/handlers';
import { metadataOf } from '../names/metadata';
import { quote } from '../quote';
import { Pack, PodRule, RuleFinding, Severity } from '../rule';

/** Numbers, flags and objects where a manifest has text. */
export const textValues: PodRule = {
  id: 'text-values',
  severity: Severity.ERROR,
  pack: Pack.VALID,
  looksAtMakeOnly: true,
  keys: ['command', 'args', 'env', 'labels', 'annotations'],
  summary: 'Commands, arguments, and the values of environment variables, labels and annotations are strings.',
  why: 'the API server cannot read an object with a number or a flag in such a place, and rejects it as a whole',
  fix: 'make it text: "5" with quotes in YAML, String(5) or JSON.stringify(value) in a program',
  source: 'https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#environment-variables',
  notApplicable: 'to what is missing or null, which means nothing is set',
  bad: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  containers:
    - name: web
      image: "shop/web:1.0"
      env: [{ name: RETRIES, value: 5 }]
`,
  good: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  containers:
    - name: web
      image: "shop/web:1.0"
      env: [{ name: RETRIES, value: "5" }]
`,
  seen: 'The API server of Kubernetes 1.33.13 refused the bad example with `json: cannot unmarshal number into Go struct field EnvVar.spec.containers.env.value of type string` and accepted the good one.',
  check({ template, containers }) {
    const found: RuleFinding[] = [];
    for (const { json: { labels, annotations }, path } of metadataOf(template)) {
      judgeValues(labels, path, 'labels', found);
      judgeValues(annotations, path, 'annotations', found);
    }
    for (const { json, path } of containers) {
      const variables = objectsIn(json.env);
      for (let index = 0; index < variables.length; index++) {
        if (!isText(variables[index].value)) {
          found.push({ field: `${path}.env[${index}].value`, fact: not(variables[index].value, 'a string') });
        }
      }
      judgeWords(json.command, path, 'command', found);
      judgeWords(json.args, path, 'args', found);
    }
    for (const { json, path } of handlersOf(containers)) {
      // What is no list is the matter of one-handler-action.
      if (Array.isArray(json.exec?.command)) {
        judgeWords(json.exec.command, path, 'exec.command', found);
      }
    }
    return found;
  },
};

function judgeValues(map: unknown, path: string, name: string, found: RuleFinding[]): void {
  if (!isObject(map)) {
    return;
  }
  for (const key in map) {
    if (!isText(map[key])) {
      found.push({ field: `${path}.${name}[${key}]`, fact: not(map[key], 'a string') });
    }
  }
}

function judgeWords(words: unknown, path: string, name: string, found: RuleFinding[]): void {
  if (!Array.isArray(words)) {
    if (words !== undefined && words !== null) {
      found.push({ field: `${path}.${name}`, fact: `${quote(words)} is not a list` });
    }
    return;
  }
  for (let index = 0; index < words.length; index++) {
    if (!isText(words[index])) {
      found.push({ field: `${path}.${name}[${index}]`, fact: not(words[index], 'a string') });
    }
  }
}

function isText(value: unknown): boolean {
  return typeof value === 'string' || value === undefined || value === null;
}

import { mountsOf } from './mounts';
import { quote } from '../quote';
import { relativePathProblem } from '../relative-path';
import { Pack, PodRule, RuleFinding, Severity } from '../rule';

const FIELDS = ['subPath', 'subPathExpr'];

/** Parts of a volume that may lie outside of it, or are given in two ways. */
export const relativeSubPath: PodRule = {
  id: 'relative-sub-path',
  severity: Severity.ERROR,
  pack: Pack.VALID,
  looksAtMakeOnly: true,
  keys: ['subPath', 'subPathExpr', 'items'],
  summary: 'A mount has one of `subPath` and `subPathExpr`, relative and without "..".',
  why: 'the API server rejects a path that may leave the volume, and a mount with both fields',
  fix: 'write the path from the top directory of the volume on, without "/" in front; `subPathExpr` if it contains $(NAME)',
  source: 'https://kubernetes.io/docs/concepts/storage/volumes/#using-subpath',
  notApplicable: 'to pods without mounts of a part of a volume',
  bad: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  containers:
    - name: web
      image: "shop/web:1.0"
      volumeMounts: [{ name: data, mountPath: /data, subPath: ../web }]
  volumes: [{ name: data, emptyDir: {} }]
`,
  good: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  containers:
    - name: web
      image: "shop/web:1.0"
      volumeMounts: [{ name: data, mountPath: /data, subPath: web }]
  volumes: [{ name: data, emptyDir: {} }]
`,
  seen: 'The API server of Kubernetes 1.33.13 refused the bad example with `spec.containers[0].volumeMounts.subPath: Invalid value: "../web": must not contain \'..\'` and accepted the good one.',
  check({ containers }) {
    let found: RuleFinding[] | undefined;
    for (const container of containers) {
      if (container.json.volumeMounts === undefined) {
        continue;
      }
      for (const { json, path } of mountsOf(container)) {
        for (const name of FIELDS) {
          const value = json[name];
          if (!isGiven(value)) {
            continue;
          }
          found ??= [];
          const problem = name === 'subPathExpr' && isGiven(json.subPath) ? `is given beside subPath ${quote(json.subPath)}` : problemOf(value);
          if (problem) {
            found.push({ field: `${path}.${name}`, fact: `${quote(value)} ${problem}` });
          }
        }
      }
    }
    return found;
  },
};

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null && value !== '';
}

function problemOf(value: unknown): string | undefined {
  return typeof value === 'string' ? relativePathProblem(value) : 'is not a string';
}

import { emptyDirsOf, Mounter, mountersOf } from '../../manifest/volumes';
import { quote } from '../quote';
import { Pack, PodRule, RuleFinding, Severity } from '../rule';

const MOST_NAMES = 5;

/** Shared directories that stay empty. */
export const neverWrittenVolume: PodRule = {
  id: 'never-written-volume',
  severity: Severity.WARNING,
  pack: Pack.GOLDEN,
  looksAtMakeOnly: true,
  keys: ['emptyDir'],
  summary: 'Of the containers that share an emptyDir at least one can write to it.',
  why: 'an emptyDir is empty when the pod starts: where every container mounts it read-only there is never anything in it',
  fix: 'remove `readOnly` from the mount of the container that writes',
  source: 'https://kubernetes.io/docs/concepts/storage/volumes/#emptydir',
  notApplicable: 'to pods in which no two containers mount the same emptyDir; one container may hide a directory of its image with an empty one',
  bad: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  containers:
    - { name: web, image: "shop/web:1.0", volumeMounts: [{ name: logs, mountPath: /logs, readOnly: true }] }
    - { name: reader, image: "shop/reader:1.0", volumeMounts: [{ name: logs, mountPath: /logs, readOnly: true }] }
  volumes: [{ name: logs, emptyDir: { sizeLimit: 64Mi } }]
`,
  good: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  containers:
    - { name: web, image: "shop/web:1.0", volumeMounts: [{ name: logs, mountPath: /logs }] }
    - { name: reader, image: "shop/reader:1.0", volumeMounts: [{ name: logs, mountPath: /logs, readOnly: true }] }
  volumes: [{ name: logs, emptyDir: { sizeLimit: 64Mi } }]
`,
  seen: 'On Kubernetes 1.33.13 the app of the bad example got "Read-only file system", and its reader nothing; in the good one the reader had every line.',
  check({ template, containers }) {
    let found: RuleFinding[] | undefined;
    for (const { name, path } of emptyDirsOf(template)) {
      const readers = mountersOf(containers, name);
      if (readers.length > 1) {
        found ??= [];
        if (readers.every(({ writes }) => !writes)) {
          found.push({ field: path, fact: `${quote(name)} is mounted read-only by all that mount it: ${listOf(readers)}` });
        }
      }
    }
    return found;
  },
};

function listOf(readers: readonly Mounter[]): string {
  const names = readers.slice(0, MOST_NAMES).map(({ container }) => quote(container.name)).join(', ');
  return readers.length > MOST_NAMES ? `${names} and ${readers.length - MOST_NAMES} more` : names;
}

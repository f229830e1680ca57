import { dataDirectoryOf, mountOf } from './known-images';
import { runsBesideOthers } from '../../manifest/containers';
import { emptyDirsOf } from '../../manifest/volumes';
import { isMeantToEnd } from '../jobs/tasks';
import { quote } from '../quote';
import { Pack, PodRule, RuleFinding, Severity } from '../rule';

/** Databases whose data go with the pod. */
export const databaseOnEmptyDir: PodRule = {
  id: 'database-on-empty-dir',
  severity: Severity.WARNING,
  pack: Pack.GOLDEN,
  keys: ['emptyDir'],
  summary: 'The data of a database do not lie in an emptyDir on disk.',
  why: 'an emptyDir is deleted with its pod, and pods are replaced at each rollout, drain of a node and eviction: the database starts again without data',
  fix: 'mount a claim there: `volumeClaimTemplates` of a StatefulSet; a database that is meant to be lost, as in a test, can say so with `medium: Memory` or a waiver',
  source: 'https://kubernetes.io/docs/concepts/storage/volumes/#emptydir',
  notApplicable: 'to images that it does not know for a database, to caches such as Redis and Memcached, and to pods that are meant to end',
  bad: `
apiVersion: v1
kind: Pod
metadata: { name: db }
spec:
  containers:
    - { name: db, image: "postgres:17.2", volumeMounts: [{ name: data, mountPath: /var/lib/postgresql/data }] }
  volumes: [{ name: data, emptyDir: { sizeLimit: 1Gi } }]
`,
  good: `
apiVersion: v1
kind: Pod
metadata: { name: db }
spec:
  containers:
    - { name: db, image: "postgres:17.2", volumeMounts: [{ name: data, mountPath: /var/lib/postgresql/data }] }
  volumes: [{ name: data, persistentVolumeClaim: { claimName: db } }]
`,
  check({ template, containers }) {
    let found: RuleFinding[] | undefined;
    for (const container of containers) {
      const directory = runsBesideOthers(container) ? dataDirectoryOf(container) : undefined;
      if (directory === undefined || isMeantToEnd(template)) {
        continue;
      }
      found ??= [];
      const mount = mountOf(container, directory);
      const volume = mount && emptyDirsOf(template).find(({ name }) => name !== '' && name === mount.json.name);
      if (mount && volume?.isOnDisk) {
        found.push({ field: `${mount.path}.name`, fact: `${quote(volume.name)} is an emptyDir, and ${quote(container.json.image)} keeps its data there, in ${directory}` });
      }
    }
    return found;
  },
};

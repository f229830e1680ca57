import { storageLimitOf } from './storage-limits';
import { ContainerView, runsBesideOthers, sideBySide } from '../../manifest/containers';
import { fromMillis } from '../../manifest/exact-quantity';
import { podResourcesOf } from '../../manifest/pod-resources';
import { formatBytes } from '../../manifest/quantity';
import { emptyDirsOf, mountersOf } from '../../manifest/volumes';
import { quote } from '../quote';
import { Pack, PodRule, RuleSubject, Severity } from '../rule';

/**
 * Of each container the kubelet keeps five log files of 10Mi.
 *
 * @see https://kubernetes.io/docs/concepts/cluster-administration/logging/#log-rotation
 */
const LOGS = 50 * 2 ** 20;

/** Volumes that may grow to more than the pod may use, or leave no room for logs. */
export const volumesWithinStorageLimit: PodRule = {
  id: 'volumes-within-storage-limit',
  severity: Severity.WARNING,
  pack: Pack.GOLDEN,
  looksAtMakeOnly: true,
  keys: ['ephemeral-storage'],
  summary: 'The limits of `ephemeral-storage` together hold the emptyDir volumes on disk, up to their size limits, and the logs of the containers.',
  why: 'volumes on disk count against the limit of the pod, together with written files and with logs, of which the kubelet keeps five files of 10Mi for each container: the pod is evicted while each of its volumes is within its own bound',
  fix: 'raise the limits of `ephemeral-storage` of the containers to the size of the volumes and 50Mi of logs for each container, or lower the size limits',
  source: 'https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/#local-ephemeral-storage',
  notApplicable: 'to pods in which not all containers have a limit of ephemeral storage, or no volume on disk has a size limit, and to volumes in memory',
  bad: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  containers:
    - name: web
      image: "shop/web:1.0"
      resources: { limits: { ephemeral-storage: 100Mi } }
      volumeMounts: [{ name: spool, mountPath: /spool }]
  volumes: [{ name: spool, emptyDir: { sizeLimit: 500Mi } }]
`,
  good: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  containers:
    - name: web
      image: "shop/web:1.0"
      resources: { limits: { ephemeral-storage: 600Mi } }
      volumeMounts: [{ name: spool, mountPath: /spool }]
  volumes: [{ name: spool, emptyDir: { sizeLimit: 500Mi } }]
`,
  seen: 'On Kubernetes 1.33.13 a pod that wrote 60 MiB to a volume of 100 MiB was evicted: "Pod ephemeral local storage usage exceeds the total limit of containers 20Mi". With a limit of 150Mi it ran on.',
  check(subject) {
    const { template, containers } = subject;
    const atLeast = sumOfLimits(containers);
    if (atLeast === undefined) {
      return undefined;
    }
    const disks = emptyDirsOf(template).filter(({ isOnDisk, sizeLimitBytes, name }) =>
      isOnDisk && sizeLimitBytes !== undefined && mountersOf(containers, name).length > 0);
    const bytes = disks.reduce((sum, { sizeLimitBytes }) => sum + sizeLimitBytes!, 0);
    const logs = LOGS * sideBySide(containers).length;
    // Nearly always; what the kubelet computes takes longer than all other rules of volumes together.
    const limit = disks.length === 0 || bytes + logs <= atLeast ? undefined : limitOf(subject);
    if (limit === undefined || bytes + logs <= limit) {
      return [];
    }
    const largest = disks.reduce((one, other) => (other.sizeLimitBytes! > one.sizeLimitBytes! ? other : one));
    return [{
      field: `${largest.path}.sizeLimit`, fact: `${quote(largest.json.sizeLimit)}${disks.length === 1 ? '' : ` and the other volumes on disk, ${formatBytes(bytes)} together,`} ${
        factOf(limit, bytes, logs)}`,
    }];
  },
};

function factOf(limit: number, bytes: number, logs: number): string {
  const limited = `the pod's limit of ephemeral storage, ${formatBytes(limit)}`;
  return bytes > limit ? `may be more than ${limited}` : `may leave ${bytes === limit ? 'nothing' : formatBytes(limit - bytes)} of ${limited}, for ${formatBytes(logs)} of logs`;
}

/** The limits of the containers that last, together; undefined where one has none. Init containers can only raise the limit of the pod above it. */
function sumOfLimits(containers: ContainerView[]): number | undefined {
  let sum = 0;
  for (const container of containers) {
    const limit = runsBesideOthers(container) ? storageLimitOf(container.json) : undefined;
    if (limit === 0) {
      return undefined;
    }
    sum += limit ?? 0;
  }
  return sum > 0 ? sum : undefined;
}

/** The limit of the pod, as the kubelet computes it. */
function limitOf({ template, target }: RuleSubject): number | undefined {
  const limit = podResourcesOf(template.spec, target).limits.get('ephemeral-storage');
  return limit !== undefined && limit > 0n ? fromMillis(limit) : undefined;
}

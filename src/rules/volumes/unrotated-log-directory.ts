import { Mount, mountPoint, mountsOf } from './mounts';
import { ROTATED_BY_APP_ANNOTATION } from '../../manifest/annotations';
import { ContainerView, runsBesideOthers } from '../../manifest/containers';
import { isObject, textOf } from '../../manifest/json';
import { PodTemplate } from '../../manifest/pod-template';
import { ROTATOR } from '../../manifest/rotator';
import { emptyDirsOf, EmptyDirView, mountersOf } from '../../manifest/volumes';
import { wordsOfCommand } from '../coupling/beside';
import { programOf } from '../images/program';
import { repositoryOf } from '../images/repository';
import { isMeantToEnd } from '../jobs/tasks';
import { quote } from '../quote';
import { Pack, PodRule, RuleFinding, Severity } from '../rule';

/** `/var/log/app`, `/logs`, `/srv/app-logs`. */
const OF_LOGS = /(?:^|[/_.-])logs?(?:$|[/_.-])/i;

/** Programs that bound log files. */
const ROTATES = /logrotate|rotatelogs|cronolog|multilog|svlogd/;

/** Containers and scripts that delete or cut old files: `log-groomer` and `/clean-logs` of Airflow, `find … -delete`, `truncate`. */
const CLEANS = /\blogs?-(?:rotat|groom|clean|prun)|\b(?:clean|rotate|prune)[-_]?logs?\b|\bfind\s[^;|&]*\s(?:-delete\b|-exec(?:dir)?\s+rm\b)|\bfind\s[^;&]*\|\s*xargs\s[^;&|]*\brm\b|\btruncate\s/;

/** Longer scripts are read from their beginning. */
const LONGEST = 4000;

/**
 * An agent that bounds its own log files.
 *
 * @see https://docs.datadoghq.com/agent/guide/agent-5-log-files
 */
const BOUNDS_ITS_OWN = /(?:^|[/.])datadog(?:hq)?(?:\.com)?\/agent$/;

/** Logs that grow for ever. */
export const unrotatedLogDirectory: PodRule = {
  id: 'unrotated-log-directory',
  severity: Severity.WARNING,
  pack: Pack.GOLDEN,
  keys: ['emptyDir'],
  summary: 'Somebody rotates the log files in a volume that containers share.',
  why: 'a log that is only written grows until the volume is full, and then the kubelet evicts the pod; without a sizeLimit it grows until the disk of the node is full',
  fix: 'let the app rotate its files and delete old ones, and say so: annotate the pod with `pod-patterns/rotated-by-app: <volume>`; or add what rotates them (`LogRotation.byRotator()` of a part)',
  source: 'https://kubernetes.io/docs/concepts/cluster-administration/logging/#streaming-sidecar-container',
  notApplicable: 'to volumes of one container, to directories that no mount path calls logs, beside a container that is known to rotate, or that deletes or cuts files, to agents of Datadog, which bound their own, to volumes in memory, and to pods that are meant to end',
  bad: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  volumes: [{ name: logs, emptyDir: { sizeLimit: 64Mi } }]
  containers:
    - name: web
      image: "shop/web:1.0"
      volumeMounts: [{ name: logs, mountPath: /var/log/web }]
    - name: shipper
      image: "shop/shipper:1.0"
      volumeMounts: [{ name: logs, mountPath: /var/log/web, readOnly: true }]
`,
  good: `
apiVersion: v1
kind: Pod
metadata: { name: web, annotations: { pod-patterns/rotated-by-app: logs } }
spec:
  volumes: [{ name: logs, emptyDir: { sizeLimit: 64Mi } }]
  containers:
    - name: web
      image: "shop/web:1.0"
      volumeMounts: [{ name: logs, mountPath: /var/log/web }]
    - name: shipper
      image: "shop/shipper:1.0"
      volumeMounts: [{ name: logs, mountPath: /var/log/web, readOnly: true }]
`,
  seen: 'On Kubernetes 1.33.13 two pods wrote 40 MiB to a volume of 16 MiB. The one without rotation was evicted: "Usage of EmptyDir volume "logs" exceeds the limit "16Mi"."; the one that renamed its file every 4 MiB ran on.',
  check({ template, containers }) {
    let found: RuleFinding[] | undefined;
    for (const volume of emptyDirsOf(template)) {
      const mounters = mountersOf(containers, volume.name);
      const users = volume.isOnDisk && mounters.length > 1 ? mounters.filter(({ container }) => runsBesideOthers(container)) : [];
      if (users.length < 2 || !users.some(({ container, writes }) => writes && writesLogs(container, volume))) {
        continue;
      }
      found ??= [];
      if (!isMeantToEnd(template) && !isRotatedByApp(template, volume) && !users.some(({ container }) => rotates(container))) {
        found.push({ field: volume.path, fact: factOf(volume) });
      }
    }
    return found;
  },
};

function writesLogs(container: ContainerView, volume: EmptyDirView): boolean {
  return mountsOf(container).some((mount) => isOfLogs(mount, volume)) && !BOUNDS_ITS_OWN.test(repositoryOf(container.json.image));
}

function isOfLogs(mount: Mount, { name }: EmptyDirView): boolean {
  return mount.json.name === name && OF_LOGS.test(mountPoint(mount) ?? '');
}

function rotates(container: ContainerView): boolean {
  return container.name === ROTATOR || ROTATES.test(programOf(container.json.image)) || CLEANS.test(container.name)
    || wordsOfCommand(container).some((word) => ROTATES.test(word) || CLEANS.test(word.slice(0, LONGEST)));
}

function isRotatedByApp({ holder }: PodTemplate, { name }: EmptyDirView): boolean {
  const annotations = isObject(holder.metadata) ? holder.metadata.annotations : undefined;
  return isObject(annotations) && textOf(annotations[ROTATED_BY_APP_ANNOTATION]).split(',').some((word) => word.trim() === name);
}

function factOf({ name, sizeLimitBytes, json }: EmptyDirView): string {
  return `${quote(name)} has log files that nothing rotates: ${sizeLimitBytes === undefined ? 'they grow until the disk of the node is full' : `at ${json.sizeLimit} the pod is evicted`}`;
}

import { ClaimedVolume, singleNodeVolumes } from './claims';
import { Mount, mountsOf } from './mounts';
import { ContainerView } from '../../manifest/containers';
import { PodTemplate } from '../../manifest/pod-template';
import { contextOf } from '../pod-security/places';
import { quote } from '../quote';
import { ObjectRule, Pack, Severity } from '../rule';

/** Disks that belong to root, for programs that do not. */
export const claimWithoutGroup: ObjectRule = {
  id: 'claim-without-group',
  severity: Severity.WARNING,
  pack: Pack.GOLDEN,
  summary: 'A pod whose containers write to a claim without being root has an `fsGroup`.',
  why: 'the file system of a new volume belongs to root, and only root can write to it: with `fsGroup` the kubelet hands it to a group that every container of the pod is in',
  fix: 'set `securityContext.fsGroup` of the pod, with `fsGroupChangePolicy: OnRootMismatch` so that a full volume is not walked at each start; waive it where the storage class makes volumes that everybody can write',
  source: 'https://kubernetes.io/docs/tasks/configure-pod-container/security-context/#set-the-security-context-for-a-pod',
  notApplicable: 'to claims that are not in the manifests or that several nodes may mount, to containers whose user is not known, to pods with `supplementalGroups`, and where an init container may prepare the volume as root',
  kinds: ['Pod', 'Deployment', 'ReplicaSet', 'StatefulSet', 'DaemonSet', 'Job', 'CronJob'],
  keys: ['persistentVolumeClaim', 'volumeClaimTemplate', 'volumeClaimTemplates'],
  bad: `
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: db }
spec:
  selector: { matchLabels: { app: db } }
  serviceName: db
  template:
    metadata: { labels: { app: db } }
    spec:
      containers:
        - { name: db, image: "shop/db:1.0", securityContext: { runAsUser: 1000 }, volumeMounts: [{ name: data, mountPath: /data }] }
  volumeClaimTemplates:
    - { metadata: { name: data }, spec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Gi } } } }
`,
  good: `
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: db }
spec:
  selector: { matchLabels: { app: db } }
  serviceName: db
  template:
    metadata: { labels: { app: db } }
    spec:
      securityContext: { fsGroup: 1000, fsGroupChangePolicy: OnRootMismatch }
      containers:
        - { name: db, image: "shop/db:1.0", securityContext: { runAsUser: 1000 }, volumeMounts: [{ name: data, mountPath: /data }] }
  volumeClaimTemplates:
    - { metadata: { name: data }, spec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Gi } } } }
`,
  seen: 'On Kubernetes 1.33.13 user 1000 got "Permission denied" in a volume that was a folder of root on the node; with the `fsGroup` of the good example the kubelet gave it to group 1000, and the file was written.',
  checkObject({ object, app }) {
    const template = app.templateOf(object);
    const volumes = template ? singleNodeVolumes(template, app) : [];
    if (!template || volumes.length === 0 || template.spec.os?.name === 'windows') {
      return undefined;
    }
    const pod = contextOf(template.spec);
    if (given(pod.fsGroup) || given(pod.supplementalGroups)) {
      return [];
    }
    const containers = app.containersOf(template);
    return volumes.flatMap((volume) => {
      const writers = containers
        .map((container) => ({ container, mount: writingMount(container, volume), user: userOf(container, template) }))
        .filter(({ mount }) => mount);
      const [first] = writers;
      // Whoever may be root can hand it over.
      return first && writers.every(({ user }) => typeof user === 'number' && user > 0)
        ? [{ field: `${first.mount!.path}.name`, fact: factOf(volume, first.container, first.user) }]
        : [];
    });
  },
};

function writingMount(container: ContainerView, { name }: ClaimedVolume): Mount | undefined {
  return mountsOf(container).find(({ json }) => json.name === name && json.readOnly !== true);
}

function userOf({ json }: ContainerView, { spec }: PodTemplate): unknown {
  return contextOf(json).runAsUser ?? contextOf(spec).runAsUser;
}

function given(value: unknown): boolean {
  return value !== undefined && value !== null;
}

function factOf({ name, claim }: ClaimedVolume, container: ContainerView, user: unknown): string {
  return `${quote(name)} of claim ${quote(claim)} belongs to root when it is new; container ${quote(container.name)} runs as user ${user} without fsGroup`;
}

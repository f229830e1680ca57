import { volumeNamesOf } from './mounts';
import { isObject, objectsIn, textOf } from '../../manifest/json';
import { everyContainer } from '../pod-security/places';
import { quote } from '../quote';
import { Pack, PodRule, RuleFinding, RuleSubject, Severity } from '../rule';

/** Where a container names a volume. */
const USES = ['volumeMounts', 'volumeDevices'];

/** Volumes that no container has. */
export const unmountedVolume: PodRule = {
  id: 'unmounted-volume',
  severity: Severity.WARNING,
  pack: Pack.GOLDEN,
  looksAtMakeOnly: true,
  keys: ['volumes'],
  summary: 'Each volume of a pod is mounted by one of its containers.',
  why: 'the kubelet leaves a volume alone that no container mounts: what it should hold is missing where it was to be read, and what was to be shared stays in the container that writes it',
  fix: 'mount it in the containers that use it, under `volumeMounts`, or remove it',
  source: 'https://kubernetes.io/docs/concepts/storage/volumes/#how-volumes-work',
  notApplicable: 'to pods without volumes, and where a mount names a volume that does not exist, which `mounted-volume-exists` reports; a block device in `volumeDevices` counts as mounted; nor to volumes for containers that are injected later: those of `sidecar.istio.io/userVolumeMount`, and `gke-gcsfuse-…`',
  bad: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  containers:
    - { name: web, image: "shop/web:1.0", volumeMounts: [{ name: logs, mountPath: /logs }] }
    - { name: shipper, image: "shop/shipper:1.0", volumeMounts: [{ name: logs, mountPath: /logs, readOnly: true }] }
  volumes:
    - { name: logs, emptyDir: { sizeLimit: 64Mi } }
    - { name: config, configMap: { name: shipper } }
`,
  good: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  containers:
    - { name: web, image: "shop/web:1.0", volumeMounts: [{ name: logs, mountPath: /logs }] }
    - name: shipper
      image: "shop/shipper:1.0"
      volumeMounts: [{ name: logs, mountPath: /logs, readOnly: true }, { name: config, mountPath: /etc/shipper }]
  volumes:
    - { name: logs, emptyDir: { sizeLimit: 64Mi } }
    - { name: config, configMap: { name: shipper } }
`,
  seen: 'On Kubernetes 1.33.13 a container that did not mount the ConfigMap of its pod got "No such file or directory" and ran, though another ConfigMap of the pod did not exist; with the mount it read the file.',
  check(subject) {
    const volumes = objectsIn(subject.template.spec.volumes);
    if (volumes.length === 0) {
      return undefined;
    }
    const used = usedIn(subject);
    const found: RuleFinding[] = [];
    for (let index = 0; index < volumes.length; index++) {
      const { name } = volumes[index];
      if (!used.has(name) && !isForInjected(textOf(name), subject)) {
        found.push({ field: `${subject.template.path}.volumes[${index}].name`, fact: `${quote(name ?? '')} is mounted by no container` });
      }
    }
    return found.length > 0 && isMisspelt(used, volumeNamesOf(subject.template)) ? [] : found;
  },
};

/** Whether a mount names a volume that is not there: that is an error, and mended it may mount this one. */
function isMisspelt(used: ReadonlySet<unknown>, volumes: ReadonlySet<unknown>): boolean {
  return [...used].some((name) => !volumes.has(name));
}

/**
 * Whether a container that is injected later mounts a volume: Cloud Storage FUSE by its name, Istio by an annotation.
 *
 * @see https://cloud.google.com/kubernetes-engine/docs/how-to/cloud-storage-fuse-csi-driver-sidecar
 * @see https://istio.io/latest/docs/reference/config/annotations/#SidecarUserVolumeMount
 */
function isForInjected(name: string, { template: { holder } }: RuleSubject): boolean {
  const annotations = isObject(holder.metadata) && isObject(holder.metadata.annotations) ? holder.metadata.annotations : {};
  return name.startsWith('gke-gcsfuse-') && annotations['gke-gcsfuse/volumes'] === 'true'
    || textOf(annotations['sidecar.istio.io/userVolumeMount']).includes(`"${name}"`);
}

function usedIn(subject: RuleSubject): Set<unknown> {
  const used = new Set<unknown>();
  for (const { json } of everyContainer(subject)) {
    for (const list of USES) {
      for (const { name } of objectsIn(json[list])) {
        used.add(name);
      }
    }
  }
  return used;
}

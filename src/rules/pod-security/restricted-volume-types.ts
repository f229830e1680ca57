import { JsonObject, objectsIn } from '../../manifest/json';
import { quote } from '../quote';
import { Pack, PodRule, RuleFinding, Severity } from '../rule';

const ALLOWED = ['configMap', 'csi', 'downwardAPI', 'emptyDir', 'ephemeral', 'image', 'persistentVolumeClaim', 'projected', 'secret'];

const FORBIDDEN = [
  'hostPath', 'gcePersistentDisk', 'awsElasticBlockStore', 'gitRepo', 'nfs', 'iscsi', 'glusterfs', 'rbd', 'flexVolume', 'cinder', 'cephfs', 'flocker',
  'fc', 'azureFile', 'vsphereVolume', 'quobyte', 'azureDisk', 'photonPersistentDisk', 'portworxVolume', 'scaleIO', 'storageos',
];

const NONE: RuleFinding[] = [];

/** Volumes that reach into the node, or name a storage system. */
export const restrictedVolumeTypes: PodRule = {
  id: 'restricted-volume-types',
  severity: Severity.WARNING,
  pack: Pack.RESTRICTED,
  looksAtMakeOnly: true,
  keys: FORBIDDEN,
  summary: 'Every volume is a configMap, csi, downwardAPI, emptyDir, ephemeral, image, persistentVolumeClaim, projected or secret volume.',
  why: 'a hostPath volume hands files of the node to the container, its credentials among them; the other types name a storage system and its credentials in the pod, where no administrator has chosen them; Pod Security refuses hostPath from the level baseline on, the others at the level restricted',
  fix: 'for data that outlives the pod use a persistentVolumeClaim, for scratch space an emptyDir with a sizeLimit, for files of the node a DaemonSet in a namespace of its own, and a waiver with that reason',
  source: 'https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted',
  notApplicable: 'to pods without volumes',
  bad: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  volumes:
    - { name: logs, hostPath: { path: /var/log } }
  containers:
    - name: web
      image: "shop/web:1.0"
      volumeMounts: [{ name: logs, mountPath: /var/log }]
`,
  good: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  volumes:
    - { name: logs, emptyDir: { sizeLimit: 64Mi } }
  containers:
    - name: web
      image: "shop/web:1.0"
      volumeMounts: [{ name: logs, mountPath: /var/log }]
`,
  seen: 'Where Kubernetes 1.33.13 enforced the level restricted it refused the bad example with `restricted volume types (volume "logs" uses restricted volume type "hostPath")`, and had no such objection to the good one.',
  check({ template }) {
    const volumes = objectsIn(template.spec.volumes);
    let found: RuleFinding[] | undefined;
    for (let index = 0; index < volumes.length; index++) {
      const type = forbiddenType(volumes[index]);
      if (type) {
        (found ??= []).push({ field: `${template.path}.volumes[${index}].${type}`, fact: `${quote(type)} is no type of volume for this pod` });
      }
    }
    return found ?? (volumes.length > 0 ? NONE : undefined);
  },
};

/** The type of a volume that has none of the allowed ones. One of no type at all is an emptyDir, which the API server fills in. */
function forbiddenType(volume: JsonObject): string | undefined {
  const has = (type: string) => volume[type] !== undefined && volume[type] !== null;
  return ALLOWED.some(has) ? undefined : FORBIDDEN.find(has);
}

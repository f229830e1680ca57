import { FileMode, fileModesOf, isMode, octalOf, permits } from './file-modes';
import { ContainerView } from '../../manifest/containers';
import { PodTemplate } from '../../manifest/pod-template';
import { mountersOf } from '../../manifest/volumes';
import { contextOf } from '../pod-security/places';
import { quote } from '../quote';
import { Pack, PodRule, RuleFinding, Severity } from '../rule';

const READ_BY_OTHERS = 4;
const READ_BY_GROUP = 0o40;

/** Keys and passwords that only root can read, in containers that are not root. */
export const filesForRootOnly: PodRule = {
  id: 'files-for-root-only',
  severity: Severity.ERROR,
  pack: Pack.GOLDEN,
  looksAtMakeOnly: true,
  keys: ['defaultMode', 'mode'],
  summary: 'A container that is not root can read the files of the Secrets and ConfigMaps that it mounts.',
  why: 'the files belong to root: with a mode such as 0400 any other user gets "Permission denied"; with `fsGroup` the kubelet gives them to a group that every container of the pod is in, and lets it read them',
  fix: 'set `securityContext.fsGroup` of the pod; or a mode with which all may read (292 is 0444): nobody else is in the container',
  source: 'https://kubernetes.io/docs/concepts/configuration/secret/#projection-of-secret-keys-to-specific-paths',
  notApplicable: 'to pods with `fsGroup`, to containers whose user is not known, to files that the group may read where the group is not known, and to projected volumes, whose files may belong to the user of the pod',
  bad: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  containers:
    - name: web
      image: "shop/web:1.0"
      securityContext: { runAsUser: 1000 }
      volumeMounts: [{ name: key, mountPath: /key, readOnly: true }]
  volumes: [{ name: key, secret: { secretName: web, defaultMode: 256 } }]
`,
  good: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  securityContext: { fsGroup: 1000 }
  containers:
    - name: web
      image: "shop/web:1.0"
      securityContext: { runAsUser: 1000 }
      volumeMounts: [{ name: key, mountPath: /key, readOnly: true }]
  volumes: [{ name: key, secret: { secretName: web, defaultMode: 256 } }]
`,
  seen: 'On Kubernetes 1.33.13 the container of the bad example got "Permission denied" for the file, whose mode was 400, owned by root; in the good one it had the mode 440 and the group 1000, and was read.',
  check({ template, containers }) {
    const pod = contextOf(template.spec);
    if (given(pod.fsGroup) || given(pod.supplementalGroups) || template.spec.os?.name === 'windows') {
      return [];
    }
    const found: RuleFinding[] = [];
    for (const mode of fileModesOf(template)) {
      const outsider = mode.isProjected || !isMode(mode.value)
        ? undefined
        : mountersOf(containers, mode.volume).map(({ container }) => container).find((container) => cannotRead(container, template, mode));
      if (outsider) {
        found.push({
          field: mode.path,
          fact: `${quote(mode.value)} (${octalOf(mode.value as number)}) lets root read, and container ${quote(outsider.name)} runs as ${userOf(outsider, template)} without fsGroup`,
        });
      }
    }
    return found;
  },
};


function given(value: unknown): boolean {
  return value !== undefined && value !== null;
}

/** The user where it is not root for sure; undefined elsewhere. */
function userOf({ json }: ContainerView, { spec }: PodTemplate): string | undefined {
  const [own, pod] = [contextOf(json), contextOf(spec)];
  const user = own.runAsUser ?? pod.runAsUser;
  if (typeof user === 'number') {
    return user > 0 ? `user ${user}` : undefined;
  }
  return (own.runAsNonRoot ?? pod.runAsNonRoot) === true ? 'a user other than root' : undefined;
}

function cannotRead(container: ContainerView, template: PodTemplate, { value }: FileMode): boolean {
  if (userOf(container, template) === undefined || permits(value as number, READ_BY_OTHERS)) {
    return false;
  }
  const group = contextOf(container.json).runAsGroup ?? contextOf(template.spec).runAsGroup;
  return !permits(value as number, READ_BY_GROUP) || (typeof group === 'number' && group > 0);
}

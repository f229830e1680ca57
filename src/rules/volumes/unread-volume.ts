import { mountsOf, volumeNamesOf } from './mounts';
import { ContainerRole, ContainerView } from '../../manifest/containers';
import { isObject, textOf } from '../../manifest/json';
import { emptyDirsOf, mountersOf } from '../../manifest/volumes';
import { quote } from '../quote';
import { Pack, PodRule, RuleFinding, Severity } from '../rule';

/** Names and directories of what is meant to be thrown away. */
const SCRATCH = /(?:^|[-_./])(?:te?mp|cache|scratch|work(?:space|dir)?|home|run|build|downloads?|shm|\.\w+)(?=$|[-_./])/i;

/** Directories that an init container fills for nobody. */
export const unreadVolume: PodRule = {
  id: 'unread-volume',
  severity: Severity.WARNING,
  pack: Pack.GOLDEN,
  looksAtMakeOnly: true,
  keys: ['initContainers'],
  summary: 'An emptyDir that an init container writes is mounted by a container that starts after it.',
  why: 'an emptyDir is seen by the containers that mount it: what the init container prepares reaches no other container, and the app starts without it',
  fix: 'mount the volume in the container that needs what is written, where it looks for it, or remove the volume',
  source: 'https://kubernetes.io/docs/concepts/storage/volumes/#emptydir',
  notApplicable: 'to volumes and directories that are named as places to work in, such as `tmp` and `cache`, to init containers with a read-only root file system, which need such places, to native sidecars, and where a mount names a volume that does not exist, which `mounted-volume-exists` reports',
  bad: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  initContainers:
    - { name: render, image: "shop/render:1.0", volumeMounts: [{ name: config, mountPath: /etc/web }] }
  containers:
    - { name: web, image: "shop/web:1.0" }
  volumes: [{ name: config, emptyDir: { sizeLimit: 1Mi } }]
`,
  good: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  initContainers:
    - { name: render, image: "shop/render:1.0", volumeMounts: [{ name: config, mountPath: /etc/web }] }
  containers:
    - { name: web, image: "shop/web:1.0", volumeMounts: [{ name: config, mountPath: /etc/web, readOnly: true }] }
  volumes: [{ name: config, emptyDir: { sizeLimit: 1Mi } }]
`,
  seen: 'On Kubernetes 1.33.13 the app of the bad example got "No such file or directory" for the file that the init container had written; in the good one it read it.',
  check({ template, containers }) {
    if (!containers.some(({ role }) => role === ContainerRole.INIT)) {
      return undefined;
    }
    const found: RuleFinding[] = [];
    for (const { name, path } of emptyDirsOf(template)) {
      const writer = onlyWriterOf(name, containers);
      if (writer?.role === ContainerRole.INIT && !isScratch(name, writer)) {
        found.push({ field: path, fact: `${quote(name)} is mounted by the init container ${quote(writer.name)} only` });
      }
    }
    return found.length > 0 && namesMissingVolume(containers, volumeNamesOf(template)) ? [] : found;
  },
};

/** The one container that mounts a volume, if it can write to it. */
function onlyWriterOf(volume: string, containers: ContainerView[]): ContainerView | undefined {
  const mounters = mountersOf(containers, volume);
  return mounters.length === 1 && mounters[0].writes ? mounters[0].container : undefined;
}

function isScratch(volume: string, container: ContainerView): boolean {
  const { securityContext } = container.json;
  return SCRATCH.test(volume) || (isObject(securityContext) && securityContext.readOnlyRootFilesystem === true)
    || mountsOf(container).some(({ json }) => json.name === volume && SCRATCH.test(textOf(json.mountPath)));
}

/** Whether a mount names a volume that is not there: that is an error, and mended it may mount this one. */
function namesMissingVolume(containers: readonly ContainerView[], volumes: ReadonlySet<unknown>): boolean {
  return containers.some((container) => mountsOf(container).some(({ json }) => !volumes.has(json.name)));
}

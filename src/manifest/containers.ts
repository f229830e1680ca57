import { JsonObject, objectsIn, textOf } from './json';
import { onceFor } from './memo';
import { PodTemplate } from './pod-template';

/** What a container is to the life cycle of its pod. */
export enum ContainerRole {
  /** Of `containers`: the pod lives as long as these do. */
  REGULAR = 'regular',
  /** Of `initContainers`: runs to its end before the next one starts. */
  INIT = 'init',
  /** Of `initContainers` with `restartPolicy: Always`: starts first, ends last. */
  NATIVE_SIDECAR = 'native-sidecar',
}

/** One container of a manifest, with its place in it. */
export interface ContainerView {
  readonly role: ContainerRole;
  /** Position in its own list. */
  readonly index: number;
  /** Field path as kubectl prints it: `spec.initContainers[0]`. */
  readonly path: string;
  readonly name: string;
  readonly json: JsonObject;
}

/** All containers of a pod in the order in which the kubelet starts them. */
export function containersOf(template: PodTemplate): ContainerView[] {
  const views: ContainerView[] = [];
  for (const list of ['initContainers', 'containers']) {
    objectsIn(template.spec[list]).forEach((json, index) => views.push({
      role: roleOf(list, json),
      index,
      path: `${template.path}.${list}[${index}]`,
      name: textOf(json.name),
      json,
    }));
  }
  return views;
}

/** The same, found out once: for a pod that nobody changes any more. */
export const containersOnce = onceFor(containersOf);

function roleOf(list: string, json: JsonObject): ContainerRole {
  if (list === 'containers') {
    return ContainerRole.REGULAR;
  }
  return json.restartPolicy === 'Always' ? ContainerRole.NATIVE_SIDECAR : ContainerRole.INIT;
}

/** Whether a container runs beside the app: everything but a plain init container. */
export function runsBesideOthers(container: ContainerView): boolean {
  return container.role !== ContainerRole.INIT;
}

/** The containers that run side by side: the regular ones and the native sidecars. */
export const sideBySide = onceFor((containers: ContainerView[]): ContainerView[] => containers.filter(runsBesideOthers));

import { ContainerRole, ContainerView, runsBesideOthers } from '../../manifest/containers';
import { isObject, objectsIn, textOf } from '../../manifest/json';
import { onceFor } from '../../manifest/memo';
import { PodTemplate } from '../../manifest/pod-template';
import { programOf } from '../images/program';

/** The containers that run side by side: the regular ones and the native sidecars. */
export const sideBySide = onceFor((containers: ContainerView[]): ContainerView[] => containers.filter(runsBesideOthers));

/** What fills a volume from outside of the pod: two containers that mount one of these tell each other nothing. */
const FROM_OUTSIDE = ['configMap', 'secret', 'downwardAPI', 'projected'];

/** Names of the volumes by which containers cannot give each other anything. Claim templates of a StatefulSet are not in the list of the pod. */
export function volumesFromOutside({ spec }: PodTemplate): Set<string> {
  return new Set(objectsIn(spec.volumes).filter((volume) => FROM_OUTSIDE.some((kind) => isObject(volume[kind]))).map(({ name }) => textOf(name)));
}

/** Names of the volumes that a container mounts. */
export function mountsOf({ json }: ContainerView): string[] {
  return objectsIn(json.volumeMounts).map(({ name }) => textOf(name));
}

/** The helpers beside an app: native sidecars, and regular containers other than the app. */
export function helpersOf(containers: ContainerView[], app: ContainerView): ContainerView[] {
  return sideBySide(containers).filter((container) => container !== app && (container.role === ContainerRole.NATIVE_SIDECAR || container.role === ContainerRole.REGULAR));
}

/** What a container runs, by the name of its image. */
export function programIn({ json }: ContainerView): string {
  return programOf(json.image);
}

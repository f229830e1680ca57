import { DEFAULT_CONTAINER_ANNOTATION, waiverAnnotation } from '../../manifest/annotations';
import { ContainerRole, ContainerView } from '../../manifest/containers';
import { isObject } from '../../manifest/json';
import { PodTemplate } from '../../manifest/pod-template';

/** The container that a pod is there for: the one that kubectl takes, else the first regular one. */
export function appContainer({ holder }: PodTemplate, containers: readonly ContainerView[]): ContainerView | undefined {
  const chosen = isObject(holder.metadata) && isObject(holder.metadata.annotations) ? holder.metadata.annotations[DEFAULT_CONTAINER_ANNOTATION] : undefined;
  const isRegular = ({ role }: ContainerView) => role === ContainerRole.REGULAR;
  return (chosen === undefined ? undefined : containers.find((container) => isRegular(container) && container.name === chosen)) ?? containers.find(isRegular);
}

/** Whether an object says why it does without a probe: the reason stays in the reports, also where nobody else would ask for the probe. */
export function isDeclined({ object }: PodTemplate, ruleId: string): boolean {
  return isObject(object.metadata) && isObject(object.metadata.annotations) && object.metadata.annotations[waiverAnnotation(ruleId)] !== undefined;
}

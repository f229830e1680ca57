import { DEFAULT_CONTAINER_ANNOTATION, waiverAnnotation } from '../../manifest/annotations';
import { ContainerRole, ContainerView } from '../../manifest/containers';
import { isObject } from '../../manifest/json';
import { onceFor } from '../../manifest/memo';
import { PodTemplate } from '../../manifest/pod-template';
import { isHelperImage } from '../images/helper-images';

/** The container that a pod is there for: the one that kubectl takes, else the first regular one that is no known helper, else the first. */
export function appContainer(template: PodTemplate, containers: ContainerView[]): ContainerView | undefined {
  return chosenOf(containers, template)[0];
}

/** In a list, because of none nobody needs to ask again. */
const chosenOf = onceFor((containers: ContainerView[], { holder }: PodTemplate): readonly (ContainerView | undefined)[] => {
  const regular = containers.filter(({ role }) => role === ContainerRole.REGULAR);
  if (regular.length < 2) {
    return regular;
  }
  const chosen = isObject(holder.metadata) && isObject(holder.metadata.annotations) ? holder.metadata.annotations[DEFAULT_CONTAINER_ANNOTATION] : undefined;
  return [(chosen === undefined ? undefined : regular.find(({ name }) => name === chosen)) ?? regular.find(({ json }) => !isHelperImage(json.image)) ?? regular[0]];
});

/** Whether an object says why it does without a probe: the reason stays in the reports, also where nobody else would ask for the probe. */
export function isDeclined({ object }: PodTemplate, ruleId: string): boolean {
  return isObject(object.metadata) && isObject(object.metadata.annotations) && object.metadata.annotations[waiverAnnotation(ruleId)] !== undefined;
}

import { ContainerView } from '../../manifest/containers';
import { isObject, JsonObject, textOf } from '../../manifest/json';
import { PodTemplate } from '../../manifest/pod-template';

/** An annotation of the object or of its pod, with its field path; undefined where there is none. */
export function declaration({ object, holder, path }: PodTemplate, key: string): { readonly text: string; readonly field: string } | undefined {
  const own = annotation(object, key);
  if (own !== undefined || holder === object) {
    return own === undefined ? undefined : { text: own, field: `metadata.annotations[${key}]` };
  }
  const ofPod = annotation(holder, key);
  return ofPod === undefined ? undefined : { text: ofPod, field: `${path.slice(0, -'spec'.length)}metadata.annotations[${key}]` };
}

function annotation({ metadata }: JsonObject, key: string): string | undefined {
  const annotations = isObject(metadata) ? metadata.annotations : undefined;
  return isObject(annotations) && annotations[key] !== undefined ? textOf(annotations[key]) : undefined;
}

/** The words of a list with commas. */
export function wordsOf(text: string): string[] {
  return text.split(',').map((word) => word.trim()).filter((word) => word !== '');
}

/** Whether a pod has a container of that name. */
export function hasContainer(containers: ContainerView[], name: string): boolean {
  return containers.some((container) => container.name === name);
}

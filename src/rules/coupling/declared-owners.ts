import { ContainerRole, ContainerView } from '../../manifest/containers';
import { isObject, JsonObject, textOf } from '../../manifest/json';
import { PodTemplate } from '../../manifest/pod-template';
import { isHelperImage } from '../images/helper-images';
import { quote } from '../quote';
import { RuleFinding } from '../rule';

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

/** The finding for a name that a declaration gives, and that no container of the pod has. */
export function unknownContainer(field: string, name: string, containers: readonly ContainerView[]): RuleFinding {
  return { field, fact: `${quote(name)} is no container of this pod, which has ${quote(containers.map((container) => container.name).join(', '))}`, fix: 'name a container of the pod, or take the entry out' };
}

/** The containers that can be apps of their own: native sidecars and known helpers are there for the others. */
export function appsIn(containers: readonly ContainerView[]): ContainerView[] {
  return containers.filter(({ role, json }) => role === ContainerRole.REGULAR && !isHelperImage(json.image));
}

import { ApiObject } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { GivenField, Giver, isNew, putField } from './given-fields';
import { refuse } from '../../manifest/check-input';
import { podPathOf, podTemplateOf } from '../../manifest/pod-template';
import { PodHook } from '../pod-hook';

/** Writes fields into one container when the manifest is rendered; without one it is the app. */
export function giveToContainer(giver: Giver, container: kplus.Container | undefined, fields: GivenField[]): void {
  const { pod } = giver;
  const hook = PodHook.of(pod);
  const known = container ?? hook.app;
  if (known) {
    const { list, index } = placeOf(giver, known);
    const path = `${podPathOf(ApiObject.of(pod).kind)}.${list}[${index}]`;
    fields = fields.filter(({ keys, value }) => isNew(giver, `${path}.${keys.join('.')}`, value));
  }
  if (fields.length === 0) {
    return;
  }
  hook.addWriter((object) => {
    // Without an app there is nothing to render: cdk8s-plus and the hook demand one.
    const { list, index } = placeOf(giver, known ?? hook.app!);
    const { path, spec } = podTemplateOf(object)!;
    const owner = { json: spec[list][index], path: `${path}.${list}[${index}]` };
    fields.forEach((field) => putField(giver, owner, field));
  });
}

/** Where a container stands in the manifest: both lists are only ever appended to. */
export function placeOf({ name, pod }: Giver, container: kplus.Container): { list: 'containers' | 'initContainers'; index: number } {
  const list = pod.initContainers.includes(container) ? 'initContainers' : 'containers';
  const index = pod[list].indexOf(container);
  if (index < 0) {
    refuse(pod.node.path, `${name}: container: "${container.name}" is no container of this pod`,
      'a container is told by its value, not by its name', 'give what addContainer() or addInitContainer() of this pod returned, or `container` of a bound part');
  }
  return { list, index };
}

import * as kplus from 'cdk8s-plus-28';
import { hasDefaultResources } from './default-resources';
import { AppLabels, CpuLimits, ImagePullPolicyDefault, LABEL_KEYS, PodDefaultsProps } from './default-values';
import { FillMode } from './pod-facts';
import { resourcesFor } from './role-resources';
import { isPolicyChosen, noteReplaced, RenderedPod, replaceSilentDefaults, roleOf, SilentDefaults } from './silent-defaults';
import { hasRegistry, isFixed } from '../manifest/image-name';
import { isObject, JsonObject, objectsIn, sortedKeys } from '../manifest/json';
import { PodTemplate, podTemplateOf } from '../manifest/pod-template';

/**
 * Decides what cdk8s-plus and the library chose where the author of a container said nothing.
 *
 * @param silent what is remembered of containers with silent defaults of cdk8s-plus; undefined where there are none
 */
export function decideDefaults(pod: kplus.AbstractPod, rendered: RenderedPod, silent: SilentDefaults | undefined): void {
  const { defaults, facts } = rendered;
  if (silent && (facts.mode === FillMode.FULL || defaults?.resources || defaults?.cpuLimits === CpuLimits.NONE)) {
    replaceSilentDefaults(pod, rendered, silent);
  }
  if (!defaults) {
    return;
  }
  const { spec } = podTemplateOf(rendered.json)!;
  for (const list of ['containers', 'initContainers'] as const) {
    pod[list].forEach((container, index) => {
      const found = spec[list][index];
      if (hasDefaultResources(container)) {
        found.resources = resourcesFor(facts.partContainers.get(container.name)?.role ?? roleOf(list, found), found.resources, defaults);
      }
      if (defaults.imagePullPolicy === ImagePullPolicyDefault.BY_TAG) {
        pullByTag(container, found, { list, index }, rendered);
      }
    });
  }
}

function pullByTag(container: kplus.Container, found: JsonObject, place: { list: string; index: number }, rendered: RenderedPod): void {
  const chosen = isPolicyChosen(container);
  if (found.imagePullPolicy !== 'Always' || chosen || !isFixed(String(found.image))) {
    return;
  }
  found.imagePullPolicy = 'IfNotPresent';
  if (chosen === undefined && !rendered.decided.includes(container)) {
    noteReplaced(rendered, place, 'imagePullPolicy: cdk8s-plus\'s default of Always replaced by IfNotPresent; '
      + 'to choose Always, give the container its `imagePullPolicy` after `PodDefaults` is applied, or apply `PodDefaults` with `ImagePullPolicyDefault.ALWAYS` to the pod');
  }
}

/** Puts registry and labels into a manifest, whoever wrote it. */
export function applyManifestDefaults(json: unknown, { imageRegistry, labels }: PodDefaultsProps): void {
  const template = podTemplateOf(json);
  if (template && imageRegistry) {
    addRegistry(template.spec, imageRegistry);
  }
  if (template && labels) {
    addLabels(template, labels);
  }
}

function addRegistry(spec: JsonObject, registry: string): void {
  for (const list of ['containers', 'initContainers', 'ephemeralContainers']) {
    objectsIn(spec[list]).forEach((container) => prefix(container, 'image', registry));
  }
  objectsIn(spec.volumes).forEach(({ image }) => isObject(image) && prefix(image, 'reference', registry));
}

function prefix(holder: JsonObject, key: string, registry: string): void {
  const image = holder[key];
  // An image that is missing or no text is found by its rule.
  if (typeof image === 'string' && image !== '' && !hasRegistry(image)) {
    holder[key] = `${registry}/${image}`;
  }
}

/** On the object, its pod and, of a CronJob, its Jobs; never in a selector, which cannot be changed later. */
function addLabels({ object, holder }: PodTemplate, labels: AppLabels): void {
  const jobs = object.kind === 'CronJob' ? [object.spec.jobTemplate] : [];
  for (const owner of object === holder ? [object] : [object, ...jobs, holder]) {
    const metadata: JsonObject = isObject(owner.metadata) ? owner.metadata : {};
    const merged: JsonObject = isObject(metadata.labels) ? metadata.labels : {};
    for (const name of Object.keys(labels) as (keyof AppLabels)[]) {
      merged[LABEL_KEYS[name]] ??= labels[name];
    }
    metadata.labels = sortedKeys(merged);
    owner.metadata = sortedKeys(metadata);
  }
}

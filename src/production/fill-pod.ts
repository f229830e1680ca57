import { dropRepeatedTerms } from './affinity';
import { dropForbiddenStartupProbe, fillContainer } from './fill-container';
import { fillRotator } from './fill-rotator';
import { fillDirectories, fillEphemeralStorage } from './fill-storage';
import { DEFAULT_GRACE_SECONDS, neededGraceSeconds } from './grace-period';
import { FillMode, PodFacts } from './pod-facts';
import { DEFAULT_CONTAINER_ANNOTATION, LISTENERS_ANNOTATION, ROTATED_BY_APP_ANNOTATION } from '../manifest/annotations';
import { containersOf, ContainerView } from '../manifest/containers';
import { preStopSeconds } from '../manifest/exec';
import { isObject, JsonObject, objectsIn, readSortSetting, sortedKeys } from '../manifest/json';
import { formatListeners } from '../manifest/listeners';
import { podAnnotations, podTemplateOf, PodTemplate } from '../manifest/pod-template';
import { hasGate } from '../rules/versions/features';

/**
 * Fills what is absent in the final manifest of a pod, in place.
 *
 * It sees every container, whoever added it and whenever.
 */
export function fillPod(object: unknown, facts: PodFacts): void {
  const template = podTemplateOf(object);
  if (!template || template.spec.os?.name === 'windows') {
    return;
  }
  readSortSetting();
  const spec = template.spec;
  const containers = containersOf(template);
  if (facts.fromCdk8sPlus) {
    containers.forEach(dropForbiddenStartupProbe);
  }
  dropRepeatedTerms(spec, facts);
  fillPreStop(containers, facts);
  fillWaitForApp(containers, spec, facts);
  containers.forEach((container) => fillContainer(container, spec, facts));
  fillDirectories(containers, spec, facts);
  fillRotator(containers, spec, facts);
  fillAnnotations(template, facts);
  if (facts.mode !== FillMode.PARTS) {
    fillPodSecurity(containers, template, facts);
  }
  if (facts.mode === FillMode.FULL) {
    fillEphemeralStorage(containers, spec);
    spec.enableServiceLinks ??= false;
  }
  fillGracePeriod(containers, spec, facts);
  for (const list of ['containers', 'initContainers']) {
    if (Array.isArray(spec[list])) {
      spec[list] = spec[list].map((container) => isObject(container) ? sortedKeys(container) : container);
    }
  }
  template.holder.spec = sortedKeys(spec);
}

/** Names of the containers in a manifest. */
export function containerNames(object: unknown): string[] {
  const template = podTemplateOf(object);
  return template ? containersOf(template).map(({ name }) => name) : [];
}

/** Fills containers that were not there before. */
export function fillNewContainers(object: unknown, before: string[], facts: PodFacts): void {
  const template = podTemplateOf(object);
  if (!template) {
    return;
  }
  const containers = containersOf(template);
  const added = containers.filter(({ name }) => !before.includes(name));
  added.forEach((container) => fillContainer(container, template.spec, facts));
  if (facts.mode === FillMode.FULL && added.length > 0) {
    fillEphemeralStorage(containers, template.spec, added);
  }
}

/** `sleep` is newer than the 1.28 schema of cdk8s-plus, so it is written here. */
function fillPreStop(containers: ContainerView[], facts: PodFacts): void {
  if (facts.preStopSleepSeconds === undefined) {
    return;
  }
  const app = containers.find((container) => container.name === facts.appName);
  if (app && !app.json.lifecycle?.preStop) {
    app.json.lifecycle = { ...app.json.lifecycle, preStop: preStopSleep(facts.preStopSleepSeconds, facts) };
  }
}

/** An image without the program would get TERM at once: unless it is known to have it, the rule of newer fields refuses. */
function preStopSleep(seconds: number, facts: PodFacts): JsonObject {
  return facts.appHasSleep && !hasGate(facts.target, 'PodLifecycleSleepAction')
    ? { exec: { command: ['sleep', String(seconds)] } }
    : { sleep: { seconds } };
}

/**
 * A regular container gets TERM together with the app: it waits until the app has ended, whatever that takes, or as long as
 * the grace period that the user chose leaves it time to end.
 */
function fillWaitForApp(containers: ContainerView[], spec: JsonObject, facts: PodFacts): void {
  const waiting = containers.filter(({ name }) => facts.partContainers.get(name)?.outlivesApp);
  if (waiting.length === 0) {
    return;
  }
  const app = containers.find((container) => container.name === facts.appName);
  const wanted = facts.appDrainSeconds + (app ? preStopSeconds(app.json) : 0);
  const grace = chosenGraceSeconds(spec, facts) ?? Infinity;
  for (const { name, json } of waiting) {
    const seconds = Math.min(wanted, grace - facts.partContainers.get(name)!.drainSeconds - 1);
    if (seconds > 0) {
      json.lifecycle = { preStop: { exec: { command: ['sleep', String(seconds)] } } };
    }
  }
}

function fillAnnotations(template: PodTemplate, facts: PodFacts): void {
  const app = facts.appName ?? objectsIn(template.spec.containers)[0]?.name;
  const named = facts.mode !== FillMode.PARTS && typeof app === 'string';
  const rotated = [...new Set(facts.logFiles.filter(({ isRotated }) => !isRotated).map(({ volume }) => volume))].join(',');
  const listeners = formatListeners(facts.listeners);
  if (!named && rotated === '' && listeners === '') {
    return;
  }
  const annotations = podAnnotations(template);
  if (named) {
    annotations[DEFAULT_CONTAINER_ANNOTATION] ??= app;
  }
  addWords(annotations, LISTENERS_ANNOTATION, listeners);
  addWords(annotations, ROTATED_BY_APP_ANNOTATION, rotated);
  template.holder.metadata.annotations = sortedKeys(annotations);
  template.holder.metadata = sortedKeys(template.holder.metadata);
}

/** What the user wrote down for containers of their own stays. */
function addWords(annotations: JsonObject, key: string, words: string): void {
  if (words !== '') {
    annotations[key] = [annotations[key], words].filter(Boolean).join(',');
  }
}

function fillPodSecurity(containers: ContainerView[], { object, spec }: PodTemplate, facts: PodFacts): void {
  const security: JsonObject = isObject(spec.securityContext) ? spec.securityContext : {};
  security.seccompProfile ??= { type: 'RuntimeDefault' };
  if (facts.mode === FillMode.FULL) {
    security.runAsNonRoot ??= true;
    const group = hasClaimTemplates(object) ? undefined : sharingGroup(containers, spec);
    if (group !== undefined) {
      security.fsGroup ??= group;
    }
  }
  spec.securityContext = sortedKeys(security);
}

/**
 * The group that lets different users share the pod's volumes; undefined where it is not
 * needed or would do harm: on a claim every file is handed over, and a key file gets a
 * mode that ssh and databases refuse.
 */
function sharingGroup(containers: ContainerView[], spec: JsonObject): number | undefined {
  const pod = isObject(spec.securityContext) ? spec.securityContext : {};
  const userOf = ({ json }: ContainerView) => json.securityContext?.runAsUser ?? pod.runAsUser;
  const volumes = objectsIn(spec.volumes);
  if (containers.every((container) => userOf(container) === userOf(containers[0])) || volumes.some(holdsClaimOrKey)) {
    return undefined;
  }
  const shared = volumes.filter((volume) => volume.emptyDir).some((volume) => {
    const users = containers
      .filter(({ json }) => objectsIn(json.volumeMounts).some((mount) => mount.name === volume.name))
      .map(userOf);
    return users.every((user) => typeof user === 'number') && new Set(users).size > 1;
  });
  const app = containers.find((container) => container.role === 'regular');
  return shared && app ? app.json.securityContext?.runAsGroup ?? pod.runAsGroup ?? userOf(app) : undefined;
}

/** Of the claims that a StatefulSet makes for each pod the template's volumes say nothing. */
function hasClaimTemplates({ kind, spec }: JsonObject): boolean {
  return kind === 'StatefulSet' && objectsIn(spec?.volumeClaimTemplates).length > 0;
}

function holdsClaimOrKey(volume: JsonObject): boolean {
  return volume.persistentVolumeClaim !== undefined || volume.ephemeral !== undefined || volume.csi !== undefined
    || volume.secret !== undefined || objectsIn(volume.projected?.sources).some((source) => source.secret);
}

/**
 * cdk8s-plus always writes 30 seconds; a pod that needs more gets more, unless the user chose.
 *
 * Nothing is said of it: that is the normal case, and whose the 30 seconds were cannot be told.
 */
function fillGracePeriod(containers: ContainerView[], spec: JsonObject, facts: PodFacts): void {
  const needed = facts.mode === FillMode.FULL || facts.partContainers.size > 0;
  if (needed && chosenGraceSeconds(spec, facts) === undefined) {
    spec.terminationGracePeriodSeconds = neededGraceSeconds(containers, facts);
  }
}

/** The grace period that somebody chose. */
function chosenGraceSeconds(spec: JsonObject, facts: PodFacts): number | undefined {
  const there = spec.terminationGracePeriodSeconds;
  const isDefault = there === undefined || there === null || (facts.fromCdk8sPlus && there === DEFAULT_GRACE_SECONDS);
  return facts.gracePeriodSeconds ?? (isDefault ? undefined : there);
}

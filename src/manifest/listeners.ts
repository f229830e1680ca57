import { LISTENERS_ANNOTATION } from './annotations';
import { ContainerView, runsBesideOthers } from './containers';
import { isObject, objectsIn, textOf } from './json';
import { onceFor } from './memo';
import { PodTemplate } from './pod-template';

/** A socket that a container opens in the network that all containers of the pod share. */
export interface Listener {
  /** Name of the container that listens. */
  readonly container: string;
  /** `127.0.0.1` where only the pod itself can reach it, `*` for every address. */
  readonly address: string;
  readonly port: number;
  readonly protocol: string;
  /** Field path of the declaration. */
  readonly path: string;
}

/** Writes undeclared listeners in the form of the annotation's value. */
export function formatListeners(listeners: { container: string; address: string; port: number }[]): string {
  return listeners.map((l) => `${l.container}=${l.address}:${l.port}`).join(',');
}

/** Whether a pod has the annotation that says what listens without a container port. */
export function notesListeners({ holder }: PodTemplate): boolean {
  return isObject(holder.metadata) && isObject(holder.metadata.annotations) && holder.metadata.annotations[LISTENERS_ANNOTATION] !== undefined;
}

/** Every listener that the manifest shows: container ports, and those of the annotation. */
export function listenersOf(template: PodTemplate, containers: ContainerView[]): Listener[] {
  return [...declaredPorts(containers), ...annotated(template)];
}

const declaredPorts = onceFor((containers: ContainerView[]): Listener[] =>
  containers.filter(runsBesideOthers).flatMap((container) =>
    objectsIn(container.json.ports).map((port, index) => ({
      container: container.name,
      address: '*',
      port: typeof port.containerPort === 'number' ? port.containerPort : NaN,
      protocol: textOf(port.protocol) || 'TCP',
      path: `${container.path}.ports[${index}].containerPort`,
    }))));

function annotated(template: PodTemplate): Listener[] {
  if (!notesListeners(template)) {
    return [];
  }
  const path = `${template.path.replace(/\.?spec$/, '')}.metadata.annotations[${LISTENERS_ANNOTATION}]`.replace(/^\./, '');
  return textOf(template.holder.metadata.annotations[LISTENERS_ANNOTATION]).split(',').flatMap((entry) => {
    const match = /^([^=]+)=(.+):(\d+)$/.exec(entry.trim());
    return match ? [{ container: match[1], address: match[2], port: Number(match[3]), protocol: 'TCP', path }] : [];
  });
}

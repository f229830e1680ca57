import * as kplus from 'cdk8s-plus-28';

/** Resources that are ours, and containers whose resources were replaced by ours. */
const OURS = new WeakSet<object>();

/**
 * Requests and limits that this library chooses where the author of a container gives none.
 *
 * The manifest does not show whose they are, and only such limits may be raised: those of an author count with everything already.
 */
export function defaultResources(resources: kplus.ContainerResources): kplus.ContainerResources {
  OURS.add(resources);
  return resources;
}

/** Notes that the manifest of a container has resources of ours in place of its own. */
export function markReplaced(container: kplus.Container): void {
  OURS.add(container);
}

/** Whether a container has requests and limits of ours. */
export function hasDefaultResources(container: kplus.Container): boolean {
  return OURS.has(container) || (container.resources !== undefined && OURS.has(container.resources));
}

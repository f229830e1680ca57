import * as kplus from 'cdk8s-plus-28';

/** On resources that are ours, and on containers whose resources were replaced by ours. */
const OURS = Symbol.for('cdk8s-pod-patterns.default-resources');

type Marked = { [OURS]?: boolean };

/**
 * Requests and limits that this library chooses where the author of a container gives none.
 *
 * The manifest does not show whose they are, and only such limits may be raised: those of an author count with everything already.
 */
export function defaultResources(resources: kplus.ContainerResources): kplus.ContainerResources {
  (resources as Marked)[OURS] = true;
  return resources;
}

/** Notes that the manifest of a container has resources of ours in place of its own. */
export function markReplaced(container: kplus.Container): void {
  (container as Marked)[OURS] = true;
}

/** Whether a container has requests and limits of ours. */
export function hasDefaultResources(container: kplus.Container): boolean {
  return (container as Marked)[OURS] === true || (container.resources as Marked | undefined)?.[OURS] === true;
}

import { PodFacts } from './pod-facts';
import { ContainerRole, ContainerView } from '../manifest/containers';
import { preStopSeconds } from '../manifest/exec';

/** Slack for the container runtime: signals are late, images are slow to exit. */
const MARGIN_SECONDS = 5;

/** What Kubernetes takes where nothing is said; never less. */
export const DEFAULT_GRACE_SECONDS = 30;

/** Drain of a native sidecar that no part declared. */
const DEFAULT_SIDECAR_DRAIN_SECONDS = 5;

/**
 * Seconds that a pod needs to end without a KILL.
 *
 * Regular containers get TERM together, each after its preStop; then native sidecars
 * one after another, in reverse order, about a second apart.
 *
 * @see https://github.com/kubernetes/enhancements/tree/master/keps/sig-node/753-sidecar-containers
 */
export function neededGraceSeconds(containers: ContainerView[], facts: PodFacts): number {
  const regular = containers
    .filter((container) => container.role === ContainerRole.REGULAR)
    .map((container) => preStopSeconds(container.json) + (facts.partContainers.get(container.name)?.drainSeconds ?? facts.appDrainSeconds));
  const native = containers.filter((container) => container.role === ContainerRole.NATIVE_SIDECAR);
  // preStop hooks of native sidecars run while the regular containers end.
  const nativePreStops = native.map((container) => preStopSeconds(container.json));
  const nativeDrains = native
    .map((container) => 1 + (facts.partContainers.get(container.name)?.drainSeconds ?? DEFAULT_SIDECAR_DRAIN_SECONDS))
    .reduce((sum, seconds) => sum + seconds, 0);
  return Math.max(DEFAULT_GRACE_SECONDS, Math.ceil(Math.max(0, ...regular, ...nativePreStops) + nativeDrains + MARGIN_SECONDS));
}

import * as kplus from 'cdk8s-plus-28';
import { isMeantToEnd } from './check-host';
import { PodPart } from './part';
import { refuse } from '../manifest/check-input';
import { Target } from '../manifest/kubernetes-version';
import { sayOnce } from '../production/say-once';
import { hasGate } from '../rules/versions/features';

/**
 * Whether a part that is being bound becomes a native sidecar: what it says itself, else where the target has them.
 *
 * A choice against them is refused where the pod would not work, and otherwise said once for each app.
 */
export function isNativeIn(part: PodPart, pod: kplus.AbstractPod, target: Target): boolean {
  const hasNative = hasGate(target, 'SidecarContainers');
  refuseClassicPredecessor(part, pod, target, hasNative);
  if (part._runsToEnd) {
    return false;
  }
  if (hasNative || part._nativeSidecar !== undefined) {
    return part._nativeSidecar ?? true;
  }
  if (isMeantToEnd(pod)) {
    refuse(`${pod.node.path}: part "${part.name}"`, `nativeSidecar: missing, and Kubernetes "${target.version}" has no native sidecars`,
      'a pod that is meant to end does so when all its regular containers have ended, and a helper that runs on keeps it from that',
      'target 1.29 or later; a container that ends by itself is no part, add it with addContainer()');
  }
  sayOnce(pod.node.root, `note: the target is Kubernetes ${target.version}, which has no native sidecars: parts that say nothing of \`nativeSidecar\` become `
    + 'regular containers, which start and get TERM together with the app\n');
  return false;
}

/** Regular containers start together, so that there is no order between them; init containers have ended before. */
function refuseClassicPredecessor(part: PodPart, pod: kplus.AbstractPod, target: Target, hasNative: boolean): void {
  const isClassic = (other: PodPart) => !other._runsToEnd && !(other._nativeSidecar ?? hasNative);
  const others = part._startAfter.filter((other) => !other._runsToEnd);
  const classic = others.length > 0 ? [part, ...others].find(isClassic) : undefined;
  if (classic) {
    refuse(pod.node.path, `startAfter: "${part.name}" and "${others[0].name}" cannot be ordered in Kubernetes "${target.version}"`,
      `"${classic.name}" becomes a regular container there, and regular containers start together`,
      'leave out `startAfter`, or target 1.29 or later: new PodDefaults({ kubernetesVersion: KubernetesVersion.V1_29 })');
  }
}

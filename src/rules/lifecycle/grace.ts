import { PodTemplate } from '../../manifest/pod-template';

/** What Kubernetes takes where a pod says nothing. */
const DEFAULT_GRACE = 30;

/** The seconds that a pod has to end. Kubernetes makes 1 of a negative number; what is no number is refused elsewhere. */
export function graceOf({ spec }: PodTemplate): number {
  const seconds: unknown = spec.terminationGracePeriodSeconds;
  if (seconds === undefined || seconds === null) {
    return DEFAULT_GRACE;
  }
  return typeof seconds === 'number' ? (seconds < 0 ? 1 : seconds) : Infinity;
}

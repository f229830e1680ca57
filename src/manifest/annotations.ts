/** Annotations that the library reads or writes: `<prefix>/<name>`. */
const PREFIX = 'pod-patterns';

/** What kubectl takes for `logs` and `exec` without `-c`. */
export const DEFAULT_CONTAINER_ANNOTATION = 'kubectl.kubernetes.io/default-container';

/**
 * Listeners that no `containerPort` declares, so that checks can see them:
 * `db-proxy=127.0.0.1:15432,db-proxy=*:8404`.
 */
export const LISTENERS_ANNOTATION = `${PREFIX}/listeners`;

/** Volumes whose log files the app rotates itself: `<volume>[,<volume>]`, on the pod. */
export const ROTATED_BY_APP_ANNOTATION = `${PREFIX}/rotated-by-app`;

/** Containers that are to be scaled on their own: `<container>[,<container>]`, on the object or its pod. */
export const SCALES_SEPARATELY_ANNOTATION = `${PREFIX}/scales-separately`;

/** Who releases which container: `<container>=<team>[,<container>=<team>]`, on the object or its pod. */
export const RELEASED_BY_ANNOTATION = `${PREFIX}/released-by`;

/** The quality of service class that a pod is meant to have: `Guaranteed`, `Burstable` or `BestEffort`. */
export const QOS_ANNOTATION = `${PREFIX}/qos`;

/** Prefix of the annotations that are waivers: the id of a rule follows, and the value is the reason. */
export const WAIVER_PREFIX = `waive.${PREFIX}/`;

/** A reason why a rule does not hold for an object, on the object's own metadata. */
export function waiverAnnotation(ruleId: string): string {
  return `${WAIVER_PREFIX}${ruleId}`;
}

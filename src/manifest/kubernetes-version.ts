/**
 * Versions of Kubernetes that manifests can be made for.
 *
 * @see https://kubernetes.io/releases/version-skew-policy/
 */
export enum KubernetesVersion {
  /** Kubernetes 1.28. */
  V1_28 = '1.28',
  /** Kubernetes 1.29: native sidecars. */
  V1_29 = '1.29',
  /** Kubernetes 1.30: `lifecycle.preStop.sleep`, AppArmor profiles as fields. */
  V1_30 = '1.30',
  /** Kubernetes 1.31: recursively read-only mounts. */
  V1_31 = '1.31',
  /** Kubernetes 1.32. */
  V1_32 = '1.32',
  /** Kubernetes 1.33: user namespaces, `supplementalGroupsPolicy`. */
  V1_33 = '1.33',
  /** Kubernetes 1.34: resources of the whole pod. */
  V1_34 = '1.34',
  /** Kubernetes 1.35: image volumes, restart rules, `hostnameOverride`. */
  V1_35 = '1.35',
  /** Kubernetes 1.36. */
  V1_36 = '1.36',
  /** Kubernetes 1.37. */
  V1_37 = '1.37',
}

/** The version that a text names, also as a cluster names its own: `v1.30.4`. */
export function versionOf(text: unknown): KubernetesVersion | undefined {
  const [, minor] = typeof text === 'string' ? /^v?(1\.\d+)(?:\.\d+(?:[-+].*)?)?$/.exec(text) ?? [] : [];
  return Object.values(KubernetesVersion).find((version) => version === minor);
}

/** What the clusters are that a manifest is made for. */
export interface Target {
  readonly version: KubernetesVersion;
  /** The number after the dot. */
  readonly minor: number;
  /** Feature gates that are on though the version has them off. */
  readonly gates: readonly string[];
}

const DEFAULT_VERSION = KubernetesVersion.V1_33;

/** Few different ones in an app: what is computed for a target is kept on it. */
const known = new Map<string, Target>();

/** The target with this version and these gates; one object for each. */
export function targetOf(version: KubernetesVersion = DEFAULT_VERSION, gates: readonly string[] = []): Target {
  const key = `${version} ${gates.join(' ')}`;
  let target = known.get(key);
  if (!target) {
    target = { version, minor: Number(version.slice(2)), gates: [...gates] };
    known.set(key, target);
  }
  return target;
}

/** What holds where nobody says anything. */
export const DEFAULT_TARGET = targetOf();

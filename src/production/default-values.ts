import * as kplus from 'cdk8s-plus-28';
import { KubernetesVersion } from '../manifest/kubernetes-version';

/** What happens to CPU limits that nobody asked for. */
export enum CpuLimits {
  /** They stay: a container that would use more is slowed down (throttled), also where the node is idle. */
  KEEP = 'keep',
  /**
   * They are left out: a container may use what the node has to spare, and under load each gets a share by its request. One with
   * a small request is then the first to suffer from a noisy neighbour.
   */
  NONE = 'none',
}

/** When an image is pulled, where nobody says. */
export enum ImagePullPolicyDefault {
  /** At every start of a container, as cdk8s-plus writes it: nothing starts while the registry is away. */
  ALWAYS = 'always',
  /**
   * As Kubernetes itself decides: `IfNotPresent` for a digest or a tag other than `latest`, `Always` for all others.
   *
   * @see https://kubernetes.io/docs/concepts/containers/images/#imagepullpolicy-defaulting
   */
  BY_TAG = 'by-tag',
}

/**
 * Requests and limits of containers whose author gives none, by what the container is to its pod.
 *
 * Each value is taken as a whole: an amount that it leaves out is left out of the container.
 */
export interface RoleResources {
  /**
   * Regular containers that no part added.
   *
   * @default - 250m/256Mi, limits 500m/512Mi in pattern pods and under `ProductionReady`, else those of cdk8s-plus
   */
  readonly app?: kplus.ContainerResources;

  /**
   * Containers of sidecars (`Sidecar`, `Fluentd`, `LogStream`, the log rotator), and native sidecars that no part added.
   *
   * @default - those of the part
   */
  readonly sidecar?: kplus.ContainerResources;

  /**
   * Containers of adapters: `Adapter`, `JsonToCsv`, `MetricsAdapter`.
   *
   * @default - those of the part
   */
  readonly adapter?: kplus.ContainerResources;

  /**
   * Containers of ambassadors: `Ambassador`, `HAProxy`.
   *
   * @default - those of the part
   */
  readonly ambassador?: kplus.ContainerResources;

  /**
   * Init containers that run to their end before the app starts.
   *
   * @default - what is filled without `PodDefaults`, as for a regular container: not what `app` says here
   */
  readonly initContainer?: kplus.ContainerResources;
}

/** What a container is to its pod. */
export type RoleName = keyof RoleResources;

/**
 * The labels that Kubernetes recommends. Each value is a label value: at most 63 letters, digits, "-", "_" and ".".
 *
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/
 */
export interface AppLabels {
  /**
   * Name of the application: `app.kubernetes.io/name`.
   *
   * @default - no such label
   */
  readonly name?: string;

  /**
   * Name of this instance of it: `app.kubernetes.io/instance`.
   *
   * @default - no such label
   */
  readonly instance?: string;

  /**
   * Its version: `app.kubernetes.io/version`. A new value rolls the pods of a workload; a Job, whose pod template cannot be changed,
   * has to be replaced.
   *
   * @default - no such label
   */
  readonly version?: string;

  /**
   * What it is within the architecture, such as `database`: `app.kubernetes.io/component`.
   *
   * @default - no such label
   */
  readonly component?: string;

  /**
   * The larger application that it belongs to: `app.kubernetes.io/part-of`.
   *
   * @default - no such label
   */
  readonly partOf?: string;

  /**
   * The tool that manages it: `app.kubernetes.io/managed-by`.
   *
   * @default - no such label
   */
  readonly managedBy?: string;
}

/** The keys of the labels. */
export const LABEL_KEYS: { readonly [name in keyof AppLabels]-?: string } = {
  name: 'app.kubernetes.io/name',
  instance: 'app.kubernetes.io/instance',
  version: 'app.kubernetes.io/version',
  component: 'app.kubernetes.io/component',
  partOf: 'app.kubernetes.io/part-of',
  managedBy: 'app.kubernetes.io/managed-by',
};

/** What holds for all pods below a construct, where a pod says nothing of its own. */
export interface PodDefaultsProps {
  /**
   * The oldest Kubernetes that the manifests must run on. A field that it does not have, or has off by default, is refused.
   *
   * It also decides what is written: below 1.29 parts that say nothing of `nativeSidecar` become regular containers, which is
   * decided when a part is bound; below 1.30 `preStopSleep` becomes a command, or an error.
   *
   * @default KubernetesVersion.V1_33
   */
  readonly kubernetesVersion?: KubernetesVersion;

  /**
   * Feature gates that the clusters have on, API servers and nodes, though `kubernetesVersion` has them off by default: the
   * fields that they bring are then accepted.
   *
   * @see https://kubernetes.io/docs/reference/command-line-tools-reference/feature-gates/
   * @default - none
   */
  readonly featureGates?: string[];

  /**
   * Requests and limits of containers that give none, in pods made with cdk8s-plus. They replace the measured defaults of the
   * ready-made parts too (fluentd for example needs 90 MiB of memory), and grow by the volumes in memory that the container writes.
   * In a pod that was not made for production, the silent default of cdk8s-plus is known by its shape, 1000m/512Mi, and each
   * replacement is reported on standard error.
   *
   * @default - see each role
   */
  readonly resources?: RoleResources;

  /**
   * Registry, with or without a path, that images without one come from: `registry.example:5000/mirror` makes
   * `registry.example:5000/mirror/nginx:1.27` of `nginx:1.27`. An image that names a host stays: its first segment has a
   * "." or ":", or is `localhost`. Nothing else is added: where a mirror of Docker Hub needs `library/`, write `library/nginx`.
   *
   * Holds for all containers and image volumes, those of parts and of raw API objects too. `docker.io` restores what the node
   * takes an image without a registry for.
   *
   * @see https://kubernetes.io/docs/concepts/containers/images/#image-names
   * @default - images stay as they are
   */
  readonly imageRegistry?: string;

  /**
   * What happens to CPU limits of containers whose author gives no resources: those that this library or cdk8s-plus filled in.
   * Limits that somebody wrote stay, in `resources` here too.
   *
   * Requests and memory limits stay in any case, so that the pod's quality of service is Burstable with and without.
   *
   * @see https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/#how-pods-with-resource-limits-are-run
   * @default CpuLimits.KEEP
   */
  readonly cpuLimits?: CpuLimits;

  /**
   * Labels on the object and on its pod template. A label that is there stays, and selectors, which cannot be changed later, never
   * contain them. Scopes add up label by label.
   *
   * @default - none
   */
  readonly labels?: AppLabels;

  /**
   * When images are pulled, where the author of a container does not say, in pods made with cdk8s-plus. Of a container that was made
   * before the library saw its pod, `Always` is taken for the default of cdk8s-plus; each replacement there is reported
   * on standard error.
   *
   * @default ImagePullPolicyDefault.ALWAYS
   */
  readonly imagePullPolicy?: ImagePullPolicyDefault;
}

import { Target } from '../../manifest/kubernetes-version';

/**
 * Fields, or values of fields, that came with one feature gate after Kubernetes 1.28.
 *
 * A path begins in the pod spec, after `Job:` or `StatefulSet:` in the spec of that object. `a|b` stands for both keys, `[]` for
 * every element of a list, and `=x|y` restricts a path to these values: others were there before.
 */
export interface Feature {
  readonly gate: string;
  /** Minor version of the first API that has it: there it can be switched on. */
  readonly known: number;
  /** Minor version that has it on by default; undefined where none has, up to 1.37. */
  readonly on?: number;
  readonly paths: readonly string[];
  /** What to do instead. */
  readonly instead?: string;
}

const CONTAINERS = 'containers|initContainers[]';
const HOOKS = `${CONTAINERS}.lifecycle.postStart|preStop`;
const PROBES = `${CONTAINERS}.livenessProbe|readinessProbe|startupProbe`;
const TERMS = 'affinity.podAffinity|podAntiAffinity';
const SOURCES = 'volumes[].projected.sources[]';

/**
 * Versions as in `pkg/features/kube_features.go` of Kubernetes 1.28 to 1.37 (AppArmorFields, PodHostIPs: the documentation of the gate); fields
 * as the API servers of 1.28.15, 1.33.13 and 1.37.2 drop or refuse them. A claim template keeps what the claim made from it loses.
 *
 * @see https://kubernetes.io/docs/reference/command-line-tools-reference/feature-gates/
 * @see https://kubernetes.io/docs/reference/command-line-tools-reference/feature-gates-removed/
 */
export const FEATURES: readonly Feature[] = [
  {
    gate: 'SidecarContainers', known: 28, on: 29, paths: ['initContainers[].restartPolicy=Always'],
    instead: 'make it a regular container: in a program with `nativeSidecar: false` of the part, or by `PodDefaults`, applied before parts are bound',
  },
  { gate: 'PodHostIPs', known: 28, on: 29, paths: [`${CONTAINERS}.env[].valueFrom.fieldRef.fieldPath=status.hostIPs`], instead: 'use `status.hostIP`' },
  { gate: 'JobBackoffLimitPerIndex', known: 28, on: 29, paths: ['Job:backoffLimitPerIndex|maxFailedIndexes', 'Job:podFailurePolicy.rules[].action=FailIndex'] },
  { gate: 'JobPodReplacementPolicy', known: 28, on: 29, paths: ['Job:podReplacementPolicy'] },
  {
    gate: 'PodLifecycleSleepAction', known: 29, on: 30, paths: [`${HOOKS}.sleep`],
    instead: 'use an `exec` handler with the `sleep` of the image; for `preStopSleep`, which a Service brings, say that it has one: '
      + '`appHasSleep: true`, or do without: `preStopSleep: Duration.seconds(0)`',
  },
  { gate: 'PodLifecycleSleepActionAllowZero', known: 32, on: 33, paths: [`${HOOKS}.sleep.seconds=0`], instead: 'leave the handler out' },
  {
    gate: 'AppArmorFields', known: 30, on: 30, paths: ['securityContext.appArmorProfile', `${CONTAINERS}.securityContext.appArmorProfile`],
    instead: 'use the annotation container.apparmor.security.beta.kubernetes.io/<container>',
  },
  { gate: 'RecursiveReadOnlyMounts', known: 30, on: 31, paths: [`${CONTAINERS}.volumeMounts[].recursiveReadOnly=Enabled|IfPossible`] },
  { gate: 'JobSuccessPolicy', known: 30, on: 31, paths: ['Job:successPolicy'] },
  {
    gate: 'MatchLabelKeysInPodAffinity', known: 29, on: 31, paths: [
      `${TERMS}.requiredDuringSchedulingIgnoredDuringExecution[].matchLabelKeys|mismatchLabelKeys`,
      `${TERMS}.preferredDuringSchedulingIgnoredDuringExecution[].podAffinityTerm.matchLabelKeys|mismatchLabelKeys`,
    ],
  },
  { gate: 'JobManagedBy', known: 30, on: 32, paths: ['Job:managedBy'] },
  { gate: 'UserNamespacesSupport', known: 28, on: 33, paths: ['hostUsers=false'] },
  { gate: 'SupplementalGroupsPolicy', known: 31, on: 33, paths: ['securityContext.supplementalGroupsPolicy'] },
  { gate: 'SELinuxChangePolicy', known: 32, on: 33, paths: ['securityContext.seLinuxChangePolicy'] },
  { gate: 'ProcMountType', known: 28, on: 33, paths: [`${CONTAINERS}.securityContext.procMount=Unmasked`] },
  { gate: 'InPlacePodVerticalScaling', known: 28, on: 33, paths: [`${CONTAINERS}.resizePolicy`] },
  { gate: 'PodLevelResources', known: 32, on: 34, paths: ['resources'], instead: 'give resources to the containers' },
  { gate: 'DynamicResourceAllocation', known: 28, on: 34, paths: ['resourceClaims', `${CONTAINERS}.resources.claims`] },
  {
    gate: 'VolumeAttributesClass', known: 29, on: 34, paths: [
      'StatefulSet:volumeClaimTemplates[].spec.volumeAttributesClassName',
      'volumes[].ephemeral.volumeClaimTemplate.spec.volumeAttributesClassName',
    ],
  },
  { gate: 'ImageVolume', known: 31, on: 35, paths: ['volumes[].image'], instead: 'copy the files with an init container of that image' },
  {
    gate: 'ContainerRestartRules', known: 34, on: 35, paths: [
      `${CONTAINERS}.restartPolicyRules`, 'containers[].restartPolicy', 'initContainers[].restartPolicy=Never|OnFailure',
    ],
  },
  { gate: 'EnvFiles', known: 34, on: 35, paths: [`${CONTAINERS}.env[].valueFrom.fileKeyRef`] },
  { gate: 'HostnameOverride', known: 34, on: 35, paths: ['hostnameOverride'], instead: 'use `hostname`' },
  { gate: 'RestartAllContainersOnContainerExits', known: 35, on: 36, paths: [`${CONTAINERS}.restartPolicyRules[].action=RestartAllContainers`] },
  { gate: 'ClusterTrustBundleProjection', known: 29, on: 37, paths: [`${SOURCES}.clusterTrustBundle`] },
  { gate: 'PodCertificateRequest', known: 34, on: 37, paths: [`${SOURCES}.podCertificate`] },
  { gate: 'MaxUnavailableStatefulSet', known: 28, on: 37, paths: ['StatefulSet:updateStrategy.rollingUpdate.maxUnavailable'] },
  {
    gate: 'CrossNamespaceVolumeDataSource', known: 28, paths: [
      'StatefulSet:volumeClaimTemplates[].spec.dataSourceRef.namespace',
      'volumes[].ephemeral.volumeClaimTemplate.spec.dataSourceRef.namespace',
    ],
  },
  { gate: 'ContainerStopSignals', known: 33, paths: [`${CONTAINERS}.lifecycle.stopSignal`], instead: 'set STOPSIGNAL in the image' },
  { gate: 'TaintTolerationComparisonOperators', known: 35, paths: ['tolerations[].operator=Lt|Gt'] },
  { gate: 'GenericWorkload', known: 36, paths: ['schedulingGroup'] },
  { gate: 'WorkloadWithJob', known: 37, paths: ['Job:scheduling'] },
  { gate: 'EvictionRequestAPI', known: 37, paths: ['evictionResponders'] },
  { gate: 'EmptyDirVolumeMode', known: 37, paths: ['volumes[].emptyDir.mode'] },
  { gate: 'H2CContainerProbe', known: 37, paths: [`${PROBES}.httpGet.protocol`] },
  { gate: 'GRPCContainerProbeTLS', known: 37, paths: [`${PROBES}.grpc.mode`] },
  { gate: 'VolumeBindMountOptions', known: 37, paths: [`${CONTAINERS}.volumeMounts[].bindMountOptions`] },
  {
    gate: 'AtomicWriteVolumeUserFields', known: 37, paths: [
      'volumes[].configMap|secret|downwardAPI|projected.defaultUser',
      'volumes[].configMap|secret|downwardAPI.items[].user',
      `${SOURCES}.configMap|secret|downwardAPI.items[].user`,
      `${SOURCES}.serviceAccountToken|clusterTrustBundle|podCertificate.user`,
    ],
  },
];

/** The names of all gates in the table. */
export const GATES: readonly string[] = FEATURES.map(({ gate }) => gate);

/** Whether clusters of a target have a feature, by default or because its gate is named. */
export function has(target: Target, feature: Feature): boolean {
  return (feature.on !== undefined && target.minor >= feature.on) || (target.minor >= feature.known && target.gates.includes(feature.gate));
}

/** Whether clusters of a target have the feature with this gate. */
export function hasGate(target: Target, gate: string): boolean {
  return has(target, FEATURES.find((feature) => feature.gate === gate)!);
}

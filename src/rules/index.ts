import { autoscalerScalesNothing } from './availability/autoscaler-scales-nothing';
import { barePod } from './availability/bare-pod';
import { budgetBlocksDrains } from './availability/budget-blocks-drains';
import { budgetNeedsScale } from './availability/budget-needs-scale';
import { budgetSelectsNothing } from './availability/budget-selects-nothing';
import { contradictoryNumbers } from './availability/contradictory-numbers';
import { minDomainsOfSoftSpread } from './availability/min-domains-of-soft-spread';
import { missingGoverningService } from './availability/missing-governing-service';
import { oneBudgetForAPod } from './availability/one-budget-for-a-pod';
import { overlappingSelectors } from './availability/overlapping-selectors';
import { replicasBesideAutoscaler } from './availability/replicas-beside-autoscaler';
import { selectorMatchesTemplate } from './availability/selector-matches-template';
import { serviceSelectsNothing } from './availability/service-selects-nothing';
import { severalReplicas } from './availability/several-replicas';
import { spreadCountsOwnPods } from './availability/spread-counts-own-pods';
import { unhealthyPodsEvictable } from './availability/unhealthy-pods-evictable';
import { updateTakesAllPods } from './availability/update-takes-all-pods';
import { updateWithoutRoom } from './availability/update-without-room';
import { agentOnEveryPod } from './coupling/agent-on-every-pod';
import { containersShareNothing } from './coupling/containers-share-nothing';
import { databaseBesideApp } from './coupling/database-beside-app';
import { helperLargerThanApp } from './coupling/helper-larger-than-app';
import { releasedSeparately } from './coupling/released-separately';
import { scalesSeparately } from './coupling/scales-separately';
import { servesDifferentClients } from './coupling/serves-different-clients';
import { singleLogFile } from './coupling/single-log-file';
import { tooManyContainers } from './coupling/too-many-containers';
import { imageName } from './images/image-name';
import { imageTag } from './images/image-tag';
import { classicHelperInJob } from './jobs/classic-helper-in-job';
import { cronSchedule } from './jobs/cron-schedule';
import { jobDeadline } from './jobs/job-deadline';
import { commandWithoutProgram } from './lifecycle/command-without-program';
import { drainWithinGracePeriod } from './lifecycle/drain-within-grace-period';
import { initNeedsLaterContainer } from './lifecycle/init-needs-later-container';
import { livenessGracePeriod } from './lifecycle/liveness-grace-period';
import { oneHandlerAction } from './lifecycle/one-handler-action';
import { preStopEndsSidecar } from './lifecycle/pre-stop-ends-sidecar';
import { preStopWithinGracePeriod } from './lifecycle/pre-stop-within-grace-period';
import { probeOfInitContainer } from './lifecycle/probe-of-init-container';
import { probeOfLogAgent } from './lifecycle/probe-of-log-agent';
import { probeTimings } from './lifecycle/probe-timings';
import { restartPolicy } from './lifecycle/restart-policy';
import { shellAsFirstProcess } from './lifecycle/shell-as-first-process';
import { sleepWithinGracePeriod } from './lifecycle/sleep-within-grace-period';
import { startOrderDeadlock } from './lifecycle/start-order-deadlock';
import { startWaitsForUpstream } from './lifecycle/start-waits-for-upstream';
import { tcpLifecycleHandler } from './lifecycle/tcp-lifecycle-handler';
import { dnsNames } from './names/dns-names';
import { envNames } from './names/env-names';
import { labelSyntax } from './names/label-syntax';
import { repeatedEnvName } from './names/repeated-env-name';
import { uniqueContainerNames } from './names/unique-container-names';
import { ambiguousTargetPort } from './network/ambiguous-target-port';
import { defaultedProbePort } from './network/defaulted-probe-port';
import { hostAliases } from './network/host-aliases';
import { hostNetworkNames } from './network/host-network-names';
import { hostPortClash } from './network/host-port-clash';
import { lowPortWithoutRoot } from './network/low-port-without-root';
import { namedProbePort } from './network/named-probe-port';
import { namedTargetPort } from './network/named-target-port';
import { openAmbassador } from './network/open-ambassador';
import { portClash } from './network/port-clash';
import { portNames } from './network/port-names';
import { portRange } from './network/port-range';
import { probeOfLoopbackListener } from './network/probe-of-loopback-listener';
import { probeOfOtherHost } from './network/probe-of-other-host';
import { repeatedPort } from './network/repeated-port';
import { sameHostPort } from './network/same-host-port';
import { serviceNames } from './network/service-names';
import { serviceOfLoopbackListener } from './network/service-of-loopback-listener';
import { unresolvedVariable } from './network/unresolved-variable';
import { addedCapabilities } from './pod-security/added-capabilities';
import { apparmorDisabled } from './pod-security/apparmor-disabled';
import { customSelinuxOptions } from './pod-security/custom-selinux-options';
import { dropAllCapabilities } from './pod-security/drop-all-capabilities';
import { hostNamespaces } from './pod-security/host-namespaces';
import { hostOfProbe } from './pod-security/host-of-probe';
import { hostPorts } from './pod-security/host-ports';
import { privilegeEscalation } from './pod-security/privilege-escalation';
import { privilegedContainer } from './pod-security/privileged-container';
import { restrictedVolumeTypes } from './pod-security/restricted-volume-types';
import { rootUser } from './pod-security/root-user';
import { runAsNonRoot } from './pod-security/run-as-non-root';
import { seccompProfile } from './pod-security/seccomp-profile';
import { unmaskedProc } from './pod-security/unmasked-proc';
import { unsafeSysctls } from './pod-security/unsafe-sysctls';
import { windowsHostProcess } from './pod-security/windows-host-process';
import { killedWhileStarting } from './probes/killed-while-starting';
import { livenessProbe } from './probes/liveness-probe';
import { readinessProbe } from './probes/readiness-probe';
import { restartBeforeUnready } from './probes/restart-before-unready';
import { timeoutWithinPeriod } from './probes/timeout-within-period';
import { RESOURCE_RULES } from './resources/resource-rules';
import { Rule } from './rule';
import { contradictoryPrivileges } from './security/contradictory-privileges';
import { literalSecret } from './security/literal-secret';
import { rootWhereForbidden } from './security/root-where-forbidden';
import { secretInConfigMap } from './security/secret-in-config-map';
import { securityProfiles } from './security/security-profiles';
import { unusedServiceAccountToken } from './security/unused-service-account-token';
import { userAndGroupIds } from './security/user-and-group-ids';
import { missingConfigKey } from './values/missing-config-key';
import { oneSource } from './values/one-source';
import { textValues } from './values/text-values';
import { valueTypes } from './values/value-types';
import { fieldOfNewerKubernetes } from './versions/field-of-newer-kubernetes';
import { VOLUME_RULES } from './volumes/volume-rules';
import { expiredWaiver } from './waivers/expired-waiver';
import { malformedWaiver } from './waivers/malformed-waiver';
import { unusedWaiver } from './waivers/unused-waiver';

/** Every rule, in the order in which findings are reported. */
export const ALL_RULES: readonly Rule[] = [
  // What the containers are called and made of.
  dnsNames,
  uniqueContainerNames,
  envNames,
  repeatedEnvName,
  labelSyntax,
  textValues,
  valueTypes,
  oneSource,
  missingConfigKey,
  restartPolicy,
  imageName,
  imageTag,
  // Whether they belong together.
  containersShareNothing,
  servesDifferentClients,
  databaseBesideApp,
  helperLargerThanApp,
  scalesSeparately,
  releasedSeparately,
  tooManyContainers,
  agentOnEveryPod,
  singleLogFile,
  // How the kubelet asks and tells them.
  probeOfInitContainer,
  oneHandlerAction,
  probeTimings,
  tcpLifecycleHandler,
  sleepWithinGracePeriod,
  preStopWithinGracePeriod,
  drainWithinGracePeriod,
  livenessGracePeriod,
  commandWithoutProgram,
  shellAsFirstProcess,
  livenessProbe,
  readinessProbe,
  restartBeforeUnready,
  killedWhileStarting,
  timeoutWithinPeriod,
  // In which order they start and end.
  startOrderDeadlock,
  startWaitsForUpstream,
  initNeedsLaterContainer,
  probeOfLogAgent,
  preStopEndsSidecar,
  cronSchedule,
  classicHelperInJob,
  jobDeadline,
  // What they open, and who calls there.
  portRange,
  portNames,
  repeatedPort,
  portClash,
  hostPortClash,
  sameHostPort,
  namedProbePort,
  serviceNames,
  namedTargetPort,
  ambiguousTargetPort,
  defaultedProbePort,
  probeOfLoopbackListener,
  serviceOfLoopbackListener,
  probeOfOtherHost,
  openAmbassador,
  lowPortWithoutRoot,
  hostNetworkNames,
  unresolvedVariable,
  hostAliases,
  // What they share and may use.
  ...VOLUME_RULES,
  ...RESOURCE_RULES,
  // What they may do.
  userAndGroupIds,
  rootWhereForbidden,
  contradictoryPrivileges,
  securityProfiles,
  // What they know.
  literalSecret,
  secretInConfigMap,
  unusedServiceAccountToken,
  // What Pod Security allows them.
  hostNamespaces,
  hostPorts,
  hostOfProbe,
  restrictedVolumeTypes,
  privilegedContainer,
  privilegeEscalation,
  dropAllCapabilities,
  addedCapabilities,
  runAsNonRoot,
  rootUser,
  seccompProfile,
  apparmorDisabled,
  customSelinuxOptions,
  unmaskedProc,
  unsafeSysctls,
  windowsHostProcess,
  // What the clusters know.
  fieldOfNewerKubernetes,
  // How many of them there are, and who finds them.
  contradictoryNumbers,
  barePod,
  severalReplicas,
  replicasBesideAutoscaler,
  updateTakesAllPods,
  updateWithoutRoom,
  budgetBlocksDrains,
  budgetSelectsNothing,
  budgetNeedsScale,
  oneBudgetForAPod,
  unhealthyPodsEvictable,
  serviceSelectsNothing,
  missingGoverningService,
  autoscalerScalesNothing,
  overlappingSelectors,
  spreadCountsOwnPods,
  minDomainsOfSoftSpread,
  selectorMatchesTemplate,
  // What was said to be right as it is.
  unusedWaiver,
  expiredWaiver,
  malformedWaiver,
];

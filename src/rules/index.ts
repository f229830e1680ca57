import { imageTag } from './images/image-tag';
import { oneHandlerAction } from './lifecycle/one-handler-action';
import { probeOfInitContainer } from './lifecycle/probe-of-init-container';
import { probeTimings } from './lifecycle/probe-timings';
import { tcpLifecycleHandler } from './lifecycle/tcp-lifecycle-handler';
import { dnsNames } from './names/dns-names';
import { envNames } from './names/env-names';
import { uniqueContainerNames } from './names/unique-container-names';
import { defaultedProbePort } from './network/defaulted-probe-port';
import { namedProbePort } from './network/named-probe-port';
import { portClash } from './network/port-clash';
import { portNames } from './network/port-names';
import { portRange } from './network/port-range';
import { probeOfLoopbackListener } from './network/probe-of-loopback-listener';
import { repeatedPort } from './network/repeated-port';
import { requestsWithinLimits } from './resources/requests-within-limits';
import { validQuantities } from './resources/valid-quantities';
import { Rule } from './rule';
import { absoluteMountPath } from './volumes/absolute-mount-path';
import { mountBelowReadOnly } from './volumes/mount-below-read-only';
import { mountPathCollision } from './volumes/mount-path-collision';
import { mountedVolumeExists } from './volumes/mounted-volume-exists';
import { uniqueVolumeNames } from './volumes/unique-volume-names';

/** Every rule, in the order in which findings are reported. */
export const ALL_RULES: readonly Rule[] = [
  // What the containers are called and made of.
  dnsNames,
  uniqueContainerNames,
  envNames,
  imageTag,
  // How the kubelet asks and tells them.
  probeOfInitContainer,
  oneHandlerAction,
  probeTimings,
  tcpLifecycleHandler,
  // What they open, and who calls there.
  portRange,
  portNames,
  repeatedPort,
  portClash,
  namedProbePort,
  defaultedProbePort,
  probeOfLoopbackListener,
  // What they share and may use.
  uniqueVolumeNames,
  mountedVolumeExists,
  absoluteMountPath,
  mountPathCollision,
  mountBelowReadOnly,
  validQuantities,
  requestsWithinLimits,
];

import { Duration, Size } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { checkHost } from './check-host';
import { DIRECTORY } from './kinds';
import { BindOptions, BoundPart, PodPart, PodPartOptions } from './part';
import { PartHost } from './part-host';
import { SharedDirectory } from './shared-directory';
import { checkContainerLists } from '../manifest/check-container';
import { allowKind, allowList, DURATION, refuse, wholeSeconds } from '../manifest/check-input';
import { defaultResources } from '../production/default-resources';
import { copyContainer } from '../production/prepare-container';

/** What the custom part of every role takes beside the container's own props. */
export interface CustomPartOptions extends PodPartOptions {
  /**
   * Directories that the part reads: mounted read-only in its container, read-write in the app.
   *
   * @default - none
   */
  readonly reads?: SharedDirectory[];

  /**
   * Directories that the part writes: mounted read-write in its container, read-only in the app.
   *
   * @default - none
   */
  readonly writes?: SharedDirectory[];

  /**
   * How long the container needs from TERM to its end. It is part of the pod's termination grace period.
   *
   * Whole seconds. The kubelet sends KILL when the grace period of the pod is over.
   *
   * @default Duration.seconds(5)
   */
  readonly drain?: Duration;
}

/** Requests and limits of a helper that names none: small, and never the 1 CPU of cdk8s-plus. */
export const HELPER_RESOURCES = defaultResources({
  cpu: { request: kplus.Cpu.millis(25), limit: kplus.Cpu.millis(200) },
  memory: { request: Size.mebibytes(32), limit: Size.mebibytes(128) },
});

/** The props of a custom part in which no list or map is the caller's own. */
export function copyCustomProps<T extends kplus.ContainerProps & CustomPartOptions>(part: string, props: T): T {
  checkContainerLists(part, '', props);
  allowList(part, 'reads', props.reads, DIRECTORY);
  allowList(part, 'writes', props.writes, DIRECTORY);
  allowKind(part, 'drain', props.drain, DURATION);
  const copy = copyContainer(props) as { -readonly [name in keyof CustomPartOptions]: CustomPartOptions[name] };
  copy.reads &&= [...copy.reads];
  copy.writes &&= [...copy.writes];
  return copy as T;
}

/** A bound custom part, and what its role adds to it. */
export interface BoundCustomPart {
  readonly host: PartHost;
  readonly bound: BoundPart;
}

/** Binds the container that the user described. */
export function bindCustomPart(
  part: PodPart, pod: kplus.AbstractPod, props: kplus.ContainerProps & CustomPartOptions, options?: BindOptions,
): BoundCustomPart {
  const { reads = [], writes = [], drain, startAfter, nativeSidecar, ...container } = props;
  checkHost(part, pod);
  const where = `${pod.node.path}: part "${part.name}"`;
  const drainSeconds = wholeSeconds(where, 'drain', drain, 5);
  refuseRepeatedPort(where, container);
  const host = new PartHost(part, pod, options);
  const bound = new BoundPart(pod, part.name);
  bound._own(host.addContainer(
    { ...container, name: part.name, resources: container.resources ?? HELPER_RESOURCES },
    { drainSeconds },
  ));
  reads.forEach((directory) => host.share(directory, { readers: [bound.container] }, false));
  writes.forEach((directory) => host.share(directory, { writers: [bound.container] }, true));
  return { host, bound };
}

/** cdk8s-plus refuses it too, but says neither where nor why. */
export function refuseRepeatedPort(where: string, container: kplus.ContainerProps): void {
  if (!container.ports) {
    return;
  }
  const number = container.portNumber ?? container.port;
  const ports = [...(number === undefined ? [] : [{ number, name: undefined, protocol: undefined }]), ...container.ports];
  const numbers = ports.map((port) => `${port.number}/${port.protocol ?? kplus.Protocol.TCP}`);
  const names = ports.flatMap(({ name }) => (name === undefined ? [] : [name]));
  const repeated = [numbers, names].flatMap((values) => values.filter((value, index) => values.indexOf(value) !== index));
  if (repeated.length > 0) {
    refuse(where, `ports: "${repeated[0]}" is declared twice`, 'one port, and one name of a port, can be declared once in a container',
      'leave one of the two out');
  }
}

import { Dial } from './dials';
import { ContainerView } from '../../manifest/containers';
import { Listener, listenersOf, notesListeners } from '../../manifest/listeners';
import { PodTemplate } from '../../manifest/pod-template';

const NONE: ReadonlyMap<number, Listener> = new Map();

/** By port: what listens on a loopback address, while nothing listens on another one. */
export function loopbackOnly(template: PodTemplate, containers: ContainerView[]): ReadonlyMap<number, Listener> {
  // Only the annotation says that somebody listens on such an address; and it is rare.
  if (!notesListeners(template)) {
    return NONE;
  }
  const listeners = listenersOf(template, containers);
  const loopback = new Map(listeners.filter(({ address }) => isLoopback(address)).map((listener) => [listener.port, listener]));
  for (const { address, port, path, container, protocol } of loopback.size > 0 ? listeners : []) {
    // A container port says nothing of the address: of the same container it is no second listener.
    const declaredOnly = path !== loopback.get(port)?.path && container === loopback.get(port)?.container;
    if (!isLoopback(address) && !declaredOnly && protocol === 'TCP') {
      loopback.delete(port);
    }
  }
  return loopback;
}

/** Whether an address or host is that of the machine itself. */
export function isLoopback(address: unknown): boolean {
  return typeof address === 'string' && (/^127\./.test(address) || address === 'localhost' || address === '::1' || address === '[::1]');
}

/** With `host: 127.0.0.1` the kubelet dials its own node, which is the pod's network only with `hostNetwork`. */
export function dialsPod({ json }: Dial, template: PodTemplate): boolean {
  return json.host ? isLoopback(json.host) && template.spec.hostNetwork !== true : true;
}

import { ContainerView } from '../../manifest/containers';
import { objectsIn, textOf } from '../../manifest/json';

/** From here on Kubernetes finds the named ports of native sidecars. */
export const FINDS_SIDECARS = 32;

/** Whether a `targetPort` is a name. Digits in quotes are one too, which no port can have; the API server refuses them. */
export function isPortName(targetPort: unknown): targetPort is string {
  return typeof targetPort === 'string' && /[a-z]/.test(targetPort);
}

/** The names of a container's ports with this protocol. */
export function portNamesOf({ json }: ContainerView, protocol: string): string[] {
  return objectsIn(json.ports).filter((port) => textOf(port.name) !== '' && (textOf(port.protocol) || 'TCP') === protocol).map(({ name }) => name);
}

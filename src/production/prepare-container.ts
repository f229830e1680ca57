import { Duration, Size } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { defaultResources } from './default-resources';
import { STARTUP_WINDOW } from './silent-defaults';

/** Requests and limits of the app where its author gives none: the lesson's figures. */
const APP_RESOURCES = defaultResources({
  cpu: { request: kplus.Cpu.millis(250), limit: kplus.Cpu.millis(500) },
  memory: { request: Size.mebibytes(256), limit: Size.mebibytes(512) },
});

/**
 * The props of a container as cdk8s-plus should see them: copied, because it keeps and
 * changes the caller's lists, and with its silent defaults decided.
 */
export function prepareContainer(props: kplus.ContainerProps, pod: kplus.PodSecurityContextProps, plainInit = false): kplus.ContainerProps {
  const prepared = copyContainer(props);
  const port = props.portNumber ?? props.port;
  prepared.resources ??= APP_RESOURCES;
  if (pod.ensureNonRoot === false) {
    // Otherwise every container says that it must not be root, whatever was asked for at the pod.
    prepared.securityContext = { ensureNonRoot: false, ...prepared.securityContext };
  }
  if (port !== undefined && plainInit) {
    // A plain init container must not have the startup probe that `portNumber` brings; it has no probes that would need the number.
    declarePort(prepared, port);
  } else if (port !== undefined && props.startup === undefined) {
    prepared.startup = startupProbe(port);
  }
  return prepared;
}

/** Declares a port without the startup probe that `portNumber` brings. */
export function declarePort(props: MutableContainerProps, port: number): void {
  props.ports = [{ number: port }, ...(props.ports ?? [])];
  props.portNumber = undefined;
  props.port = undefined;
}

/** Props of a container that are still being decided. */
export type MutableContainerProps = { -readonly [name in keyof kplus.ContainerProps]: kplus.ContainerProps[name] };

/** A copy of the props in which no list or map is the caller's own. */
export function copyContainer(props: kplus.ContainerProps): MutableContainerProps {
  const copy: MutableContainerProps = { ...props };
  copy.args &&= [...copy.args];
  copy.command &&= [...copy.command];
  copy.ports &&= copy.ports.map((port) => ({ ...port }));
  copy.envVariables &&= { ...copy.envVariables };
  copy.envFrom &&= [...copy.envFrom];
  copy.volumeMounts &&= copy.volumeMounts.map((mount) => ({ ...mount }));
  copy.securityContext &&= copySecurity(copy.securityContext);
  return copy;
}

/**
 * Aims probes that name no port at the one that the container declares.
 *
 * Without `portNumber` cdk8s-plus sends them to port 80, whatever `ports` says. With one declared port there
 * is no doubt which is meant; with several, a check asks.
 */
export function aimProbes(container: kplus.Container, number?: number): kplus.Container {
  const tcp = container.ports.filter((port) => (port.protocol ?? kplus.Protocol.TCP) === kplus.Protocol.TCP);
  const target = number ?? (tcp.length === 1 ? tcp[0].number : undefined);
  if (target !== undefined) {
    (container as { portNumber?: number }).portNumber = target;
  }
  return container;
}

function copySecurity(security: kplus.ContainerSecurityContextProps): kplus.ContainerSecurityContextProps {
  const { add, drop } = security.capabilities ?? {};
  return security.capabilities
    ? { ...security, capabilities: { ...(add && { add: [...add] }), ...(drop && { drop: [...drop] }) } }
    : { ...security };
}

function startupProbe(port: number): kplus.Probe {
  return kplus.Probe.fromTcpSocket({
    port,
    failureThreshold: STARTUP_WINDOW.failureThreshold,
    periodSeconds: Duration.seconds(STARTUP_WINDOW.periodSeconds),
  });
}

import { Duration, Size } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { STARTUP_WINDOW } from './silent-defaults';

/** Requests and limits of the app where its author gives none: the lesson's figures. */
const APP_RESOURCES: kplus.ContainerResources = {
  cpu: { request: kplus.Cpu.millis(250), limit: kplus.Cpu.millis(500) },
  memory: { request: Size.mebibytes(256), limit: Size.mebibytes(512) },
};

/**
 * The props of a container as cdk8s-plus should see them: copied, because it keeps and
 * changes the caller's lists, and with its silent defaults decided.
 */
export function prepareContainer(props: kplus.ContainerProps, pod: kplus.PodSecurityContext, plainInit = false): kplus.ContainerProps {
  const port = props.portNumber ?? props.port;
  // A plain init container must not have the startup probe that `portNumber` brings; it has no probes that would need the number.
  const ports = plainInit && port !== undefined ? [{ number: port }, ...(props.ports ?? [])] : props.ports;
  return {
    ...copyContainer(props),
    ...(ports && { ports: ports.map((p) => ({ ...p })) }),
    ...(plainInit && { port: undefined, portNumber: undefined }),
    // Otherwise every container says that it must not be root, whatever was asked for at the pod.
    ...(!pod.ensureNonRoot && { securityContext: { ensureNonRoot: false, ...copyContainer(props).securityContext } }),
    resources: props.resources ?? APP_RESOURCES,
    ...(!plainInit && port !== undefined && props.startup === undefined && { startup: startupProbe(port) }),
  };
}

/** A copy of the props in which no list or map is the caller's own. */
export function copyContainer(props: kplus.ContainerProps): kplus.ContainerProps {
  return {
    ...props,
    ...(props.args && { args: [...props.args] }),
    ...(props.command && { command: [...props.command] }),
    ...(props.ports && { ports: props.ports.map((port) => ({ ...port })) }),
    ...(props.envVariables && { envVariables: { ...props.envVariables } }),
    ...(props.envFrom && { envFrom: [...props.envFrom] }),
    ...(props.volumeMounts && { volumeMounts: props.volumeMounts.map((mount) => ({ ...mount })) }),
    ...(props.securityContext && { securityContext: copySecurity(props.securityContext) }),
  };
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

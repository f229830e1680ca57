import * as kplus from 'cdk8s-plus-28';
import { allowCount, metadataBeside } from './check-options';
import { ServiceOptions } from './service-options';
import { allowList, OBJECT, quoted, refuse, TEXT } from '../manifest/check-input';
import { JsonObject, objectsIn } from '../manifest/json';
import { PodHook } from '../production/pod-hook';

/** Adds the Service of a workload. */
export function addService(workload: kplus.Workload, app: kplus.Container, options: ServiceOptions): kplus.Service {
  const path = workload.node.path;
  checkOptions(path, options);
  const ports = options.ports ?? [{ port: onlyPortOf(path, app) }];
  checkPorts(path, ports);
  const service = new kplus.Service(workload, 'Service', {
    metadata: metadataBeside(workload, 'service', options.metadata),
    selector: workload,
    type: options.serviceType ?? kplus.ServiceType.CLUSTER_IP,
    ports: ports.map((port) => ({ ...port })),
    loadBalancerSourceRanges: options.loadBalancerSourceRanges && [...options.loadBalancerSourceRanges],
  });
  // Containers may be added later: which ports there are is known when it is written.
  PodHook.of(service).addWriter((json) => objectsIn(json.spec.ports).forEach((port, index) => aimPort(workload, port, index)));
  return service;
}

function checkOptions(path: string, { serviceType, loadBalancerSourceRanges }: ServiceOptions): void {
  const types = [kplus.ServiceType.CLUSTER_IP, kplus.ServiceType.NODE_PORT, kplus.ServiceType.LOAD_BALANCER];
  if (serviceType !== undefined && !types.includes(serviceType)) {
    refuse(path, `service.serviceType: ${quoted(serviceType)} is not a type of Service that leads to pods`, 'the Service is there for the pods of this workload',
      'write kplus.ServiceType.CLUSTER_IP, NODE_PORT or LOAD_BALANCER');
  }
  allowList(path, 'service.loadBalancerSourceRanges', loadBalancerSourceRanges, TEXT);
  if (loadBalancerSourceRanges && serviceType !== kplus.ServiceType.LOAD_BALANCER) {
    refuse(path, `service.loadBalancerSourceRanges: ${quoted(loadBalancerSourceRanges)} is given without a load balancer`,
      'nothing but the load balancer of a provider looks at it', 'add `serviceType: kplus.ServiceType.LOAD_BALANCER`, or remove it');
  }
}

function onlyPortOf(path: string, app: kplus.Container): number {
  const number = app.portNumber ?? (app.ports.length === 1 ? app.ports[0].number : undefined);
  if (number === undefined) {
    const ports = app.ports.map((port) => port.number).join(', ');
    refuse(path, `service.ports: missing, and the app declares ${ports ? `"${ports}"` : 'no port'}`, 'a Service needs to know where to send its traffic',
      ports ? 'name those that are meant: `service: { ports: [{ name, port }] }`' : 'give the app a `portNumber`, or the Service `ports`');
  }
  return number;
}

function checkPorts(path: string, ports: kplus.ServicePort[]): void {
  allowList(path, 'service.ports', ports, OBJECT);
  if (ports.length === 0) {
    refuse(path, 'service.ports: "[]" names no port', 'a Service needs to know where to send its traffic', 'name a port, or leave `ports` out');
  }
  const names = new Set<string>();
  ports.forEach(({ port, targetPort, nodePort, name }, index) => {
    const field = `service.ports[${index}]`;
    for (const [what, value] of [['port', port ?? NaN], ['targetPort', targetPort], ['nodePort', nodePort]] as const) {
      allowCount(path, `${field}.${what}`, value, 1, 'it is a port', 65535);
    }
    if (ports.length > 1 && (!name || names.has(name))) {
      refuse(path, `${field}.name: ${quoted(name ?? '')} ${name ? 'is given twice' : 'is no name, and one of several ports needs one'}`,
        'the ports of a Service are told apart by their names', 'give each port a `name` of its own');
    }
    names.add(name ?? '');
  });
}

/** Writes what a port leaves open, from the container that declares its target; refuses one that nobody declares. */
function aimPort(workload: kplus.Workload, json: JsonObject, index: number): void {
  const sidecars = workload.initContainers.filter(({ restartPolicy }) => restartPolicy === kplus.ContainerRestartPolicy.ALWAYS);
  const declared = [...workload.containers, ...sidecars].flatMap((container) => container.ports);
  const target = json.targetPort ?? json.port;
  const candidates = declared.filter(({ number }) => number === target);
  const port = candidates.find(({ protocol }) => json.protocol === undefined || (protocol ?? kplus.Protocol.TCP) === json.protocol);
  if (!port) {
    const known = declared.map(({ number, protocol }) => `"${number}/${protocol ?? kplus.Protocol.TCP}"`).join(', ');
    refuse(workload.node.path, `service.ports[${index}].targetPort: "${target}/${json.protocol ?? kplus.Protocol.TCP}" is declared by no container; `
      + (known ? `the pod declares ${known}` : 'the pod declares no port'), 'connections would be refused',
    'correct the number, or declare it in the container that listens there, on all addresses: `ports: [{ number }]`');
  }
  json.targetPort = target;
  json.protocol ??= port.protocol ?? kplus.Protocol.TCP;
}

import { isIP } from 'net';
import * as kplus from 'cdk8s-plus-28';
import { allowCount, metadataBeside } from './check-options';
import { ServiceOptions } from './service-options';
import { allowList, Kind, OBJECT, quoted, refuse } from '../manifest/check-input';
import { JsonObject, objectsIn } from '../manifest/json';
import { PodHook } from '../production/pod-hook';
import { isLabel } from '../rules/names/dns';

const CIDR: Kind = {
  noun: 'a CIDR block',
  matches: (value) => typeof value === 'string' && isBlock(value),
  why: 'the API server refuses it',
  fix: () => 'write an address and the length of its prefix: "10.0.0.0/8", or "192.0.2.7/32" for a single one',
};

/** Adds the Service of a workload. */
export function addService(workload: kplus.Workload, app: kplus.Container, options: ServiceOptions): kplus.Service {
  const path = workload.node.path;
  checkOptions(path, options);
  const ports = options.ports ?? [{ port: onlyPortOf(path, app) }];
  checkPorts(path, ports, options.serviceType ?? kplus.ServiceType.CLUSTER_IP);
  const service = new kplus.Service(workload, 'Service', {
    metadata: metadataBeside(workload, 'service', options.metadata),
    selector: workload,
    type: options.serviceType ?? kplus.ServiceType.CLUSTER_IP,
    ports: ports.map((port) => ({ ...port })),
    loadBalancerSourceRanges: options.loadBalancerSourceRanges && [...options.loadBalancerSourceRanges],
  });
  checkName(path, service.name);
  // Containers may be added later: which ports there are is known when it is written.
  PodHook.of(service).addWriter((json) => {
    const written = objectsIn(json.spec.ports);
    written.forEach((port, index) => aimPort(workload, port, index));
    demandDifferentPorts(path, written);
  });
  return service;
}

function checkOptions(path: string, { serviceType, loadBalancerSourceRanges }: ServiceOptions): void {
  const types = [kplus.ServiceType.CLUSTER_IP, kplus.ServiceType.NODE_PORT, kplus.ServiceType.LOAD_BALANCER];
  if (serviceType !== undefined && serviceType !== null && !types.includes(serviceType)) {
    refuse(path, `service.serviceType: ${quoted(serviceType)} is not a type of Service that leads to pods`, 'the Service is there for the pods of this workload',
      'write kplus.ServiceType.CLUSTER_IP, NODE_PORT or LOAD_BALANCER');
  }
  allowList(path, 'service.loadBalancerSourceRanges', loadBalancerSourceRanges, CIDR);
  if (loadBalancerSourceRanges && serviceType !== kplus.ServiceType.LOAD_BALANCER) {
    refuse(path, `service.loadBalancerSourceRanges: ${quoted(loadBalancerSourceRanges)} is given without a load balancer`,
      'nothing but the load balancer of a provider looks at it', 'add `serviceType: kplus.ServiceType.LOAD_BALANCER`, or remove it');
  }
}

function isBlock(text: string): boolean {
  const [, address, prefix] = /^([^/%]+)\/(\d{1,3})$/.exec(text) ?? ['', '', ''];
  const family = isIP(address);
  return family !== 0 && Number(prefix) <= (family === 4 ? 32 : 128);
}

/** Also for a name that was made of the path: one that begins with a digit comes from there. */
function checkName(path: string, name: string): void {
  if (!isLabel(name) || /^\d/.test(name)) {
    refuse(path, `service.metadata.name: ${quoted(name)} is not a DNS label that begins with a letter, of at most 63 characters`,
      'it becomes a host name, and the API server refuses others', 'give a name such as "web": `service: { metadata: { name } }`');
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

function checkPorts(path: string, ports: kplus.ServicePort[], type: kplus.ServiceType): void {
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
    if (nodePort !== undefined && nodePort !== null && type === kplus.ServiceType.CLUSTER_IP) {
      refuse(path, `${field}.nodePort: ${quoted(nodePort)} is given for a Service that nodes do not open`, 'the API server refuses it with type ClusterIP',
        'add `serviceType: kplus.ServiceType.NODE_PORT`, or remove it');
    }
    if (name && !isLabel(name)) {
      refuse(path, `${field}.name: ${quoted(name)} is not a DNS label of at most 63 characters`, 'the API server refuses it', 'give a name such as "http"');
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
  const protocols = [...new Set(candidates.map(({ protocol }) => protocol ?? kplus.Protocol.TCP))];
  if (json.protocol === undefined && protocols.length > 1) {
    refuse(workload.node.path, `service.ports[${index}].protocol: missing, and the pod declares "${protocols.map((protocol) => `${target}/${protocol}`).join('" and "')}"`,
      'a port of a Service has one protocol', 'name it: `protocol: kplus.Protocol.TCP`; for both, give two ports');
  }
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

/** Only now the protocols are known. */
function demandDifferentPorts(path: string, ports: JsonObject[]): void {
  ports.forEach(({ port, protocol }, index) => {
    if (ports.findIndex((other) => other.port === port && other.protocol === protocol) !== index) {
      refuse(path, `service.ports[${index}].port: "${port}/${protocol}" is given twice`, 'a connection could go to one of the two only, and the API server refuses it',
        'give another `port`; where the container declares several protocols, name each: `protocol`');
    }
  });
}

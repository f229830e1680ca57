import { mayCallLoopback, mountsOf, volumesFromOutside } from './beside';
import { ContainerView, runsBesideOthers } from '../../manifest/containers';
import { JsonObject, objectsIn, textOf } from '../../manifest/json';
import { nameOf } from '../../manifest/kinds';
import { quote } from '../quote';
import { ObjectRule, Pack, RuleFinding, Severity } from '../rule';

/** Ports that are asked by whoever looks after the pod, not by clients. */
const OF_OPERATORS = /metrics|prometheus|monitoring|health|probe|admin|debug|telemetry|stats|webhook/;

/** Apps that only look like one. */
export const servesDifferentClients: ObjectRule = {
  id: 'serves-different-clients',
  severity: Severity.WARNING,
  pack: Pack.GOLDEN,
  kinds: ['Pod', 'Deployment', 'ReplicaSet', 'StatefulSet'],
  keys: ['ports'],
  summary: 'The clients of a pod speak to one of its containers.',
  why: 'two containers with Services of their own are two apps: each is scaled, updated and stopped with the other, and both get no traffic while one is not ready',
  fix: 'make each of them a workload of its own behind its own Service',
  source: 'https://kubernetes.io/docs/concepts/workloads/pods/#how-pods-manage-multiple-containers',
  notApplicable: 'to ports for metrics, health and administration by their names, to containers that share a volume, to one that is told of the loopback address, as a proxy before the other is, and to pods that one Service selects',
  bad: `
apiVersion: v1
kind: Service
metadata: { name: web }
spec: { selector: { app: shop }, ports: [{ port: 80, targetPort: 8080 }] }
---
apiVersion: v1
kind: Service
metadata: { name: search }
spec: { selector: { app: shop }, ports: [{ port: 80, targetPort: 8081 }] }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: shop }
spec:
  replicas: 2
  selector: { matchLabels: { app: shop } }
  template:
    metadata: { labels: { app: shop } }
    spec:
      containers:
        - { name: web, image: "shop/web:1.0", ports: [{ containerPort: 8080 }] }
        - { name: search, image: "shop/search:1.0", ports: [{ containerPort: 8081 }] }
`,
  good: `
apiVersion: v1
kind: Service
metadata: { name: web }
spec: { selector: { app: shop }, ports: [{ port: 80, targetPort: 8080 }] }
---
apiVersion: v1
kind: Service
metadata: { name: web-metrics }
spec: { selector: { app: shop }, ports: [{ name: metrics, port: 9090, targetPort: 9090 }] }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: shop }
spec:
  replicas: 2
  selector: { matchLabels: { app: shop } }
  template:
    metadata: { labels: { app: shop } }
    spec:
      containers:
        - { name: web, image: "shop/web:1.0", ports: [{ containerPort: 8080 }] }
        - { name: exporter, image: "shop/exporter:1.0", ports: [{ containerPort: 9090 }] }
`,
  seen: 'On Kubernetes 1.33.13 a connection through the Service of the container "web" was refused while "search" in the same pod was not ready; with a pod for each it was made.',
  checkObject({ object, app }): RuleFinding[] | undefined {
    const template = app.templateOf(object);
    const regular = objectsIn(template?.spec.containers);
    const services = template && regular.length > 1 ? app.servicesOf(template) : [];
    if (!template || services.length < 2) {
      return undefined;
    }
    const containers = app.containersOf(template).filter(runsBesideOthers);
    const outside = volumesFromOutside(template);
    const served = new Map<ContainerView, Served>();
    for (const service of services) {
      const container = servedOnly(service, containers);
      if (container === undefined || served.has(container)) {
        continue;
      }
      const other = { service, container };
      const first = [...served.values()].find((one) => !workTogether(one.container, container, outside));
      if (first) {
        return [{
          field: `${other.container.path}.ports`,
          fact: `${quote(other.container.name)} serves the clients of Service ${quote(nameOf(other.service))}, and ${quote(first.container.name)} those of ${quote(nameOf(first.service))}`,
        }];
      }
      served.set(container, other);
    }
    return [];
  },
};

interface Served {
  readonly service: JsonObject;
  readonly container: ContainerView;
}

/** Whether one of two containers may speak to the other, or both work on the same data. */
function workTogether(one: ContainerView, other: ContainerView, outside: ReadonlyMap<string, boolean>): boolean {
  return mayCallLoopback(one) || mayCallLoopback(other) || shareVolume(one, other, outside);
}

function shareVolume(one: ContainerView, other: ContainerView, outside: ReadonlyMap<string, boolean>): boolean {
  const mounts = mountsOf(other);
  return mountsOf(one).some((name) => !outside.has(name) && mounts.includes(name));
}

/** The one container that all ports of a Service lead to; undefined where they lead to several, or to none. */
function servedOnly(service: JsonObject, containers: ContainerView[]): ContainerView | undefined {
  const ports = objectsIn(service.spec.ports).filter(({ name, targetPort }) => !OF_OPERATORS.test(`${textOf(name)} ${textOf(targetPort)}`));
  const served = new Set(ports.map(({ port, targetPort }) => containers.find(({ json }) =>
    objectsIn(json.ports).some(({ name, containerPort }) => (targetPort ?? port) === containerPort || (targetPort !== undefined && targetPort === name)))));
  return served.size === 1 && !OF_OPERATORS.test(nameOf(service)) ? [...served][0] : undefined;
}

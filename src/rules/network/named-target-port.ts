import { FINDS_SIDECARS, isPortName, portNamesOf } from './named-ports';
import { ContainerRole, ContainerView, runsBesideOthers } from '../../manifest/containers';
import { objectsIn, textOf } from '../../manifest/json';
import { didYouMean, quote } from '../quote';
import { ObjectRule, Pack, RuleFinding, Severity } from '../rule';

/** Services that name a port which none of their pods has. */
export const namedTargetPort: ObjectRule = {
  id: 'named-target-port',
  severity: Severity.WARNING,
  pack: Pack.GOLDEN,
  kinds: ['Service'],
  needsWholeApp: true,
  summary: 'A `targetPort` that is a name is the name of a port of a pod that the Service selects.',
  why: 'the name is looked up in each selected pod, and pods that do not have it are left out: the Service has a port, and nothing answers there',
  fix: 'name the port in the container, by that name and with the same protocol, or give its number',
  source: 'https://kubernetes.io/docs/concepts/services-networking/service/#field-spec-ports',
  notApplicable: 'to Services whose target ports are numbers, to those that select no pod of the app, and where not all objects are known; ports of a container that is injected later cannot be seen',
  bad: `
apiVersion: v1
kind: Service
metadata: { name: web }
spec:
  selector: { app: web }
  ports: [{ port: 80, targetPort: web }]
---
apiVersion: v1
kind: Pod
metadata: { name: web, labels: { app: web } }
spec:
  containers:
    - name: web
      image: "shop/web:1.0"
      ports: [{ name: http, containerPort: 8080 }]
`,
  good: `
apiVersion: v1
kind: Service
metadata: { name: web }
spec:
  selector: { app: web }
  ports: [{ port: 80, targetPort: http }]
---
apiVersion: v1
kind: Pod
metadata: { name: web, labels: { app: web } }
spec:
  containers:
    - name: web
      image: "shop/web:1.0"
      ports: [{ name: http, containerPort: 8080 }]
`,
  seen: 'On Kubernetes 1.33.13 the EndpointSlice of the bad example had no ports, and a connection through its Service was refused; through that of the good example it was made.',
  checkObject({ object, app, target }) {
    const ports = objectsIn(object.spec?.ports);
    if (!ports.some(({ targetPort }) => isPortName(targetPort))) {
      return undefined;
    }
    const containers = app.podsOf(object).flatMap((pod) => app.containersOf(pod)).filter(runsBesideOthers);
    if (containers.length === 0) {
      return undefined;
    }
    const found: RuleFinding[] = [];
    ports.forEach(({ targetPort, protocol }, index) => {
      const fact = isPortName(targetPort) ? factOf(targetPort, textOf(protocol) || 'TCP', containers, target.minor) : undefined;
      if (fact !== undefined) {
        found.push({ field: `spec.ports[${index}].targetPort`, fact });
      }
    });
    return found;
  },
};

/** What is wrong with a name; undefined where a pod has it. */
function factOf(name: string, protocol: string, containers: readonly ContainerView[], minor: number): string | undefined {
  const holders = containers.filter((container) => portNamesOf(container, protocol).includes(name));
  if (holders.some(({ role }) => role === ContainerRole.REGULAR || minor >= FINDS_SIDECARS)) {
    return undefined;
  }
  const names = new Set(containers.flatMap((container) => portNamesOf(container, protocol)));
  return holders.length === 0
    ? `${quote(name)} is no ${protocol} port of the pods that the Service selects${didYouMean(names.size === 1 ? [...names][0] : undefined)}`
    : `${quote(name)} is a port of the native sidecar ${quote(holders[0].name)}, where Kubernetes finds names from 1.${FINDS_SIDECARS} on`;
}

import { FINDS_SIDECARS, isPortName, portNamesOf } from './named-ports';
import { ContainerRole, ContainerView, sideBySide } from '../../manifest/containers';
import { objectsIn, textOf } from '../../manifest/json';
import { quote } from '../quote';
import { ObjectRule, Pack, RuleFinding, Severity } from '../rule';

/** Services that name a port which two containers of a pod have. */
export const ambiguousTargetPort: ObjectRule = {
  id: 'ambiguous-target-port',
  severity: Severity.WARNING,
  pack: Pack.GOLDEN,
  kinds: ['Service'],
  summary: 'A `targetPort` that is a name is the name of one port of each pod that the Service selects.',
  why: 'only the first container with the name gets the requests, regular containers before native sidecars: one that is put before it, by a template or an injector, takes all of them over',
  fix: 'give each port of the pod a name of its own, or give the `targetPort` as a number',
  source: 'https://kubernetes.io/docs/concepts/services-networking/service/#field-spec-ports',
  notApplicable: 'to Services whose target ports are numbers, and to ports with another protocol than that of the Service',
  bad: `
kind: Service
metadata: { name: web }
spec:
  selector: { app: web }
  ports: [{ port: 80, targetPort: http }]
---
kind: Pod
metadata: { name: web, labels: { app: web } }
spec:
  containers:
    - { name: proxy, image: "shop/proxy:1.0", ports: [{ name: http, containerPort: 8080 }] }
    - { name: web, image: "shop/web:1.0", ports: [{ name: http, containerPort: 8081 }] }
`,
  good: `
kind: Service
metadata: { name: web }
spec:
  selector: { app: web }
  ports: [{ port: 80, targetPort: http }]
---
kind: Pod
metadata: { name: web, labels: { app: web } }
spec:
  containers:
    - { name: proxy, image: "shop/proxy:1.0", ports: [{ name: http, containerPort: 8080 }] }
    - { name: web, image: "shop/web:1.0", ports: [{ name: http-app, containerPort: 8081 }] }
`,
  seen: 'On Kubernetes 1.33.13 the EndpointSlice of the Service had the port of the first regular container only; with names that differ it had the port that was meant.',
  checkObject({ object, app, target }) {
    const ports = objectsIn(object.spec?.ports);
    if (!ports.some(({ targetPort }) => isPortName(targetPort))) {
      return undefined;
    }
    const pods = app.podsOf(object).map((pod) => app.containersOf(pod));
    const found: RuleFinding[] = [];
    ports.forEach(({ targetPort, protocol }, index) => {
      const holders = isPortName(targetPort) ? firstWithSeveral(pods, targetPort, textOf(protocol) || 'TCP', target.minor) : undefined;
      if (holders !== undefined) {
        const [first, ...others] = holders.map(({ name }) => quote(name));
        found.push({ field: `spec.ports[${index}].targetPort`, fact: `${quote(targetPort)} is the name of a port of ${first}, which gets all requests, and of ${others.join(', ')}` });
      }
    });
    return found;
  },
};

/** The containers with a port of this name in the first pod with several of them, as Kubernetes looks for it. */
function firstWithSeveral(pods: readonly ContainerView[][], name: string, protocol: string, minor: number): ContainerView[] | undefined {
  for (const pod of pods) {
    const running = sideBySide(pod);
    const regular = running.filter(({ role }) => role === ContainerRole.REGULAR);
    const looked = minor >= FINDS_SIDECARS ? [...regular, ...running.filter(({ role }) => role !== ContainerRole.REGULAR)] : regular;
    const holders = looked.filter((container) => portNamesOf(container, protocol).includes(name));
    if (holders.length > 1) {
      return holders;
    }
  }
  return undefined;
}

import { isPort } from './dials';
import { loopbackOnly } from './loopback';
import { objectsIn } from '../../manifest/json';
import { ObjectRule, Pack, RuleFinding, Severity } from '../rule';

/** Services to a port that only the pod itself can reach. */
export const serviceOfLoopbackListener: ObjectRule = {
  id: 'service-of-loopback-listener',
  severity: Severity.WARNING,
  pack: Pack.GOLDEN,
  kinds: ['Service'],
  summary: 'No Service sends requests to a port that listens on 127.0.0.1 only.',
  why: 'requests come to the IP address of the pod, where nothing listens on that port: they are refused, unless a service mesh hands them on inside of the pod',
  fix: 'send the Service to the app; where others are to use the helper too, let it listen on all addresses, or run it in pods of its own',
  source: 'https://kubernetes.io/docs/concepts/services-networking/service/#field-spec-ports',
  notApplicable: 'to Services that select no pod of the app, and to pods without a listener on 127.0.0.1 in the annotation `pod-patterns/listeners`',
  bad: `
apiVersion: v1
kind: Service
metadata: { name: db }
spec:
  selector: { app: web }
  ports: [{ port: 5432, targetPort: 15432 }]
---
apiVersion: v1
kind: Pod
metadata: { name: web, labels: { app: web }, annotations: { pod-patterns/listeners: "proxy=127.0.0.1:15432" } }
spec:
  initContainers:
    - { name: proxy, image: "shop/proxy:1.0", restartPolicy: Always }
  containers:
    - { name: web, image: "shop/web:1.0" }
`,
  good: `
apiVersion: v1
kind: Service
metadata: { name: web }
spec:
  selector: { app: web }
  ports: [{ port: 80, targetPort: 8080 }]
---
apiVersion: v1
kind: Pod
metadata: { name: web, labels: { app: web }, annotations: { pod-patterns/listeners: "proxy=127.0.0.1:15432" } }
spec:
  initContainers:
    - { name: proxy, image: "shop/proxy:1.0", restartPolicy: Always }
  containers:
    - { name: web, image: "shop/web:1.0", ports: [{ containerPort: 8080 }], readinessProbe: { httpGet: { path: /readyz, port: 8080 } } }
`,
  seen: 'On Kubernetes 1.33.13 a connection through the Service of the bad example got "Connection refused", although the pod was ready; through that of the good example it was made.',
  checkObject({ object, app }) {
    const ports = objectsIn(object.spec?.ports);
    const pods = ports.length === 0 ? [] : app.podsOf(object);
    const locals = pods.map((pod) => loopbackOnly(pod, app.containersOf(pod)));
    if (locals.every((local) => local.size === 0)) {
      return undefined;
    }
    const found: RuleFinding[] = [];
    ports.forEach(({ port, targetPort, protocol }, index) => {
      const target = targetPort ?? port;
      const listeners = isPort(target) && (protocol ?? 'TCP') === 'TCP' ? locals.map((local) => local.get(target)) : [];
      const [first] = listeners;
      if (first !== undefined && listeners.every((listener) => listener !== undefined)) {
        const field = targetPort === undefined || targetPort === null ? 'port' : 'targetPort';
        found.push({ field: `spec.ports[${index}].${field}`, fact: `"${target}" listens on ${first.address} only, in container "${first.container}"` });
      }
    });
    return found;
  },
};

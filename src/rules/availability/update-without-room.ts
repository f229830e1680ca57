import { amountOf, fewestReplicas } from './replicas';
import { isObject, JsonObject, objectsIn } from '../../manifest/json';
import { isSelectedBy } from '../../manifest/labels';
import { quote } from '../quote';
import { ObjectRule, Pack, RuleFinding, Severity } from '../rule';

/** Updates that need one node more than the app has pods. */
export const updateWithoutRoom: ObjectRule = {
  id: 'update-without-room',
  severity: Severity.WARNING,
  pack: Pack.PRODUCTION,
  kinds: ['Deployment'],
  keys: ['maxUnavailable'],
  summary: 'A rolling update that adds pods before it takes any can place them.',
  why: 'the new pod may not lie beside an old one and no old one goes before it is ready: where there are no more nodes than pods the update waits for ever',
  fix: 'spread with `topologySpreadConstraints` or preferred anti-affinity, or let the update take a pod first: `maxUnavailable: 1`',
  source: 'https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/#inter-pod-affinity-and-anti-affinity',
  notApplicable: 'to Deployments that do not say `maxUnavailable: 0`, or whose pods may lie side by side',
  bad: `
apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  replicas: 2
  strategy: { rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } }
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      affinity:
        podAntiAffinity:
          requiredDuringSchedulingIgnoredDuringExecution:
            - { topologyKey: kubernetes.io/hostname, labelSelector: { matchLabels: { app: web } } }
      containers: [{ name: web, image: "shop/web:1.0" }]
`,
  good: `
apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  replicas: 2
  strategy: { rollingUpdate: { maxUnavailable: 1, maxSurge: 0 } }
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      affinity:
        podAntiAffinity:
          requiredDuringSchedulingIgnoredDuringExecution:
            - { topologyKey: kubernetes.io/hostname, labelSelector: { matchLabels: { app: web } } }
      containers: [{ name: web, image: "shop/web:1.0" }]
`,
  seen: 'On Kubernetes 1.33.13 on a cluster of one node the new pod of the bad example stayed Pending: "0/1 nodes are available: 1 node(s) didn\'t match pod anti-affinity rules". The good one was rolled out.',
  checkObject({ object, app }): RuleFinding[] | undefined {
    const template = app.templateOf(object);
    const rollingUpdate = isObject(object.spec?.strategy) ? object.spec.strategy.rollingUpdate : undefined;
    if (!template || !isObject(rollingUpdate) || amountOf(rollingUpdate.maxUnavailable, fewestReplicas(object, app), Math.floor) !== 0) {
      return undefined;
    }
    const labels = isObject(template.holder.metadata) ? template.holder.metadata.labels : undefined;
    return [...keptApart(template.spec, labels), ...hostPorts(template.spec)].slice(0, 1)
      .map((reason) => ({ field: 'spec.strategy.rollingUpdate.maxUnavailable', fact: `${quote(rollingUpdate.maxUnavailable)} takes no old pod first, and ${reason}` }));
  },
};

function keptApart(spec: JsonObject, labels: unknown): string[] {
  const antiAffinity = isObject(spec.affinity) && isObject(spec.affinity.podAntiAffinity) ? spec.affinity.podAntiAffinity : {};
  return objectsIn(antiAffinity.requiredDuringSchedulingIgnoredDuringExecution)
    .filter(({ labelSelector }) => isObject(labelSelector) && isSelectedBy(labelSelector, labels))
    .map(({ topologyKey }) => `no two of its pods may share a ${quote(topologyKey)}`);
}

/** Two pods that want one port of the node cannot lie on the same one either. */
function hostPorts(spec: JsonObject): string[] {
  return objectsIn(spec.containers).flatMap(({ ports }) => objectsIn(ports))
    .filter(({ hostPort }) => typeof hostPort === 'number' && hostPort > 0)
    .map(({ hostPort }) => `one pod only can have the port ${quote(hostPort)} of a node`);
}

import { isObject, objectsIn } from '../../manifest/json';
import { formatSelector, isSelectedBy } from '../../manifest/labels';
import { quote } from '../quote';
import { Pack, PodRule, RuleFinding, Severity } from '../rule';

/** Spreads that count other pods than those that they place. */
export const spreadCountsOwnPods: PodRule = {
  id: 'spread-counts-own-pods',
  severity: Severity.WARNING,
  pack: Pack.PRODUCTION,
  keys: ['topologySpreadConstraints'],
  summary: 'A topology spread constraint selects the pod that carries it.',
  why: 'the pods of the workload are not counted where they are placed: all of them may lie on one node, and with DoNotSchedule they can only be placed where the others are fewest',
  fix: 'let `labelSelector` select the labels of the pod itself',
  source: 'https://kubernetes.io/docs/concepts/scheduling-eviction/topology-spread-constraints/#spread-constraint-definition',
  notApplicable: 'to pods without topology spread constraints that have a selector',
  bad: `
apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  replicas: 2
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      topologySpreadConstraints:
        - { maxSkew: 1, topologyKey: kubernetes.io/hostname, whenUnsatisfiable: ScheduleAnyway, labelSelector: { matchLabels: { app: webb } } }
      containers: [{ name: web, image: "shop/web:1.0" }]
`,
  good: `
apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  replicas: 2
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      topologySpreadConstraints:
        - { maxSkew: 1, topologyKey: kubernetes.io/hostname, whenUnsatisfiable: ScheduleAnyway, labelSelector: { matchLabels: { app: web } } }
      containers: [{ name: web, image: "shop/web:1.0" }]
`,
  seen: 'On Kubernetes 1.33.13 the scheduler placed four pods with the constraint of the bad example on the larger of two nodes, and with that of the good one two on each.',
  check({ template }) {
    const { spec, path, holder } = template;
    if (!Array.isArray(spec.topologySpreadConstraints)) {
      return undefined;
    }
    const labels = isObject(holder.metadata) ? holder.metadata.labels : undefined;
    const found: RuleFinding[] = [];
    objectsIn(spec.topologySpreadConstraints).forEach(({ labelSelector }, index) => {
      if (isObject(labelSelector) && !isSelectedBy(labelSelector, labels)) {
        found.push({ field: `${path}.topologySpreadConstraints[${index}].labelSelector`, fact: `${quote(formatSelector(labelSelector))} does not select this pod` });
      }
    });
    return found;
  },
};

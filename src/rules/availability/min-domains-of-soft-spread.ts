import { objectsIn } from '../../manifest/json';
import { quote } from '../quote';
import { Pack, PodRule, RuleFinding, Severity } from '../rule';

/** Demands on the number of domains that nothing would hold. */
export const minDomainsOfSoftSpread: PodRule = {
  id: 'min-domains-of-soft-spread',
  severity: Severity.ERROR,
  pack: Pack.VALID,
  looksAtMakeOnly: true,
  keys: ['minDomains'],
  summary: 'A topology spread constraint with `minDomains` is one of `DoNotSchedule`, and the number is above 0.',
  why: 'the API server refuses the object: a constraint that gives way cannot ask for a number of domains',
  fix: 'set `whenUnsatisfiable: DoNotSchedule`, or leave `minDomains` out',
  source: 'https://kubernetes.io/docs/concepts/scheduling-eviction/topology-spread-constraints/#spread-constraint-definition',
  notApplicable: 'to pods without `minDomains`',
  bad: `
apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  replicas: 3
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      topologySpreadConstraints:
        - maxSkew: 1
          topologyKey: topology.kubernetes.io/zone
          minDomains: 3
          whenUnsatisfiable: ScheduleAnyway
          labelSelector: { matchLabels: { app: web } }
      containers: [{ name: web, image: "shop/web:1.0" }]
`,
  good: `
apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  replicas: 3
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      topologySpreadConstraints:
        - maxSkew: 1
          topologyKey: topology.kubernetes.io/zone
          minDomains: 3
          whenUnsatisfiable: DoNotSchedule
          labelSelector: { matchLabels: { app: web } }
      containers: [{ name: web, image: "shop/web:1.0" }]
`,
  seen: 'The API server of Kubernetes 1.33.13 refused the bad example with `spec.template.spec.topologySpreadConstraints[0].minDomains: Invalid value: 3: can only use minDomains if whenUnsatisfiable=DoNotSchedule` and accepted the good one.',
  check({ template: { spec, path } }) {
    const found: RuleFinding[] = [];
    objectsIn(spec.topologySpreadConstraints).forEach(({ minDomains, whenUnsatisfiable }, index) => {
      const field = `${path}.topologySpreadConstraints[${index}].minDomains`;
      if (typeof minDomains === 'number' && minDomains < 1) {
        found.push({ field, fact: `${quote(minDomains)} is not above 0` });
      } else if (typeof minDomains === 'number' && typeof whenUnsatisfiable === 'string' && whenUnsatisfiable !== 'DoNotSchedule') {
        found.push({ field, fact: `${quote(minDomains)} stands beside ${quote(whenUnsatisfiable)}` });
      }
    });
    return found;
  },
};

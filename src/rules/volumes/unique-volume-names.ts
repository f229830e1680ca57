import { objectsIn } from '../../manifest/json';
import { quote } from '../quote';
import { Pack, PodRule, RuleFinding, Severity } from '../rule';

/** Two volumes of one name. */
export const uniqueVolumeNames: PodRule = {
  id: 'unique-volume-names',
  severity: Severity.ERROR,
  pack: Pack.VALID,
  looksAtMakeOnly: true,
  keys: ['volumes'],
  summary: 'Every volume of a pod has a name of its own.',
  why: 'the API server rejects a pod with two volumes of one name',
  fix: 'give one of the two another `name`, or let both containers mount the same volume',
  source: 'https://kubernetes.io/docs/reference/kubernetes-api/config-and-storage-resources/volume/',
  notApplicable: 'to pods with fewer than two volumes',
  bad: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  volumes: [{ name: data, emptyDir: {} }, { name: data, configMap: { name: pages } }]
  containers:
    - { name: web, image: "shop/web:1.0" }
`,
  good: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  volumes: [{ name: data, emptyDir: {} }, { name: pages, configMap: { name: pages } }]
  containers:
    - { name: web, image: "shop/web:1.0" }
`,
  seen: 'The API server of Kubernetes 1.33.13 refused the bad example with `spec.volumes[1].name: Duplicate value: "data"` and accepted the good one.',
  check({ template }) {
    const volumes = objectsIn(template.spec.volumes);
    if (volumes.length < 2) {
      return undefined;
    }
    const found: RuleFinding[] = [];
    const seen = new Map<string, number>();
    volumes.forEach(({ name }, index) => {
      const first = seen.get(name);
      if (first === undefined) {
        seen.set(name, index);
      } else if (typeof name === 'string' && name !== '') {
        found.push({ field: `${template.path}.volumes[${index}].name`, fact: `${quote(name)} is already the name of volumes[${first}]` });
      }
    });
    return found;
  },
};

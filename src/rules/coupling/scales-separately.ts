import { sideBySide } from './beside';
import { declaration, hasContainer, wordsOf } from './declared-owners';
import { SCALES_SEPARATELY_ANNOTATION } from '../../manifest/annotations';
import { quote } from '../quote';
import { Pack, PodRule, Severity } from '../rule';

/** Containers that are to be scaled on their own, in a pod with others. */
export const scalesSeparately: PodRule = {
  id: 'scales-separately',
  severity: Severity.WARNING,
  pack: Pack.GOLDEN,
  keys: ['annotations'],
  summary: `A container that is scaled on its own (\`${SCALES_SEPARATELY_ANNOTATION}: <container>[,<container>]\`) is alone in its pod.`,
  why: 'pods are what is scaled: another replica of this container is another replica of all containers of the pod',
  fix: 'make the container a workload of its own',
  source: 'https://kubernetes.io/docs/concepts/workloads/pods/#pods-and-controllers',
  notApplicable: 'to pods without the annotation',
  bad: `
apiVersion: v1
kind: Pod
metadata: { name: shop, annotations: { pod-patterns/scales-separately: worker } }
spec:
  containers:
    - { name: web, image: "shop/web:1.0", ports: [{ containerPort: 8080 }] }
    - { name: worker, image: "shop/worker:1.0", ports: [{ containerPort: 8081 }] }
`,
  good: `
apiVersion: v1
kind: Pod
metadata: { name: worker, annotations: { pod-patterns/scales-separately: worker } }
spec:
  containers:
    - { name: worker, image: "shop/worker:1.0", ports: [{ containerPort: 8081 }] }
`,
  check({ template, containers }) {
    const said = declaration(template, SCALES_SEPARATELY_ANNOTATION);
    if (!said) {
      return undefined;
    }
    const beside = sideBySide(containers);
    return beside.length < 2 ? [] : wordsOf(said.text).filter((name) => hasContainer(beside, name))
      .map((name) => ({ field: said.field, fact: `${quote(name)} is scaled on its own, and shares the pod with ${beside.length - 1} more` }));
  },
};

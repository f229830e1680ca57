import { appsIn, declaration, unknownContainer, wordsOf } from './declared-owners';
import { SCALES_SEPARATELY_ANNOTATION } from '../../manifest/annotations';
import { quote } from '../quote';
import { Pack, PodRule, Severity } from '../rule';

/** Containers that are to be scaled on their own, in a pod with others. */
export const scalesSeparately: PodRule = {
  id: 'scales-separately',
  severity: Severity.WARNING,
  pack: Pack.GOLDEN,
  keys: [SCALES_SEPARATELY_ANNOTATION],
  summary: `A container that is scaled on its own (\`${SCALES_SEPARATELY_ANNOTATION}: <container>[,<container>]\`) is alone in its pod.`,
  why: 'pods are what is scaled: another replica of this container is another replica of all containers of the pod',
  fix: 'make the container a workload of its own',
  source: 'https://kubernetes.io/docs/concepts/workloads/pods/#pods-and-controllers',
  notApplicable: 'to pods without the annotation, and to native sidecars and images known as helpers beside the container: these are scaled with it',
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
    const apps = appsIn(containers);
    return wordsOf(said.text).flatMap((name) => {
      const named = containers.filter((container) => container.name === name);
      if (named.length === 0) {
        return [unknownContainer(said.field, name, containers)];
      }
      const others = apps.filter((container) => container.name !== name);
      return others.length === 0 ? [] : [{ field: said.field, fact: `${quote(name)} is scaled on its own, and shares the pod with ${quote(others.map((container) => container.name).join(', '))}` }];
    });
  },
};

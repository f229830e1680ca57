import { Pack, PodRule, RuleFinding, Severity } from '../rule';

/** Two containers of one name. */
export const uniqueContainerNames: PodRule = {
  id: 'unique-container-names',
  severity: Severity.ERROR,
  pack: Pack.VALID,
  looksAtMakeOnly: true,
  summary: 'Every container of a pod has a name of its own, init containers included.',
  why: 'the API server rejects a pod with two containers of one name',
  fix: 'give one of the two another `name`; cdk8s-plus calls every container without one "main"',
  source: 'https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#Container',
  notApplicable: 'to pods with one container',
  bad: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  containers:
    - { name: main, image: "shop/web:1.0" }
    - { name: main, image: "shop/logs:1.0" }
`,
  good: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  containers:
    - { name: web, image: "shop/web:1.0" }
    - { name: logs, image: "shop/logs:1.0" }
`,
  seen: 'The API server of Kubernetes 1.33.13 refused the bad example with `spec.containers[1].name: Duplicate value: "main"` and accepted the good one.',
  check({ containers }) {
    if (containers.length < 2) {
      return undefined;
    }
    const found: RuleFinding[] = [];
    const paths = new Map<string, string>();
    for (const { name, path } of containers) {
      const first = paths.get(name);
      if (first === undefined) {
        paths.set(name, path);
      } else if (name !== '') {
        found.push({ field: `${path}.name`, fact: `"${name}" is already the name of ${first.slice(first.lastIndexOf('.') + 1)}` });
      }
    }
    return found;
  },
};

import { isObject, objectsIn } from '../../manifest/json';
import { nameOf } from '../../manifest/kinds';
import { isMeantToEnd } from '../jobs/tasks';
import { quote } from '../quote';
import { Pack, PodRule, Severity } from '../rule';

/** Annotations of pods that something else looks after, or that are meant to go. */
const OF_OTHERS = /^(?:helm\.sh\/hook|argocd\.argoproj\.io\/hook|kubernetes\.io\/config\.)/;

/** Pods that nothing makes again. */
export const barePod: PodRule = {
  id: 'bare-pod',
  severity: Severity.WARNING,
  pack: Pack.PRODUCTION,
  summary: 'A pod that runs for ever is made by a workload.',
  why: 'a Pod is never moved: when its node fails, is drained or runs out of memory it is gone, and nothing makes another',
  fix: 'make it the template of a Deployment, of a StatefulSet where it has storage of its own, or of a DaemonSet where every node needs one',
  source: 'https://kubernetes.io/docs/concepts/workloads/pods/#working-with-pods',
  notApplicable: 'to workloads, to pods that are meant to end, to hooks, and to pods that have an owner',
  bad: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  containers:
    - { name: web, image: "shop/web:1.0" }
`,
  good: `
apiVersion: v1
kind: Pod
metadata: { name: migration }
spec:
  restartPolicy: Never
  containers:
    - { name: migration, image: "shop/migration:1.0" }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  replicas: 2
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      containers:
        - { name: web, image: "shop/web:1.0" }
`,
  seen: 'On Kubernetes 1.33.13 ten seconds after its eviction the bad example was gone; the Deployment of the good one had two ready pods again.',
  check({ template }) {
    const { object } = template;
    if (object.kind !== 'Pod') {
      return [];
    }
    const { annotations, ownerReferences } = isObject(object.metadata) ? object.metadata : { annotations: undefined, ownerReferences: undefined };
    if (isMeantToEnd(template) || objectsIn(ownerReferences).length > 0 || (isObject(annotations) && Object.keys(annotations).some((key) => OF_OTHERS.test(key)))) {
      return undefined;
    }
    return [{ field: 'metadata.name', fact: `${quote(nameOf(object))} is a Pod that no workload makes` }];
  },
};

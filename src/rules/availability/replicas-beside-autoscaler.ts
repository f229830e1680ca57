import { autoscalerOf, SCALABLE } from './replicas';
import { isObject } from '../../manifest/json';
import { nameOf } from '../../manifest/kinds';
import { quote } from '../quote';
import { ObjectRule, Pack, Severity } from '../rule';

/** Numbers of pods that an autoscaler chooses, and every apply sets back. */
export const replicasBesideAutoscaler: ObjectRule = {
  id: 'replicas-beside-autoscaler',
  severity: Severity.WARNING,
  pack: Pack.PRODUCTION,
  kinds: SCALABLE,
  summary: 'A workload that an autoscaler scales does not say `replicas`.',
  why: 'each apply sets the number back to what the manifest says, and under load pods are taken away until the autoscaler has measured again; server-side it fails with a conflict, or is forced and does the same',
  fix: 'remove `spec.replicas`, where the workload runs already with `kubectl apply edit-last-applied` first, or the next client-side apply sets 1; the fewest pods are `minReplicas` of the autoscaler',
  source: 'https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#migrating-deployments-and-statefulsets-to-horizontal-autoscaling',
  notApplicable: 'to workloads that no autoscaler in the same namespace names',
  bad: `
apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  replicas: 2
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec: { containers: [{ name: web, image: "shop/web:1.0" }] }
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: { name: web }
spec:
  scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: web }
  minReplicas: 2
  maxReplicas: 9
`,
  good: `
apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec: { containers: [{ name: web, image: "shop/web:1.0" }] }
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: { name: web }
spec:
  scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: web }
  minReplicas: 2
  maxReplicas: 9
`,
  seen: 'On Kubernetes 1.33.13 with `minReplicas: 3` an apply of a Deployment with `replicas: 1` took two of three pods away, and the autoscaler brought them back 12 to 14 seconds later; server-side it failed with a conflict. Without `replicas` the three stayed. The first client-side apply after the field was removed set 1.',
  checkObject({ object, app }) {
    const autoscaler = autoscalerOf(object, app);
    if (!autoscaler || !isObject(object.spec)) {
      return undefined;
    }
    const { replicas } = object.spec;
    // 0 switches the autoscaler off, which is a way to stop a workload.
    return replicas === undefined || replicas === null || replicas === 0
      ? []
      : [{ field: 'spec.replicas', fact: `${quote(replicas)} is chosen by the autoscaler ${quote(nameOf(autoscaler))} too` }];
  },
};

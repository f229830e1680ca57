import { scaledBy } from './replicas';
import { isObject, JsonObject, objectsIn, textOf } from '../../manifest/json';
import { Manifests } from '../../manifest/manifests';
import { didYouMean, quote } from '../quote';
import { ObjectRule, Pack, RuleFinding, Severity } from '../rule';

/** Autoscalers of what is not there. */
export const autoscalerScalesNothing: ObjectRule = {
  id: 'autoscaler-scales-nothing',
  severity: Severity.WARNING,
  pack: Pack.PRODUCTION,
  kinds: ['HorizontalPodAutoscaler', 'ScaledObject'],
  needsWholeApp: true,
  summary: 'An autoscaler scales a workload of the app, and a container that it measures is one of its pods.',
  why: 'the autoscaler reports `FailedGetScale`, or that the container is "not present in metrics", and the number of pods stays as it is under any load',
  fix: 'write the kind and the name of the workload, and of the container, as they are in its manifest',
  source: 'https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#container-resource-metrics',
  notApplicable: 'to targets of other kinds than Deployment, StatefulSet, ReplicaSet and ReplicationController; where the manifests are not all of an app, have no pod in the namespace of the autoscaler, or have custom resources whose operators may make workloads',
  bad: `
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: { name: web }
spec:
  scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: webb }
  minReplicas: 2
  maxReplicas: 9
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec: { containers: [{ name: web, image: "shop/web:1.0", resources: { requests: { cpu: 100m } } }] }
`,
  good: `
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: { name: web }
spec:
  scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: web }
  minReplicas: 2
  maxReplicas: 9
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec: { containers: [{ name: web, image: "shop/web:1.0", resources: { requests: { cpu: 100m } } }] }
`,
  seen: 'On Kubernetes 1.33.13 the autoscaler of the bad example reported `FailedGetScale: deployments.apps "webb" not found` and the Deployment kept its one pod; in the good example it had two.',
  checkObject({ object, app }) {
    const scaled = app.mayHaveOperators || app.podsBeside(object).length === 0 ? undefined : scaledBy(object);
    if (scaled === undefined) {
      return undefined;
    }
    const workload = app.named(scaled.kind, scaled.name, object);
    if (workload === undefined) {
      return [{ field: 'spec.scaleTargetRef.name', fact: `${quote(scaled.name)} is no ${scaled.kind} of the app${didYouMean(onlyOne(scaled.kind, object, app))}` }];
    }
    const template = app.templateOf(workload);
    const names = template && app.containersOf(template).map(({ name }) => name);
    return names && missingContainers(object.spec, names, `${scaled.kind} ${quote(scaled.name)}`);
  },
};

/** The name of the one workload of a kind in the namespace of an object. */
function onlyOne(kind: string, object: JsonObject, app: Manifests): string | undefined {
  const names = app.podsBeside(object).filter((pod) => pod.object.kind === kind).map((pod) => textOf(pod.object.metadata?.name));
  return names.length === 1 ? names[0] : undefined;
}

function missingContainers({ metrics }: JsonObject, names: readonly string[], workload: string): RuleFinding[] {
  return objectsIn(metrics).flatMap(({ type, containerResource }, index) => {
    const container = type === 'ContainerResource' && isObject(containerResource) ? textOf(containerResource.container) : '';
    return container === '' || names.includes(container) ? []
      : [{ field: `spec.metrics[${index}].containerResource.container`, fact: `${quote(container)} is no container of ${workload}` }];
  });
}

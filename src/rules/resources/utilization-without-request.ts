import { ContainerView, runsBesideOthers } from '../../manifest/containers';
import { isObject, JsonObject, objectsIn, textOf } from '../../manifest/json';
import { Target } from '../../manifest/kubernetes-version';
import { podResourcesOf, resourcesOf } from '../../manifest/pod-resources';
import { podTemplateOf } from '../../manifest/pod-template';
import { quote } from '../quote';
import { ObjectRule, Pack, RuleFinding, Severity } from '../rule';

/** Autoscalers that cannot compute what they scale by. */
export const utilizationWithoutRequest: ObjectRule = {
  id: 'utilization-without-request',
  severity: Severity.WARNING,
  pack: Pack.GOLDEN,
  summary: 'Every container of a pod that is scaled by utilization requests that resource, helpers too.',
  why: 'utilization is a share of what all containers of the pod request: where one has no request the metric fails with "missing request for cpu", and nothing is scaled',
  fix: 'give every container the request, native sidecars too, or measure one container: `type: ContainerResource`',
  source: 'https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#how-does-a-horizontalpodautoscaler-work',
  notApplicable: 'to workloads that are not in the manifests, to other metrics, and where a LimitRange of the namespace adds the request, which the manifests do not show',
  kinds: ['HorizontalPodAutoscaler'],
  bad: `
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: { name: web }
spec:
  scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: web }
  maxReplicas: 4
  metrics: [{ type: Resource, resource: { name: cpu, target: { type: Utilization, averageUtilization: 70 } } }]
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      containers:
        - { name: web, image: "shop/web:1.0", resources: { requests: { cpu: 100m } } }
        - { name: logs, image: "shop/logs:1.0" }
`,
  good: `
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: { name: web }
spec:
  scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: web }
  maxReplicas: 4
  metrics: [{ type: Resource, resource: { name: cpu, target: { type: Utilization, averageUtilization: 70 } } }]
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      containers:
        - { name: web, image: "shop/web:1.0", resources: { requests: { cpu: 100m } } }
        - { name: logs, image: "shop/logs:1.0", resources: { requests: { cpu: 10m } } }
`,
  checkObject({ object, app, target }) {
    const { spec } = object;
    const ref = isObject(spec) ? spec.scaleTargetRef : undefined;
    const workload = isObject(ref) ? app.named(textOf(ref.kind), ref.name, object) : undefined;
    const template = workload && podTemplateOf(workload);
    if (!template) {
      return undefined;
    }
    const containers = app.containersOf(template).filter(runsBesideOthers);
    const found: RuleFinding[] = [];
    for (const { field, resource, container } of utilizations(spec)) {
      const isOfPod = container === undefined && hasPodLevelRequests(template.spec, target);
      const measured = containers.filter(({ name }) => container === undefined || name === container);
      const isInSum = isOfPod && podResourcesOf(template.spec, target).requests.has(resource);
      const lacking = isInSum ? [] : measured.filter(({ json }) => !resourcesOf(json).requests.has(resource));
      if (lacking.length > 0) {
        found.push({ field, fact: factOf(resource, lacking, workload) });
      }
    }
    return found;
  },
};

interface Utilization {
  readonly field: string;
  readonly resource: string;
  /** The one container that is measured; otherwise all of them. */
  readonly container?: string;
}

/** The metrics that are shares of a request. Without any metric the API server adds one of CPU. */
function utilizations({ metrics, targetCPUUtilizationPercentage }: JsonObject): Utilization[] {
  if (targetCPUUtilizationPercentage !== undefined) {
    return [{ field: 'spec.targetCPUUtilizationPercentage', resource: 'cpu' }];
  }
  if (metrics === undefined || metrics === null || (Array.isArray(metrics) && metrics.length === 0)) {
    return [{ field: 'spec.metrics', resource: 'cpu' }];
  }
  return objectsIn(metrics).flatMap(({ type, resource, containerResource }, index) => {
    const isOfContainer = type === 'ContainerResource';
    const metric = isOfContainer ? containerResource : resource;
    const name = isOfContainer ? 'containerResource' : 'resource';
    return (isOfContainer || type === 'Resource') && isObject(metric) && metric.target?.type === 'Utilization'
      ? [{ field: `spec.metrics[${index}].${name}.target.type`, resource: textOf(metric.name), container: isOfContainer ? textOf(metric.container) : undefined }]
      : [];
  });
}

/**
 * Where the pod as a whole requests something, if only because it has a limit, the autoscaler asks for the sum and no container.
 *
 * @see https://github.com/kubernetes/kubernetes/blob/v1.34.2/pkg/controller/podautoscaler/replica_calculator.go
 */
function hasPodLevelRequests(spec: JsonObject, target: Target): boolean {
  return target.minor >= 34 && isObject(spec.resources) && podResourcesOf({ resources: spec.resources }, target).requests.size > 0;
}

function factOf(resource: string, lacking: ContainerView[], workload: JsonObject): string {
  return `${quote(resource)} is not requested by ${lacking.map(({ name }) => `container "${name}"`).join(', ')} of ${workload.kind} "${workload.metadata.name}"`;
}

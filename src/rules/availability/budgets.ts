import { fewestReplicas, SCALABLE } from './replicas';
import { JsonObject } from '../../manifest/json';
import { append } from '../../manifest/lists';
import { Manifests } from '../../manifest/manifests';
import { onceFor } from '../../manifest/memo';
import { PodTemplate } from '../../manifest/pod-template';

/** A PodDisruptionBudget, as far as it can be read. */
export interface Budget {
  readonly field: 'maxUnavailable' | 'minAvailable';
  readonly value: unknown;
}

/** What a budget allows; undefined where it says neither. */
export function budgetOf(spec: JsonObject): Budget | undefined {
  const field = (['maxUnavailable', 'minAvailable'] as const).find((name) => spec[name] !== undefined && spec[name] !== null);
  return field && { field, value: spec[field] };
}

/** How many pods the workloads of a budget have at least; 0 where none of them has a number. */
export function podsExpected(pods: readonly PodTemplate[], app: Manifests): number {
  return pods.filter(({ object }) => SCALABLE.includes(object.kind)).reduce((sum, { object }) => sum + fewestReplicas(object, app), 0);
}

/** For each pod with several budgets: all of them, in their order. */
export const sharedPods = onceFor((app: Manifests): Map<PodTemplate, JsonObject[]> => {
  const budgets = new Map<PodTemplate, JsonObject[]>();
  for (const budget of app.ofKind('PodDisruptionBudget')) {
    for (const pod of app.podsOf(budget)) {
      append(budgets, pod, budget);
    }
  }
  return budgets;
});

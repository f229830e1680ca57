import { ApiObject, Lazy } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { allowAmount, metadataBeside, optionsOf } from './check-options';

/** How many pods may be evicted at once, by those who drain nodes. */
export interface DisruptionBudgetOptions {
  /**
   * Whether there is a PodDisruptionBudget.
   *
   * @default true
   */
  readonly enabled?: boolean;

  /**
   * How many pods may be away at once because of evictions. A share is rounded up.
   *
   * Not zero: nobody could drain a node that runs such a pod. It binds evictions only, not rolling updates, failures or deletions.
   *
   * @see https://kubernetes.io/docs/tasks/run-application/configure-pdb/
   * @default kplus.PercentOrAbsolute.absolute(1)
   */
  readonly maxUnavailable?: kplus.PercentOrAbsolute;
}

/**
 * Adds the budget of a workload.
 *
 * Pods that are not ready may always be evicted: otherwise an app that never becomes ready keeps its nodes from being drained.
 */
export function addDisruptionBudget(workload: kplus.Workload, given?: DisruptionBudgetOptions): void {
  const options = optionsOf(workload.node.path, 'disruptionBudget', given);
  if (!options) {
    return;
  }
  allowAmount(workload.node.path, 'disruptionBudget.maxUnavailable', options.maxUnavailable, 'with none that may be away no node can be drained');
  new ApiObject(workload, 'DisruptionBudget', {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: metadataBeside(workload, 'disruptionBudget'),
    spec: {
      maxUnavailable: options.maxUnavailable?.value ?? 1,
      unhealthyPodEvictionPolicy: 'AlwaysAllow',
      // Selectors of the workload may be added later.
      selector: Lazy.any({ produce: () => selectorOf(workload) }),
    },
  });
}

function selectorOf(workload: kplus.Workload): object {
  const { matchLabels, matchExpressions } = workload;
  return { matchLabels, ...(matchExpressions.length > 0 && { matchExpressions }) };
}

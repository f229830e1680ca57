import * as kplus from 'cdk8s-plus-28';
import { optionsOf } from './check-options';
import { quoted, refuse } from '../manifest/check-input';
import { isObject, JsonObject } from '../manifest/json';
import { podTemplateOf } from '../manifest/pod-template';
import { PodHook } from '../production/pod-hook';

/** How strictly pods are spread. */
export enum SpreadPolicy {
  /** The scheduler prefers to spread, and runs a pod elsewhere rather than not at all. */
  PREFERRED = 'ScheduleAnyway',
  /** A pod that would make the difference larger than one stays pending. */
  REQUIRED = 'DoNotSchedule',
  /** Not spread. */
  NONE = 'None',
}

/** How the pods of a workload are spread over nodes and zones, so that one failure does not take them all. */
export interface SpreadOptions {
  /**
   * Whether pods are spread.
   *
   * @default true
   */
  readonly enabled?: boolean;

  /**
   * Over nodes, by their label `kubernetes.io/hostname`.
   *
   * @default SpreadPolicy.PREFERRED
   */
  readonly hosts?: SpreadPolicy;

  /**
   * Over zones, by the label `topology.kubernetes.io/zone` of nodes. `REQUIRED` leaves out nodes without the label: in a cluster
   * without zones no pod would run.
   *
   * @default SpreadPolicy.PREFERRED
   */
  readonly zones?: SpreadPolicy;
}

const HOST = 'kubernetes.io/hostname';
const ZONE = 'topology.kubernetes.io/zone';

/**
 * Writes topology spread constraints, for which cdk8s-plus has no property.
 *
 * Beside them a preference not to share a node, unless the workload has pod anti-affinity of its own: the constraint looks at one
 * revision, the preference at all pods of the workload.
 *
 * @param revisionLabel label of the pods that tells revisions apart, where old and new pods run side by side during an update
 * @see https://kubernetes.io/docs/concepts/scheduling-eviction/topology-spread-constraints/
 */
export function spreadOverTopology(workload: kplus.Workload, given?: SpreadOptions, revisionLabel?: string): void {
  const path = workload.node.path;
  const options = optionsOf(path, 'topologySpread', given);
  if (!options) {
    return;
  }
  const hosts = policyOf(path, 'hosts', options.hosts);
  const zones = policyOf(path, 'zones', options.zones);
  PodHook.of(workload).addWriter((json) => {
    const spec = podTemplateOf(json)!.spec;
    const constraint = (topologyKey: string, policy: SpreadPolicy) => (policy === SpreadPolicy.NONE ? [] : [{
      labelSelector: structuredClone(json.spec.selector),
      ...(revisionLabel && { matchLabelKeys: [revisionLabel] }),
      maxSkew: 1,
      topologyKey,
      whenUnsatisfiable: policy,
    }]);
    const constraints = [...constraint(HOST, hosts), ...constraint(ZONE, zones)];
    if (constraints.length > 0) {
      spec.topologySpreadConstraints ??= constraints;
    }
    if (hosts !== SpreadPolicy.NONE) {
      preferOtherNodes(spec, json.spec.selector);
    }
  });
}

function preferOtherNodes(spec: JsonObject, selector: JsonObject): void {
  const affinity: JsonObject = isObject(spec.affinity) ? spec.affinity : {};
  affinity.podAntiAffinity ??= {
    preferredDuringSchedulingIgnoredDuringExecution: [
      { weight: 100, podAffinityTerm: { labelSelector: structuredClone(selector), topologyKey: HOST } },
    ],
  };
  spec.affinity = affinity;
}

function policyOf(path: string, field: string, given?: SpreadPolicy): SpreadPolicy {
  const policy = given ?? SpreadPolicy.PREFERRED;
  if (!Object.values(SpreadPolicy).includes(policy)) {
    refuse(path, `topologySpread.${field}: ${quoted(policy)} is not a SpreadPolicy`, 'the API server knows "ScheduleAnyway" and "DoNotSchedule"',
      'write SpreadPolicy.PREFERRED, REQUIRED or NONE');
  }
  return policy;
}

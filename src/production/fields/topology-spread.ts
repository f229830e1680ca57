import * as kplus from 'cdk8s-plus-28';
import { Giver } from './given-fields';
import { allowKind, allowList, instanceOf, LARGEST_INTEGER, memberOf, OBJECT, refuse, requireKind, TEXT, wholeNumber } from '../../manifest/check-input';
import { isObject, JsonObject } from '../../manifest/json';
import { PodTemplate } from '../../manifest/pod-template';

/** What the scheduler does with a pod that would make the spread worse than allowed. */
export enum WhenUnsatisfiable {
  /** Places it all the same, where it makes the spread least uneven. */
  SCHEDULE_ANYWAY = 'ScheduleAnyway',
  /** Leaves it pending. */
  DO_NOT_SCHEDULE = 'DoNotSchedule',
}

/** How evenly pods are spread. */
export interface TopologySpreadOptions {
  /**
   * By how many pods the fullest domain may be ahead of the emptiest one. From 1.
   *
   * @default 1
   */
  readonly maxSkew?: number;

  /**
   * What happens to a pod that would exceed it.
   *
   * @default WhenUnsatisfiable.SCHEDULE_ANYWAY - with a domain down, a hard constraint leaves pods pending when they are needed most
   */
  readonly whenUnsatisfiable?: WhenUnsatisfiable;

  /**
   * How many domains there must be: with fewer, the emptiest one counts as having no pod. From 1, and only with
   * `WhenUnsatisfiable.DO_NOT_SCHEDULE`.
   *
   * @default - as many as there are
   */
  readonly minDomains?: number;

  /**
   * Labels of the pods that are counted.
   *
   * @default - the labels by which the workload selects its pods; a bare Pod must give some
   */
  readonly labels?: { [key: string]: string };

  /**
   * Keys of labels by whose values pods are counted apart. Needs Kubernetes 1.27.
   *
   * @default - `pod-template-hash` for a Deployment, so that the pods of the last rollout, which are about to go, do not count; none for other kinds
   */
  readonly matchLabelKeys?: string[];
}

const TOPOLOGY = instanceOf(kplus.Topology, 'use kplus.Topology.ZONE, kplus.Topology.HOSTNAME or kplus.Topology.custom(\'...\')');

/** The label that cdk8s-plus puts on the pods of every workload. */
const ADDRESS_LABEL = 'cdk8s.io/metadata.addr';

/**
 * Spreads the pods of a workload over nodes, zones or other domains.
 *
 * Unlike the anti-affinity that `spread` of cdk8s-plus writes, it allows more pods than there are domains.
 *
 * @see https://kubernetes.io/docs/concepts/scheduling-eviction/topology-spread-constraints/
 * @example
 *
 * const deployment = new kplus.Deployment(chart, 'Web', { replicas: 6, containers: [{ image: 'registry.example/web:1.4.2' }] });
 * deployment.with(new PodSettings({
 *   topologySpread: [TopologySpread.over(kplus.Topology.ZONE), TopologySpread.over(kplus.Topology.HOSTNAME, { maxSkew: 2 })],
 * }));
 */
export class TopologySpread {
  /**
   * Spreads over the domains of a topology: the nodes that have the same value of a label are one domain.
   *
   * @param topology the label of the nodes
   * @param options how evenly
   */
  public static over(topology: kplus.Topology, options: TopologySpreadOptions = {}): TopologySpread {
    return new TopologySpread(topology, options);
  }

  private readonly constraint: JsonObject;
  private readonly labels?: { [key: string]: string };
  private readonly matchLabelKeys?: string[];

  private constructor(topology: kplus.Topology, options: TopologySpreadOptions) {
    const where = 'TopologySpread';
    requireKind(where, 'topology', topology, TOPOLOGY);
    requireKind(where, 'options', options, OBJECT);
    const { maxSkew = 1, whenUnsatisfiable = WhenUnsatisfiable.SCHEDULE_ANYWAY, minDomains, labels, matchLabelKeys } = options;
    const why = 'the API server refuses any other';
    wholeNumber(where, 'maxSkew', maxSkew, 1, LARGEST_INTEGER, why);
    requireKind(where, 'whenUnsatisfiable', whenUnsatisfiable, memberOf('WhenUnsatisfiable', WhenUnsatisfiable));
    if (minDomains !== undefined) {
      wholeNumber(where, 'minDomains', minDomains, 1, LARGEST_INTEGER, why);
      if (whenUnsatisfiable !== WhenUnsatisfiable.DO_NOT_SCHEDULE) {
        refuse(where, `minDomains: "${minDomains}" beside "${whenUnsatisfiable}"`, 'the API server takes it with DoNotSchedule only',
          'leave it out, or give `whenUnsatisfiable: WhenUnsatisfiable.DO_NOT_SCHEDULE`');
      }
    }
    allowKind(where, 'labels', labels, OBJECT);
    if (labels && Object.keys(labels).length === 0) {
      refuse(where, 'labels: "{}" counts every pod of the namespace', 'a spread over pods of others says nothing of the own ones', 'leave it out, or give labels');
    }
    allowList(where, 'matchLabelKeys', matchLabelKeys, TEXT);
    const twice = matchLabelKeys?.find((key, index) => matchLabelKeys.indexOf(key) !== index || (labels && key in labels));
    if (twice !== undefined) {
      refuse(where, `matchLabelKeys: "${twice}" is given twice`, 'the API server refuses a key that is in `labels` too, or here twice', 'leave one of the two out');
    }
    this.constraint = { maxSkew, ...(minDomains !== undefined && { minDomains }), topologyKey: topology.key, whenUnsatisfiable };
    this.labels = labels && { ...labels };
    this.matchLabelKeys = matchLabelKeys && [...matchLabelKeys];
  }

  /**
   * What the API server takes once in a pod only.
   *
   * @internal
   */
  public get _kind(): string {
    return `${this.constraint.topologyKey} ${this.constraint.whenUnsatisfiable}`;
  }

  /**
   * Everything that was chosen, to compare it.
   *
   * @internal
   */
  public get _chosen(): JsonObject {
    return { ...this.constraint, labels: this.labels, matchLabelKeys: this.matchLabelKeys };
  }

  /**
   * Refuses a pod that it says nothing of.
   *
   * @internal
   */
  public _check(pod: kplus.AbstractPod): void {
    if (pod instanceof kplus.Pod && !this.labels) {
      refuse(pod.node.path, 'topologySpread: labels: missing', 'a Pod has no others that it could be spread from',
        'give `labels` of the pods that are counted, or use a Deployment');
    }
  }

  /**
   * The constraint as the manifest of a pod has it.
   *
   * @internal
   */
  public _render(giver: Giver, { object, holder }: PodTemplate): JsonObject {
    const matchLabels = this.labels ?? selectorOf(giver, object, holder);
    const keys = this.matchLabelKeys ?? (object.kind === 'Deployment' ? ['pod-template-hash'] : []);
    return {
      ...this.constraint,
      labelSelector: { matchLabels: { ...matchLabels } },
      ...(keys.length > 0 && { matchLabelKeys: [...keys] }),
    };
  }
}

/** The labels by which a workload selects its pods; a Job selects none, and its pods have the label of cdk8s-plus. */
function selectorOf({ pod }: Giver, object: JsonObject, holder: JsonObject): { [key: string]: string } {
  const selected = object.spec?.selector?.matchLabels;
  if (isObject(selected) && Object.keys(selected).length > 0) {
    return selected;
  }
  const address = holder.metadata?.labels?.[ADDRESS_LABEL];
  if (typeof address !== 'string') {
    refuse(pod.node.path, 'topologySpread: labels: missing', 'the workload selects its pods by no label that could be counted',
      'give `labels` of the pods that are counted');
  }
  return { [ADDRESS_LABEL]: address };
}

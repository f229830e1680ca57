import * as kplus from 'cdk8s-plus-28';
import { IConstruct, IMixin } from 'constructs';
import { fieldsOf, GivenField, giveToWorkload } from './given-fields';
import { MixinReach } from './mixin-reach';
import { allowKind, memberOf, quoted, refuse, requireProps } from '../../manifest/check-input';

/** What becomes of the claims of a StatefulSet. */
export enum ClaimRetention {
  /** They stay, with their data, until somebody deletes them. */
  RETAIN = 'Retain',
  /** They are deleted, and the data with them where the volume's reclaim policy says so. */
  DELETE = 'Delete',
}

/** What a StatefulSet has in Kubernetes and cdk8s-plus has no property for. */
export interface StatefulSetSettingsProps {
  /**
   * What becomes of the claims when the StatefulSet is deleted: `persistentVolumeClaimRetentionPolicy.whenDeleted`. Needs Kubernetes 1.27.
   *
   * @default - `RETAIN`, which is what Kubernetes takes
   */
  readonly claimsWhenDeleted?: ClaimRetention;

  /**
   * What becomes of the claim of a pod that goes because there are fewer replicas: `persistentVolumeClaimRetentionPolicy.whenScaled`.
   * Needs Kubernetes 1.27.
   *
   * @default - `RETAIN`, which is what Kubernetes takes: the pod finds its data when there are more replicas again
   */
  readonly claimsWhenScaled?: ClaimRetention;
}

const WHERE = 'StatefulSetSettings';

const RETENTION = memberOf('ClaimRetention', ClaimRetention);

/**
 * Fields of a StatefulSet that cdk8s-plus has no property for. For `volumeClaimTemplates` see `Volumes.fromClaimTemplate()`.
 *
 * They are written into the manifest before anything is filled, and JSON patches still have the last word. The pod is checked from
 * then on. Applied to a chart it reaches the StatefulSets that are there.
 *
 * @see https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#persistentvolumeclaim-retention
 * @example
 *
 * const cache = new kplus.StatefulSet(chart, 'Cache', { containers: [{ image: 'registry.example/cache:1.4.2', portNumber: 6379 }] });
 * cache.containers[0].mount('/data', Volumes.fromClaimTemplate(cache, 'data', { storage: Size.gibibytes(10) }));
 * cache.with(new StatefulSetSettings({ claimsWhenDeleted: ClaimRetention.DELETE }));
 */
export class StatefulSetSettings implements IMixin {
  private readonly fields: GivenField[];
  private readonly reach = new MixinReach(WHERE, 'a StatefulSet of cdk8s-plus-28', (construct) => construct instanceof kplus.StatefulSet);

  /**
   * @param props the fields
   */
  public constructor(props: StatefulSetSettingsProps) {
    requireProps(WHERE, props);
    allowKind(WHERE, 'claimsWhenDeleted', props.claimsWhenDeleted, RETENTION);
    allowKind(WHERE, 'claimsWhenScaled', props.claimsWhenScaled, RETENTION);
    this.fields = fieldsOf([
      [['persistentVolumeClaimRetentionPolicy', 'whenDeleted'], props.claimsWhenDeleted],
      [['persistentVolumeClaimRetentionPolicy', 'whenScaled'], props.claimsWhenScaled],
    ]);
  }

  /**
   * Whether the construct is a StatefulSet of cdk8s-plus-28.
   *
   * @param construct the construct that is asked about
   */
  public supports(construct: IConstruct): boolean {
    return this.reach.supports(construct);
  }

  /**
   * Gives the fields to a StatefulSet.
   *
   * @param construct the StatefulSet
   */
  public applyTo(construct: IConstruct): void {
    if (!(construct instanceof kplus.StatefulSet)) {
      refuse(WHERE, `applyTo: ${quoted(construct)} is not a StatefulSet of cdk8s-plus-28`, 'no other kind makes claims for its pods',
        'apply it to a kplus.StatefulSet');
    }
    giveToWorkload({ name: WHERE, pod: construct }, this.fields);
  }
}

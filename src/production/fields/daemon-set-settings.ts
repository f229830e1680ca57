import * as kplus from 'cdk8s-plus-28';
import { IConstruct, IMixin } from 'constructs';
import { giveToWorkload } from './given-fields';
import { MixinReach } from './mixin-reach';
import { allowKind, instanceOf, quoted, refuse, requireKind, requireProps } from '../../manifest/check-input';

/** How many pods of a DaemonSet may be missing or doubled while it is updated: one of the two. */
export interface DaemonSetRollingUpdateOptions {
  /**
   * On how many nodes the pod may be missing: the old one is deleted, then the new one is made.
   *
   * @default - 1, or 0 beside `maxSurge`
   */
  readonly maxUnavailable?: kplus.PercentOrAbsolute;

  /**
   * On how many nodes a new pod may start beside the old one, which is deleted when the new one is ready.
   *
   * Two pods on one node cannot have the same host port, nor both listen in the host's network.
   *
   * @default - none
   */
  readonly maxSurge?: kplus.PercentOrAbsolute;
}

const COUNT = instanceOf(kplus.PercentOrAbsolute, 'use kplus.PercentOrAbsolute.absolute(1) or kplus.PercentOrAbsolute.percent(10)');

/**
 * How the pods of a DaemonSet are replaced when its template changes.
 *
 * @see https://kubernetes.io/docs/tasks/manage-daemon/update-daemon-set/
 * @example
 *
 * const strategy = DaemonSetUpdateStrategy.rollingUpdate({ maxUnavailable: kplus.PercentOrAbsolute.percent(10) });
 */
export class DaemonSetUpdateStrategy {
  /**
   * Node by node, or several at a time.
   *
   * @param options how many
   */
  public static rollingUpdate(options: DaemonSetRollingUpdateOptions = {}): DaemonSetUpdateStrategy {
    const where = 'DaemonSetUpdateStrategy.rollingUpdate';
    requireProps(where, options);
    const surge = countOf(where, 'maxSurge', options.maxSurge) ?? 0;
    // Written out, because the API server would take 1, and refuses both.
    const unavailable = countOf(where, 'maxUnavailable', options.maxUnavailable) ?? (isNone(surge) ? 1 : 0);
    if (isNone(surge) === isNone(unavailable)) {
      refuse(where, `maxUnavailable: ${quoted(unavailable)} beside maxSurge ${quoted(surge)}`,
        'the API server demands that exactly one of the two is above zero', 'give one of the two');
    }
    return new DaemonSetUpdateStrategy({ rollingUpdate: { maxSurge: surge, maxUnavailable: unavailable }, type: 'RollingUpdate' });
  }

  /** A pod is replaced only when somebody deletes it. */
  public static onDelete(): DaemonSetUpdateStrategy {
    return new DaemonSetUpdateStrategy({ type: 'OnDelete' });
  }

  /**
   * @param value as the manifest has it
   */
  private constructor(private readonly value: object) {}

  /**
   * As the manifest has it.
   *
   * @internal
   */
  public get _value(): object {
    return this.value;
  }
}

/** What a DaemonSet has in Kubernetes and cdk8s-plus has no property for. */
export interface DaemonSetSettingsProps {
  /**
   * How its pods are replaced when its template changes.
   *
   * @default - `DaemonSetUpdateStrategy.rollingUpdate()`, which is what Kubernetes takes
   */
  readonly updateStrategy?: DaemonSetUpdateStrategy;
}

const WHERE = 'DaemonSetSettings';

const STRATEGY = instanceOf(DaemonSetUpdateStrategy, 'use DaemonSetUpdateStrategy.rollingUpdate() or DaemonSetUpdateStrategy.onDelete()');

/**
 * Fields of a DaemonSet that cdk8s-plus has no property for.
 *
 * They are written into the manifest before anything is filled, and JSON patches still have the last word. The pod is checked from
 * then on. Applied to a chart it reaches the DaemonSets that are there.
 *
 * @see https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/daemon-set-v1/#DaemonSetSpec
 * @example
 *
 * const agent = new kplus.DaemonSet(chart, 'Agent', { containers: [{ image: 'registry.example/agent:1.4.2' }] });
 * agent.with(new DaemonSetSettings({
 *   updateStrategy: DaemonSetUpdateStrategy.rollingUpdate({ maxUnavailable: kplus.PercentOrAbsolute.absolute(3) }),
 * }));
 */
export class DaemonSetSettings implements IMixin {
  private readonly strategy?: DaemonSetUpdateStrategy;
  private readonly reach = new MixinReach(WHERE, 'a DaemonSet of cdk8s-plus-28', (construct) => construct instanceof kplus.DaemonSet);

  /**
   * @param props the fields
   */
  public constructor(props: DaemonSetSettingsProps) {
    requireProps(WHERE, props);
    allowKind(WHERE, 'updateStrategy', props.updateStrategy, STRATEGY);
    this.strategy = props.updateStrategy;
  }

  /**
   * Whether the construct is a DaemonSet of cdk8s-plus-28.
   *
   * @param construct the construct that is asked about
   */
  public supports(construct: IConstruct): boolean {
    return this.reach.supports(construct);
  }

  /**
   * Gives the fields to a DaemonSet.
   *
   * @param construct the DaemonSet
   */
  public applyTo(construct: IConstruct): void {
    if (!(construct instanceof kplus.DaemonSet)) {
      refuse(WHERE, `applyTo: ${quoted(construct)} is not a DaemonSet of cdk8s-plus-28`, 'no other kind has these fields',
        'apply it to a kplus.DaemonSet; a Deployment takes `strategy`');
    }
    if (this.strategy) {
      giveToWorkload({ name: WHERE, pod: construct }, [{ keys: ['updateStrategy'], value: this.strategy._value }]);
    }
  }
}

function countOf(where: string, field: string, count: kplus.PercentOrAbsolute | undefined): string | number | undefined {
  if (count === undefined || count === null) {
    return undefined;
  }
  requireKind(where, field, count, COUNT);
  const value: unknown = count.value;
  const isCount = typeof value === 'number' && Number.isInteger(value) && value >= 0;
  if (!isCount && !(typeof value === 'string' && /^(\d|[1-9]\d|100)%$/.test(value))) {
    refuse(where, `${field}: ${quoted(value)} is neither a whole number from 0 nor whole percents up to 100`,
      'the API server refuses it', 'use kplus.PercentOrAbsolute.absolute(1) or kplus.PercentOrAbsolute.percent(10)');
  }
  return value as string | number;
}

function isNone(count: string | number): boolean {
  return parseInt(String(count), 10) === 0;
}

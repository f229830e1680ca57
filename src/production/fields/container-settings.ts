import { Duration } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { IConstruct, IMixin } from 'constructs';
import { giveToContainer, placeOf } from './container-fields';
import { fieldsOf, GivenField } from './given-fields';
import { MixinReach } from './mixin-reach';
import { allowKind, instanceOf, OBJECT, quoted, refuse, requireProps, wholeNumber, wholeSeconds } from '../../manifest/check-input';

/** What a container has in Kubernetes and cdk8s-plus has no property for. */
export interface ContainerSettingsProps {
  /**
   * The container: what `addContainer()` or `addInitContainer()` of cdk8s-plus returned, or `container` of a bound part.
   *
   * @default - the app: the first regular container that no part added
   */
  readonly container?: kplus.Container;

  /**
   * Devices and other resources that nodes advertise, by their names, such as `nvidia.com/gpu`: whole numbers from 0. They are written as requests
   * and as limits, which must be equal.
   *
   * The scheduler finds a node that has them; none may be shared or overcommitted.
   *
   * @see https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/#extended-resources
   * @default - none
   */
  readonly extendedResources?: { [name: string]: number };

  /**
   * How long the container goes on before it gets TERM: `lifecycle.preStop.sleep`. Whole seconds from 1, at most the
   * termination grace period of the pod.
   *
   * Needs Kubernetes 1.30. A native sidecar sleeps while the app ends, because its preStop hook runs as soon as the pod is asked to
   * end; a plain init container can have none.
   *
   * @see https://kubernetes.io/docs/concepts/containers/container-lifecycle-hooks/
   * @default - no wait
   */
  readonly preStopSleep?: Duration;
}

const WHERE = 'ContainerSettings';

const CONTAINER = instanceOf(kplus.Container, 'give what addContainer() returned');

/** Names in this domain, and those without one, are the cluster's own: `cpu`, `hugepages-2Mi`. */
const NATIVE = 'kubernetes.io/';

/** What a resource quota writes before the name of a resource; both together are a name. */
const QUOTA_PREFIX = 'requests.';

const QUALIFIED_NAME = /^(?=.{1,253}\/)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\/[A-Za-z0-9]([-_.A-Za-z0-9]{0,61}[A-Za-z0-9])?$/;

/**
 * Fields of one container that cdk8s-plus has no property for.
 *
 * They are written into the manifest before anything is filled, and JSON patches still have the last word. A field that the container has already,
 * with another value, is an error. The pod is checked from then on.
 *
 * @see https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#Container
 * @example
 *
 * const model = pod.addContainer({ name: 'model', image: 'registry.example/model:1.4.2' });
 * pod.with(new ContainerSettings({ container: model, extendedResources: { 'nvidia.com/gpu': 1 } }));
 */
export class ContainerSettings implements IMixin {
  private readonly container?: kplus.Container;
  private readonly fields: GivenField[];
  private readonly reach = new MixinReach(WHERE, 'a pod or workload of cdk8s-plus-28', (construct) => construct instanceof kplus.AbstractPod);

  /**
   * @param props the fields, and of which container
   */
  public constructor(props: ContainerSettingsProps) {
    requireProps(WHERE, props);
    allowKind(WHERE, 'container', props.container, CONTAINER);
    this.container = props.container;
    this.fields = [...resourceFields(props.extendedResources), ...sleepFields(WHERE, props.preStopSleep)];
  }

  /**
   * Whether the construct is a pod or workload of cdk8s-plus-28.
   *
   * @param construct the construct that is asked about
   */
  public supports(construct: IConstruct): boolean {
    return this.reach.supports(construct);
  }

  /**
   * Gives the fields to the container.
   *
   * @param construct the pod or workload that the container belongs to
   */
  public applyTo(construct: IConstruct): void {
    const pod = requirePod(WHERE, construct);
    const giver = { name: WHERE, pod };
    const { container } = this;
    if (container && this.fields.some(({ keys }) => keys[0] === 'lifecycle') && placeOf(giver, container).list === 'initContainers'
      && container.restartPolicy !== kplus.ContainerRestartPolicy.ALWAYS) {
      refuse(pod.node.path, `${WHERE}: preStopSleep: container "${container.name}" is an init container`,
        'it runs to its end, and the API server refuses lifecycle hooks of it', 'leave it out');
    }
    giveToContainer(giver, container, this.fields);
  }
}

/** The pod that a mixin was applied to. */
export function requirePod(mixin: string, construct: IConstruct): kplus.AbstractPod {
  if (!(construct instanceof kplus.AbstractPod)) {
    refuse(mixin, `applyTo: ${quoted(construct)} is not a pod or workload of cdk8s-plus-28`,
      'the fields belong to a pod', 'apply it to a kplus.Pod, Deployment, StatefulSet, DaemonSet, Job or CronJob, or to a pattern pod');
  }
  return construct;
}

/** The field of a preStop hook that sleeps. */
export function sleepFields(where: string, sleep: Duration | undefined): GivenField[] {
  const seconds = wholeSeconds(where, 'preStopSleep', sleep, 0, 1);
  return fieldsOf([[['lifecycle', 'preStop'], seconds > 0 ? { sleep: { seconds } } : undefined]]);
}

function resourceFields(resources: { [name: string]: number } | undefined): GivenField[] {
  allowKind(WHERE, 'extendedResources', resources, OBJECT);
  return Object.entries(resources ?? {}).flatMap(([name, amount]) => {
    checkName(name);
    wholeNumber(WHERE, `extendedResources["${name}"]`, amount, 0, Number.MAX_SAFE_INTEGER, 'the API server takes whole devices only');
    return ['limits', 'requests'].map((list) => ({ keys: ['resources', list, name], value: String(amount) }));
  });
}

function checkName(name: string): void {
  if (!name.includes('/') || name.includes(NATIVE)) {
    refuse(WHERE, `extendedResources: ${quoted(name)} is a resource of Kubernetes itself`, 'an extended resource has a domain of its own before its name',
      'give CPU, memory and storage in `resources` of the container; write others as in "nvidia.com/gpu"');
  }
  if (!QUALIFIED_NAME.test(QUOTA_PREFIX + name)) {
    refuse(WHERE, `extendedResources: ${quoted(name)} is no name of a resource`, 'the API server takes a DNS name, "/", and at most 63 letters, digits, "-", "_" and "."',
      'write it as the device plugin does: "nvidia.com/gpu"');
  }
}

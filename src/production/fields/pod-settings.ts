import { Duration } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { IConstruct, IMixin } from 'constructs';
import { giveToContainer } from './container-fields';
import { requirePod, sleepFields } from './container-settings';
import { fieldsOf, GivenField, giveToPod, Giver, isNew, putField } from './given-fields';
import { MixinReach } from './mixin-reach';
import { TopologySpread } from './topology-spread';
import {
  allowKind, allowList, FLAG, instanceOf, LARGEST_INTEGER, LIST, memberOf, OBJECT, quoted, refuse, requireKind, requireProps, TEXT, wholeNumber,
} from '../../manifest/check-input';
import { podTemplateOf } from '../../manifest/pod-template';
import { isSubdomain } from '../../rules/names/dns';
import { relativePathProblem } from '../../rules/relative-path';
import { PodHook } from '../pod-hook';

/** Which groups the processes of a pod belong to beside their own. */
export enum SupplementalGroupsPolicy {
  /** Those of the pod, and those that the image's `/etc/group` gives the user. */
  MERGE = 'Merge',
  /** Those of the pod only. */
  STRICT = 'Strict',
}

/** What a pod has in Kubernetes and cdk8s-plus has no property for. */
export interface PodSettingsProps {
  /**
   * Seccomp profile of all containers that have none of their own.
   *
   * @see https://kubernetes.io/docs/tutorials/security/seccomp/
   * @default - `RuntimeDefault` in pattern pods and under `ProductionReady`, else what the node has
   */
  readonly seccompProfile?: kplus.SeccompProfile;

  /**
   * Groups of all processes beside their own: 0 to 2147483647.
   *
   * @default - none
   */
  readonly supplementalGroups?: number[];

  /**
   * Whether the groups that the image gives the user count too. On by default from Kubernetes 1.33; the kubelet refuses `STRICT` where the
   * container runtime cannot do it.
   *
   * @see https://kubernetes.io/docs/tasks/configure-pod-container/security-context/#supplementalgroupspolicy
   * @default - `MERGE`, which is what Kubernetes takes
   */
  readonly supplementalGroupsPolicy?: SupplementalGroupsPolicy;

  /**
   * Name of a PriorityClass that the cluster has.
   *
   * @see https://kubernetes.io/docs/concepts/scheduling-eviction/pod-priority-preemption/
   * @default - the cluster's default priority
   */
  readonly priorityClassName?: string;

  /**
   * Name of a RuntimeClass that the cluster has, such as one that runs containers in a sandbox.
   *
   * @see https://kubernetes.io/docs/concepts/containers/runtime-class/
   * @default - the runtime of the node
   */
  readonly runtimeClassName?: string;

  /**
   * Over which domains the pods are spread; each topology at most once for each `whenUnsatisfiable`.
   *
   * @default - as the scheduler of the cluster is set up
   */
  readonly topologySpread?: TopologySpread[];

  /**
   * Whether all containers see each other's processes, which they may then signal if they have the same user. Process 1 is
   * then not the one of the container.
   *
   * @see https://kubernetes.io/docs/tasks/configure-pod-container/share-process-namespace/
   * @default false
   */
  readonly shareProcessNamespace?: boolean;

  /**
   * Whether containers get variables for every Service of their namespace.
   *
   * @see https://kubernetes.io/docs/tutorials/services/connect-applications-service/#environment-variables
   * @default - false in pattern pods and under `ProductionReady`, else true, which is what Kubernetes takes
   */
  readonly enableServiceLinks?: boolean;

  /**
   * How long the app goes on serving before it gets TERM, so that whoever routes traffic learns that the pod is going:
   * `lifecycle.preStop.sleep` of the first regular container that no part added. Whole seconds from 1, at most the
   * termination grace period.
   *
   * Needs Kubernetes 1.30. For other containers see `ContainerSettings`.
   *
   * @see https://kubernetes.io/docs/concepts/containers/container-lifecycle-hooks/
   * @default - no wait
   */
  readonly preStopSleep?: Duration;
}

const WHERE = 'PodSettings';

/**
 * Fields of a pod that cdk8s-plus has no property for.
 *
 * For every pod and workload of cdk8s-plus, and for pattern pods. The fields are written into the manifest before anything is
 * filled, and JSON patches still have the last word. A field that is given twice, with different values, is an error. The pod is checked
 * from then on. Applied to a chart it reaches the pods that are there.
 *
 * @see https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#PodSpec
 * @example
 *
 * pod.with(new PodSettings({
 *   priorityClassName: 'business-critical',
 *   supplementalGroups: [2000],
 *   preStopSleep: Duration.seconds(5),
 * }));
 */
export class PodSettings implements IMixin {
  private readonly fields: GivenField[];
  private readonly sleep: GivenField[];
  private readonly topologySpread: TopologySpread[];
  private readonly reach = new MixinReach(WHERE, 'a pod or workload of cdk8s-plus-28', (construct) => construct instanceof kplus.AbstractPod);

  /**
   * @param props the fields
   */
  public constructor(props: PodSettingsProps) {
    requireProps(WHERE, props);
    checkFlagsAndNames(props);
    this.fields = fieldsOf([
      [['securityContext', 'seccompProfile'], seccompOf(props.seccompProfile)],
      [['securityContext', 'supplementalGroups'], groupsOf(props.supplementalGroups)],
      [['securityContext', 'supplementalGroupsPolicy'], props.supplementalGroupsPolicy],
      [['priorityClassName'], props.priorityClassName],
      [['runtimeClassName'], props.runtimeClassName],
      [['shareProcessNamespace'], props.shareProcessNamespace],
      [['enableServiceLinks'], props.enableServiceLinks],
    ]);
    this.sleep = sleepFields(WHERE, props.preStopSleep);
    this.topologySpread = spreadsOf(props.topologySpread);
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
   * Gives the fields to a pod or workload.
   *
   * @param construct the pod or workload
   */
  public applyTo(construct: IConstruct): void {
    const giver = { name: WHERE, pod: requirePod(WHERE, construct) };
    giveToPod(giver, this.fields);
    this.giveSleep(giver);
    this.giveSpread(giver);
  }

  private giveSleep(giver: Giver): void {
    const own = PodHook.of(giver.pod).facts.preStopSleepSeconds;
    const seconds = (this.sleep[0]?.value as { sleep: { seconds: number } } | undefined)?.sleep.seconds;
    if (seconds !== undefined && own !== undefined && own !== seconds) {
      refuse(giver.pod.node.path, `preStopSleep: "${own} s" is given already, and ${WHERE} gives "${seconds} s"`,
        'a container has one preStop hook, and one of the two would be lost', 'remove one of the two');
    }
    giveToContainer(giver, undefined, this.sleep);
  }

  private giveSpread(giver: Giver): void {
    const spreads = this.topologySpread;
    spreads.forEach((spread) => spread._check(giver.pod));
    if (spreads.length > 0 && isNew(giver, 'topologySpread', spreads.map((spread) => spread._chosen))) {
      PodHook.of(giver.pod).addWriter((object) => {
        const template = podTemplateOf(object)!;
        const value = spreads.map((spread) => spread._render(giver, template));
        putField(giver, { json: template.spec, path: template.path }, { keys: ['topologySpreadConstraints'], value });
      });
    }
  }
}

function checkFlagsAndNames(props: PodSettingsProps): void {
  allowKind(WHERE, 'supplementalGroupsPolicy', props.supplementalGroupsPolicy, memberOf('SupplementalGroupsPolicy', SupplementalGroupsPolicy));
  allowKind(WHERE, 'shareProcessNamespace', props.shareProcessNamespace, FLAG);
  allowKind(WHERE, 'enableServiceLinks', props.enableServiceLinks, FLAG);
  for (const field of ['priorityClassName', 'runtimeClassName'] as const) {
    const name = props[field];
    allowKind(WHERE, field, name, TEXT);
    if (name !== undefined && name !== null && !isSubdomain(name)) {
      refuse(WHERE, `${field}: ${quoted(name)} is not a DNS subdomain of at most 253 characters`,
        'it names an object of the cluster, and the API server takes lower case letters, digits, "-" and "." there', 'write it as `kubectl get` shows it');
    }
  }
}

function seccompOf(profile: kplus.SeccompProfile | undefined): object | undefined {
  allowKind(WHERE, 'seccompProfile', profile, OBJECT);
  if (profile === undefined || profile === null) {
    return undefined;
  }
  const { type, localhostProfile: file } = profile;
  requireKind(WHERE, 'seccompProfile.type', type, memberOf('SeccompProfileType', kplus.SeccompProfileType));
  const isLocal = type === kplus.SeccompProfileType.LOCALHOST;
  const problem = isLocal ? localProblem(file) : file !== undefined && file !== null && `beside the type "${type}"`;
  if (problem) {
    refuse(WHERE, `seccompProfile.localhostProfile: ${quoted(file ?? '')} ${problem}`,
      'it is the file of a profile below the kubelet\'s folder for seccomp profiles, with the type Localhost and with no other',
      isLocal ? 'give its path in that folder, such as "profiles/web.json"' : 'leave it out, or give the type SeccompProfileType.LOCALHOST');
  }
  return isLocal ? { localhostProfile: file, type } : { type };
}

function localProblem(file: unknown): string | undefined {
  return typeof file === 'string' && file !== '' ? relativePathProblem(file) : 'is no file';
}

function groupsOf(groups: number[] | undefined): number[] | undefined {
  allowKind(WHERE, 'supplementalGroups', groups, LIST);
  groups?.forEach((group, index) => wholeNumber(WHERE, `supplementalGroups[${index}]`, group, 0, LARGEST_INTEGER, 'the kernel knows groups by their numbers'));
  return groups && [...groups];
}

const SPREAD = instanceOf(TopologySpread, 'make one: TopologySpread.over(kplus.Topology.ZONE)');

function spreadsOf(spreads: TopologySpread[] | undefined): TopologySpread[] {
  allowList(WHERE, 'topologySpread', spreads, SPREAD);
  const kinds = (spreads ?? []).map((spread) => spread._kind);
  const repeated = kinds.find((kind, index) => kinds.indexOf(kind) !== index);
  if (repeated !== undefined) {
    refuse(WHERE, `topologySpread: "${repeated}" is given twice`, 'the API server takes one constraint for each topology and way to treat pods that exceed it',
      'leave one of the two out');
  }
  return [...(spreads ?? [])];
}

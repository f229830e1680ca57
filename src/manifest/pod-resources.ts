import { parseMillis } from './exact-quantity';
import { isObject, JsonObject, objectsIn } from './json';
import { DEFAULT_TARGET, Target } from './kubernetes-version';

/** Amounts by the name of the resource, in thousandths of cores or bytes: exact, as the API server counts them. */
export type Amounts = Map<string, bigint>;

/** What a pod, or a container, asks for and may use. */
export interface Resources {
  readonly requests: Amounts;
  readonly limits: Amounts;
}

/**
 * How the kubelet and the scheduler value a pod.
 *
 * @see https://kubernetes.io/docs/concepts/workloads/pods/pod-qos/
 */
export enum QosClass {
  /** Each container has limits of CPU and memory, and requests them: the last to be evicted. */
  GUARANTEED = 'Guaranteed',
  /** Some container has a request or a limit. */
  BURSTABLE = 'Burstable',
  /** Nobody asks for anything: the first to be evicted. */
  BEST_EFFORT = 'BestEffort',
}

/** What a pod takes of its node, and what it is worth to it. */
export interface PodResources extends Resources {
  readonly qosClass: QosClass;
}

/** The version from which on a pod may have resources as a whole without a feature gate. */
const POD_LEVEL_MINOR = 34;

const NONE: Amounts = new Map();

/**
 * What a pod takes of its node: what the scheduler, the quota and the kubelet count.
 *
 * The sum over all containers that run side by side; more where an init container needs more, together with the sidecars that were started
 * before it; or the pod's own resources, where it has some. With the overhead of its runtime class on top, where the manifest says it.
 * A request that is missing is the limit. What is no quantity is left out.
 *
 * @param spec the spec of the pod
 * @param target the clusters that it is made for
 * @see https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/#resource-sharing-within-containers
 * @see https://github.com/kubernetes/component-helpers/blob/v0.34.2/resource/helpers.go
 */
export function podResourcesOf(spec: JsonObject, target: Target = DEFAULT_TARGET): PodResources {
  const regular = objectsIn(spec.containers).map(resourcesOf);
  const init = objectsIn(spec.initContainers).map((json) => ({ ...resourcesOf(json), staysOn: json.restartPolicy === 'Always' }));
  const requests = together(regular, init, 'requests');
  const limits = together(regular, init, 'limits');
  const ofPod = podLevel(spec, { requests, limits }, target);
  const qosClass = ofPod ? qosOf(ofPod) : qosOfAll([...regular, ...init]);
  ofPod?.requests.forEach((amount, name) => requests.set(name, amount));
  ofPod?.limits.forEach((amount, name) => limits.set(name, amount));
  for (const [name, amount] of amountsIn(spec.overhead)) {
    add(requests, name, amount);
    // Overhead on top of no limit would be a limit.
    if (limits.get(name)) {
      add(limits, name, amount);
    }
  }
  return { requests, limits, qosClass };
}

/** What one container asks for and may use. */
export function resourcesOf({ resources }: JsonObject): Resources {
  const limits = amountsIn(isObject(resources) ? resources.limits : undefined);
  const requests = amountsIn(isObject(resources) ? resources.requests : undefined);
  return { limits, requests: limits.size === 0 ? requests : new Map([...limits, ...requests]) };
}

function amountsIn(list: unknown): Amounts {
  if (!isObject(list)) {
    return NONE;
  }
  const amounts: Amounts = new Map();
  for (const name of Object.keys(list)) {
    const amount = parseMillis(list[name]);
    if (amount !== undefined) {
      amounts.set(name, amount);
    }
  }
  return amounts;
}

/** What is needed at the hour of the greatest need: while an init container runs, or afterwards. */
function together(regular: Resources[], init: (Resources & { readonly staysOn: boolean })[], kind: keyof Resources): Amounts {
  const total: Amounts = new Map();
  const sidecars: Amounts = new Map();
  const most: Amounts = new Map();
  regular.forEach((container) => addAll(total, container[kind]));
  for (const container of init) {
    if (container.staysOn) {
      addAll(total, container[kind]);
      addAll(sidecars, container[kind]);
      raise(most, sidecars);
    } else {
      const now = new Map(sidecars);
      addAll(now, container[kind]);
      raise(most, now);
    }
  }
  raise(total, most);
  return total;
}

/**
 * The resources of the pod as a whole, completed as the API server does it; undefined where it has none.
 *
 * Where it completes them from containers with less than a thousandth of a core, it rounds once and not for each container: that is left out.
 *
 * @see https://github.com/kubernetes/kubernetes/blob/v1.34.2/pkg/apis/core/v1/defaults.go
 */
function podLevel(spec: JsonObject, ofContainers: Resources, target: Target): Resources | undefined {
  if (!isObject(spec.resources) || (target.minor < POD_LEVEL_MINOR && !target.gates.includes('PodLevelResources'))) {
    return undefined;
  }
  const requests = supported(amountsIn(spec.resources.requests));
  const limits = supported(amountsIn(spec.resources.limits));
  if (requests.size === 0 && limits.size === 0) {
    return undefined;
  }
  for (const [name, amount] of ofContainers.limits) {
    if (isHugePages(name) && !requests.has(name) && !limits.has(name)) {
      limits.set(name, amount);
    }
  }
  if (limits.size > 0) {
    for (const [name, amount] of ofContainers.requests) {
      if ((name === 'cpu' || name === 'memory') && !requests.has(name)) {
        requests.set(name, amount);
      }
    }
    for (const [name, amount] of limits) {
      if (!requests.has(name)) {
        requests.set(name, amount);
      }
    }
  }
  return { requests, limits };
}

/** Those that a pod can have as a whole. */
function supported(amounts: Amounts): Amounts {
  return new Map([...amounts].filter(([name]) => name === 'cpu' || name === 'memory' || isHugePages(name)));
}

function isHugePages(name: string): boolean {
  return name.startsWith('hugepages-');
}

/** Init containers count too. */
function qosOfAll(containers: Resources[]): QosClass {
  const [first = QosClass.BEST_EFFORT, ...others] = containers.map(qosOf);
  return others.every((other) => other === first) ? first : QosClass.BURSTABLE;
}

function qosOf(resources: Resources): QosClass {
  const cpu = qosIn(resources, 'cpu');
  return cpu === qosIn(resources, 'memory') ? cpu : QosClass.BURSTABLE;
}

/** Zero counts as nothing. */
function qosIn({ requests, limits }: Resources, name: string): QosClass {
  const limit = limits.get(name) || undefined;
  if (limit !== (requests.get(name) || undefined)) {
    return QosClass.BURSTABLE;
  }
  return limit === undefined ? QosClass.BEST_EFFORT : QosClass.GUARANTEED;
}

function add(amounts: Amounts, name: string, amount: bigint): void {
  const known = amounts.get(name);
  amounts.set(name, known === undefined ? amount : known + amount);
}

function addAll(amounts: Amounts, others: Amounts): void {
  others.forEach((amount, name) => add(amounts, name, amount));
}

function raise(amounts: Amounts, others: Amounts): void {
  for (const [name, amount] of others) {
    const known = amounts.get(name);
    if (known === undefined || amount > known) {
      amounts.set(name, amount);
    }
  }
}

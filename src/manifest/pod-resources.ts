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

/** The versions from which on a pod may have resources as a whole: behind a feature gate, and without one. */
const POD_LEVEL_GATE_MINOR = 32;
const POD_LEVEL_MINOR = 34;

/** The version from which on the API server completes limits of the whole pod too, and takes `resources: {}` for none. */
const POD_LEVEL_LIMITS_MINOR = 37;

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
  const ofPod = podLevel(spec, { requests, limits, all: [...regular, ...init] }, target);
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
    // The API server reads null as zero, and not as nothing.
    const amount = list[name] === null ? 0n : parseMillis(list[name]);
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

/** Whether clusters know resources of a pod as a whole. */
function hasPodLevel({ minor, gates }: Target): boolean {
  return minor >= POD_LEVEL_MINOR || (minor >= POD_LEVEL_GATE_MINOR && gates.includes('PodLevelResources'));
}

/**
 * The resources of the pod as a whole, completed as the API server does it; undefined where it has none.
 *
 * Where it completes them from containers with less than a thousandth of a core, it rounds once and not for each container: that is left out.
 *
 * @see https://github.com/kubernetes/kubernetes/blob/v1.34.2/pkg/apis/core/v1/defaults.go
 * @see https://github.com/kubernetes/kubernetes/blob/v1.37.2/pkg/api/pod/util.go
 */
function podLevel(spec: JsonObject, ofContainers: Resources & { readonly all: readonly Resources[] }, target: Target): Resources | undefined {
  if (!isObject(spec.resources) || !hasPodLevel(target)) {
    return undefined;
  }
  const completesLimits = target.minor >= POD_LEVEL_LIMITS_MINOR;
  const requests = new Map(amountsIn(spec.resources.requests));
  const limits = new Map(amountsIn(spec.resources.limits));
  if (requests.size === 0 && limits.size === 0) {
    return completesLimits ? undefined : { requests, limits };
  }
  for (const [name, amount] of ofContainers.limits) {
    if (isHugePages(name) && !requests.has(name) && !limits.has(name)) {
      limits.set(name, amount);
    }
  }
  if (limits.size > 0 || completesLimits) {
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
  if (completesLimits) {
    completeLimits({ requests, limits }, ofContainers);
  }
  return { requests: supported(requests), limits: supported(limits) };
}

/** Where every container has a limit, init containers too, the pod has their sum, and at least what it requests. */
function completeLimits({ requests, limits }: Resources, ofContainers: Resources & { readonly all: readonly Resources[] }): void {
  for (const [name, request] of requests) {
    const sum = ofContainers.limits.get(name);
    if (!limits.has(name) && sum !== undefined && ofContainers.all.every((container) => container.limits.has(name))) {
      limits.set(name, sum > request ? sum : request);
    }
  }
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

import { ApiObject } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { markReplaced } from './default-resources';
import { CpuLimits, PodDefaultsProps, RoleName } from './default-values';
import { FillMode, PodFacts } from './pod-facts';
import { constructPath } from './rendered-objects';
import { resourcesFor } from './role-resources';
import { sayOnce } from './say-once';
import { isObject, JsonObject } from '../manifest/json';
import { podTemplateOf } from '../manifest/pod-template';
import { hasSilentResources } from '../manifest/silent-resources';

/** What the lesson of this library asks for where a container says nothing. */
export const DEFAULT_RESOURCES = {
  requests: { cpu: '250m', memory: '256Mi' },
  limits: { cpu: '500m', memory: '512Mi' },
};

/** 60 looks, 2 seconds apart: two minutes to open the port. */
export const STARTUP_WINDOW = { failureThreshold: 60, periodSeconds: 2 };

const PREPARED = Symbol.for('cdk8s-pod-patterns.prepared');

/** Marks a container whose silent defaults were decided before it was made. */
export function markPrepared(container: kplus.Container, props: kplus.ContainerProps): kplus.Container {
  notePullPolicy(container, props);
  (container as unknown as { [PREPARED]?: boolean })[PREPARED] = true;
  return container;
}

/** Whether the silent defaults of a container were decided before it was made. */
export function isPrepared(container: kplus.Container): boolean {
  return (container as unknown as { [PREPARED]?: boolean })[PREPARED] === true;
}

const PULL_POLICY = Symbol.for('cdk8s-pod-patterns.pull-policy-chosen');

type WithPolicy = { [PULL_POLICY]?: boolean };

/** Remembers that the author of a container chose when its image is pulled: cdk8s-plus writes Always in any case. */
export function notePullPolicy(container: kplus.Container, props: kplus.ContainerProps): void {
  if (props.imagePullPolicy !== undefined) {
    (container as WithPolicy)[PULL_POLICY] = true;
  }
}

/** Whether the author of a container chose when its image is pulled; undefined where nobody saw. */
export function isPolicyChosen(container: kplus.Container): boolean | undefined {
  return (container as WithPolicy)[PULL_POLICY] ?? (isPrepared(container) ? false : undefined);
}

/** Remembers of containers added under the hook what their author chose. */
export class SilentDefaults {
  private readonly seen: { readonly container: kplus.Container; readonly resources: boolean; readonly startup: boolean }[] = [];

  /** Called for each container whose props are seen. */
  public remember(container: kplus.Container, props: kplus.ContainerProps): void {
    (container as WithPolicy)[PULL_POLICY] = props.imagePullPolicy !== undefined;
    if (props.resources !== undefined || props.startup !== undefined) {
      this.seen.push({ container, resources: props.resources !== undefined, startup: props.startup !== undefined });
    }
  }

  /** Whether something of a container is known to be its author's. */
  public isChosen(container: kplus.Container, what: 'resources' | 'startup'): boolean {
    return this.seen.some((known) => known.container === container && known[what]);
  }
}

/** A pod of cdk8s-plus that was rendered, and what is known of it. */
export interface RenderedPod {
  readonly json: unknown;
  readonly object: ApiObject;
  readonly facts: PodFacts;
  /** Containers whose silent defaults were decided when they were made. */
  readonly decided: kplus.Container[];
  /** Undefined where no `PodDefaults` says anything that is written. */
  readonly defaults?: PodDefaultsProps;
}

/**
 * Replaces the two defaults of cdk8s-plus that hurt: 1 CPU for every container that says nothing,
 * and a startup probe that kills a container after 30 seconds.
 *
 * In a manifest they are known by their exact shape only, so each replacement is said on standard error.
 */
export function replaceSilentDefaults(pod: kplus.AbstractPod, rendered: RenderedPod, silent: SilentDefaults): void {
  for (const list of ['containers', 'initContainers'] as const) {
    pod[list].forEach((container, index) => {
      if (!isPrepared(container) && !rendered.decided.includes(container)) {
        replaceIn(container, { list, index }, rendered, silent);
      }
    });
  }
}

/** Where a container stands. */
interface Place {
  readonly list: string;
  readonly index: number;
}

function replaceIn(container: kplus.Container, place: Place, rendered: RenderedPod, silent: SilentDefaults): void {
  const { facts, defaults } = rendered;
  const found = podTemplateOf(rendered.json)!.spec[place.list][place.index];
  const full = facts.mode === FillMode.FULL;
  const role = roleOf(place.list, found);
  const asked = full || defaults?.resources?.[role] !== undefined || defaults?.cpuLimits === CpuLimits.NONE;
  if (asked && !silent.isChosen(container, 'resources') && hasSilentResources(found)) {
    found.resources = resourcesFor(role, full ? structuredClone(DEFAULT_RESOURCES) : found.resources, defaults);
    if (full || defaults?.resources?.[role]) {
      markReplaced(container);
    }
    noteReplaced(rendered, place, `resources: cdk8s-plus's default of 1000m/512Mi replaced by ${describe(found.resources)}; give \`resources\` to choose`);
  }
  const runsOn = role !== 'initContainer';
  if (full && runsOn && !silent.isChosen(container, 'startup') && hasDefaultStartupProbe(found)) {
    Object.assign(found.startupProbe, STARTUP_WINDOW);
    noteReplaced(rendered, place, 'startupProbe: cdk8s-plus\'s default of 30 seconds widened to 120; give `startup` to choose');
  }
}

/**
 * With the network of the node the kubelet takes ClusterFirst, which cdk8s-plus writes for every pod, for Default: no Service has a name.
 *
 * @see https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/#pod-s-dns-policy
 */
export function replaceDnsPolicy(json: unknown, object: ApiObject, facts: PodFacts): void {
  const { spec, path } = podTemplateOf(json)!;
  if (spec.hostNetwork !== true || spec.dnsPolicy !== 'ClusterFirst' || facts.isDnsPolicyChosen) {
    return;
  }
  spec.dnsPolicy = 'ClusterFirstWithHostNet';
  if (facts.isDnsPolicyChosen === undefined) {
    sayOnce(object.node.root, `note: ${constructPath(object)}: ${path}.dnsPolicy: cdk8s-plus's default of ClusterFirst replaced by ClusterFirstWithHostNet, `
      + 'because of hostNetwork; to ask the name servers of the node give `dns: { policy: kplus.DnsPolicy.DEFAULT }`\n');
  }
}

/** Says what was replaced that may have been somebody's choice. */
export function noteReplaced({ json, object }: RenderedPod, { list, index }: Place, text: string): void {
  sayOnce(object.node.root, `note: ${constructPath(object)}: ${podTemplateOf(json)!.path}.${list}[${index}].${text}\n`);
}

/** What a container that no part added is to its pod. */
export function roleOf(list: string, { restartPolicy }: JsonObject): RoleName {
  if (list === 'containers') {
    return 'app';
  }
  return restartPolicy === 'Always' ? 'sidecar' : 'initContainer';
}

function hasDefaultStartupProbe({ startupProbe }: JsonObject): boolean {
  return isObject(startupProbe) && isObject(startupProbe.tcpSocket) && startupProbe.failureThreshold === 3
    && Object.keys(startupProbe).length === 2 && Object.keys(startupProbe.tcpSocket).length === 1;
}

function describe({ requests = {}, limits = {} }: JsonObject): string {
  const amounts = ({ cpu, memory }: JsonObject) => `${cpu ?? 'none'}/${memory ?? 'none'}`;
  return `${amounts(requests)}, limits ${amounts(limits)}`;
}

import { ApiObject } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { markReplaced } from './default-resources';
import { constructPath, sayOnce } from './render-pass';
import { isObject, JsonObject } from '../manifest/json';
import { podTemplateOf } from '../manifest/pod-template';

/** What the lesson of this library asks for where a container says nothing. */
export const DEFAULT_RESOURCES = {
  requests: { cpu: '250m', memory: '256Mi' },
  limits: { cpu: '500m', memory: '512Mi' },
};

/** 60 looks, 2 seconds apart: two minutes to open the port. */
export const STARTUP_WINDOW = { failureThreshold: 60, periodSeconds: 2 };

const PREPARED = Symbol.for('cdk8s-pod-patterns.prepared');

/** Marks a container whose silent defaults were decided before it was made. */
export function markPrepared(container: kplus.Container): kplus.Container {
  (container as unknown as { [PREPARED]?: boolean })[PREPARED] = true;
  return container;
}

/** Remembers of containers added under the hook what their author chose. */
export class SilentDefaults {
  private readonly seen: { readonly container: kplus.Container; readonly resources: boolean; readonly startup: boolean }[] = [];

  /** Called for each container whose props are seen. */
  public remember(container: kplus.Container, props: kplus.ContainerProps): void {
    if (props.resources !== undefined || props.startup !== undefined) {
      this.seen.push({ container, resources: props.resources !== undefined, startup: props.startup !== undefined });
    }
  }

  /** Whether something of a container is known to be its author's. */
  public isChosen(container: kplus.Container, what: 'resources' | 'startup'): boolean {
    return this.seen.some((known) => known.container === container && known[what]);
  }
}

/**
 * Replaces the two defaults of cdk8s-plus that hurt: 1 CPU for every container that says nothing,
 * and a startup probe that kills a container after 30 seconds.
 *
 * In a manifest they are known by their exact shape only, so each replacement is said on standard error.
 */
export function replaceSilentDefaults(
  pod: kplus.AbstractPod, json: unknown, object: ApiObject, silent: SilentDefaults, decided: kplus.Container[],
): void {
  const lists: [string, kplus.Container[]][] = [['containers', pod.containers], ['initContainers', pod.initContainers]];
  for (const [list, containers] of lists) {
    containers.forEach((container, index) => {
      if (!(container as unknown as { [PREPARED]?: boolean })[PREPARED] && !decided.includes(container)) {
        replaceIn(container, { json, list, index, object, silent });
      }
    });
  }
}

interface Place {
  readonly json: unknown;
  readonly list: string;
  readonly index: number;
  readonly object: ApiObject;
  readonly silent: SilentDefaults;
}

function replaceIn(container: kplus.Container, { json, list, index, object, silent }: Place): void {
  const template = podTemplateOf(json)!;
  const found = template.spec[list][index];
  const note = (text: string) => sayOnce(object.node.root, `note: ${constructPath(object)}: ${template.path}.${list}[${index}].${text}\n`);
  if (!silent.isChosen(container, 'resources') && hasDefaultResources(found)) {
    found.resources = structuredClone(DEFAULT_RESOURCES);
    markReplaced(container);
    note(`resources: cdk8s-plus's default of 1000m/512Mi replaced by ${describe(DEFAULT_RESOURCES)}; give \`resources\` to choose`);
  }
  const runsOn = list === 'containers' || found.restartPolicy === 'Always';
  if (runsOn && !silent.isChosen(container, 'startup') && hasDefaultStartupProbe(found)) {
    Object.assign(found.startupProbe, STARTUP_WINDOW);
    note('startupProbe: cdk8s-plus\'s default of 30 seconds widened to 120; give `startup` to choose');
  }
}

function hasDefaultResources({ resources }: JsonObject): boolean {
  return isObject(resources) && isObject(resources.requests) && isObject(resources.limits)
    // Who says something of storage has chosen.
    && Object.keys(resources.requests).length === 2 && Object.keys(resources.limits).length === 2
    && resources.requests.cpu === '1000m' && resources.requests.memory === '512Mi'
    && resources.limits.cpu === '1500m' && resources.limits.memory === '2048Mi';
}

function hasDefaultStartupProbe({ startupProbe }: JsonObject): boolean {
  return isObject(startupProbe) && isObject(startupProbe.tcpSocket) && startupProbe.failureThreshold === 3
    && Object.keys(startupProbe).length === 2 && Object.keys(startupProbe.tcpSocket).length === 1;
}

function describe(resources: typeof DEFAULT_RESOURCES): string {
  const { requests, limits } = resources;
  return `${requests.cpu}/${requests.memory}, limits ${limits.cpu}/${limits.memory}`;
}

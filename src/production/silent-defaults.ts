import * as kplus from 'cdk8s-plus-28';
import { isObject, JsonObject, objectsIn } from '../manifest/json';
import { podTemplateOf } from '../manifest/pod-template';

/** What the lesson of this library asks for where a container says nothing. */
export const DEFAULT_RESOURCES = {
  requests: { cpu: '250m', memory: '256Mi' },
  limits: { cpu: '500m', memory: '512Mi' },
};

/** 60 looks, 2 seconds apart: two minutes to open the port. */
export const STARTUP_WINDOW = { failureThreshold: 60, periodSeconds: 2 };

/** Remembers of containers added under the hook what their author chose. */
export class SilentDefaults {
  private readonly chosen = new Set<kplus.Container>();

  /** Called for each container whose props are seen. */
  public remember(container: kplus.Container, props: kplus.ContainerProps): void {
    if (props.resources !== undefined) {
      this.chosen.add(container);
    }
  }

  /** Whether the resources of a container are known to be its author's. */
  public areChosen(container: kplus.Container): boolean {
    return this.chosen.has(container);
  }
}

/**
 * Replaces the two defaults of cdk8s-plus that hurt: 1 CPU for every container that says nothing,
 * and a startup probe that kills a container after 30 seconds.
 *
 * In a manifest they are known by their exact shape only, so each replacement is said on standard error.
 */
export function replaceSilentDefaults(
  pod: kplus.AbstractPod, json: unknown, construct: string, isChosen: (container: kplus.Container) => boolean,
): void {
  const template = podTemplateOf(json);
  const lists: [string, kplus.Container[]][] = [['containers', pod.containers], ['initContainers', pod.initContainers]];
  for (const [list, containers] of lists) {
    objectsIn(template?.spec[list]).forEach((container, index) => {
      const field = `${construct}: ${template!.path}.${list}[${index}]`;
      if (!isChosen(containers[index]) && hasDefaultResources(container)) {
        container.resources = structuredClone(DEFAULT_RESOURCES);
        say(`${field}.resources: cdk8s-plus's default of 1000m/512Mi replaced by ${describe(DEFAULT_RESOURCES)}; give \`resources\` to choose`);
      }
      if (list === 'containers' && hasDefaultStartupProbe(container)) {
        Object.assign(container.startupProbe, STARTUP_WINDOW);
        say(`${field}.startupProbe: cdk8s-plus's default of 30 seconds widened to 120; give \`startup\` to choose`);
      }
    });
  }
}

function hasDefaultResources({ resources }: JsonObject): boolean {
  return isObject(resources) && isObject(resources.requests) && isObject(resources.limits)
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

const said = new Set<string>();

/** Once per process: cdk8s renders an object several times. */
function say(text: string): void {
  if (!said.has(text)) {
    said.add(text);
    process.stderr.write(`note: ${text}\n`);
  }
}

import { ContainerView } from '../../manifest/containers';
import { isObject, JsonObject } from '../../manifest/json';
import { onceFor } from '../../manifest/memo';

/** The probes that a container can have. */
export const PROBES = ['livenessProbe', 'readinessProbe', 'startupProbe'];

/** The moments at which a container can have a lifecycle handler. */
export const HOOKS = ['postStart', 'preStop'];

/** A probe or a lifecycle handler of a container. */
export interface Handler {
  readonly container: ContainerView;
  /** `livenessProbe`, …, `postStart`, `preStop`. */
  readonly kind: string;
  readonly json: JsonObject;
  /** Field path: `spec.containers[0].lifecycle.preStop`. */
  readonly path: string;
}

/** Every probe and lifecycle handler of the containers. */
export const handlersOf = onceFor((containers: ContainerView[]): Handler[] => {
  const handlers: Handler[] = [];
  for (const container of containers) {
    const { json, path } = container;
    for (const kind of PROBES) {
      if (isObject(json[kind])) {
        handlers.push({ container, kind, json: json[kind], path: `${path}.${kind}` });
      }
    }
    for (const kind of isObject(json.lifecycle) ? HOOKS : []) {
      if (isObject(json.lifecycle[kind])) {
        handlers.push({ container, kind, json: json.lifecycle[kind], path: `${path}.lifecycle.${kind}` });
      }
    }
  }
  return handlers;
});

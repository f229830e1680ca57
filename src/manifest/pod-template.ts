import { isObject, JsonObject } from './json';
import { kindOf } from './kinds';

/** Where the pod spec lies in each kind of object that contains one. */
const SPEC_PATHS = new Map(Object.entries({
  Pod: 'spec',
  PodTemplate: 'template.spec',
  Deployment: 'spec.template.spec',
  ReplicaSet: 'spec.template.spec',
  ReplicationController: 'spec.template.spec',
  StatefulSet: 'spec.template.spec',
  DaemonSet: 'spec.template.spec',
  Job: 'spec.template.spec',
  CronJob: 'spec.jobTemplate.spec.template.spec',
}).map(([kind, path]) => [kind, { path, outer: path.split('.').slice(0, -1) }]));

/** The pod inside an object of any kind. */
export interface PodTemplate {
  /** The whole object, as written to the manifest. */
  readonly object: JsonObject;
  /** The object that holds the pod's `metadata` and `spec`: the object itself for a Pod. */
  readonly holder: JsonObject;
  /** The pod spec. */
  readonly spec: JsonObject;
  /** Field path of the pod spec as kubectl prints it: `spec`, `spec.template.spec`. */
  readonly path: string;
}

/** Whether objects of a kind contain a pod. */
export function holdsPod(kind: string): boolean {
  return SPEC_PATHS.has(kind);
}

/** Where the pod spec lies in an object of a kind, as kubectl prints it. */
export function podPathOf(kind: string): string {
  return SPEC_PATHS.get(kind)?.path ?? 'spec';
}

/** Finds the pod in an object; undefined for objects without one. */
export function podTemplateOf(object: unknown): PodTemplate | undefined {
  if (!isObject(object)) {
    return undefined;
  }
  const place = SPEC_PATHS.get(kindOf(object));
  if (!place) {
    return undefined;
  }
  let holder: JsonObject = object;
  for (const key of place.outer) {
    if (!isObject(holder[key])) {
      return undefined;
    }
    holder = holder[key];
  }
  return isObject(holder.spec) ? { object, holder, spec: holder.spec, path: place.path } : undefined;
}

/** Annotations of the pod itself (of the template, in a workload); created on demand. */
export function podAnnotations(template: PodTemplate): JsonObject {
  const holder = template.holder;
  holder.metadata ??= {};
  holder.metadata.annotations ??= {};
  return holder.metadata.annotations;
}

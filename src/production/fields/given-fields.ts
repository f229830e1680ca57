import { isDeepStrictEqual } from 'util';
import { ApiObject } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { quoted, refuse } from '../../manifest/check-input';
import { isObject, JsonObject } from '../../manifest/json';
import { podPathOf, podTemplateOf } from '../../manifest/pod-template';
import { PodHook } from '../pod-hook';

/** A field that cdk8s-plus has no property for, as its author gives it. */
export interface GivenField {
  /** Keys from the owner down: `['securityContext', 'seccompProfile']`. */
  readonly keys: string[];
  readonly value: unknown;
}

/** An object in a manifest that fields are written into, and its path as kubectl prints it. */
export interface FieldOwner {
  readonly json: JsonObject;
  readonly path: string;
}

/** Whose fields are given. */
export interface Giver {
  /** The mixin, for messages. */
  readonly name: string;
  readonly pod: kplus.AbstractPod;
}

const GIVEN = Symbol.for('cdk8s-pod-patterns.given-fields');

/** The fields of props that were given: those that are neither undefined nor null. */
export function fieldsOf(candidates: [string[], unknown][]): GivenField[] {
  return candidates.filter(([, value]) => value !== undefined && value !== null).map(([keys, value]) => ({ keys, value }));
}

/** Writes fields into the spec of the pod when the manifest is rendered. */
export function giveToPod(giver: Giver, fields: GivenField[]): void {
  const path = podPathOf(kindOf(giver));
  give(giver, path, fields, (object) => podTemplateOf(object)!.spec);
}

/** Writes fields into the spec of a workload: for a CronJob into that of its Jobs. */
export function giveToWorkload(giver: Giver, fields: GivenField[]): void {
  const inCronJob = kindOf(giver) === 'CronJob';
  give(giver, inCronJob ? 'spec.jobTemplate.spec' : 'spec', fields, (object) => (inCronJob ? object.spec.jobTemplate.spec : object.spec));
}

/** Refuses another value for what was given before; tells whether the field is new. */
export function isNew({ name, pod }: Giver, path: string, value: unknown): boolean {
  const given = ((pod as { [GIVEN]?: Map<string, unknown> })[GIVEN] ??= new Map());
  if (given.has(path) && !isDeepStrictEqual(given.get(path), value)) {
    refuseSecond(pod.node.path, path, given.get(path), name, value);
  }
  const first = !given.has(path);
  given.set(path, value);
  return first;
}

/** Writes one field; another value that is there already is an error. */
export function putField({ name, pod }: Giver, owner: FieldOwner, { keys, value }: GivenField): void {
  let json = owner.json;
  for (const key of keys.slice(0, -1)) {
    json = json[key] = isObject(json[key]) ? json[key] : {};
  }
  const last = keys.at(-1)!;
  const there = json[last];
  if (there !== undefined && there !== null && !isDeepStrictEqual(there, value)) {
    refuseSecond(pod.node.path, `${owner.path}.${pathOf(keys)}`, there, name, value);
  }
  json[last] = value;
}

function give(giver: Giver, path: string, fields: GivenField[], ownerIn: (object: JsonObject) => JsonObject): void {
  const first = fields.filter(({ keys, value }) => isNew(giver, `${path}.${pathOf(keys)}`, value));
  if (first.length > 0) {
    PodHook.of(giver.pod).addWriter((object) => {
      const owner = { json: ownerIn(object), path };
      first.forEach((field) => putField(giver, owner, field));
    });
  }
}

function kindOf({ pod }: Giver): string {
  return ApiObject.of(pod).kind;
}

/** Keys that are no plain words, such as `nvidia.com/gpu`, stand in brackets. */
function pathOf(keys: string[]): string {
  return keys.map((key, index) => (/^\w+$/.test(key) ? `${index === 0 ? '' : '.'}${key}` : `[${key}]`)).join('');
}

function refuseSecond(construct: string, path: string, there: unknown, giver: string, value: unknown): never {
  refuse(construct, `${path}: ${inFull(there)} is given already, and ${giver} gives ${inFull(value)}`,
    'a field has one value, and one of the two would be lost', 'remove one of the two');
}

/** Unlike elsewhere also what lies deeper: two values may differ there only. */
function inFull(value: unknown): string {
  return quoted(typeof value === 'object' ? JSON.stringify(value) : value);
}

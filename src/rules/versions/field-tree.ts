import { Feature, FEATURES, has } from './features';
import { isObject, JsonObject } from '../../manifest/json';
import { Target } from '../../manifest/kubernetes-version';
import { onceFor, onceForText } from '../../manifest/memo';

/** One key of the paths of features, below the keys before it. */
interface FieldNode {
  readonly key: string;
  readonly isList: boolean;
  readonly below: FieldNodes;
  /** Features that begin here, each with the values that belong to it (undefined for all), and whether the target knows it and drops it. */
  readonly features: { readonly feature: Feature; readonly values?: readonly string[]; readonly isDropped: boolean }[];
}

/** The nodes below a key: few, because a tree holds only what ends in keys that occur in the pod. */
export type FieldNodes = FieldNode[];

/** Where the paths of features begin. */
export type Root = 'pod' | 'Job' | 'StatefulSet';

/** A field that a target does not have. */
export interface Hit {
  /** Path below the root. */
  readonly field: string;
  /** The last key of the path. */
  readonly key: string;
  readonly value: unknown;
  readonly feature: Feature;
}

/** For each root a tree of fields, so that a pod is walked once and most of it not at all. */
export type FieldTrees = { readonly [root in Root]: FieldNodes };

/**
 * The fields that a target does not have.
 *
 * @param keys the last keys of their paths: what ends otherwise is left out
 */
function treesOf(target: Target, keys: ReadonlySet<string>): FieldTrees {
  const roots: FieldTrees = { pod: [], Job: [], StatefulSet: [] };
  for (const feature of FEATURES.filter((candidate) => !has(target, candidate))) {
    for (const path of feature.paths.filter((one) => lastKeys(one).some((key) => keys.has(key)))) {
      const [, root = 'pod', fields, values] = /^(?:(\w+):)?([^=]+)(?:=(.+))?$/.exec(path)!;
      grow(roots[root as Root], fields.split('.'), { feature, values: values?.split('|'), isDropped: target.minor >= feature.known });
    }
  }
  return roots;
}

/** What is known of a target. */
interface Missing {
  /** The last keys of the paths of all fields that it does not have. */
  readonly keys: ReadonlySet<string>;
  /** The trees for those of them that occur in a pod: an app has few such sets. */
  readonly trees: (present: string) => FieldTrees;
  /** The same for the sets of keys of pods. */
  readonly known: WeakMap<ReadonlySet<string>, FieldTrees>;
}

const missingIn = onceFor((target: Target): Missing => ({
  keys: new Set(FEATURES.filter((candidate) => !has(target, candidate)).flatMap(({ paths }) => paths.flatMap(lastKeys))),
  trees: onceForText((present) => treesOf(target, new Set(present.split(' ')))),
  known: new WeakMap(),
}));

/**
 * The fields that a target does not have and that a pod with these keys may have.
 *
 * @param keys keys that occur in the pod
 */
export function missingFields(target: Target, keys: ReadonlySet<string>): FieldTrees {
  const missing = missingIn(target);
  let trees = missing.known.get(keys);
  if (!trees) {
    trees = missing.trees([...keys].filter((key) => missing.keys.has(key)).join(' '));
    missing.known.set(keys, trees);
  }
  return trees;
}

function grow(nodes: FieldNodes, [segment, ...rest]: string[], leaf: FieldNode['features'][number]): void {
  const isList = segment.endsWith('[]');
  for (const key of segment.replace('[]', '').split('|')) {
    let node = nodes.find((candidate) => candidate.key === key && candidate.isList === isList);
    if (!node) {
      node = { key, isList, below: [], features: [] };
      nodes.push(node);
    }
    if (rest.length === 0) {
      node.features.push(leaf);
    } else {
      grow(node.below, rest, leaf);
    }
  }
}

/** The last keys of a path. */
function lastKeys(path: string): string[] {
  return path.replace(/=.*$/, '').replace(/\[\]/g, '').split(/[.:]/).pop()!.split('|');
}

/** All keys that a version of Kubernetes brought. */
export const FEATURE_KEYS: readonly string[] = [...new Set(FEATURES.flatMap(({ paths }) => paths.flatMap(lastKeys)))];

/** The fields of the tree that an object has; undefined where it has none. Paths are written only for those. */
export function findFields(object: JsonObject, nodes: FieldNodes): Hit[] | undefined {
  let hits: Hit[] | undefined;
  for (let index = 0; index < nodes.length; index++) {
    const value = object[nodes[index].key];
    if (value !== undefined && value !== null) {
      hits = addHits(hits, nodes[index], value);
    }
  }
  return hits;
}

function addHits(before: Hit[] | undefined, node: FieldNode, value: any): Hit[] | undefined {
  let hits = before;
  for (const { feature, values, isDropped } of node.features) {
    if (values === undefined ? !(isDropped && isEmptyList(value)) : typeof value !== 'object' && values.includes(String(value))) {
      (hits ??= []).push({ field: node.key, key: node.key, value, feature });
    }
  }
  if (!node.isList) {
    return isObject(value) ? withPrefix(hits, findFields(value, node.below), `${node.key}.`) : hits;
  }
  for (let index = 0; Array.isArray(value) && index < value.length; index++) {
    hits = isObject(value[index]) ? withPrefix(hits, findFields(value[index], node.below), `${node.key}[${index}].`) : hits;
  }
  return hits;
}

/** An API server that drops it loses nothing: what templates write where there are no elements. */
function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

/** Into the list itself: a copy for each of many containers takes the square of their number. */
function withPrefix(before: Hit[] | undefined, found: Hit[] | undefined, prefix: string): Hit[] | undefined {
  if (!found) {
    return before;
  }
  const hits = before ?? [];
  for (const hit of found) {
    hits.push({ ...hit, field: prefix + hit.field });
  }
  return hits;
}

import { Feature, FEATURES, has } from './features';
import { isObject, JsonObject } from '../../manifest/json';
import { Target } from '../../manifest/kubernetes-version';
import { onceFor } from '../../manifest/memo';

/** One key of the paths of features, below the keys before it. */
interface FieldNode {
  readonly key: string;
  readonly isList: boolean;
  readonly below: FieldNodes;
  /** Features that begin here, each with the values that belong to it; undefined for all. */
  readonly features: { readonly feature: Feature; readonly values?: readonly string[] }[];
}

/** The nodes below a key, by their own keys: an object has few keys, and features have many. */
export type FieldNodes = Map<string, FieldNode[]>;

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

/** The fields that a target does not have: for each root a tree, so that a pod is walked once and most of it not at all. */
export const missingFields = onceFor((target: Target): { readonly [root in Root]: FieldNodes } => {
  const roots: { readonly [root in Root]: FieldNodes } = { pod: new Map(), Job: new Map(), StatefulSet: new Map() };
  for (const feature of FEATURES.filter((candidate) => !has(target, candidate))) {
    for (const path of feature.paths) {
      const [, root = 'pod', fields, values] = /^(?:(\w+):)?([^=]+)(?:=(.+))?$/.exec(path)!;
      grow(roots[root as Root], fields.split('.'), { feature, values: values?.split('|') });
    }
  }
  return roots;
});

function grow(nodes: FieldNodes, [segment, ...rest]: string[], leaf: FieldNode['features'][number]): void {
  const isList = segment.endsWith('[]');
  for (const key of segment.replace('[]', '').split('|')) {
    const ofKey = nodes.get(key) ?? [];
    let node = ofKey.find((candidate) => candidate.isList === isList);
    if (!node) {
      node = { key, isList, below: new Map(), features: [] };
      nodes.set(key, [...ofKey, node]);
    }
    if (rest.length === 0) {
      node.features.push(leaf);
    } else {
      grow(node.below, rest, leaf);
    }
  }
}

/** The last keys of the paths of features. */
function lastKeys(features: readonly Feature[]): string[] {
  const ends = features.flatMap(({ paths }) => paths.map((path) => path.replace(/=.*$/, '').replace(/\[\]/g, '').split(/[.:]/).pop()!));
  return [...new Set(ends.flatMap((end) => end.split('|')))];
}

/** All keys that a version of Kubernetes brought. */
export const FEATURE_KEYS: readonly string[] = lastKeys(FEATURES);

/** The keys of which one occurs wherever a target misses a field. */
export const missingKeys = onceFor((target: Target): readonly string[] => lastKeys(FEATURES.filter((candidate) => !has(target, candidate))));

/** The fields of the tree that an object has; undefined where it has none. Paths are written only for those. */
export function findFields(object: JsonObject, nodes: FieldNodes): Hit[] | undefined {
  let hits: Hit[] | undefined;
  for (const key in object) {
    const value = object[key];
    const ofKey = value === undefined || value === null ? undefined : nodes.get(key);
    for (const node of ofKey ?? NO_NODES) {
      hits = addHits(hits, node, value);
    }
  }
  return hits;
}

const NO_NODES: FieldNode[] = [];

function addHits(before: Hit[] | undefined, node: FieldNode, value: any): Hit[] | undefined {
  let hits = before;
  for (const { feature, values } of node.features) {
    if (values === undefined || (typeof value !== 'object' && values.includes(String(value)))) {
      (hits ??= []).push({ field: node.key, key: node.key, value, feature });
    }
  }
  if (!node.isList) {
    return withPrefix(hits, isObject(value) ? findFields(value, node.below) : undefined, `${node.key}.`);
  }
  for (let index = 0; Array.isArray(value) && index < value.length; index++) {
    hits = isObject(value[index]) ? withPrefix(hits, findFields(value[index], node.below), `${node.key}[${index}].`) : hits;
  }
  return hits;
}

function withPrefix(hits: Hit[] | undefined, found: Hit[] | undefined, prefix: string): Hit[] | undefined {
  return found ? [...(hits ?? []), ...found.map((hit) => ({ ...hit, field: prefix + hit.field }))] : hits;
}

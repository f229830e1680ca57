import { Feature, FEATURES, has } from './features';
import { isObject, JsonObject } from '../../manifest/json';
import { Target } from '../../manifest/kubernetes-version';
import { onceFor } from '../../manifest/memo';

/** One key of the paths of features, below the keys before it. */
interface FieldNode {
  readonly key: string;
  readonly isList: boolean;
  readonly below: FieldNode[];
  /** Features that begin here, each with the values that belong to it; undefined for all. */
  readonly features: { readonly feature: Feature; readonly values?: readonly string[] }[];
}

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
export const missingFields = onceFor((target: Target): { readonly [root in Root]: FieldNode[] } => {
  const roots = { pod: [] as FieldNode[], Job: [] as FieldNode[], StatefulSet: [] as FieldNode[] };
  for (const feature of FEATURES.filter((candidate) => !has(target, candidate))) {
    for (const path of feature.paths) {
      const [, root = 'pod', fields, values] = /^(?:(\w+):)?([^=]+)(?:=(.+))?$/.exec(path)!;
      grow(roots[root as Root], fields.split('.'), { feature, values: values?.split('|') });
    }
  }
  return roots;
});

function grow(nodes: FieldNode[], [segment, ...rest]: string[], leaf: FieldNode['features'][number]): void {
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

/** The fields of the tree that an object has; undefined where it has none. Paths are written only for those. */
export function findFields(object: JsonObject, nodes: FieldNode[]): Hit[] | undefined {
  let hits: Hit[] | undefined;
  for (const node of nodes) {
    const value = object[node.key];
    if (value === undefined || value === null) {
      continue;
    }
    for (const { feature, values } of node.features) {
      if (values === undefined || (typeof value !== 'object' && values.includes(String(value)))) {
        (hits ??= []).push({ field: node.key, key: node.key, value, feature });
      }
    }
    if (!node.isList) {
      hits = withPrefix(hits, isObject(value) ? findFields(value, node.below) : undefined, `${node.key}.`);
    } else if (Array.isArray(value)) {
      for (let index = 0; index < value.length; index++) {
        hits = isObject(value[index]) ? withPrefix(hits, findFields(value[index], node.below), `${node.key}[${index}].`) : hits;
      }
    }
  }
  return hits;
}

function withPrefix(hits: Hit[] | undefined, found: Hit[] | undefined, prefix: string): Hit[] | undefined {
  return found ? [...(hits ?? []), ...found.map((hit) => ({ ...hit, field: prefix + hit.field }))] : hits;
}

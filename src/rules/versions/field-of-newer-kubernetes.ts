import { Feature } from './features';
import { FEATURE_KEYS, findFields, Hit, missingFields, Root } from './field-tree';
import { isObject, JsonObject } from '../../manifest/json';
import { Target } from '../../manifest/kubernetes-version';
import { PodTemplate } from '../../manifest/pod-template';
import { quote } from '../quote';
import { Pack, PodRule, RuleFinding, Severity } from '../rule';

/** Nearly always: not a list for each pod. */
const NONE: RuleFinding[] = [];

/** Fields that the clusters of the target drop without a word, or refuse. */
export const fieldOfNewerKubernetes: PodRule = {
  id: 'field-of-newer-kubernetes',
  severity: Severity.ERROR,
  pack: Pack.VALID,
  looksAtMakeOnly: true,
  keys: FEATURE_KEYS,
  summary: 'A field that came with a newer Kubernetes is known, and on by default, in the version that the manifest is made for: 1.33, or `kubernetesVersion` of `PodDefaults`.',
  why: 'an API server drops a field whose feature gate is off without a word, and one that it does not know with a warning at most, unless the client wants such fields refused, as kubectl does: the pod runs without what it asks for',
  fix: 'name the version of your clusters in `PodDefaults`, or to the command with `--target`, or remove the field',
  source: 'https://kubernetes.io/docs/reference/command-line-tools-reference/feature-gates/',
  notApplicable: 'to objects without a pod; to fields that no version has, such as misspelled ones, which kubectl refuses',
  bad: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  hostnameOverride: web.shop.example
  containers:
    - { name: web, image: "shop/web:1.0" }
`,
  good: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  hostname: web
  containers:
    - { name: web, image: "shop/web:1.0" }
`,
  seen: 'The API server of Kubernetes 1.33.13 refused the bad example with `unknown field "spec.hostnameOverride"` when it was asked for strict validation, as kubectl does; otherwise it created the pod without the field, with a warning or without. The good one it accepted.',
  check({ template, target, keys }) {
    const missing = missingFields(target, keys);
    let found = inRoot(NONE, template.spec, missing.pod, `${template.path}.`, target);
    const outer = outerRoot(template);
    if (outer && isObject(outer.spec)) {
      found = inRoot(found, outer.spec, missing[outer.root], `${outer.path}.`, target);
    }
    return found;
  },
};

type Nodes = Parameters<typeof findFields>[1];

function inRoot(found: RuleFinding[], spec: JsonObject, nodes: Nodes, prefix: string, target: Target): RuleFinding[] {
  const hits = findFields(spec, nodes);
  return hits ? [...found, ...hits.map((hit) => ({ field: prefix + hit.field, fact: factOf(hit, target), fix: fixOf(hit.feature, target) }))] : found;
}

/** What lies around the pod and has newer fields of its own. */
function outerRoot({ object }: PodTemplate): { readonly root: Root; readonly spec: unknown; readonly path: string } | undefined {
  switch (object.kind) {
    case 'Job': return { root: 'Job', spec: object.spec, path: 'spec' };
    case 'CronJob': return { root: 'Job', spec: object.spec.jobTemplate.spec, path: 'spec.jobTemplate.spec' };
    case 'StatefulSet': return { root: 'StatefulSet', spec: object.spec, path: 'spec' };
    default: return undefined;
  }
}

function factOf({ key, value, feature }: Hit, target: Target): string {
  const what = quote(typeof value === 'object' ? key : value);
  return feature.on === undefined
    ? `${what} needs the feature gate ${feature.gate}, which no version up to 1.37 has on by default`
    : `${what} needs Kubernetes 1.${feature.on}, and the target is ${target.version}`;
}

function fixOf(feature: Feature, target: Target): string {
  const instead = feature.instead ?? 'remove the field';
  const version = feature.on === undefined ? '' : `if your clusters are newer, say so: new PodDefaults({ kubernetesVersion: KubernetesVersion.V1_${feature.on} }), or --target 1.${feature.on} of the command; `;
  const gate = target.minor >= feature.known ? `if they have the gate on, say that: featureGates: ['${feature.gate}']; ` : '';
  return `${version}${gate}otherwise ${instead}`;
}

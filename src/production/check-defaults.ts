import * as kplus from 'cdk8s-plus-28';
import { AppLabels, CpuLimits, ImagePullPolicyDefault, LABEL_KEYS, PodDefaultsProps, RoleResources } from './default-values';
import { allowKind, allowList, instanceOf, Kind, OBJECT, quoted, refuse, requireKind, requireProps, SIZE, TEXT } from '../manifest/check-input';
import { isHost } from '../manifest/image-name';
import { KubernetesVersion } from '../manifest/kubernetes-version';
import { isLabelName } from '../rules/names/label-syntax';
import { GATES } from '../rules/versions/features';

const WHERE = 'PodDefaults';

const ROLES: { readonly [role in keyof RoleResources]-?: true } = { app: true, sidecar: true, adapter: true, ambassador: true, initContainer: true };

const CPU = instanceOf(kplus.Cpu, 'write kplus.Cpu.millis(250)');

/** A registry, and a path in it. */
const REGISTRY = /^(?:[A-Za-z0-9.-]+|\[[0-9a-fA-F:]+\])(?::[0-9]+)?(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/;

/** Refuses what could not be written, or would say nothing. */
export function checkDefaults(props: PodDefaultsProps): void {
  requireProps(WHERE, props);
  allowKind(WHERE, 'kubernetesVersion', props.kubernetesVersion, memberOf('KubernetesVersion', KubernetesVersion));
  allowKind(WHERE, 'cpuLimits', props.cpuLimits, memberOf('CpuLimits', CpuLimits));
  allowKind(WHERE, 'imagePullPolicy', props.imagePullPolicy, memberOf('ImagePullPolicyDefault', ImagePullPolicyDefault));
  allowList(WHERE, 'featureGates', props.featureGates, GATE);
  checkResources(props.resources);
  checkRegistry(props.imageRegistry);
  checkLabels(props.labels);
}

function memberOf(name: string, members: { readonly [name: string]: string }): Kind {
  return {
    noun: `${/^[AEIOU]/.test(name) ? 'an' : 'a'} ${name}`,
    matches: (value) => Object.values(members).includes(value),
    why: `it is one of ${Object.values(members).join(', ')}`,
    fix: () => `write ${name}.${Object.keys(members)[0]}, or another member`,
  };
}

const GATE: Kind = {
  noun: 'a gate that brings a field of pods',
  matches: (value) => GATES.includes(value),
  why: `only these are looked at: ${GATES.join(', ')}`,
  fix: () => 'correct the name, or leave it out: other gates change nothing that is written here',
};

function checkResources(resources: RoleResources | undefined): void {
  allowKind(WHERE, 'resources', resources, OBJECT);
  for (const [role, given] of Object.entries(resources ?? {})) {
    const field = `resources.${role}`;
    requireKey('resources', role, ROLES);
    allowKind(WHERE, field, given, OBJECT);
    const amounts: { readonly [name: string]: unknown } = given ?? {};
    for (const [name, kind] of [['cpu', CPU], ['memory', SIZE], ['ephemeralStorage', SIZE]] as const) {
      const amount = amounts[name];
      allowKind(WHERE, `${field}.${name}`, amount, OBJECT);
      const { request, limit } = (amount ?? {}) as { readonly request?: unknown; readonly limit?: unknown };
      allowKind(WHERE, `${field}.${name}.request`, request, kind);
      allowKind(WHERE, `${field}.${name}.limit`, limit, kind);
    }
  }
}

function checkRegistry(registry: string | undefined): void {
  allowKind(WHERE, 'imageRegistry', registry, TEXT);
  if (registry !== undefined && registry !== null && !(REGISTRY.test(registry) && isHost(registry.split('/')[0]))) {
    refuse(WHERE, `imageRegistry: ${quoted(registry)} is not a registry, with or without a path`,
      'the first segment must have a "." or ":", or be localhost: otherwise the node looks for it at its own default registry',
      'write the host, without a scheme and without "/" at the end: "registry.example:5000/mirror"');
  }
}

function checkLabels(labels: AppLabels | undefined): void {
  allowKind(WHERE, 'labels', labels, OBJECT);
  for (const [name, value] of Object.entries(labels ?? {})) {
    requireKey('labels', name, LABEL_KEYS);
    if (value === undefined || value === null) {
      continue;
    }
    requireKind(WHERE, `labels.${name}`, value, TEXT);
    if (!isLabelName(value)) {
      refuse(WHERE, `labels.${name}: ${quoted(value)} is no label value`,
        'the API server takes at most 63 letters, digits, "-", "_" and ".", with a letter or digit at both ends',
        'shorten it, or leave out other characters');
    }
  }
}

/** A name that is not known would be ignored. */
function requireKey(field: string, name: string, keys: object): void {
  if (!Object.hasOwn(keys, name)) {
    refuse(WHERE, `${field}: ${quoted(name)} is none of ${Object.keys(keys).join(', ')}`, 'nothing would come of it', 'correct the name');
  }
}

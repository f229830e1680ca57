import { ApiObject, JsonPatch } from 'cdk8s';
import { isObject, JsonObject } from '../manifest/json';

/** Field names that the typed API objects of cdk8s spell in another way than Kubernetes. */
const KUBERNETES_SPELLING: { [name: string]: string } = {
  clusterIp: 'clusterIP',
  clusterIps: 'clusterIPs',
  downwardApi: 'downwardAPI',
  externalIps: 'externalIPs',
  hostIp: 'hostIP',
  hostIpc: 'hostIPC',
  hostPid: 'hostPID',
  podIp: 'podIP',
  setHostnameAsFqdn: 'setHostnameAsFQDN',
};

/** Maps whose keys are the user's own words, not names of fields. */
const FREE_MAPS = new Set(['annotations', 'labels', 'matchLabels', 'nodeSelector', 'data', 'stringData', 'limits', 'requests']);

interface Operation {
  readonly op: string;
  readonly path: string;
  readonly from?: string;
  readonly value?: unknown;
}

/**
 * Takes over the patches that were made before the hook.
 *
 * cdk8s applies patches before it converts to the 1.28 schema, which drops every
 * field that it does not know. Ours are applied to the final manifest.
 */
export function takeOverPatches(object: ApiObject): JsonPatch[] {
  // The one private member that is touched: without it a patch made before the
  // hook would have another meaning than the same line after it.
  const earlier: JsonPatch[] = (object as unknown as { patches?: JsonPatch[] }).patches ?? [];
  return earlier.splice(0);
}

/** Applies patches to a final manifest; an error names the construct, the operation and the path. */
export function applyPatches(json: JsonObject, patches: JsonPatch[], construct: () => string): JsonObject {
  return patches.reduce((document, patch) => {
    const operation = patch._toJson() as Operation;
    try {
      return JsonPatch.apply(document, inKubernetesWords(operation));
    } catch (error) {
      throw new Error(`${construct()}: JSON patch "${operation.op}" at "${operation.path}" failed: ${(error as Error).message.split('\n')[0]}\n`
        + '  why: patches apply to the manifest as it is written, and this one does not fit it\n'
        + '  fix: look the path up in the synthesized YAML; a missing parent must be added first');
    }
  }, json);
}

function inKubernetesWords(operation: Operation): JsonPatch {
  const path = respellPath(operation.path);
  const from = respellPath(operation.from ?? '');
  const value = plain(operation.value, FREE_MAPS.has(path.split('/').at(-1)!));
  switch (operation.op) {
    case 'add': return JsonPatch.add(path, value);
    case 'replace': return JsonPatch.replace(path, value);
    case 'test': return JsonPatch.test(path, value);
    case 'remove': return JsonPatch.remove(path);
    case 'move': return JsonPatch.move(from, path);
    case 'copy': return JsonPatch.copy(from, path);
    default: throw new Error(`unknown operation "${operation.op}"`);
  }
}

function respellPath(path: string): string {
  const segments = path.split('/');
  return segments
    .map((segment, index) => FREE_MAPS.has(segments[index - 1]) ? segment : KUBERNETES_SPELLING[segment] ?? segment)
    .join('/');
}

/** A value as Kubernetes reads it: Lazy values resolved, `{ value: x }` boxes opened, fields respelt. */
function plain(value: unknown, insideFreeMap = false): unknown {
  if (Array.isArray(value)) {
    return value.map((item) => plain(item));
  }
  if (!isObject(value)) {
    return value;
  }
  if (typeof value.produce === 'function') {
    return plain(value.produce());
  }
  const keys = Object.keys(value);
  if (keys.length === 1 && keys[0] === 'value' && !insideFreeMap && ['string', 'number'].includes(typeof value.value)) {
    return value.value;
  }
  return Object.fromEntries(keys.map((key) => [
    insideFreeMap ? key : KUBERNETES_SPELLING[key] ?? key,
    plain(value[key], FREE_MAPS.has(key)),
  ]));
}

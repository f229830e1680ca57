import { isObject, JsonObject } from '../../manifest/json';
import { parseQuantity } from '../../manifest/quantity';
import { didYouMean, likelyMeant, quote } from '../quote';
import { Pack, PodRule, RuleFinding, Severity } from '../rule';

const PLAIN = ['cpu', 'memory', 'ephemeral-storage'];
const HUGE_PAGES = 'hugepages-';

/** Resources that cannot be shared, such as devices and huge pages, and names that are none. */
export const extendedResources: PodRule = {
  id: 'extended-resources',
  severity: Severity.ERROR,
  pack: Pack.VALID,
  looksAtMakeOnly: true,
  keys: ['requests', 'limits'],
  summary: 'What a container asks for is cpu, memory, ephemeral-storage, whole huge pages, or a whole number of what has a domain, as limit and request alike.',
  why: 'the API server rejects names that it does not know, parts of a device or huge page, and requests for them that are not the limit: they cannot be shared',
  fix: 'write the amount into `limits`, where the request follows, as a whole number, under the name of the device plugin (nvidia.com/gpu); give containers with huge pages a request for cpu or memory too',
  source: 'https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/#extended-resources',
  notApplicable: 'to containers that ask for cpu, memory and ephemeral-storage only; whether a node has such a device cannot be seen',
  bad: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  containers:
    - name: web
      image: "shop/web:1.0"
      resources: { requests: { nvidia.com/gpu: 1 } }
`,
  good: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  containers:
    - name: web
      image: "shop/web:1.0"
      resources: { limits: { nvidia.com/gpu: 1 } }
`,
  seen: 'The API server of Kubernetes 1.33.13 refused the bad example with `spec.containers[0].resources.limits: Required value: Limit must be set for non overcommitable resources` and accepted the good one.',
  check({ containers }) {
    let found: RuleFinding[] | undefined;
    for (const { json: { resources }, path } of containers) {
      const limits = amountsOf(resources?.limits);
      const requests = amountsOf(resources?.requests);
      for (const [kind, amounts] of [['limits', limits], ['requests', requests]] as const) {
        for (const name in amounts) {
          if (PLAIN.includes(name)) {
            continue;
          }
          found ??= [];
          const fact = factOf(name, amounts[name], limits, requests) ?? (kind === 'requests' ? factOfRequest(name, amounts[name], limits) : undefined);
          if (fact !== undefined) {
            found.push({ field: `${path}.resources.${kind}[${name}]`, fact });
          }
        }
      }
    }
    return found;
  },
};

function amountsOf(amounts: unknown): JsonObject {
  return isObject(amounts) ? amounts : {};
}

function factOf(name: string, shown: unknown, limits: JsonObject, requests: JsonObject): string | undefined {
  const amount = parseQuantity(shown);
  if (name.startsWith(HUGE_PAGES)) {
    const size = parseQuantity(name.slice(HUGE_PAGES.length));
    if (amount !== undefined && size !== undefined && amount % size !== 0) {
      return `${quote(shown)} is no multiple of ${quote(name.slice(HUGE_PAGES.length))}`;
    }
    return [limits, requests].some((amounts) => 'cpu' in amounts || 'memory' in amounts) ? undefined : `${quote(shown)} stands alone, without cpu or memory`;
  }
  if (!name.includes('/')) {
    return `${quote(name)} is no resource that Kubernetes knows, and has no domain${didYouMean(likelyMeant(name, PLAIN))}`;
  }
  return isExtended(name) && amount !== undefined && !Number.isInteger(amount) ? `${quote(shown)} is not a whole number` : undefined;
}

/** Requests above the limit are the matter of `requests-within-limits`. */
function factOfRequest(name: string, shown: unknown, limits: JsonObject): string | undefined {
  if (!name.startsWith(HUGE_PAGES) && !isExtended(name)) {
    return undefined;
  }
  if (!Object.hasOwn(limits, name)) {
    return `${quote(shown)} is a request without a limit`;
  }
  const request = parseQuantity(shown);
  const limit = parseQuantity(limits[name]);
  return request !== undefined && limit !== undefined && request < limit ? `${quote(shown)} is less than the limit ${quote(limits[name])}` : undefined;
}

/** Of a device plugin or the like: the domain of Kubernetes has none. */
function isExtended(name: string): boolean {
  return name.includes('/') && !name.includes('kubernetes.io/');
}

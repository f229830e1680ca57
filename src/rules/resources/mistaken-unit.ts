import { isObject, JsonObject } from '../../manifest/json';
import { parseQuantity } from '../../manifest/quantity';
import { didYouMean, quote } from '../quote';
import { Pack, PodRule, RuleFinding, Severity } from '../rule';

const KINDS = ['limits', 'requests'];

/** No process fits into less. */
const LEAST_MEMORY = 1024 * 1024;

/** No machine has so many cores. */
const TOO_MANY_CORES = 2000;

/** Memory in thousandths of a byte, and CPU in bytes. */
export const mistakenUnit: PodRule = {
  id: 'mistaken-unit',
  severity: Severity.ERROR,
  pack: Pack.VALID,
  looksAtMakeOnly: true,
  keys: KINDS,
  summary: 'Memory is at least 1Mi where it is limited, and CPU less than 2000 cores.',
  why: 'the API server accepts an amount in the unit of another resource: `m` is a thousandth, and `512m` of memory half a byte, in which no process starts; `Mi` is 1048576, and no node has so many cores',
  fix: 'write memory in `Mi` or `Gi`, and CPU in `m` or in cores',
  source: 'https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/#memory-units',
  notApplicable: 'to pods without such amounts, to a memory limit of zero, which `limits-above-zero` reports, and to memory that is requested in whole bytes',
  bad: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  containers:
    - name: web
      image: "shop/web:1.0"
      resources: { limits: { memory: 512m } }
`,
  good: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  containers:
    - name: web
      image: "shop/web:1.0"
      resources: { limits: { memory: 512Mi } }
`,
  seen: 'On Kubernetes 1.33.13 the pod of the bad example was never started: "Failed to create pod sandbox: … unable to apply cgroup configuration: … cannot allocate memory"; the good one ran.',
  check({ containers }) {
    let found: RuleFinding[] | undefined;
    for (const { json, path } of containers) {
      for (const kind of isObject(json.resources) ? KINDS : []) {
        const amounts = json.resources[kind];
        if (isObject(amounts)) {
          found ??= [];
          judge(amounts, kind === 'limits', `${path}.resources.${kind}`, found);
        }
      }
    }
    return found;
  },
};

function judge({ memory, cpu }: JsonObject, isLimit: boolean, path: string, found: RuleFinding[]): void {
  const bytes = parseQuantity(memory);
  const isFraction = typeof memory === 'string' && /[mun]$/.test(memory);
  if (bytes !== undefined && bytes > 0 && (isFraction || (isLimit && bytes < LEAST_MEMORY))) {
    const meant = /^([1-9]\d*)m?$/.exec(String(memory));
    found.push({ field: `${path}[memory]`, fact: `${quote(memory)} is ${isFraction ? 'a part of a byte' : 'less than 1Mi'}${didYouMean(meant ? `${meant[1]}Mi` : undefined)}` });
  }
  const cores = parseQuantity(cpu);
  if (cores !== undefined && cores >= TOO_MANY_CORES) {
    const meant = /^([1-9]\d*)(?:Mi?)?$/.exec(String(cpu));
    found.push({ field: `${path}[cpu]`, fact: `${quote(cpu)} is ${cores} cores${didYouMean(meant ? `${meant[1]}m` : undefined)}` });
  }
}

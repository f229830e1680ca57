import { helpersOf } from './beside';
import { ContainerView } from '../../manifest/containers';
import { isObject, JsonObject } from '../../manifest/json';
import { parseQuantity } from '../../manifest/quantity';
import { isHelperImage } from '../images/helper-images';
import { programOf } from '../images/program';
import { appContainer } from '../probes/app-container';
import { quote } from '../quote';
import { Pack, PodRule, RuleFinding, Severity } from '../rule';

/** What any helper may request: beside a very small app it is no sign of anything. */
const SMALL_CPU = 0.1;
const SMALL_MEMORY = 128 * 2 ** 20;

/** Web servers that stand in front of an app as often as they are one. */
const IN_FRONT = new Set(['nginx', 'nginx-unprivileged', 'openresty', 'httpd', 'caddy', 'haproxy', 'envoy', 'varnish', 'traefik']);

/** Helpers that ask for more than what they help. */
export const helperLargerThanApp: PodRule = {
  id: 'helper-larger-than-app',
  severity: Severity.WARNING,
  pack: Pack.GOLDEN,
  keys: ['requests', 'limits'],
  summary: 'A helper requests less than its app.',
  why: 'each pod of the app pays for the helper: where that is the larger part the two are either sized wrongly, or no app and helper',
  fix: 'give the helper what it needs, as measured; where it really needs more, run it once, as a workload of its own',
  source: 'https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/#resource-sharing-within-containers',
  notApplicable: 'to pods without helpers, to what stands behind a web server such as nginx, to helpers of at most 100m CPU and 128Mi, and where one of the two has neither a request nor a limit of CPU, or of memory',
  bad: `
apiVersion: apps/v1
kind: Deployment
metadata: { name: shop }
spec:
  replicas: 2
  selector: { matchLabels: { app: shop } }
  template:
    metadata: { labels: { app: shop } }
    spec:
      initContainers:
        - { name: proxy, image: "shop/proxy:1.0", restartPolicy: Always, resources: { requests: { cpu: "1", memory: 1Gi } } }
      containers:
        - { name: web, image: "shop/web:1.0", resources: { requests: { cpu: 250m, memory: 256Mi } } }
`,
  good: `
apiVersion: apps/v1
kind: Deployment
metadata: { name: shop }
spec:
  replicas: 2
  selector: { matchLabels: { app: shop } }
  template:
    metadata: { labels: { app: shop } }
    spec:
      initContainers:
        - { name: proxy, image: "shop/proxy:1.0", restartPolicy: Always, resources: { requests: { cpu: 50m, memory: 64Mi } } }
      containers:
        - { name: web, image: "shop/web:1.0", resources: { requests: { cpu: 250m, memory: 256Mi } } }
`,
  check({ template, containers }) {
    if (containers.length < 2) {
      return undefined;
    }
    const app = appContainer(template, containers);
    const [appCpu, appMemory] = app ? requestsOf(app) : [];
    if (!app || appCpu === undefined || appMemory === undefined) {
      return undefined;
    }
    const found: RuleFinding[] = [];
    const isInFront = IN_FRONT.has(programOf(app.json.image));
    for (const helper of helpersOf(containers, app)) {
      // A web server in front of an app that only looks like its helper, because it comes second.
      if (isInFront && !isHelperImage(helper.json.image)) {
        continue;
      }
      const [cpu, memory] = requestsOf(helper);
      const isLarge = cpu !== undefined && memory !== undefined && (cpu > SMALL_CPU || memory > SMALL_MEMORY);
      if (isLarge && cpu >= appCpu && memory >= appMemory && cpu + memory > appCpu + appMemory) {
        found.push({ field: `${helper.path}.resources.${isObject(helper.json.resources.requests) ? 'requests' : 'limits'}`, fact: `${quote(helper.name)} requests more than the app ${quote(app.name)}` });
      }
    }
    return found;
  },
};

/** CPU and memory; a request that is missing is the limit. */
function requestsOf({ json }: ContainerView): (number | undefined)[] {
  return isObject(json.resources) ? [amountOf('cpu', json.resources), amountOf('memory', json.resources)] : [];
}

function amountOf(name: string, { requests, limits }: JsonObject): number | undefined {
  return parseQuantity((isObject(requests) ? requests[name] : undefined) ?? (isObject(limits) ? limits[name] : undefined));
}

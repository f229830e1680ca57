import { appContainer, isDeclined } from './app-container';
import { ContainerRole, ContainerView } from '../../manifest/containers';
import { isObject, JsonObject, objectsIn, textOf } from '../../manifest/json';
import { nameOf } from '../../manifest/kinds';
import { onceFor } from '../../manifest/memo';
import { PodTemplate } from '../../manifest/pod-template';
import { programOf } from '../images/program';
import { isMeantToEnd } from '../jobs/tasks';
import { quote } from '../quote';
import { ObjectRule, ObjectSubject, Pack, RuleFinding, Severity } from '../rule';

const ID = 'readiness-probe';

const METRICS = /metrics|prometheus|monitoring|exporter|telemetry/;

/** Services that are there for a scraper: `node-exporter`, and `controller-manager-metrics-service`, as kubebuilder names it. */
const OF_SCRAPERS = /(?:^|-)(?:metrics|exporter)(?:-service|-svc)?$/;

/** A proxy that lets in who may read the metrics of the program beside it. */
const PROXY_OF_METRICS = 'kube-rbac-proxy';

/** Commands that only keep a container alive: what the Service sends there nobody hears. */
const IDLE = /(?:^|[\s/;])(?:sleep\s+(?:infinity|inf|\d+d)|tail\s+-f\s+\/dev\/null)\s*$/;

/** Apps that get traffic before they can take it. */
export const readinessProbe: ObjectRule = {
  id: ID,
  severity: Severity.WARNING,
  pack: Pack.PRODUCTION,
  kinds: ['Pod', 'Deployment', 'ReplicaSet', 'ReplicationController', 'StatefulSet', 'DaemonSet'],
  summary: 'A container behind a Service has a readiness probe, or a reason for none.',
  why: 'without one a container is ready as soon as its process runs: it gets requests before it listens, and a rolling update ends the old pods before the new ones can answer; with a startup probe it is ready once that has succeeded, and stays so when it can answer no more',
  fix: 'give `readinessProbe` an endpoint that answers when the app can take requests; or waive the rule with the reason (`readinessDeclined` of the production pods)',
  source: 'https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/#readiness-probe',
  notApplicable: 'to pods that no Service selects, to ports and Services for metrics by their names, to kube-rbac-proxy, which guards metrics, to containers that only sleep, to Services that publish addresses that are not ready, and to pods that are meant to end',
  bad: `
apiVersion: v1
kind: Service
metadata: { name: web }
spec:
  selector: { app: web }
  ports: [{ port: 80, targetPort: 8080 }]
---
apiVersion: v1
kind: Pod
metadata: { name: web, labels: { app: web } }
spec:
  containers:
    - name: web
      image: "shop/web:1.0"
      ports: [{ containerPort: 8080 }]
      livenessProbe: { httpGet: { path: /healthz, port: 8080 } }
`,
  good: `
apiVersion: v1
kind: Service
metadata: { name: web }
spec:
  selector: { app: web }
  ports: [{ port: 80, targetPort: 8080 }]
---
apiVersion: v1
kind: Pod
metadata: { name: web, labels: { app: web } }
spec:
  containers:
    - name: web
      image: "shop/web:1.0"
      ports: [{ containerPort: 8080 }]
      livenessProbe: { httpGet: { path: /healthz, port: 8080 } }
      readinessProbe: { httpGet: { path: /readyz, port: 8080 } }
`,
  seen: 'On Kubernetes 1.33.13 a pod that listens 20 seconds after its start was ready at once, and its Service answered "Connection refused"; with the probe of the good example it was ready when it listened.',
  checkObject({ object, app }) {
    const template = app.templateOf(object);
    if (template === undefined || isMeantToEnd(template)) {
      return undefined;
    }
    const declined = isDeclined(template, ID);
    // Nearly always: a look at the Services is the dear part.
    if (!declined && objectsIn(template.spec.containers).every(({ readinessProbe: probe }) => isObject(probe))) {
      return undefined;
    }
    const containers = app.containersOf(template);
    const served = servedBy(template, containers, app);
    const main = declined ? appContainer(template, containers) : undefined;
    if (main !== undefined && !served.has(main)) {
      served.set(main, undefined);
    }
    return served.size === 0 ? undefined : [...served].filter(([{ json }]) => !isObject(json.readinessProbe)).map(findingOf);
  },
};

/** The containers that Services send requests to, each with one of these Services. */
function servedBy(template: PodTemplate, containers: ContainerView[], app: ObjectSubject['app']): Map<ContainerView, JsonObject | undefined> {
  const served = new Map<ContainerView, JsonObject | undefined>();
  for (const service of app.servicesOf(template)) {
    // Who scrapes asks again, and Prometheus asks pods that are not ready as well.
    if (service.spec.publishNotReadyAddresses === true || OF_SCRAPERS.test(nameOf(service))) {
      continue;
    }
    for (const port of objectsIn(service.spec.ports)) {
      const container = isScraped(port) ? undefined : targetOf(port, containers);
      if (container !== undefined && !served.has(container) && !isIdle(container) && programOf(container.json.image) !== PROXY_OF_METRICS) {
        served.set(container, service);
      }
    }
  }
  return served;
}

/** Who scrapes metrics asks again. */
function isScraped({ name, targetPort }: JsonObject): boolean {
  return METRICS.test(textOf(name)) || METRICS.test(textOf(targetPort));
}

function isIdle({ json }: ContainerView): boolean {
  return IDLE.test([json.command, json.args].flatMap((words) => Array.isArray(words) ? words.map(textOf) : []).join(' '));
}

/** The container that opens the port; a number that nobody declares is that of the only regular container. */
function targetOf({ targetPort, port }: JsonObject, containers: ContainerView[]): ContainerView | undefined {
  const target = targetPort ?? port;
  const isTheOnly = containers.length === 1 && containers[0].role === ContainerRole.REGULAR;
  return openersOf(containers).get(target) ?? (typeof target === 'number' && isTheOnly ? containers[0] : undefined);
}

/** For each name and number of a port the first regular container that declares it. */
const openersOf = onceFor((containers: ContainerView[]): Map<unknown, ContainerView> => {
  const openers = new Map<unknown, ContainerView>();
  for (const container of containers.filter(({ role }) => role === ContainerRole.REGULAR)) {
    for (const { name, containerPort } of objectsIn(container.json.ports)) {
      [name, containerPort].filter((port) => port !== undefined && !openers.has(port)).forEach((port) => openers.set(port, container));
    }
  }
  return openers;
});

function findingOf([container, service]: [ContainerView, JsonObject | undefined]): RuleFinding {
  const since = isObject(container.json.startupProbe) ? 'for good once its startup probe has succeeded' : 'as soon as it runs';
  const effect = service === undefined
    ? `"${container.name}" is ready ${since}`
    : `Service ${quote(nameOf(service))} sends requests to "${container.name}" ${since}`;
  return { field: `${container.path}.readinessProbe`, fact: `"" is no probe: ${effect}` };
}

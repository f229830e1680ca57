import { helpersOf, mountsOf, programIn, volumesFromOutside } from './beside';
import { containersOf, ContainerView } from '../../manifest/containers';
import { Manifests } from '../../manifest/manifests';
import { onceFor } from '../../manifest/memo';
import { PodTemplate } from '../../manifest/pod-template';
import { appContainer } from '../probes/app-container';
import { quote } from '../quote';
import { ObjectRule, Pack, Severity } from '../rule';

/** Agents that collect from a whole node, by the last word of the image. */
const AGENTS = new Set([
  'fluentd', 'fluent-bit', 'fluentd-kubernetes-daemonset', 'filebeat', 'metricbeat', 'promtail', 'alloy', 'vector', 'datadog-agent', 'telegraf', 'node-exporter', 'cadvisor', 'logstash',
]);

const KINDS = ['Deployment', 'StatefulSet', 'ReplicaSet'];

/** From so many workloads on it is a habit. */
const MANY = 3;

/** How many workloads have an agent beside the app that needs nothing of it. */
const counts = onceFor((app: Manifests): Map<string, number> => {
  const found = new Map<string, number>();
  for (const object of KINDS.flatMap((kind) => app.ofKind(kind))) {
    const template = app.templateOf(object);
    for (const program of new Set(template ? agentsIn(template).map(programIn) : [])) {
      found.set(program, (found.get(program) ?? 0) + 1);
    }
  }
  return found;
});

/** Agents that run once for each pod where once for each node would do. */
export const agentOnEveryPod: ObjectRule = {
  id: 'agent-on-every-pod',
  severity: Severity.WARNING,
  pack: Pack.GOLDEN,
  kinds: KINDS,
  summary: `An agent that reads no volume of the app runs once for each node, not in the pods of ${MANY} or more workloads.`,
  why: 'its memory and CPU are paid for each pod, and every update of the agent rolls every app',
  fix: 'run the agent as a DaemonSet: containers that write to their standard output need nothing in their pod',
  source: 'https://kubernetes.io/docs/concepts/cluster-administration/logging/#using-a-node-logging-agent',
  notApplicable: 'to agents that share a volume with the app, and to images that it does not know',
  bad: `
apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  replicas: 2
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec: { containers: [{ name: web, image: "shop/web:1.0" }, { name: agent, image: "fluent/fluent-bit:4.2.1" }] }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: api }
spec:
  replicas: 2
  selector: { matchLabels: { app: api } }
  template:
    metadata: { labels: { app: api } }
    spec: { containers: [{ name: api, image: "shop/api:1.0" }, { name: agent, image: "fluent/fluent-bit:4.2.1" }] }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: worker }
spec:
  replicas: 2
  selector: { matchLabels: { app: worker } }
  template:
    metadata: { labels: { app: worker } }
    spec: { containers: [{ name: worker, image: "shop/worker:1.0" }, { name: agent, image: "fluent/fluent-bit:4.2.1" }] }
`,
  good: `
apiVersion: apps/v1
kind: DaemonSet
metadata: { name: agent }
spec:
  selector: { matchLabels: { app: agent } }
  template:
    metadata: { labels: { app: agent } }
    spec: { containers: [{ name: agent, image: "fluent/fluent-bit:4.2.1" }] }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  replicas: 2
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec: { containers: [{ name: web, image: "shop/web:1.0" }] }
`,
  checkObject({ object, app }) {
    const template = app.templateOf(object);
    const agents = template ? agentsIn(template) : [];
    if (agents.length === 0) {
      return undefined;
    }
    return agents.filter((agent) => counts(app).get(programIn(agent))! >= MANY).slice(0, 1)
      .filter((agent) => isFirst(object, programIn(agent), app))
      .map((agent) => ({ field: `${agent.path}.image`, fact: `${quote(agent.json.image)} runs in the pods of ${counts(app).get(programIn(agent))} workloads` }));
  },
};

/** One finding for all of them. */
function isFirst(object: unknown, program: string, app: Manifests): boolean {
  const all = KINDS.flatMap((kind) => app.ofKind(kind));
  return all.find((other) => agentsIn(app.templateOf(other)).some((agent) => programIn(agent) === program)) === object;
}

function agentsIn(template: PodTemplate | undefined): ContainerView[] {
  const containers = template ? containersOf(template) : [];
  const app = containers.length > 1 ? appContainer(template!, containers) : undefined;
  const agents = app ? helpersOf(containers, app).filter((helper) => AGENTS.has(programIn(helper))) : [];
  if (agents.length === 0) {
    return agents;
  }
  const outside = volumesFromOutside(template!);
  return agents.filter((agent) => !mountsOf(agent).some((name) => !outside.has(name) && containers.some((other) => other !== agent && mountsOf(other).includes(name))));
}


import { helpersOf, mayCallLoopback, mountsOf, programIn, volumesFromOutside } from './beside';
import { ContainerView } from '../../manifest/containers';
import { JsonObject } from '../../manifest/json';
import { listenersOf } from '../../manifest/listeners';
import { Manifests } from '../../manifest/manifests';
import { onceFor } from '../../manifest/memo';
import { PodTemplate } from '../../manifest/pod-template';
import { isAgentProgram } from '../images/helper-images';
import { appContainer } from '../probes/app-container';
import { quote } from '../quote';
import { ObjectRule, Pack, Severity } from '../rule';

const KINDS = ['Deployment', 'StatefulSet', 'ReplicaSet'];

/** From so many workloads on it is a habit. */
const MANY = 3;

/** The workloads that have an agent beside the app which needs nothing of it. */
interface Users {
  count: number;
  /** The one that is reported: one finding for all of them. */
  readonly first: JsonObject;
}

/** The users of each agent, by its program. */
const usersOf = onceFor((app: Manifests): Map<string, Users> => {
  const found = new Map<string, Users>();
  for (const object of KINDS.flatMap((kind) => app.ofKind(kind))) {
    const template = app.templateOf(object);
    for (const program of new Set(template ? agentsIn(template, app).map(programIn) : [])) {
      const known = found.get(program);
      if (known) {
        known.count++;
      } else {
        found.set(program, { count: 1, first: object });
      }
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
  notApplicable: 'to agents that share a volume with the app, that declare a port or that the app may call at 127.0.0.1, and to images that it does not know',
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
    const agents = template ? agentsIn(template, app) : [];
    if (agents.length === 0) {
      return undefined;
    }
    const reported = agents.find((agent) => isReported(usersOf(app).get(programIn(agent)), object));
    return reported === undefined ? [] : [{
      field: `${reported.path}.image`,
      fact: `${quote(reported.json.image)} runs in the pods of ${usersOf(app).get(programIn(reported))!.count} workloads`,
    }];
  },
};

function isReported(users: Users | undefined, object: JsonObject): boolean {
  return users !== undefined && users.count >= MANY && users.first === object;
}

/** The agents in a pod that neither read a volume of the app nor are called by it. */
function agentsIn(template: PodTemplate, app: Manifests): ContainerView[] {
  const containers = app.containersOf(template);
  const some = containers.length > 1 ? containers.filter((container) => isAgentProgram(programIn(container))) : [];
  const main = some.length > 0 ? appContainer(template, containers) : undefined;
  const agents = main ? helpersOf(containers, main).filter((helper) => some.includes(helper)) : [];
  if (agents.length === 0 || containers.some((container) => !agents.includes(container) && mayCallLoopback(container))) {
    return [];
  }
  const outside = volumesFromOutside(template);
  const listening = new Set(listenersOf(template, containers).map(({ container }) => container));
  return agents.filter((agent) => !listening.has(agent.name)
    && !mountsOf(agent).some((name) => !outside.has(name) && containers.some((other) => other !== agent && mountsOf(other).includes(name))));
}

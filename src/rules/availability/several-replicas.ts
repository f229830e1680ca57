import { autoscalerOf, fewestReplicas, mountsClaim } from './replicas';
import { JsonObject, objectsIn } from '../../manifest/json';
import { nameOf } from '../../manifest/kinds';
import { isDataServer } from '../images/data-servers';
import { programOf } from '../images/program';
import { quote } from '../quote';
import { ObjectRule, Pack, Severity } from '../rule';

/** Deployments of a single pod. */
export const severalReplicas: ObjectRule = {
  id: 'several-replicas',
  severity: Severity.WARNING,
  pack: Pack.PRODUCTION,
  kinds: ['Deployment'],
  summary: 'A Deployment has several pods, or a reason for one.',
  why: 'a single pod is away whenever its node is drained or fails, until another one is ready',
  fix: 'set `replicas: 2`, or more, with a PodDisruptionBudget; or waive the rule with the reason (`redundancyDeclined` of ProductionDeployment)',
  source: 'https://kubernetes.io/docs/concepts/workloads/pods/disruptions/#dealing-with-disruptions',
  notApplicable: 'to Deployments that are scaled to 0, that replace their pods (`strategy.type: Recreate`), or that mount a claim, and to databases, brokers and caches: two pods of one are two of them with other data',
  bad: `
apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec: { containers: [{ name: web, image: "shop/web:1.0" }] }
`,
  good: `
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
  seen: 'On Kubernetes 1.33.13 no pod of the bad example was ready for 7 seconds after an eviction, with an app that starts in five; of the good one, with a PodDisruptionBudget, one was ready all the time.',
  checkObject({ object, app }) {
    const template = app.templateOf(object);
    if (!template || object.spec.strategy?.type === 'Recreate' || mountsClaim(template.spec) || isStore(template.spec)) {
      return undefined;
    }
    if (fewestReplicas(object, app) !== 1) {
      return [];
    }
    const autoscaler = autoscalerOf(object, app);
    return [{
      field: 'spec.replicas',
      fact: `"1" ${autoscaler ? `is the fewest number of pods that the autoscaler ${quote(nameOf(autoscaler))} keeps` : 'is the number of its pods'}`,
      fix: autoscaler && 'set `minReplicas: 2`, or more, in the autoscaler (`minReplicaCount` in a ScaledObject), with a PodDisruptionBudget; or waive the rule with the reason',
    }];
  },
};

/** Whether the first container is a server of data, by its image: `postgres`, `shop/user-db`. */
function isStore(spec: JsonObject): boolean {
  const program = programOf(objectsIn(spec.containers)[0]?.image);
  return isDataServer(program) || /-(?:db|database)$/.test(program);
}

import { amountOf, fewestReplicas } from './replicas';
import { isObject } from '../../manifest/json';
import { quote } from '../quote';
import { ObjectRule, Pack, Severity } from '../rule';

/** Updates during which no pod is left. */
export const updateTakesAllPods: ObjectRule = {
  id: 'update-takes-all-pods',
  severity: Severity.WARNING,
  pack: Pack.PRODUCTION,
  kinds: ['Deployment'],
  keys: ['maxUnavailable'],
  summary: 'A rolling update leaves some pods.',
  why: 'all old pods may be stopped before the first new one is ready: every update is an outage, and a broken one lasts',
  fix: 'set `maxUnavailable: 0` and `maxSurge: 1`; where old and new pods must not run side by side, say so with `strategy.type: Recreate`',
  source: 'https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#max-unavailable',
  notApplicable: 'to DaemonSets, whose pods each node has one of, to Deployments of one pod, and to those that say nothing of `maxUnavailable`: a quarter of the pods, rounded down, is always less than all',
  bad: `
apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  replicas: 2
  strategy: { rollingUpdate: { maxUnavailable: "100%" } }
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
  strategy: { rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } }
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec: { containers: [{ name: web, image: "shop/web:1.0" }] }
`,
  seen: 'On Kubernetes 1.33.13 half a minute after an update to a program that fails none of the two pods of the bad example was ready, and both of the good one.',
  checkObject({ object, app }) {
    const rollingUpdate = isObject(object.spec) && isObject(object.spec.strategy) ? object.spec.strategy.rollingUpdate : undefined;
    const pods = isObject(rollingUpdate) ? fewestReplicas(object, app) : 0;
    if (pods < 2) {
      return undefined;
    }
    const gone = amountOf(rollingUpdate.maxUnavailable, pods, Math.floor);
    return gone === undefined || gone < pods
      ? []
      : [{ field: 'spec.strategy.rollingUpdate.maxUnavailable', fact: `${quote(rollingUpdate.maxUnavailable)} is all of ${pods} pods` }];
  },
};

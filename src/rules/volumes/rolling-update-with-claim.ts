import { singleNodeVolumes } from './claims';

import { isObject, JsonObject } from '../../manifest/json';
import { mounts } from '../../manifest/volumes';
import { quote } from '../quote';
import { ObjectRule, Pack, Severity } from '../rule';

/** Rollouts in which the new pod waits for the old one, and the old one for the new one. */
export const rollingUpdateWithClaim: ObjectRule = {
  id: 'rolling-update-with-claim',
  severity: Severity.WARNING,
  pack: Pack.GOLDEN,
  summary: 'A Deployment with a claim for one node takes the old pod away before it starts the new one.',
  why: 'the new pod cannot mount the volume that the old one holds on another node, and the old one stays until the new one is ready: the rollout hangs',
  fix: 'set `strategy.type: Recreate`, or make it a StatefulSet; a claim of `ReadWriteMany` can be held by both',
  source: 'https://github.com/kubernetes/kubernetes/issues/115997',
  notApplicable: 'to claims that are not in the manifests or that several nodes may mount, and to a single replica with `maxUnavailable: 1` or `maxSurge: 0`',
  kinds: ['Deployment'],
  keys: ['persistentVolumeClaim', 'volumeClaimTemplate'],
  bad: `
apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: data }
spec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Gi } } }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: wiki }
spec:
  selector: { matchLabels: { app: wiki } }
  template:
    metadata: { labels: { app: wiki } }
    spec:
      containers: [{ name: wiki, image: "shop/wiki:1.0", volumeMounts: [{ name: data, mountPath: /data }] }]
      volumes: [{ name: data, persistentVolumeClaim: { claimName: data } }]
`,
  good: `
apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: data }
spec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Gi } } }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: wiki }
spec:
  strategy: { type: Recreate }
  selector: { matchLabels: { app: wiki } }
  template:
    metadata: { labels: { app: wiki } }
    spec:
      containers: [{ name: wiki, image: "shop/wiki:1.0", volumeMounts: [{ name: data, mountPath: /data }] }]
      volumes: [{ name: data, persistentVolumeClaim: { claimName: data } }]
`,
  checkObject({ object, app }) {
    const template = app.templateOf(object);
    if (!template) {
      return undefined;
    }
    const containers = app.containersOf(template);
    // A claim that is made for each pod is nobody else's.
    const held = singleNodeVolumes(template, app).filter(({ name, claim }) =>
      app.named('PersistentVolumeClaim', claim, object) && containers.some(({ json }) => mounts(json, name)));
    if (held.length === 0) {
      return undefined;
    }
    const { strategy } = object.spec;
    const type = isObject(strategy) ? strategy.type ?? 'RollingUpdate' : 'RollingUpdate';
    return type === 'RollingUpdate' && waitsForNew(object.spec)
      ? [{ field: 'spec.strategy.type', fact: `${quote(type)} starts the new pod while the old one holds claim ${quote(held[0].claim)}, which one node can mount` }]
      : [];
  },
};

/** Whether an old pod stays until a new one is ready. Kubernetes rounds the share of pods that may be missing down. */
function waitsForNew({ replicas = 1, strategy }: JsonObject): boolean {
  const rolling = isObject(strategy?.rollingUpdate) ? strategy.rollingUpdate : {};
  const missing = amountOf(rolling.maxUnavailable ?? '25%', replicas);
  const surplus = amountOf(rolling.maxSurge ?? '25%', replicas, Math.ceil);
  return !(replicas <= 1 && (missing > 0 || surplus === 0));
}

function amountOf(value: unknown, replicas: unknown, round: (amount: number) => number = Math.floor): number {
  const share = typeof value === 'string' && value.endsWith('%') ? Number(value.slice(0, -1)) / 100 : undefined;
  return share === undefined ? Number(typeof value === 'object' ? NaN : value) : round(share * (typeof replicas === 'number' ? replicas : 1));
}

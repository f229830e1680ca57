import { ConfigSource, ConfigVolume, configVolumesOf, keysOf } from './config-sources';
import { ContainerView } from '../../manifest/containers';
import { isObject, objectsIn, textOf } from '../../manifest/json';
import { didYouMean, likelyMeant, quote } from '../quote';
import { ObjectRule, Pack, Severity } from '../rule';

/** Configuration that is asked for a key which it does not have. */
export const missingConfigKey: ObjectRule = {
  id: 'missing-config-key',
  severity: Severity.ERROR,
  pack: Pack.VALID,
  kinds: ['Pod', 'PodTemplate', 'ReplicationController', 'Deployment', 'ReplicaSet', 'StatefulSet', 'DaemonSet', 'Job', 'CronJob'],
  keys: ['configMapKeyRef', 'secretKeyRef', 'items'],
  summary: 'A ConfigMap or Secret of the app has the keys that a pod takes from it.',
  why: 'the container is never created (`CreateContainerConfigError`), or its volume never mounted (`FailedMount`)',
  fix: 'write the key as it stands in the ConfigMap or Secret, or add it there; `optional: true` is for programs that do without it',
  source: 'https://kubernetes.io/docs/tasks/configure-pod-container/configure-pod-configmap/#restrictions',
  notApplicable: 'to optional references; where the ConfigMap or Secret is not in the app, has no key at all, or has labels or annotations that say somebody else adds to it (inject, reflect, replicate, sync); to Secrets beside custom resources that write Secrets',
  bad: `
apiVersion: v1
kind: ConfigMap
metadata: { name: web }
data: { log-level: info }
---
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  containers:
    - name: web
      image: "shop/web:1.0"
      env: [{ name: LOG_LEVEL, valueFrom: { configMapKeyRef: { name: web, key: logLevel } } }]
`,
  good: `
apiVersion: v1
kind: ConfigMap
metadata: { name: web }
data: { log-level: info }
---
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  containers:
    - name: web
      image: "shop/web:1.0"
      env: [{ name: LOG_LEVEL, valueFrom: { configMapKeyRef: { name: web, key: log-level } } }]
`,
  seen: 'On Kubernetes 1.33.13 the container of the bad example stayed in `CreateContainerConfigError: couldn\'t find key logLevel in ConfigMap …/web`, and with the key in the `items` of a volume in `FailedMount: configmap references non-existent config key`. The good one ran.',
  checkObject({ object, app }) {
    const template = app.templateOf(object);
    if (!template) {
      return undefined;
    }
    const uses = [...app.containersOf(template).flatMap(keysInEnv), ...configVolumesOf(template).flatMap(keysInVolume)];
    const known = uses.flatMap((use) => {
      const keys = use.key === '' ? undefined : keysOf(use.source, object, app);
      return keys ? [{ ...use, keys }] : [];
    });
    return known.length === 0 ? undefined : known.filter(({ key, keys }) => !keys.has(key)).map(({ source, key, keys, field }) => (
      { field, fact: `${quote(key)} is no key of ${source.kind} ${quote(source.name)}${didYouMean(likelyMeant(key, keys))}` }));
  },
};

/** What a pod takes from one of them. */
interface Use {
  readonly source: ConfigSource;
  readonly key: string;
  readonly field: string;
}

function keysInEnv({ json, path }: ContainerView): Use[] {
  return objectsIn(json.env).flatMap(({ valueFrom }, index) => {
    for (const [field, kind] of [['configMapKeyRef', 'ConfigMap'], ['secretKeyRef', 'Secret']] as const) {
      const ref = isObject(valueFrom) ? valueFrom[field] : undefined;
      if (isObject(ref) && ref.optional !== true) {
        return [{ source: { kind, name: textOf(ref.name) }, key: textOf(ref.key), field: `${path}.env[${index}].valueFrom.${field}.key` }];
      }
    }
    return [];
  });
}

function keysInVolume({ source, items, path }: ConfigVolume): Use[] {
  return items.map(({ key }, index) => ({ source, key: textOf(key), field: `${path}.items[${index}].key` }));
}

import { posix } from 'path';
import { mountsOf } from './mounts';
import { textOf } from '../../manifest/json';
import { didYouMean, likelyMeant, quote } from '../quote';
import { ObjectRule, Pack, RuleFinding, Severity } from '../rule';
import { ConfigVolume, configVolumesOf, keysOf } from '../values/config-sources';

/** Files of configuration that do not exist. */
export const missingConfigFile: ObjectRule = {
  id: 'missing-config-file',
  severity: Severity.WARNING,
  pack: Pack.GOLDEN,
  kinds: ['Pod', 'PodTemplate', 'ReplicationController', 'Deployment', 'ReplicaSet', 'StatefulSet', 'DaemonSet', 'Job', 'CronJob'],
  keys: ['subPath'],
  summary: 'A mount with `subPath` names a file that its ConfigMap or Secret has.',
  why: 'the kubelet makes an empty directory of the name and mounts that: the program finds a directory where its file should be, or nothing in the directory that it hides',
  fix: 'write the name of the file as it is in the volume: a key, or a `path` of the `items`',
  source: 'https://kubernetes.io/docs/concepts/storage/volumes/#using-subpath',
  notApplicable: 'to optional and projected volumes, to paths that are absolute or lead upwards, and where `missing-config-key` does not apply to the ConfigMap or Secret',
  bad: `
apiVersion: v1
kind: ConfigMap
metadata: { name: web-9c2f6ab31d }
data: { web.conf: "" }
---
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  containers:
    - { name: web, image: "shop/web:1.0", volumeMounts: [{ name: config, mountPath: /etc/web/web.conf, subPath: web.cfg }] }
  volumes: [{ name: config, configMap: { name: web-9c2f6ab31d } }]
`,
  good: `
apiVersion: v1
kind: ConfigMap
metadata: { name: web-9c2f6ab31d }
data: { web.conf: "" }
---
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  containers:
    - { name: web, image: "shop/web:1.0", volumeMounts: [{ name: config, mountPath: /etc/web/web.conf, subPath: web.conf }] }
  volumes: [{ name: config, configMap: { name: web-9c2f6ab31d } }]
`,
  seen: 'On Kubernetes 1.33.13 the program of the bad example got "Is a directory" when it read its file; that of the good one read the text.',
  checkObject({ object, app }) {
    const template = app.templateOf(object);
    const volumes = template && configVolumesOf(template).filter(({ isProjected }) => !isProjected);
    if (!template || !volumes || volumes.length === 0) {
      return undefined;
    }
    const mounts = app.containersOf(template).flatMap((container) => mountsOf(container)).flatMap(({ json, path }) => {
      const volume = volumes.find((one) => one.volume === json.name);
      const keys = volume && isBelow(textOf(json.subPath)) ? keysOf(volume.source, object, app) : undefined;
      return volume && keys ? [{ field: `${path}.subPath`, wanted: textOf(json.subPath), volume, keys }] : [];
    });
    return mounts.length === 0 ? undefined : mounts.flatMap(({ field, wanted, volume, keys }) => missing(field, wanted, volume, keys));
  },
};

function isBelow(subPath: string): boolean {
  const path = posix.normalize(subPath);
  return path !== '.' && path !== './' && !path.startsWith('/') && !path.startsWith('..');
}

function missing(field: string, wanted: string, { source, items }: ConfigVolume, keys: ReadonlySet<string>): RuleFinding[] {
  const files = items.length > 0 ? items.map(({ path }) => posix.normalize(textOf(path))) : [...keys];
  const start = posix.normalize(`${wanted}/`);
  return files.some((file) => `${file}/`.startsWith(start)) ? []
    : [{ field, fact: `${quote(wanted)} is no file of ${source.kind} ${quote(source.name)}${didYouMean(likelyMeant(wanted, files))}` }];
}

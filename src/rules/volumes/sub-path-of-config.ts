import { mountsOf } from './mounts';
import { runsBesideOthers } from '../../manifest/containers';
import { isObject, JsonObject, objectsIn, textOf } from '../../manifest/json';
import { Manifests } from '../../manifest/manifests';
import { quote } from '../quote';
import { ObjectRule, Pack, RuleFinding, Severity } from '../rule';

/** Annotations with which configuration rolls the pods: checksums in charts, operators that watch it, Helm's random values. */
const ROLLS = /checksum|hash|sha\d*sum|sha256|digest|reload|rollme|revision|version/i;

/** The end of a name that follows the content: of Kustomize ten letters and digits, of others a longer hash. */
const HASHED = /-(?:[bcdfghkmt2456789]{10}|[0-9a-f]{10,64})$/;

/** Configuration that a running pod never sees change. */
export const subPathOfConfig: ObjectRule = {
  id: 'sub-path-of-config',
  severity: Severity.WARNING,
  pack: Pack.GOLDEN,
  summary: 'A file of a ConfigMap or Secret that is mounted with `subPath` rolls the pods when it changes.',
  why: 'the kubelet updates mounted configuration, but never a mount with `subPath`: the pod goes on with the old content until something else replaces it',
  fix: 'let the name of the ConfigMap or Secret carry a hash of its content and set `immutable: true`, put a checksum of it into an annotation of the pod template, or mount the directory',
  source: 'https://kubernetes.io/docs/concepts/configuration/configmap/#mounted-configmaps-are-updated-automatically',
  notApplicable: 'to pods of no workload and of Jobs, to init containers, to objects that are immutable or have a hash in their name, and where an annotation of the workload or its pods carries a checksum or a version',
  kinds: ['Deployment', 'StatefulSet', 'DaemonSet'],
  keys: ['subPath', 'subPathExpr'],
  bad: `
apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      containers:
        - { name: web, image: "shop/web:1.0", volumeMounts: [{ name: config, mountPath: /etc/web/web.conf, subPath: web.conf }] }
      volumes: [{ name: config, configMap: { name: web } }]
`,
  good: `
apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      containers:
        - { name: web, image: "shop/web:1.0", volumeMounts: [{ name: config, mountPath: /etc/web/web.conf, subPath: web.conf }] }
      volumes: [{ name: config, configMap: { name: web-9c2f6ab31d } }]
`,
  seen: 'On Kubernetes 1.33.13 a mount of the whole ConfigMap had the new text 5 seconds after the change in one run and 80 in another, the mount with subPath still the old one half a minute later. A ConfigMap of another name was rolled out at once.',
  checkObject({ object, app }) {
    const template = app.templateOf(object);
    if (!template) {
      return undefined;
    }
    let found: RuleFinding[] | undefined;
    for (const container of app.containersOf(template).filter(runsBesideOthers)) {
      for (const { json, path } of mountsOf(container)) {
        const field = ['subPath', 'subPathExpr'].find((name) => textOf(json[name]) !== '');
        const source = field === undefined ? undefined : sourceOf(objectsIn(template.spec.volumes).find(({ name }) => name === json.name));
        if (field === undefined || !source) {
          continue;
        }
        found ??= [];
        if (!HASHED.test(source.name) && app.named(source.kind, source.name, object)?.immutable !== true && !rolls(object) && !rolls(template.holder)) {
          found.push({ field: `${path}.${field}`, fact: `${quote(json[field])} of ${source.kind} "${source.name}" is never updated in a running pod, and nothing rolls the pods` });
        }
      }
    }
    return found;
  },
};

function sourceOf(volume: JsonObject | undefined): { readonly kind: Parameters<Manifests['named']>[0]; readonly name: string } | undefined {
  if (isObject(volume?.configMap)) {
    return { kind: 'ConfigMap', name: textOf(volume.configMap.name) };
  }
  return isObject(volume?.secret) ? { kind: 'Secret', name: textOf(volume.secret.secretName) } : undefined;
}

function rolls({ metadata }: JsonObject): boolean {
  return isObject(metadata?.annotations) && Object.keys(metadata.annotations).some((key) => ROLLS.test(key));
}

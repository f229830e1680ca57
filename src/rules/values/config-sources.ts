import { isObject, JsonObject, objectsIn, textOf } from '../../manifest/json';
import { nameOf, namespaceOf } from '../../manifest/kinds';
import { valueIn } from '../../manifest/lists';
import { Manifests } from '../../manifest/manifests';
import { onceFor } from '../../manifest/memo';
import { PodTemplate } from '../../manifest/pod-template';

/** A ConfigMap or Secret that a pod refers to. */
export interface ConfigSource {
  readonly kind: 'ConfigMap' | 'Secret';
  readonly name: string;
}

/** One that becomes files of a volume. */
export interface ConfigVolume {
  readonly source: ConfigSource;
  /** The name of the volume. */
  readonly volume: string;
  /** Whether the volume has files of others too. */
  readonly isProjected: boolean;
  readonly items: readonly JsonObject[];
  /** Field path of what holds the items. */
  readonly path: string;
}

/** The ConfigMaps and Secrets in the volumes of a pod, but for those that are optional. */
export function configVolumesOf({ spec, path }: PodTemplate): ConfigVolume[] {
  return objectsIn(spec.volumes).flatMap((volume, index) => {
    const name = textOf(volume.name);
    const own = `${path}.volumes[${index}]`;
    const sources = isObject(volume.projected) ? objectsIn(volume.projected.sources) : [];
    return [...filesOf(volume, name, false, own), ...sources.flatMap((source, at) => filesOf(source, name, true, `${own}.projected.sources[${at}]`))];
  });
}

function filesOf(holder: JsonObject, volume: string, isProjected: boolean, path: string): ConfigVolume[] {
  return ([['configMap', 'ConfigMap', 'name'], ['secret', 'Secret', isProjected ? 'name' : 'secretName']] as const).flatMap(([field, kind, naming]) => {
    const source = holder[field];
    return isObject(source) && source.optional !== true
      ? [{ source: { kind, name: textOf(source[naming]) }, volume, isProjected, items: objectsIn(source.items), path: `${path}.${field}` }] : [];
  });
}

/** In labels and annotations: somebody else writes into the object. */
const ADDED_TO = /inject|reflect|replicat|sync/i;

/** Kinds of custom resources that write Secrets: ExternalSecret, SealedSecret, VaultStaticSecret, OnePasswordItem. */
const WRITES_SECRETS = /secret|vault|password/i;

/**
 * The keys of a ConfigMap or Secret in the namespace of an object; undefined where it is not in the app, or somebody else may add to it.
 *
 * An object that comes twice, as the base and an overlay of it do, has the keys of both.
 */
export function keysOf({ kind, name }: ConfigSource, object: JsonObject, app: Manifests): ReadonlySet<string> | undefined {
  const keys = keysOfAll(app).get(`${kind} ${namespaceOf(object)} ${name}`);
  return keys !== undefined && keys.size > 0 ? keys : undefined;
}

const keysOfAll = onceFor((app: Manifests): ReadonlyMap<string, ReadonlySet<string>> => {
  const all = new Map<string, Set<string>>();
  const addedTo = new Set<string>();
  const secretsAreWritten = app.ofKind('').some(({ kind }) => WRITES_SECRETS.test(textOf(kind)));
  for (const kind of secretsAreWritten ? ['ConfigMap'] : ['ConfigMap', 'Secret']) {
    for (const object of app.ofKind(kind)) {
      const id = `${kind} ${namespaceOf(object)} ${nameOf(object)}`;
      const keys = valueIn(all, id, () => new Set<string>());
      [object.data, object.binaryData, object.stringData].filter(isObject).forEach((data) => Object.keys(data).forEach((key) => keys.add(key)));
      if (isAddedTo(object)) {
        addedTo.add(id);
      }
    }
  }
  addedTo.forEach((id) => all.delete(id));
  return all;
});

function isAddedTo({ type, metadata }: JsonObject): boolean {
  const { labels, annotations }: JsonObject = isObject(metadata) ? metadata : {};
  return type === 'kubernetes.io/service-account-token'
    || [labels, annotations].filter(isObject).some((texts) => Object.keys(texts).some((key) => ADDED_TO.test(key)));
}

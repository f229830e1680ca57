import { Size } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { bytesOf, instanceOf, OBJECT, quoted, refuse, requireKind, requireList, TEXT } from '../manifest/check-input';
import { isObject, JsonObject } from '../manifest/json';
import { podTemplateOf } from '../manifest/pod-template';
import { ClaimRetention, StatefulSetSettings } from '../production/fields/stateful-set-settings';
import { Volumes } from '../production/fields/volumes';
import { PodHook } from '../production/pod-hook';

/** A claim for storage, of which each pod of a StatefulSet has its own. */
export interface VolumeClaimTemplateOptions {
  /** Name of the volume. Each pod has a claim of the name `<name>-<pod>`. A DNS label. */
  readonly name: string;

  /** Where the app mounts it, read-write. */
  readonly path: string;

  /** How much storage is asked for. The provider of the storage enforces it. */
  readonly size: Size;

  /**
   * Name of the StorageClass.
   *
   * @default - the default class of the cluster
   */
  readonly storageClassName?: string;

  /**
   * Who may mount it at a time.
   *
   * @default kplus.PersistentVolumeAccessMode.READ_WRITE_ONCE
   */
  readonly accessMode?: kplus.PersistentVolumeAccessMode;
}

/** What becomes of the claims of a StatefulSet. */
export interface ClaimRetentionOptions {
  /**
   * When the StatefulSet is deleted.
   *
   * @default ClaimRetention.RETAIN
   */
  readonly whenDeleted?: ClaimRetention;

  /**
   * When it is scaled down, for the claims of the pods that go.
   *
   * @default ClaimRetention.RETAIN
   */
  readonly whenScaled?: ClaimRetention;
}

const SIZE_FIX = instanceOf(Size, 'write Size.gibibytes(10)');

/** Refuses templates of which no claim can be made. */
export function checkClaims(path: string, claims: VolumeClaimTemplateOptions[], volumes: kplus.Volume[] = []): void {
  requireList(path, 'volumeClaimTemplates', claims, OBJECT);
  claims.forEach(({ name, path: mountPath, size }, index) => {
    const field = `volumeClaimTemplates[${index}]`;
    requireKind(path, `${field}.name`, name, TEXT);
    if (!/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(name)) {
      refuse(path, `${field}.name: ${quoted(name)} is not a DNS label of at most 63 characters`, 'it names a volume', 'give a name such as "data"');
    }
    if (claims.findIndex((other) => other.name === name) !== index) {
      refuse(path, `${field}.name: ${quoted(name)} is given twice`, 'it names one volume of the pod', 'give one of the two another name');
    }
    if (volumes.some((volume) => volume.name === name)) {
      refuse(path, `${field}.name: ${quoted(name)} is the name of one of the \`volumes\``, 'both would be volumes of the pod', 'give one of the two another name');
    }
    requireKind(path, `${field}.path`, mountPath, TEXT);
    requireKind(path, `${field}.size`, size, SIZE_FIX);
    bytesOf(path, `${field}.size`, size);
  });
}

/** Refuses words that the API server does not know. */
export function checkRetention(path: string, retention: ClaimRetentionOptions): void {
  requireKind(path, 'claimRetention', retention, OBJECT);
  for (const field of ['whenDeleted', 'whenScaled'] as const) {
    const value = retention[field];
    if (value !== undefined && value !== null && !Object.values(ClaimRetention).includes(value)) {
      refuse(path, `claimRetention.${field}: ${quoted(value)} is not a ClaimRetention`, 'the API server knows "Retain" and "Delete"',
        'write ClaimRetention.RETAIN or DELETE');
    }
  }
}

/** Mounts the claims in the app, and says what becomes of them. */
export function addClaims(set: kplus.StatefulSet, app: kplus.Container, claims: VolumeClaimTemplateOptions[], retention?: ClaimRetentionOptions): kplus.Volume[] {
  const volumes = claims.map(({ name, path, size, accessMode, storageClassName }) => {
    const volume = Volumes.fromClaimTemplate(set, name, { storage: size, accessModes: accessMode ? [accessMode] : undefined, storageClassName });
    app.mount(path, volume);
    return volume;
  });
  if (retention) {
    const { whenDeleted, whenScaled } = retention;
    set.with(new StatefulSetSettings({
      claimsWhenDeleted: whenDeleted ?? ClaimRetention.RETAIN, claimsWhenScaled: whenScaled ?? ClaimRetention.RETAIN,
    }));
  }
  return volumes;
}

/** Refuses volumes that containers mount, and that are called like a claim; cdk8s-plus says so when it is written, and not where. */
export function demandNamesOfTheirOwn(set: kplus.StatefulSet, claims: kplus.Volume[]): void {
  for (const { name, mounts } of claims.length > 0 ? [...set.containers, ...set.initContainers] : []) {
    for (const { path, volume } of mounts) {
      const index = claims.findIndex((claim) => claim.name === volume.name && claim !== volume);
      if (index >= 0) {
        refuse(set.node.path, `volumeClaimTemplates[${index}].name: ${quoted(volume.name)} is the name of a volume that "${name}" mounts at ${quoted(path)}`,
          'both would be volumes of the pod', 'give one of the two another name');
      }
    }
  }
}

/** Lets an app that is not root write to a new volume, which belongs to root; only where nobody chose a group. */
export function writeClaimGroup(set: kplus.StatefulSet, app: kplus.Container, policy?: kplus.FsGroupChangePolicy): void {
  const hook = PodHook.of(set);
  hook.addWriter((json) => {
    const spec = podTemplateOf(json)!.spec;
    const security: JsonObject = isObject(spec.securityContext) ? spec.securityContext : {};
    security.fsGroup ??= app.securityContext.group ?? security.runAsGroup ?? app.securityContext.user ?? security.runAsUser ?? hook.facts.user;
    if (policy === undefined) {
      // cdk8s-plus writes Always, which walks through all files at each start.
      security.fsGroupChangePolicy = kplus.FsGroupChangePolicy.ON_ROOT_MISMATCH;
    }
    spec.securityContext = security;
  });
}

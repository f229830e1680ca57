import { Duration, Size } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import {
  allowKind, bytesOf, instanceOf, memberOf, OBJECT, quoted, refuse, requireKind, requireList, TEXT, wholeSeconds,
} from '../../manifest/check-input';
import { JsonObject, objectsIn } from '../../manifest/json';
import { podTemplateOf } from '../../manifest/pod-template';
import { formatBytes } from '../../manifest/quantity';
import { isLabel, isSubdomain } from '../../rules/names/dns';
import { relativePathProblem } from '../../rules/relative-path';
import { PodHook } from '../pod-hook';

/** A token of the pod's service account. */
export interface ServiceAccountTokenOptions {
  /**
   * For whom the token is: whoever receives it must find its own name there. A string such as the URL of the receiver.
   *
   * @default - the API server of the cluster
   */
  readonly audience?: string;

  /**
   * How long a token is valid: whole seconds, from 10 minutes to 2^32 seconds; the API server may be set up to give less. The kubelet replaces it
   * before it expires, so the file must be read again from time to time.
   *
   * @default Duration.hours(1)
   */
  readonly expiration?: Duration;

  /**
   * File in the volume, relative to where it is mounted.
   *
   * @default 'token'
   */
  readonly path?: string;
}

/** A claim that every pod of a StatefulSet gets of its own. */
export interface ClaimTemplateOptions {
  /** How much storage each pod asks for: any whole number of kibibytes. */
  readonly storage: Size;

  /**
   * How nodes may mount the volume.
   *
   * @default - `READ_WRITE_ONCE`
   */
  readonly accessModes?: kplus.PersistentVolumeAccessMode[];

  /**
   * Name of a StorageClass; empty for volumes that were made by hand.
   *
   * @default - the default class of the cluster
   */
  readonly storageClassName?: string;
}

const SHORTEST_TOKEN_SECONDS = 600;

const LONGEST_TOKEN_SECONDS = 2 ** 32;

const STATEFUL_SET = instanceOf(kplus.StatefulSet, 'only a StatefulSet makes claims for its pods; give others a claim: kplus.Volume.fromPersistentVolumeClaim()');

/**
 * Volumes that cdk8s-plus has no factory for.
 *
 * They are volumes of cdk8s-plus, and go wherever it takes one.
 *
 * @see https://kubernetes.io/docs/concepts/storage/volumes/
 * @example
 *
 * const token = Volumes.fromServiceAccountToken(pod, 'VaultToken', 'vault-token', {
 *   audience: 'https://vault.example.com',
 *   expiration: Duration.minutes(15),
 * });
 * pod.containers[0].mount('/var/run/secrets/vault', token, { readOnly: true });
 */
export class Volumes {
  /**
   * A token of the pod's service account, for one audience and one pod, which the kubelet renews.
   *
   * It does not need `automountServiceAccountToken`. Only the user of the pod can read the file where all containers have the same numeric user;
   * otherwise `fsGroup` can, and without one everybody in the pod.
   *
   * @see https://kubernetes.io/docs/concepts/storage/projected-volumes/#serviceaccounttoken
   * @param scope the pod, or where else the volume belongs to
   * @param id name of the construct
   * @param name name of the volume: a DNS label
   * @param options audience, life time and file
   */
  public static fromServiceAccountToken(scope: Construct, id: string, name: string, options: ServiceAccountTokenOptions = {}): kplus.Volume {
    const where = `${scope.node.path}/${id}`;
    checkName(where, name);
    requireKind(where, 'options', options, OBJECT);
    const { audience, expiration, path = 'token' } = options;
    allowKind(where, 'audience', audience, TEXT);
    if (audience === '') {
      refuse(where, 'audience: "" is nobody', 'nobody could accept the token', 'leave it out for the API server, or name the receiver');
    }
    checkFile(where, path);
    const expirationSeconds = wholeSeconds(where, 'expiration', expiration, 3600, SHORTEST_TOKEN_SECONDS);
    if (expirationSeconds > LONGEST_TOKEN_SECONDS) {
      refuse(where, `expiration: "${expirationSeconds} s" is more than 2^32 seconds`, 'the API server refuses it', 'give an hour: the kubelet renews the token');
    }
    return withSource(scope, id, name, { projected: { sources: [{ serviceAccountToken: { audience, expirationSeconds, path } }] } });
  }

  /**
   * A volume of which each pod of a StatefulSet has one of its own, from a claim that is made with the pod and found again by the pod that
   * takes its place: an entry of `volumeClaimTemplates`.
   *
   * The templates of a StatefulSet that exists cannot be changed. For the end of the claims see `StatefulSetSettings`.
   *
   * @see https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#volume-claim-templates
   * @param statefulSet the StatefulSet
   * @param name name of the volume and of the template: a DNS label
   * @param options size, access and class
   */
  public static fromClaimTemplate(statefulSet: kplus.StatefulSet, name: string, options: ClaimTemplateOptions): kplus.Volume {
    const where = 'Volumes.fromClaimTemplate';
    requireKind(where, 'statefulSet', statefulSet, STATEFUL_SET);
    const path = statefulSet.node.path;
    checkName(path, name);
    const id = `Claim-${name}`;
    if (statefulSet.node.tryFindChild(id)) {
      refuse(path, `volumeClaimTemplates: "${name}" is the name of two templates`, 'it names the claims of the pods', 'give one of the two another name');
    }
    const template = claimTemplate(path, name, options);
    PodHook.of(statefulSet).addWriter((object) => writeClaim(object, name, template));
    return withSource(statefulSet, id, name, {});
  }

  private constructor() {}
}

function checkName(where: string, name: string): void {
  requireKind(where, 'name', name, TEXT);
  if (!isLabel(name)) {
    refuse(where, `name: ${quoted(name)} is not a DNS label of at most 63 characters`,
      'the API server takes lower case letters, digits and "-" in the name of a volume', 'write it as in "vault-token"');
  }
}

function checkFile(where: string, path: string): void {
  requireKind(where, 'path', path, TEXT);
  const problem = path === '' ? 'is no file' : path.startsWith('..') ? 'starts with ".."' : relativePathProblem(path);
  if (problem) {
    refuse(where, `path: ${quoted(path)} ${problem}`, 'it is a file in the volume, and names with ".." at their start are the kubelet\'s own', 'write it as in "token"');
  }
}

function claimTemplate(where: string, name: string, options: ClaimTemplateOptions): JsonObject {
  requireKind(where, 'options', options, { ...OBJECT, fix: () => 'give its size: { storage: Size.gibibytes(10) }' });
  const { storage, accessModes = [kplus.PersistentVolumeAccessMode.READ_WRITE_ONCE], storageClassName } = options;
  const field = `volumeClaimTemplates["${name}"]`;
  const bytes = bytesOf(where, `${field}.storage`, storage);
  requireList(where, `${field}.accessModes`, accessModes, memberOf('PersistentVolumeAccessMode', kplus.PersistentVolumeAccessMode));
  if (accessModes.length === 0) {
    refuse(where, `${field}.accessModes: "" is no access mode`, 'the API server demands one', 'leave it out, or give PersistentVolumeAccessMode.READ_WRITE_ONCE');
  }
  allowKind(where, `${field}.storageClassName`, storageClassName, TEXT);
  if (storageClassName && !isSubdomain(storageClassName)) {
    refuse(where, `${field}.storageClassName: ${quoted(storageClassName)} is not a DNS subdomain of at most 253 characters`,
      'it names an object of the cluster', 'write it as `kubectl get storageclass` shows it');
  }
  return {
    metadata: { name },
    spec: {
      accessModes: [...accessModes],
      resources: { requests: { storage: formatBytes(bytes) } },
      ...(storageClassName !== undefined && storageClassName !== null && { storageClassName }),
    },
  };
}

/** The controller gives each pod a volume of that name: the template of the pod has none. */
function writeClaim(object: JsonObject, name: string, template: JsonObject): void {
  object.spec.volumeClaimTemplates = [...objectsIn(object.spec.volumeClaimTemplates), template];
  const { spec } = podTemplateOf(object)!;
  const others = objectsIn(spec.volumes).filter((volume) => volume.name !== name);
  spec.volumes = others.length > 0 ? others : undefined;
  if (others.length === 0) {
    delete spec.volumes;
  }
}

type Rendering = { _toKube(): object };

/**
 * A volume of cdk8s-plus with a source that it does not know.
 *
 * Its constructor is private, so that there can be no subclass; the pods that it is mounted in call this one method.
 */
function withSource(scope: Construct, id: string, name: string, source: object): kplus.Volume {
  const volume = kplus.Volume.fromEmptyDir(scope, id, name);
  (volume as unknown as Rendering)._toKube = () => ({ name, ...source });
  return volume;
}

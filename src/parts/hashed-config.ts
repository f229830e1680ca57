import { createHash } from 'crypto';
import { ApiObject } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { BoundPart } from './part';
import { objectName } from './part-holder';

/** A ConfigMap's name may have 253 characters, but people read them in columns. */
const MAX_PREFIX = 52;

/**
 * Configuration files in an immutable ConfigMap whose name carries the hash of their content.
 *
 * Changed content is a new name, so a Deployment, StatefulSet or DaemonSet rolls and the next run of a CronJob uses it.
 * A bare Pod and a Job cannot be changed: the API server refuses the new name, and they must be replaced.
 */
export class HashedConfig {
  /** A volume with the files. */
  public static volume(
    bound: BoundPart, pod: kplus.AbstractPod, owner: string, volumeName: string, files: { [name: string]: string },
  ): kplus.Volume {
    const full = `${objectName(pod)}-${owner}`;
    const prefix = full.slice(0, MAX_PREFIX).replace(/[-.]+$/, '');
    // Two long names may be the same up to there: then the path tells them apart.
    const origin = prefix === full ? '' : bound._path;
    const hash = createHash('sha256').update(origin + JSON.stringify(Object.entries(files).sort())).digest('hex').slice(0, 10);
    const name = `${prefix}-${hash}`;
    const config = new kplus.ConfigMap(pod, `Config-${owner}`, { metadata: { name, namespace: ApiObject.of(pod).metadata.namespace }, data: { ...files }, immutable: true });
    return kplus.Volume.fromConfigMap(pod, `ConfigVolume-${owner}`, config, { name: volumeName });
  }
}

import { isObject, JsonObject, objectsIn } from '../../manifest/json';
import { Manifests } from '../../manifest/manifests';
import { PodTemplate } from '../../manifest/pod-template';

/** A volume of a pod that comes from a claim. */
export interface ClaimedVolume {
  /** Name of the volume. */
  readonly name: string;
  /** Name of the claim, or of the template of claims. */
  readonly claim: string;
}

/** The volumes whose claims are in reach and let one node mount them only. */
export function singleNodeVolumes({ object, spec }: PodTemplate, app: Manifests): ClaimedVolume[] {
  const found: ClaimedVolume[] = [];
  for (const { name, persistentVolumeClaim, ephemeral } of objectsIn(spec.volumes)) {
    const claim = isObject(persistentVolumeClaim) ? app.named('PersistentVolumeClaim', persistentVolumeClaim.claimName, object) : undefined;
    if (typeof name === 'string' && claim && isForOneNode(claim)) {
      found.push({ name, claim: persistentVolumeClaim.claimName });
    } else if (typeof name === 'string' && isObject(ephemeral?.volumeClaimTemplate) && isForOneNode(ephemeral.volumeClaimTemplate)) {
      found.push({ name, claim: name });
    }
  }
  for (const template of object.kind === 'StatefulSet' ? objectsIn(object.spec.volumeClaimTemplates) : []) {
    const name = template.metadata?.name;
    if (typeof name === 'string' && isForOneNode(template)) {
      found.push({ name, claim: name });
    }
  }
  return found;
}

const FOR_ONE = ['ReadWriteOnce', 'ReadWriteOncePod'];

function isForOneNode({ spec }: JsonObject): boolean {
  const modes = isObject(spec) ? spec.accessModes : undefined;
  return Array.isArray(modes) && modes.length > 0 && modes.every((mode) => FOR_ONE.includes(mode)) && spec.volumeMode !== 'Block';
}

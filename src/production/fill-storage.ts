import { PodFacts } from './pod-facts';
import { ContainerRole, ContainerView } from '../manifest/containers';
import { isObject, JsonObject, objectsIn, sortedKeys, withKey } from '../manifest/json';
import { formatBytes, parseQuantity } from '../manifest/quantity';
import { mounts, writes } from '../manifest/volumes';

const MEBIBYTE = 2 ** 20;

/** The kubelet keeps 5 log files of 10Mi for each container; twice that leaves room for bursts between its looks. */
const LOG_ALLOWANCE_BYTES = 100 * MEBIBYTE;

/** Writes the size limits of the shared directories, in any unit, and charges those in memory to their writers. */
export function fillDirectories(containers: ContainerView[], spec: JsonObject, facts: PodFacts): void {
  for (const directory of facts.directories) {
    const volume = objectsIn(spec.volumes).find((candidate) => candidate.name === directory.volume);
    if (!volume || !isObject(volume.emptyDir) || directory.sizeLimitBytes === undefined) {
      continue;
    }
    volume.emptyDir.sizeLimit ??= formatBytes(directory.sizeLimitBytes);
    if (directory.inMemory) {
      chargeWriters(containers, directory.volume, directory.sizeLimitBytes, facts.rotator);
    }
  }
  chargeForOtherVolumes(containers, spec, facts);
}

/** Volumes in memory that the user made: memory that the user chose counts with them, a default of ours cannot. */
function chargeForOtherVolumes(containers: ContainerView[], spec: JsonObject, facts: PodFacts): void {
  for (const { name: volume, emptyDir } of objectsIn(spec.volumes)) {
    if (!isObject(emptyDir) || emptyDir.medium !== 'Memory' || facts.directories.some((directory) => directory.volume === volume)) {
      continue;
    }
    const bytes = parseQuantity(emptyDir.sizeLimit);
    if (bytes !== undefined) {
      chargeWriters(containers.filter(({ name }) => facts.hasDefaultResources(name)), volume, bytes, facts.rotator);
    }
  }
}

/**
 * A page of a tmpfs counts against the memory limit of whoever wrote it, and outlives
 * that container: each of several writers must be able to hold it all.
 */
function chargeWriters(containers: ContainerView[], volume: string, bytes: number, rotator?: string): void {
  // The rotator mounts it read-write and only gives space back.
  for (const container of containers.filter(({ json, name }) => name !== rotator && writes(json, volume))) {
    for (const list of ['requests', 'limits']) {
      const amounts = container.json.resources?.[list];
      const memory = isObject(amounts) ? parseQuantity(amounts.memory) : undefined;
      if (memory !== undefined) {
        amounts.memory = formatBytes(memory + bytes);
      }
    }
  }
}

/**
 * Gives every container room on the node's disk, or none at all.
 *
 * The limit of the pod is the sum of those of its containers, and counts disk volumes,
 * logs and writable layers together: one limit too few, and the pod is evicted for a
 * volume that is within its own bound. Where something is unbounded there is no limit
 * that would be right.
 *
 * @param chosen those that get room now, where the others had their turn
 */
export function fillEphemeralStorage(containers: ContainerView[], spec: JsonObject, chosen: ContainerView[] = containers): void {
  const disks = objectsIn(spec.volumes).filter((volume) => isObject(volume.emptyDir) && volume.emptyDir.medium !== 'Memory');
  const bounded = disks.every((volume) => parseQuantity(volume.emptyDir.sizeLimit) !== undefined)
    && containers.every(({ json }) => json.securityContext?.readOnlyRootFilesystem === true);
  if (!bounded) {
    return;
  }
  const owners = new Map<ContainerView, number>();
  for (const volume of disks) {
    const owner = ownerOf(containers, volume.name);
    if (owner) {
      owners.set(owner, (owners.get(owner) ?? 0) + parseQuantity(volume.emptyDir.sizeLimit)!);
    }
  }
  for (const container of chosen) {
    setStorage(container.json, LOG_ALLOWANCE_BYTES + (owners.get(container) ?? 0));
  }
}

/** How well a container carries a volume in its limit; a writer among those that last beats them all. */
const CARRIES = { [ContainerRole.REGULAR]: 2, [ContainerRole.NATIVE_SIDECAR]: 1, [ContainerRole.INIT]: 0 };

/** The container whose limit carries a volume: one that lives as long as the pod, a writer if there is one. */
function ownerOf(containers: ContainerView[], volume: string): ContainerView | undefined {
  let owner: ContainerView | undefined;
  let best = -1;
  for (const container of containers) {
    const { role, json } = container;
    const rank = CARRIES[role] + (role !== ContainerRole.INIT && writes(json, volume) ? 2 : 0);
    if (rank > best && mounts(json, volume)) {
      owner = container;
      best = rank;
    }
  }
  return owner;
}

function setStorage(json: JsonObject, limit: number): void {
  const { limits, requests } = isObject(json.resources) ? json.resources : {} as JsonObject;
  // What the user chose for one of the two bounds the other; otherwise the node sets aside all that may be used.
  const asked = parseQuantity(requests?.['ephemeral-storage']) ?? 0;
  const allowed = parseQuantity(limits?.['ephemeral-storage']) ?? Math.max(limit, asked);
  putStorage(json, 'limits', allowed);
  putStorage(json, 'requests', Math.min(limit, allowed));
}

/** Writes an amount of ephemeral storage; one that is there stays. */
export function putStorage(json: JsonObject, list: 'limits' | 'requests', bytes: number | undefined): void {
  if (bytes === undefined) {
    return;
  }
  const resources: JsonObject = isObject(json.resources) ? json.resources : {};
  resources[list] = withKey(isObject(resources[list]) ? resources[list] : {}, 'ephemeral-storage', formatBytes(bytes));
  json.resources = sortedKeys(resources);
}

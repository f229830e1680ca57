import { LogFileFact, PodFacts } from './pod-facts';
import { ContainerView } from '../manifest/containers';
import { isObject, JsonObject, objectsIn } from '../manifest/json';
import { parseQuantity } from '../manifest/quantity';

/** Bound of a volume that has none. */
const FALLBACK_BYTES = 64 * 2 ** 20;

/** Room for what is written while the rotator looks elsewhere. */
const USABLE_PART = 0.8;

/** Where the rotator keeps its heartbeat. */
export const ROTATOR_STATE_DIRECTORY = '/var/lib/pod-patterns';

/**
 * Gives the rotator its settings: which files, their readers and their bounds.
 *
 * They are a variable and not a file of its ConfigMap, because they are complete only when all parts are bound.
 */
export function fillRotator(containers: ContainerView[], spec: JsonObject, facts: PodFacts): void {
  const rotator = containers.find(({ name }) => facts.rotator !== undefined && name === facts.rotator);
  if (!rotator) {
    return;
  }
  const rotated = facts.logFiles.filter(({ isRotated }) => isRotated);
  const groups = rotated.map((file) => ({
    files: [file.path],
    maxBytes: file.maxBytes ?? shareOf(file, rotated, spec),
    readers: file.readers.map((reader) => ({ ...reader })),
  }));
  rotator.json.env = [
    { name: 'SETTINGS', value: JSON.stringify({ groups, stateDirectory: ROTATOR_STATE_DIRECTORY }) },
    ...objectsIn(rotator.json.env),
  ];
}

/** Files that share a volume share its room. */
function shareOf(file: LogFileFact, all: LogFileFact[], spec: JsonObject): number {
  const volume = objectsIn(spec.volumes).find(({ name }) => name === file.volume);
  const bound = isObject(volume?.emptyDir) ? parseQuantity(volume.emptyDir.sizeLimit) : undefined;
  const sharing = all.filter((other) => other.volume === file.volume).length;
  return Math.floor((bound ?? FALLBACK_BYTES) * USABLE_PART / sharing);
}

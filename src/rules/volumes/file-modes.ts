import { isObject, JsonObject, objectsIn, textOf } from '../../manifest/json';
import { PodTemplate } from '../../manifest/pod-template';

/** Kinds of volumes whose files have a mode. */
const KINDS = ['configMap', 'secret', 'downwardAPI'];

/** A mode that a volume gives to its files, or to one of them. */
export interface FileMode {
  /** Name of the volume. */
  readonly volume: string;
  /** Whether the volume is projected: its files may belong to the user of the pod. */
  readonly isProjected: boolean;
  readonly value: unknown;
  readonly path: string;
}

/** All modes that the volumes of a pod set. */
export function fileModesOf(template: PodTemplate): FileMode[] {
  const modes: FileMode[] = [];
  const volumes = objectsIn(template.spec.volumes);
  for (let index = 0; index < volumes.length; index++) {
    const { name, projected } = volumes[index];
    const path = `${template.path}.volumes[${index}]`;
    const isProjected = isObject(projected);
    const add = (value: unknown, place: string) => {
      if (value !== undefined && value !== null) {
        modes.push({ volume: textOf(name), isProjected, value, path: place });
      }
    };
    addSources(volumes[index], path, true, add);
    if (isProjected) {
      add(projected.defaultMode, `${path}.projected.defaultMode`);
      objectsIn(projected.sources).forEach((source, at) => addSources(source, `${path}.projected.sources[${at}]`, false, add));
    }
  }
  return modes;
}

/** The sources of a projected volume have no default of their own. */
function addSources(holder: JsonObject, path: string, withDefault: boolean, add: (value: unknown, path: string) => void): void {
  for (const kind of KINDS) {
    const source = holder[kind];
    if (isObject(source)) {
      add(withDefault ? source.defaultMode : undefined, `${path}.${kind}.defaultMode`);
      objectsIn(source.items).forEach(({ mode }, index) => add(mode, `${path}.${kind}.items[${index}].mode`));
    }
  }
}

/** Whether a mode, or one digit of it, has a bit. */
export function permits(mode: number, right: number): boolean {
  return Math.floor(mode / right) % 2 === 1;
}

/** As people write modes: 0400. */
export function octalOf(mode: number): string {
  return `0${mode.toString(8).padStart(3, '0')}`;
}

export const LARGEST_MODE = 0o777;

/** Whether a value is a mode that the API server takes. */
export function isMode(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= LARGEST_MODE;
}

/** The mode that somebody meant who wrote its octal digits: `644`, `"0644"`, `0o644`. */
export function fromOctal(mode: string): number | undefined {
  return /^(?:0o?)?[0-7]{3}$/.test(mode) ? parseInt(mode.slice(-3), 8) : undefined;
}

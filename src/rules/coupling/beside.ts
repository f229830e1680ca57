import { ContainerView, sideBySide } from '../../manifest/containers';
import { isObject, JsonObject, objectsIn, textOf } from '../../manifest/json';
import { onceFor } from '../../manifest/memo';
import { PodTemplate } from '../../manifest/pod-template';
import { programOf } from '../images/program';

/** What fills a volume from outside of the pod, and whether it may tell a container whom to call. */
const FROM_OUTSIDE: readonly { readonly kind: string; readonly mayConfigure: boolean }[] = [
  { kind: 'configMap', mayConfigure: true }, { kind: 'secret', mayConfigure: true }, { kind: 'projected', mayConfigure: true },
  { kind: 'downwardAPI', mayConfigure: false },
];

/**
 * The volumes by which containers cannot give each other anything, by their names, each with whether it may hold configuration. Claim
 * templates of a StatefulSet are not in the list of the pod.
 */
export const volumesFromOutside = onceFor(({ spec }: PodTemplate): Map<string, boolean> => {
  const found = new Map<string, boolean>();
  for (const volume of objectsIn(spec.volumes)) {
    for (const { kind, mayConfigure } of FROM_OUTSIDE) {
      if (isObject(volume[kind])) {
        found.set(textOf(volume.name), mayConfigure);
      }
    }
  }
  return found;
});

/** Names of the volumes that a container mounts. */
export function mountsOf({ json }: ContainerView): string[] {
  return objectsIn(json.volumeMounts).map(({ name }) => textOf(name));
}

/** The helpers beside an app: native sidecars, and regular containers other than the app. */
export function helpersOf(containers: ContainerView[], app: ContainerView): ContainerView[] {
  return sideBySide(containers).filter((container) => container !== app);
}

/** What a container runs, by the name of its image. */
export function programIn({ json }: ContainerView): string {
  return programOf(json.image);
}

const LOOPBACK = /localhost|127\.0\.0\.1|\[?::1\]?/;

/** Variables that may hold an address. */
const ADDRESS_NAME = /HOST|UR[IL]|ADDR|ENDPOINT|DSN|SERVER|UPSTREAM|BROKER|PROXY/i;

/** Whether a container is told of the loopback address in its command or its variables, or may be, by variables from elsewhere. */
export function mayCallLoopback({ json }: ContainerView): boolean {
  return isCalled(json.command) || isCalled(json.args) || objectsIn(json.envFrom).length > 0 || objectsIn(json.env).some(mayBeLoopback);
}

function mayBeLoopback({ name, value, valueFrom }: JsonObject): boolean {
  return isObject(valueFrom) ? isFromElsewhere(valueFrom) && ADDRESS_NAME.test(textOf(name)) : LOOPBACK.test(textOf(value));
}

function isCalled(words: unknown): boolean {
  return Array.isArray(words) && words.some((word) => LOOPBACK.test(textOf(word)));
}

function isFromElsewhere({ configMapKeyRef, secretKeyRef }: JsonObject): boolean {
  return isObject(configMapKeyRef) || isObject(secretKeyRef);
}

/** The words with which a container starts; none where its image decides. */
export function wordsOfCommand({ json }: ContainerView): string[] {
  return [json.command, json.args].flatMap((list) => Array.isArray(list) ? list.map(textOf) : []);
}

/** The script that a shell is started with; undefined where it is another program that starts. */
export function scriptIn(words: readonly string[]): string | undefined {
  return /(?:^|\/)(?:sh|bash|ash|dash)$/.test(words[0] ?? '') && /^-[a-z]*c$/.test(words[1] ?? '') ? words[2] ?? '' : undefined;
}

import { mountsOf, scriptIn, wordsOfCommand } from './beside';
import { ContainerView } from '../../manifest/containers';
import { isObject, JsonObject, objectsIn, textOf } from '../../manifest/json';
import { Manifests } from '../../manifest/manifests';
import { PodTemplate } from '../../manifest/pod-template';

/** The program that `LogStream` runs, and the file that tells it what to read. */
const STREAM_PROGRAM = /\/stream_logs\.py$/;
const STREAM_SETTINGS = 'settings.json';

/** What `tail` needs in a script to hear TERM. */
const TRAP = /^\s*trap\s+(?:'[^']*'|"[^"]*"|[^\s;]+)(?:\s+[A-Z0-9]+)+\s*(?:;|\n|&&)/;
const WAIT = /&\s*wait(?:\s+"?\$!"?)?\s*;?\s*$/;

/** Anything that does more with the lines, or with other files. */
const MORE_THAN_TAIL = /[|&;<>`\n]|\$\(/;

/** Options of tail whose value is the next word. */
const WITH_VALUE = /^(?:-[a-zA-Z]*[ncs]|--(?:lines|bytes|pid|sleep-interval))$/;

/** A name that stands for several files, or for nobody knows what. */
const PATTERN = /[*?[{$]/;

/** The files that a container copies to its standard output as they are; undefined where it does something else, or that is unknown. */
export function followedFiles(container: ContainerView, template: PodTemplate, app: Manifests): string[] | undefined {
  const words = wordsOfCommand(container);
  if (words.some((word) => STREAM_PROGRAM.test(word))) {
    return streamedFiles(container, template, app);
  }
  const script = scriptIn(words);
  const line = script === undefined ? words : tailIn(script);
  return line && /(?:^|\/)tail$/.test(line[0] ?? '') ? argumentsOfTail(line.slice(1)) : undefined;
}

/** Whether a name is that of one file. */
export function isOneFile(name: string): boolean {
  return !PATTERN.test(name);
}

/** The words of the one command of a script; undefined where it has more than that. */
function tailIn(script: string): string[] | undefined {
  const command = script.replace(TRAP, '').replace(WAIT, '').trim().replace(/^exec\s+/, '');
  return MORE_THAN_TAIL.test(command) ? undefined : command.split(/\s+/).map((word) => word.replace(/^(["'])(.*)\1$/, '$2'));
}

function argumentsOfTail(words: string[]): string[] | undefined {
  const files: string[] = [];
  let follows = false;
  for (let at = 0; at < words.length; at++) {
    const word = words[at];
    if (WITH_VALUE.test(word)) {
      at++;
    }
    if (word.startsWith('-')) {
      follows ||= /^-[a-zA-Z]*[fF]|^--(?:follow|retry)/.test(word);
    } else {
      files.push(word);
    }
  }
  return follows && files.length > 0 ? files : undefined;
}

function streamedFiles(container: ContainerView, { spec, object }: PodTemplate, app: Manifests): string[] | undefined {
  const mounted = mountsOf(container);
  for (const { name, configMap } of objectsIn(spec.volumes)) {
    const data = isObject(configMap) && mounted.includes(textOf(name)) ? app.named('ConfigMap', configMap.name, object)?.data : undefined;
    const settings = isObject(data) ? parsed(data[STREAM_SETTINGS]) : undefined;
    if (settings && Array.isArray(settings.inputs)) {
      return settings.inputs.map(textOf);
    }
  }
  return undefined;
}

function parsed(text: unknown): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(textOf(text));
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

import { isObject, JsonObject, textOf } from './json';

/** Patterns are looked for in the beginning only: a handler is short, and a manifest may hold anything. */
const LONGEST = 4000;

/** The command of an exec action as one text, whether it is given to a shell or not; empty for other actions. */
export function execText(action: JsonObject): string {
  return isObject(action.exec) && Array.isArray(action.exec.command) ? action.exec.command.map(textOf).join(' ').slice(0, LONGEST) : '';
}

/** Seconds of one unit of `sleep`. */
const UNITS: { [unit: string]: number } = { s: 1, m: 60, h: 3600, d: 86400 };

/** A `sleep` that the command waits for: one that runs in the background is followed by a single `&`. */
const SLEEP = /(?<![\w.-])sleep (\d+(?:\.\d+)?)([smhd]?)(?![\w.])(?!\s*&(?!&))/g;

/** How long a container's preStop waits, where the manifest shows it; a loop counts as one turn. */
export function preStopSeconds(container: JsonObject): number {
  const preStop = isObject(container.lifecycle) ? container.lifecycle.preStop : undefined;
  if (!isObject(preStop)) {
    return 0;
  }
  if (isObject(preStop.sleep)) {
    return typeof preStop.sleep.seconds === 'number' ? preStop.sleep.seconds : 0;
  }
  let seconds = 0;
  for (const [, amount, unit] of execText(preStop).matchAll(SLEEP)) {
    seconds += Number(amount) * (UNITS[unit] ?? 1);
  }
  return seconds;
}

import { stopCommand } from './stop-commands';
import { ContainerRole, ContainerView } from '../../manifest/containers';
import { isObject, JsonObject, textOf } from '../../manifest/json';
import { repositoryOf } from '../images/repository';
import { isMeantToEnd } from '../jobs/tasks';
import { Pack, PodRule, RuleFinding, Severity } from '../rule';

/** Longer scripts are read from their end, where it is decided which process stays. */
const LONGEST = 4000;

const SHELLS = /^(?:\/bin\/|\/usr\/bin\/)?(?:sh|ash|bash|dash)$/;

/** Images without an entrypoint: their `args` are the command. */
const BARE = /^(?:(?:registry\.k8s\.io|(?:public\.ecr\.aws\/docker|mirror\.gcr\.io)\/library)\/)?(?:busybox|alpine|debian|ubuntu|fedora)$/;

/** Options before the script: `-c`, `-ec`, `-o pipefail -c`. */
const OPTIONS = /^-[a-z]+$/;

/** Programs that never end and have no handler for TERM, whether a shell replaces itself with them or waits for them. */
const DEAF = /(?:^|[;\n]|&&)\s*(?:exec\s+)?(?:\/usr)?(?:\/bin\/)?(sleep(?!\s+\d{1,2}s?$)|tail(?=\s(?:.*\s)?-(?:[A-Za-z0-9+]*[fF]|-follow)))\s[^;\n&|]*$/;

/** First processes that do not hear TERM. */
export const shellAsFirstProcess: PodRule = {
  id: 'shell-as-first-process',
  severity: Severity.WARNING,
  pack: Pack.GOLDEN,
  keys: ['command', 'args'],
  summary: 'A shell script that ends in a pipeline, a loop, `wait`, `sleep` or `tail -f` has a trap for TERM, and `sleep` and `tail -f` are no command themselves.',
  why: 'a signal without a handler is ignored by process 1 of the container, and a shell passes none on: the container runs to the end of the grace period and is killed, at every rollout and every drain of a node',
  fix: 'begin the script with `trap \'exit 0\' TERM` and wait for a job in the background (`work & wait`), or end it with `exec` and one program',
  source: 'https://man7.org/linux/man-pages/man7/pid_namespaces.7.html',
  notApplicable: 'to `args` behind an entrypoint that is not known, to scripts with `trap`, to those with `exec` or with any other program at the end, which may have a handler, to containers that end by themselves (plain init containers, regular ones of a pod that is meant to end), to those whose preStop ends the program, with `shareProcessNamespace` or `hostPID`, where another process is process 1, to pods that are killed at once (`terminationGracePeriodSeconds: 0`), and on Windows',
  bad: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  containers:
    - { name: web, image: "shop/web:1.0", command: [sh, -c, "tail -F /logs/web.log | grep error"] }
`,
  good: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  containers:
    - { name: web, image: "shop/web:1.0", command: [sh, -c, "trap 'exit 0' TERM; tail -F /logs/web.log | grep error & wait"] }
`,
  seen: 'On Kubernetes 1.33.13 the bad example was killed (status 137) at the end of its grace period of 10 seconds, the good one ended at once with status 0. With dash 0.5.12, bash 5.2 and the shell of busybox 1.35 as process 1, an endless loop and `work & wait` outlived TERM as well; so did sleep and tail of coreutils and busybox as process 1, called by these shells or without one.',
  check({ template, containers }) {
    let found: RuleFinding[] | undefined;
    for (const container of containers) {
      const script = container.role === ContainerRole.INIT ? undefined : firstProcessOf(container);
      if (script === undefined) {
        continue;
      }
      const { spec } = template;
      const ends = container.role === ContainerRole.REGULAR && isMeantToEnd(template);
      if (ends || hasOtherFirstProcess(spec) || spec.terminationGracePeriodSeconds === 0 || spec.os?.name === 'windows') {
        continue;
      }
      found ??= [];
      const reason = reasonOf(script.text);
      if (reason !== undefined && !isStopped(container)) {
        found.push({ field: script.path, fact: `${reason} process 1 of "${container.name}", which ignores TERM` });
      }
    }
    return found;
  },
};

/** Whether process 1 is none of a container: the pause container, or that of the node. Then TERM ends whoever has no handler. */
function hasOtherFirstProcess({ shareProcessNamespace, hostPID }: JsonObject): boolean {
  return shareProcessNamespace === true || hostPID === true;
}

/** What a shell runs as the first process of a container, or a command that is known; undefined where another program is the first, or an unknown one. */
function firstProcessOf({ json, path }: ContainerView): { readonly text: string; readonly path: string } | undefined {
  const command: unknown[] = Array.isArray(json.command) ? json.command : [];
  const args: unknown[] = Array.isArray(json.args) ? json.args : [];
  if (command.length === 0 && !BARE.test(repositoryOf(json.image))) {
    return undefined;
  }
  const words = [...command.slice(0, 9), ...args.slice(0, 9)].map(textOf);
  if (/^(?:(?:\/usr)?\/bin\/)?(?:sleep|tail)$/.test(textOf(words[0]))) {
    return { text: words.join(' '), path: `${path}.${command.length > 0 ? 'command' : 'args'}` };
  }
  if (!SHELLS.test(textOf(words[0]))) {
    return undefined;
  }
  let at = 1;
  while (at < words.length && !(OPTIONS.test(words[at]) && words[at].endsWith('c'))) {
    if (!OPTIONS.test(words[at]) && !words[at - 1].endsWith('o')) {
      return undefined;
    }
    at++;
  }
  const text = words[at + 1];
  return text === undefined ? undefined : { text, path: `${path}.${at + 1 < command.length ? 'command' : 'args'}` };
}

/** What is process 1: the shell, kept by a pipeline, a loop or `wait` as the last statement, or a program that ignores TERM as well. */
function reasonOf(script: string): string | undefined {
  if (/(?:^|[\s;&|({])trap\s/.test(script)) {
    return undefined;
  }
  const end = condensed(script.slice(-LONGEST)).replace(/\s#.*$/gm, '').trim().replace(/ ?;$/, '');
  const deaf = DEAF.exec(withoutQuotes(end))?.[1];
  if (deaf !== undefined) {
    return `"${deaf}" is, or is waited for by,`;
  }
  const last = /(?:^|[\s;&|({])exec\s/.test(script) ? undefined : lastStatement(end);
  return last === undefined ? undefined : `"${last}" at the end of the script keeps the shell as`;
}

/** Runs of blanks and of lines as one: what looks for a word behind them would else begin at each of them. */
function condensed(script: string): string {
  return script.replace(/[^\S\n]+/g, ' ').replace(/(?: ?\n)+/g, '\n');
}

/** Where a statement begins, also one inside of another. */
const BEGIN = '(?:^|[;&|\n({]|\\b(?:do|then|else))\\s*';

const LOOP = new RegExp(`(?:${BEGIN}|[)}]\\s*)done$`);

const WAIT = new RegExp(`${BEGIN}wait(?: [^\\s;&|]+)?$`);

function lastStatement(end: string): string | undefined {
  if (LOOP.test(end)) {
    return 'done';
  }
  if (WAIT.test(end)) {
    return 'wait';
  }
  return isPipeline(withoutQuotes(end)) ? '|' : undefined;
}

/** What is in quotes, or in a command whose output is taken, is no operator of the script. */
function withoutQuotes(text: string): string {
  return text.replace(/\\\n/g, ' ').replace(/\\./g, '_').replace(/'[^']*'|"[^"]*"|\$\([^()]*\)|`[^`]*`/g, '_');
}

function isPipeline(text: string): boolean {
  const last = text.split(/;|\n|&&|\|\||(?<![>&])&(?!>)/).pop() ?? '';
  return /[^|>]\|(?!\|)/.test(last);
}

function isStopped({ json }: ContainerView): boolean {
  const preStop = isObject(json.lifecycle) ? json.lifecycle.preStop : undefined;
  return isObject(preStop) && stopCommand(preStop) !== undefined;
}

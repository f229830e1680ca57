import { stopCommand } from './stop-commands';
import { ContainerRole, ContainerView } from '../../manifest/containers';
import { isObject, textOf } from '../../manifest/json';
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

/** Shells that stay the first process of their container, and do not hear TERM. */
export const shellAsFirstProcess: PodRule = {
  id: 'shell-as-first-process',
  severity: Severity.WARNING,
  pack: Pack.GOLDEN,
  keys: ['command', 'args'],
  summary: 'A shell script that ends in a pipeline, a loop or `wait` has a trap for TERM.',
  why: 'the shell is process 1 of the container, where a signal without a handler is ignored, and it passes none on: the container runs to the end of the grace period and is killed, at every rollout and every drain of a node',
  fix: 'begin the script with `trap \'exit 0\' TERM` and wait for a job in the background (`work & wait`), or end it with `exec` and one program',
  source: 'https://man7.org/linux/man-pages/man7/pid_namespaces.7.html',
  notApplicable: 'to `args` behind an entrypoint that is not known, to scripts with `trap` or `exec`, to those that end in one program, which some shells replace themselves with, to containers that end by themselves (plain init containers, regular ones of a pod that is meant to end), to those whose preStop ends the program, with `shareProcessNamespace`, where the pause container is process 1, and on Windows',
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
  seen: 'On Kubernetes 1.33.13 the bad example was killed (status 137) at the end of its grace period of 10 seconds, the good one ended at once with status 0. With dash 0.5.12, bash 5.2 and the shell of busybox 1.35 as process 1, an endless loop and `work & wait` outlived TERM as well.',
  check({ template, containers }) {
    let found: RuleFinding[] | undefined;
    for (const container of containers) {
      const script = container.role === ContainerRole.INIT ? undefined : scriptOf(container);
      if (script === undefined) {
        continue;
      }
      const { spec } = template;
      const ends = container.role === ContainerRole.REGULAR && isMeantToEnd(template);
      if (ends || spec.shareProcessNamespace === true || spec.os?.name === 'windows') {
        continue;
      }
      found ??= [];
      const last = lastStatement(script.text);
      if (last !== undefined && !isStopped(container)) {
        found.push({ field: script.path, fact: `"${last}" at the end of the script keeps the shell as process 1 of "${container.name}", which ignores TERM` });
      }
    }
    return found;
  },
};

/** The script that a shell runs as the first process of a container; undefined where another program is the first, or an unknown one. */
function scriptOf({ json, path }: ContainerView): { readonly text: string; readonly path: string } | undefined {
  const command: unknown[] = Array.isArray(json.command) ? json.command : [];
  const args: unknown[] = Array.isArray(json.args) ? json.args : [];
  const first = command.length > 0 ? command[0] : args[0];
  if (!SHELLS.test(textOf(first)) || (command.length === 0 && !BARE.test(repositoryOf(json.image)))) {
    return undefined;
  }
  const words = [...command.slice(0, 9), ...args.slice(0, 9)].map(textOf);
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

/** What keeps the shell: a pipeline, a loop or `wait` as the last statement of a script without `trap` and `exec`. */
function lastStatement(script: string): string | undefined {
  if (/(?:^|[\s;&|({])(?:trap|exec)\s/.test(script)) {
    return undefined;
  }
  const end = script.slice(-LONGEST).replace(/\s+#.*$/gm, '').trim().replace(/\s*;$/, '');
  if (/(?:^|[\s;])done$/.test(end)) {
    return 'done';
  }
  if (/(?:^|[\s;&])wait(?: [^\s;&|]+)?$/.test(end)) {
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

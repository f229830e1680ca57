import { posix } from 'path';
import { isMeantToEnd } from './tasks';
import { ContainerRole, ContainerView } from '../../manifest/containers';
import { objectsIn, textOf } from '../../manifest/json';
import { programIn, wordsOfCommand } from '../coupling/beside';
import { quote } from '../quote';
import { Pack, PodRule, RuleFinding, Severity } from '../rule';

/**
 * Programs that run until they get a signal. Not those that another container can end over the network, such as
 * Envoy (`/quitquitquit`) or Redis.
 */
const SERVERS = [
  'fluentd', 'fluent-bit', 'filebeat', 'metricbeat', 'promtail', 'alloy', 'vector', 'telegraf', 'logstash', 'haproxy', 'nginx', 'nginx-unprivileged', 'git-sync',
  'opentelemetry-collector', 'opentelemetry-collector-contrib', 'opentelemetry-collector-k8s',
];

/** Arguments with which such a program ends by itself; files may be called so too. */
const ENDS = /^[^/.]*\b(?:once|one-time|exit|dry-run|version|help|check)\b[^/.]*$/i;

/** Variables that say the same to git-sync. */
const ONCE = /ONE_?TIME/;

/** Its second version ends at the request of another container only where this is asked for. */
const SQL_PROXY = 'cloud-sql-proxy';
const SQL_PROXY_ENDS = /quitquitquit/i;

/** Last statements that follow a file or sleep for ever. */
const FOLLOWS = /(?:^|[\s/])(?:tail\s(?:.*\s)?-(?:[A-Za-z0-9]*[fF]|-follow)\b|sleep\s+inf(?:inity)?\s*$)/;

const LOOPS = /\bwhile\s+(?:true|:|1|\[\s*1\s*\])\s*[;\n]\s*do\b/;

/** What may end them all the same. */
const STOPS = /\b(?:break|exit|return|kill|pkill|timeout|trap)\b|--pid\b/;

/** Longer scripts are read from their end. */
const LONGEST = 4000;

/** Regular containers that keep a Job running when its work is done. */
export const classicHelperInJob: PodRule = {
  id: 'classic-helper-in-job',
  severity: Severity.WARNING,
  pack: Pack.GOLDEN,
  summary: 'A helper in a Job, or in a Pod that is meant to end, is a native sidecar.',
  why: 'a regular container that runs for ever keeps the pod running when the others have ended: the Job never completes, and a CronJob that forbids concurrent runs never runs again',
  fix: 'move it to `initContainers` with `restartPolicy: Always`: the kubelet ends it after the regular containers; it needs Kubernetes 1.29',
  source: 'https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/#jobs-with-sidecar-containers',
  notApplicable: 'to pods that are started again when they end; images and commands that it does not know to run for ever, and containers that another one may end, it leaves alone',
  bad: `
apiVersion: batch/v1
kind: Job
metadata: { name: report }
spec:
  template:
    spec:
      restartPolicy: Never
      containers:
        - { name: report, image: "shop/report:1.0" }
        - { name: logs, image: "fluent/fluentd:v1.19.3-2.2" }
`,
  good: `
apiVersion: batch/v1
kind: Job
metadata: { name: report }
spec:
  template:
    spec:
      restartPolicy: Never
      initContainers:
        - { name: logs, image: "fluent/fluentd:v1.19.3-2.2", restartPolicy: Always }
      containers:
        - { name: report, image: "shop/report:1.0" }
`,
  seen: 'On Kubernetes 1.33.13 the Job of the bad example was active half a minute after its work had ended; the good one was Complete after 19 seconds, of which its work took 5.',
  check({ template, containers }) {
    if (!isMeantToEnd(template)) {
      return undefined;
    }
    const regular = containers.filter(({ role }) => role === ContainerRole.REGULAR);
    // One container alone is the work itself; in a shared process namespace another one may send the signal.
    const mayHang = regular.length > 1 && template.spec.shareProcessNamespace !== true;
    const found: RuleFinding[] = [];
    for (const container of mayHang ? regular : []) {
      const runsForEver = endless(container);
      if (runsForEver !== undefined) {
        found.push({ field: `${container.path}.${runsForEver}`, fact: `${quote(shownOf(container.json[runsForEver]))} runs for ever, in a regular container of a pod that is meant to end` });
      }
    }
    return found;
  },
};

/** The field by which a container never ends by itself. */
function endless(container: ContainerView): 'image' | 'command' | 'args' | undefined {
  const { json } = container;
  const words = wordsOfCommand(container);
  const hasCommand = Array.isArray(json.command) && json.command.length > 0;
  const program = programIn(container);
  const variables = objectsIn(json.env).map(({ name }) => textOf(name));
  if (!hasCommand || posix.basename(words[0]) === program) {
    if (program === SQL_PROXY) {
      return [...words, ...variables].some((word) => SQL_PROXY_ENDS.test(word)) ? undefined : 'image';
    }
    if (SERVERS.includes(program)) {
      return words.some((word) => ENDS.test(word)) || variables.some((name) => ONCE.test(name)) ? undefined : 'image';
    }
  }
  const script = words.join(' ').slice(-LONGEST);
  const last = script.split(/[;&|\n]/).at(-1)!;
  const goesOn = (FOLLOWS.test(last) || LOOPS.test(script)) && !STOPS.test(script);
  return goesOn ? (hasCommand ? 'command' : 'args') : undefined;
}

/** A command as it is typed. */
function shownOf(value: unknown): unknown {
  return Array.isArray(value) ? value.map(textOf).join(' ') : value;
}

import { opensLater, targetsIn } from './start-gates';
import { ContainerRole, ContainerView } from '../../manifest/containers';
import { textOf } from '../../manifest/json';
import { listenersOf } from '../../manifest/listeners';
import { LocalCall, localCallsOf } from '../network/local-calls';
import { isLoopback } from '../network/loopback';
import { Pack, PodRule, RuleFinding, Severity } from '../rule';

/** A program that is started in the background: the server that a script asks may be its own. */
const IN_BACKGROUND = /(?<![&>])&(?![&>])/;

/** Programs that connect to what they are given; others may only write the address down. */
const CONNECTS = /(?:^|[\s(/])(?:curl|wget|nc|ncat|netcat|pg_isready|mysqladmin|mariadb-admin|redis-cli|grpcurl|grpc_health_probe|wait-for-it(?:\.sh)?|wait-on|wait4x|dockerize)(?=\s)/;

/** Statements that print, perhaps into a file. */
const PRINTS = /^(?:[^'"]*\s-\w*c)?\s*(?:(?:do|then|else)\s+)?(?:echo|printf|cat|sed|tee|envsubst)\b/;

/** Containers that prepare files for others: the addresses in their variables are not theirs, or one list of variables is for all. */
const RENDERS = /render|templat|envsubst|gomplate|confd\b|\b(?:echo|printf|cat|sed|tee|cp|mv|ln|mkdir|chown|chmod|tar)\s|>/i;

/** Variables of what an init container works with: a database or broker, not where the app is reached or sends telemetry. */
const SERVER = /(?:^|_)(?:DB|PG|SQL)|DATABASE|POSTGRES|MYSQL|MARIADB|MONGO|REDIS|VALKEY|AMQP|RABBIT|KAFKA|BROKER|NATS|CASSANDRA|CLICKHOUSE|ELASTIC/i;

/** Patterns are looked for in the beginning only: a manifest may hold anything. */
const LONGEST = 4000;

/** Init containers that call what is not there yet. */
export const initNeedsLaterContainer: PodRule = {
  id: 'init-needs-later-container',
  severity: Severity.WARNING,
  pack: Pack.GOLDEN,
  keys: ['initContainers'],
  summary: 'An init container calls no port that a container opens which starts after it.',
  why: 'the next container starts when the init container has ended with success: until then nothing listens there, so that it fails and is started again, or waits, for ever, and the app never starts',
  fix: 'list what opens the port before it, as a native sidecar (`restartPolicy: Always`) with a startup probe; or let the app do this work after its start',
  source: 'https://kubernetes.io/docs/concepts/workloads/pods/init-containers/#detailed-behavior',
  notApplicable: 'to ports that nobody in the pod declares, to scripts that start a server of their own in the background or do not mind a failure, to what prints or renders configuration, to variables that name no database or broker, to containers of the image that opens the port, which may start it for themselves, and with `hostNetwork`, where the node may listen',
  bad: `
kind: Pod
metadata: { name: web }
spec:
  initContainers:
    - { name: migrate, image: "shop/migrate:1.0", env: [{ name: DB, value: "postgres://127.0.0.1:5432/shop" }] }
    - { name: db-proxy, image: "shop/proxy:1.0", restartPolicy: Always, ports: [{ containerPort: 5432 }] }
  containers:
    - { name: web, image: "shop/web:1.0" }
`,
  good: `
kind: Pod
metadata: { name: web }
spec:
  initContainers:
    - { name: db-proxy, image: "shop/proxy:1.0", restartPolicy: Always, ports: [{ containerPort: 5432 }], startupProbe: { tcpSocket: { port: 5432 } } }
    - { name: migrate, image: "shop/migrate:1.0", env: [{ name: DB, value: "postgres://127.0.0.1:5432/shop" }] }
  containers:
    - { name: web, image: "shop/web:1.0" }
`,
  seen: 'On Kubernetes 1.33.13 the init container of such a pod ended with status 1 and was restarted again and again, and the app stayed in PodInitializing; with the native sidecar before it, as in the good example, the app ran.',
  check({ template, containers }) {
    const inits = containers.filter(({ role }) => role === ContainerRole.INIT);
    if (inits.length === 0 || template.spec.hostNetwork === true) {
      return undefined;
    }
    const listeners = listenersOf(template, containers);
    const found: RuleFinding[] = [];
    for (const init of listeners.length === 0 ? [] : inits) {
      const called = new Set<number>();
      for (const { port, path } of callsOf(init)) {
        const later = called.has(port) ? undefined : opensLater(init, port, listeners, containers);
        called.add(port);
        if (later !== undefined && !containers.some(({ name, json }) => name === later && json.image === init.json.image)) {
          found.push({ field: path, fact: `"${port}" is a port of "${later}", which starts after "${init.name}"` });
        }
      }
    }
    return found;
  },
};

/** What an init container calls at the loopback address: by its command, or as its variables tell it. */
function callsOf(init: ContainerView): LocalCall[] {
  const { json, path } = init;
  const commanded = ['command', 'args'].map((name) => ({ path: `${path}.${name}`, text: commandIn(json[name]) })).filter(({ text }) => text !== '');
  if (commanded.some(({ text }) => IN_BACKGROUND.test(text))) {
    return [];
  }
  const calls = commanded.flatMap(callsOfCommand);
  const renders = RENDERS.test([textOf(json.image), ...commanded.map(({ text }) => text)].join(' '));
  return renders ? calls : [...calls, ...localCallsOf(init).filter(({ text }) => SERVER.test(text))];
}

function commandIn(words: unknown): string {
  return Array.isArray(words) ? words.map(textOf).join(' ').slice(0, LONGEST).replace(/\\\n/g, ' ') : '';
}

function callsOfCommand({ path, text }: Omit<LocalCall, 'port'>): LocalCall[] {
  if (!CONNECTS.test(text) || targetsIn(text).length === 0) {
    return [];
  }
  const targets = text.split(/[;&|\n]+/).filter((statement) => CONNECTS.test(statement) && !PRINTS.test(statement)).flatMap(targetsIn);
  return targets.flatMap(({ host, port }) => isLoopback(host) && port !== undefined ? [{ port, path, text }] : []);
}

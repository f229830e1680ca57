import { Handler, handlersOf } from './handlers';
import { ContainerRole, ContainerView } from '../../manifest/containers';
import { execText } from '../../manifest/exec';
import { Listener } from '../../manifest/listeners';

/** A host and port that a command connects to. */
export interface Target {
  readonly host: string;
  /** Undefined where the command leaves it to the program. */
  readonly port?: number;
}

/** What must succeed before the containers after a native sidecar start: its startup probe and its postStart. */
export function startGates(containers: ContainerView[]): Handler[] {
  return handlersOf(containers).filter(({ container, kind }) =>
    container.role === ContainerRole.NATIVE_SIDECAR && (kind === 'startupProbe' || kind === 'postStart'));
}

const ADDRESS = /\b(?:https?|tcp|grpc):\/\/(?:[^\s/@'"]*@)?(\[[0-9a-fA-F:]+\]|[A-Za-z0-9._-]+)(?::(\d+))?(?=[/?#\s'";)]|$)/g;

/** `nc -z -w 1 db.example.com 5432` */
const NETCAT = /(?:^|[\s;&|(/])(?:nc|ncat|netcat)(?: -(?:w|i|G) ?\d+| -[a-zA-Z0-9]+)* (\[[0-9a-fA-F:]+\]|[A-Za-z0-9._:-]+) (\d+)(?![\w.])/g;

/** `pg_isready -h db.example.com -p 5432`, and others with such options. */
const CLIENT = /(?:^|[\s;&|(/])(?:pg_isready|mysqladmin|mariadb-admin|redis-cli)(?= )([^;&|]*)/g;

/** Commands of which the failure counts for nothing. */
const FORGIVING = /\|\||;\s*(?:true|:|exit 0)\s*$/;

/** What the command of a handler connects to; nothing where its failure does not matter, or where a variable decides. */
export function targetsOf({ json }: Handler): Target[] {
  return targetsIn(execText(json));
}

/** The same, of any command as one text. */
export function targetsIn(text: string): Target[] {
  if (text === '' || FORGIVING.test(text)) {
    return [];
  }
  const direct = [...text.matchAll(ADDRESS), ...text.matchAll(NETCAT)].map(([, host, port]) => ({ host, port: port === undefined ? undefined : Number(port) }));
  return [...direct, ...[...text.matchAll(CLIENT)].flatMap(([, options]) => clientTarget(options))];
}

function clientTarget(options: string): Target[] {
  const host = /(?:^| )(?:-h ?|--host[= ])([A-Za-z0-9._-]+)(?= |$)/.exec(options)?.[1];
  const port = /(?:^| )(?:-[pP] ?|--port[= ])(\d+)(?= |$)/.exec(options)?.[1];
  return host === undefined ? [] : [{ host, port: port === undefined ? undefined : Number(port) }];
}

/** The container that opens a port and starts later; undefined where one that has started by then opens it too, or nobody does. */
export function opensLater(container: ContainerView, port: number, listeners: readonly Listener[], containers: readonly ContainerView[]): string | undefined {
  const names = listeners.filter((listener) => listener.port === port && listener.protocol === 'TCP').map(({ container: name }) => name);
  const order = containers.map(({ name }) => name);
  const own = containers.indexOf(container);
  return names.length > 0 && names.every((name) => order.indexOf(name) > own) ? names[0] : undefined;
}

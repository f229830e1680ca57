import { Handler, handlersOf } from './handlers';
import { ContainerRole, ContainerView } from '../../manifest/containers';
import { execText } from '../../manifest/exec';

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
  const text = execText(json);
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

import { Mount, mountPoint, mountsOf } from './mounts';
import { ContainerView } from '../../manifest/containers';
import { objectsIn } from '../../manifest/json';
import { repositoryOf } from '../images/repository';

/**
 * Databases, and where their images keep the data. Not caches, nor what can be filled again: Redis, Memcached, search indexes.
 *
 * @see https://hub.docker.com/_/postgres
 * @see https://hub.docker.com/_/mysql
 * @see https://hub.docker.com/_/mongo
 */
const DATABASES = new Map(Object.entries({
  'postgres': '/var/lib/postgresql/data',
  'postgis/postgis': '/var/lib/postgresql/data',
  'timescale/timescaledb': '/var/lib/postgresql/data',
  'mysql': '/var/lib/mysql',
  'mariadb': '/var/lib/mysql',
  'percona': '/var/lib/mysql',
  'mongo': '/data/db',
  'cassandra': '/var/lib/cassandra',
  'influxdb': '/var/lib/influxdb',
  'bitnami/postgresql': '/bitnami/postgresql',
  'bitnami/mysql': '/bitnami/mysql',
  'bitnami/mariadb': '/bitnami/mariadb',
  'bitnami/mongodb': '/bitnami/mongodb',
}));

/** Where a database keeps its data; undefined for other images. */
export function dataDirectoryOf({ json }: ContainerView): string | undefined {
  const directory = DATABASES.get(repositoryOf(json.image));
  const chosen = directory === undefined ? undefined : objectsIn(json.env).find(({ name }) => name === 'PGDATA')?.value;
  return typeof chosen === 'string' && chosen.startsWith('/') && directory === '/var/lib/postgresql/data' ? chosen : directory;
}

/** What a program must write to start, and which settings take it elsewhere. */
export interface WrittenPath {
  /** The directory, and other names of it. */
  readonly paths: readonly string[];
  readonly what: string;
  /** Where its configuration lies: a mount there may say something else. */
  readonly config?: string;
  /** A variable with which the program writes elsewhere. */
  readonly variable?: string;
}

const RUN = ['/run', '/var/run'];

/**
 * What images write when they start, beside what they declare as volumes, which the container runtime makes writable. Two are measured, on
 * nginx 1.22 and fluentd 1.16, the others are read in the images.
 *
 * @see https://github.com/nginx/docker-nginx-unprivileged#common-issues
 * @see https://hub.docker.com/_/postgres
 * @see https://hub.docker.com/_/httpd
 */
const WRITTEN = new Map<string, WrittenPath[]>(Object.entries({
  'nginx': [
    { paths: ['/var/cache/nginx'], what: 'its temporary files', config: '/etc/nginx/nginx.conf' },
    { paths: RUN, what: 'its process id', config: '/etc/nginx/nginx.conf' },
  ],
  'nginxinc/nginx-unprivileged': [{ paths: ['/tmp'], what: 'its process id and temporary files', config: '/etc/nginx/nginx.conf' }],
  'fluent/fluentd': [{ paths: ['/tmp'], what: 'its lock', variable: 'TMPDIR' }],
  'httpd': [{ paths: ['/usr/local/apache2/logs'], what: 'its process id', config: '/usr/local/apache2/conf/httpd.conf' }],
  'postgres': [{ paths: ['/run/postgresql', '/var/run/postgresql'], what: 'its socket', config: '/etc/postgresql' }],
}));

/** What the image of a container writes; nothing where another program is started, or the image is not known. */
export function writtenPathsOf({ json }: ContainerView): readonly WrittenPath[] {
  const known = WRITTEN.get(repositoryOf(json.image)) ?? [];
  return json.command === undefined && json.args === undefined ? known : [];
}

/** The mount in which a path lies, of several nested ones the innermost. */
export function mountOf(container: ContainerView, path: string): Mount | undefined {
  let best: Mount | undefined;
  let longest = -1;
  for (const mount of mountsOf(container)) {
    const point = mountPoint(mount);
    if (point !== undefined && point.length > longest && isWithin(path, point)) {
      best = mount;
      longest = point.length;
    }
  }
  return best;
}

/** Whether a path is a directory, or lies in it. */
export function isWithin(path: string, directory: string): boolean {
  return path === directory || path.startsWith(directory === '/' ? '/' : `${directory}/`);
}

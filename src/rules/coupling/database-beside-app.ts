import { programIn, scriptIn, wordsOfCommand } from './beside';
import { ContainerView, sideBySide } from '../../manifest/containers';
import { isDataServer } from '../images/data-servers';
import { isHelperImage } from '../images/helper-images';
import { isMeantToEnd } from '../jobs/tasks';
import { appContainer } from '../probes/app-container';
import { quote } from '../quote';
import { Pack, PodRule, Severity } from '../rule';

/** The programs of these servers that are called differently, and the scripts that images start them with. */
const PROGRAMS = /^(?:mysqld|mariadbd|mongod|influxd|server|(?:docker-)?entrypoint|run|.+-(?:server|server-start))$/;

/** Pods that hold an app and the server of its data. */
export const databaseBesideApp: PodRule = {
  id: 'database-beside-app',
  severity: Severity.WARNING,
  pack: Pack.GOLDEN,
  summary: 'A database, broker or cache server has a workload of its own.',
  why: 'each pod of the app has a server of its own with other data; scaling the app scales the server, and every release of the app stops it',
  fix: 'run the server as a StatefulSet with a claim and a Service, and give its address to the app',
  source: 'https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/',
  notApplicable: 'to pods whose app is such a server, to exporters and backups beside it, to containers that start another program of the image, such as `redis-cli`, and to pods that are meant to end, such as a test with the database that it needs',
  bad: `
apiVersion: apps/v1
kind: Deployment
metadata: { name: shop }
spec:
  replicas: 2
  selector: { matchLabels: { app: shop } }
  template:
    metadata: { labels: { app: shop } }
    spec:
      containers:
        - { name: web, image: "shop/web:1.0", env: [{ name: DB, value: "127.0.0.1:5432" }] }
        - { name: db, image: "postgres:17.2", ports: [{ containerPort: 5432 }] }
`,
  good: `
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: db }
spec:
  serviceName: db
  selector: { matchLabels: { app: db } }
  template:
    metadata: { labels: { app: db } }
    spec:
      containers:
        - { name: db, image: "postgres:17.2", ports: [{ containerPort: 5432 }] }
        - { name: exporter, image: "prometheuscommunity/postgres-exporter:v0.16.0", ports: [{ containerPort: 9187 }] }
`,
  check({ template, containers }) {
    const beside = sideBySide(containers);
    if (beside.length < 2 || isMeantToEnd(template)) {
      return undefined;
    }
    const app = appContainer(template, containers);
    if (!app || isDataServer(programIn(app)) || isHelperImage(app.json.image)) {
      return [];
    }
    return beside.filter((container) => container !== app && isDataServer(programIn(container)) && startsServer(container))
      .map(({ path, json, name }) => ({ field: `${path}.image`, fact: `${quote(json.image)} is a server of data, in container ${quote(name)} beside ${quote(app.name)}` }));
  },
};

/** Whether a container starts the server of its image, and not a client or another program that comes with it. */
function startsServer(container: ContainerView): boolean {
  const words = wordsOfCommand(container);
  const script = scriptIn(words);
  if (script !== undefined) {
    return script.split(/[;&|\n]+/).some((statement) => isServer(/^\s*(?:exec\s+)?(\S+)/.exec(statement)?.[1]));
  }
  // Arguments without a command go to the entry point of the image, which takes the first for a program unless it is an option.
  return words.length === 0 || (!container.json.command && words[0].startsWith('-')) || isServer(words[0]);
}

function isServer(program: string | undefined): boolean {
  const name = program?.replace(/^.*\//, '').replace(/\.sh$/, '') ?? '';
  return isDataServer(name) || PROGRAMS.test(name);
}

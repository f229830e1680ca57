import { programIn, sideBySide } from './beside';
import { quote } from '../quote';
import { Pack, PodRule, Severity } from '../rule';

/** Servers that keep data for several clients, by the last word of the image. An exporter or a backup has another name. */
const SERVERS = new Set([
  'postgres', 'postgresql', 'timescaledb', 'postgis', 'mysql', 'mariadb', 'percona', 'mongo', 'mongodb', 'couchdb', 'cassandra', 'scylla', 'neo4j', 'influxdb', 'clickhouse-server',
  'elasticsearch', 'opensearch', 'redis', 'valkey', 'keydb', 'memcached', 'rabbitmq', 'kafka', 'zookeeper', 'nats', 'activemq', 'minio',
]);

/** Pods that hold an app and the server of its data. */
export const databaseBesideApp: PodRule = {
  id: 'database-beside-app',
  severity: Severity.WARNING,
  pack: Pack.GOLDEN,
  summary: 'A database, broker or cache server has a workload of its own.',
  why: 'each pod of the app has a server of its own with other data; scaling the app scales the server, and every release of the app stops it',
  fix: 'run the server as a StatefulSet with a claim and a Service, and give its address to the app',
  source: 'https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/',
  notApplicable: 'to pods whose first container is such a server, since that one is the app, and to exporters and backups beside it',
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
  check({ containers }) {
    const beside = sideBySide(containers);
    if (beside.length < 2) {
      return undefined;
    }
    const regular = beside.filter(({ json }) => json.restartPolicy === undefined);
    const app = regular[0];
    // The exporter of a server may come first.
    if (!app || SERVERS.has(programIn(app)) || /exporter|backup|metrics/.test(programIn(app))) {
      return [];
    }
    return beside.filter((container) => container !== app && SERVERS.has(programIn(container)))
      .map(({ path, json, name }) => ({ field: `${path}.image`, fact: `${quote(json.image)} is a server of data, in container ${quote(name)} beside ${quote(app.name)}` }));
  },
};

/** Servers that keep data for several clients, by the last word of the image. An exporter or a backup has another name. */
const SERVERS = new Set([
  'postgres', 'postgresql', 'timescaledb', 'postgis', 'mysql', 'mariadb', 'percona', 'mongo', 'mongodb', 'couchdb', 'cassandra', 'scylla', 'neo4j', 'influxdb', 'clickhouse-server',
  'elasticsearch', 'opensearch', 'redis', 'valkey', 'keydb', 'memcached', 'rabbitmq', 'kafka', 'zookeeper', 'nats', 'activemq', 'minio',
]);

/** Whether a program, by the name of its image, is a server of data. */
export function isDataServer(program: string): boolean {
  return SERVERS.has(program);
}

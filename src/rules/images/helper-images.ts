import { programOf } from './program';
import { onceForText } from '../../manifest/memo';

/** Agents that collect logs and measurements from a whole node, by the last word of their image. */
const AGENTS = new Set([
  'fluentd', 'fluent-bit', 'fluentd-kubernetes-daemonset', 'filebeat', 'metricbeat', 'promtail', 'alloy', 'vector', 'datadog-agent', 'telegraf', 'node-exporter', 'cadvisor', 'logstash',
]);

/** Proxies of service meshes, pools of connections and other programs that are there for the app beside them. */
const HELPERS = new Set([
  'proxyv2', 'envoy', 'daprd', 'consul-dataplane', 'kuma-dp', 'nginx-service-mesh-sidecar', 'pgbouncer', 'twemproxy', 'stunnel', 'ghostunnel', 'gluetun', 'tailscale',
  'configmap-reload', 'livenessprobe', 'git-sync', 'thanos', 'vault', 'opentelemetry-collector', 'opentelemetry-collector-contrib', 'opentelemetry-collector-k8s',
]);

/** What such programs are called, whoever made them: `postgres-exporter`, `cloud-sql-proxy`, `k8s-sidecar`. */
const HELPER_NAME = /(?:^|[-_])(?:exporter|metrics|sidecar|agent|proxy|reloader|tunnel|collector|backup|vpn)(?:[-_]|$)/;

/** Whether a program, by the name of its image, is an agent that a node needs once. */
export function isAgentProgram(program: string): boolean {
  return AGENTS.has(program);
}

/** Whether an image is that of a program that runs beside an app, hardly ever as one. A guess by its name. */
export function isHelperImage(image: unknown): boolean {
  return isHelper(programOf(image));
}

const isHelper = onceForText((program: string): boolean => AGENTS.has(program) || HELPERS.has(program) || HELPER_NAME.test(program));

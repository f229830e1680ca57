import { textOf } from '../../manifest/json';

/**
 * Images that hold their program and nothing else, by the end of their name.
 *
 * @see https://github.com/GoogleContainerTools/distroless#why-should-i-use-distroless-images
 * @see https://github.com/kubernetes-csi/node-driver-registrar/issues/81
 * @see https://github.com/linkerd/linkerd2/issues/6723
 */
const PROGRAMS = new RegExp(`(?:^|/)(?:${[
  'distroless/[a-z0-9-]+',
  'sig-storage/csi-node-driver-registrar',
  'linkerd/proxy',
  'fluent/fluent-bit',
  'otel/opentelemetry-collector(?:-contrib|-k8s)?',
  'nginx/nginx-prometheus-exporter',
  'oliver006/redis_exporter',
  'cloud-sql-connectors/cloud-sql-proxy',
  'oauth2-proxy/oauth2-proxy',
].join('|')})$`);

/** Tags of variants that do have a shell. */
const WITH_SHELL = /debug|busybox|alpine|debian|buster|bullseye|bookworm|trixie|ubuntu|ubi|slim/;

/**
 * Whether an image is known to have no shell and no other program than its own. Without a tag beside its digest nobody knows which
 * variant it is.
 */
export function hasNoShell(image: unknown): boolean {
  const text = textOf(image);
  const at = text.indexOf('@');
  const named = at < 0 ? text : text.slice(0, at);
  const colon = named.indexOf(':', named.lastIndexOf('/') + 1);
  const tag = colon < 0 ? '' : named.slice(colon + 1);
  if ((at >= 0 && tag === '') || WITH_SHELL.test(tag)) {
    return false;
  }
  return /(?:^|-)distroless(?:-|$)/.test(tag) || PROGRAMS.test(colon < 0 ? named : named.slice(0, colon));
}

/** Programs of a distribution: shells, and what is called from them. */
const TOOLS = new Set([
  'sh', 'ash', 'bash', 'dash', 'busybox', 'sleep', 'cat', 'echo', 'test', 'true', 'ls', 'rm', 'cp', 'touch', 'grep', 'ps', 'pgrep', 'pidof',
  'kill', 'pkill', 'killall', 'wget', 'curl', 'nc',
]);

/** The program of a distribution that a command starts with; undefined for others, and for those in a folder that may be mounted. */
export function toolOf(command: unknown): string | undefined {
  const word = Array.isArray(command) ? textOf(command[0]) : '';
  const program = /^(?:\/bin\/|\/usr\/bin\/)?([a-z]+)$/.exec(word)?.[1];
  return program !== undefined && TOOLS.has(program) ? word : undefined;
}

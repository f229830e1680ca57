// What a check is: a title, a namespace of its own, and lines that say `ok` or `FAILED` with what was measured.
import { kubectl } from './kubectl.mjs';

let failures = 0;

/** Reports one promise of the manifests. */
export function report(good, promise, measured = '') {
  failures += good ? 0 : 1;
  console.log(`${good ? 'ok    ' : 'FAILED'} ${promise}${measured && `: ${measured}`}`);
}

/** Runs a part of a check; what it throws is a failure of that part only. */
export async function part(promise, body) {
  try {
    await body();
  } catch (error) {
    report(false, promise, String(error.message ?? error).trim().slice(0, 600));
  }
}

/** Runs a check in a namespace that enforces a level of Pod Security, and removes it afterwards. */
export async function check(name, body, { level = 'restricted', version = 'latest' } = {}) {
  await part(name, () => inNamespace(name, { level, version }, body));
  process.exitCode = failures > 0 ? 1 : 0;
}

async function inNamespace(name, { level, version }, body) {
  const namespace = `pod-patterns-${name}-${Math.random().toString(36).slice(2, 7)}`;
  await kubectl(['create', '-f', '-'], {
    input: JSON.stringify({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: {
        name: namespace,
        labels: {
          'pod-security.kubernetes.io/enforce': level,
          'pod-security.kubernetes.io/enforce-version': version,
        },
      },
    }),
  });
  try {
    await body(namespace);
  } finally {
    await kubectl(['-n', namespace, 'delete', 'pods', '--all', '--grace-period=1']);
    await kubectl(['delete', 'namespace', namespace, '--timeout=180s']);
  }
}

export function seconds(value) {
  return `${value.toFixed(1)} s`;
}

export function mebibytes(bytes) {
  return `${(bytes / 2 ** 20).toFixed(1)} MiB`;
}

// Everything that talks to the cluster, through kubectl and whatever KUBECONFIG says.
import { execFile, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';

const MAX_OUTPUT = 512 * 2 ** 20;

/** Runs kubectl; resolves to its standard output, as text or as bytes. */
export function kubectl(args, { input, encoding = 'utf8' } = {}) {
  return new Promise((resolve, reject) => {
    const child = execFile('kubectl', args, { maxBuffer: MAX_OUTPUT, encoding }, (error, stdout, stderr) => {
      if (error) {
        reject(new Error(`kubectl ${args.join(' ').slice(0, 200)}: ${stderr || error.message}`));
      } else {
        resolve(stdout);
      }
    });
    child.stdin.end(input ?? '');
  });
}

/** One object, or a list of them. */
export async function get(namespace, ...what) {
  return JSON.parse(await kubectl(['-n', namespace, 'get', ...what, '-o', 'json']));
}

/** Creates objects; the API server's refusal becomes an error. */
export async function create(namespace, objects) {
  const list = { apiVersion: 'v1', kind: 'List', items: objects };
  await kubectl(['-n', namespace, 'create', '-f', '-'], { input: JSON.stringify(list) });
}

/** Asks the API server what it would make of manifests; resolves to whether it takes them all, and to what it says. */
export async function dryRun(namespace, how, yaml) {
  try {
    return { accepted: true, answer: await kubectl(['-n', namespace, ...how, '--dry-run=server', '-f', '-'], { input: yaml }) };
  } catch (error) {
    return { accepted: false, answer: error.message.slice(error.message.indexOf(': ') + 2) };
  }
}

/** Version of the API server, such as `1.33.13`. */
export async function serverVersion() {
  return JSON.parse(await kubectl(['get', '--raw', '/version'])).gitVersion.slice(1);
}

/** Waits until a pod is ready; resolves to the seconds that it took. */
export async function ready(namespace, pod, timeoutSeconds = 120) {
  const begin = Date.now();
  await kubectl(['-n', namespace, 'wait', '--for=condition=Ready', `pod/${pod}`, `--timeout=${timeoutSeconds}s`]);
  return secondsSince(begin);
}

/** Deletes a pod and waits for its end; resolves to the seconds that it took. */
export async function deletePod(namespace, pod) {
  const begin = Date.now();
  await kubectl(['-n', namespace, 'delete', 'pod', pod, '--timeout=180s']);
  return secondsSince(begin);
}

/** Runs a program in a container. */
export function exec(namespace, pod, container, command, options = {}) {
  const stdin = options.input === undefined ? [] : ['-i'];
  return kubectl(['-n', namespace, 'exec', ...stdin, pod, '-c', container, '--', ...command], options);
}

/** Runs a Python program in a container, with arguments. */
export function python(namespace, pod, container, program, ...args) {
  return exec(namespace, pod, container, ['python3', '-', ...args.map(String)], { input: program });
}

/**
 * Collects a container's log from its first line on, while it grows. Lines are `{ time, text }`; `time` is when the container
 * runtime saw the line.
 */
export function follow(namespace, pod, container) {
  const lines = [];
  const args = ['-n', namespace, 'logs', '-f', '--timestamps', pod, '-c', container];
  const child = spawn('kubectl', args, { stdio: ['ignore', 'pipe', 'ignore'] });
  const ended = new Promise((resolve) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const blank = line.indexOf(' ');
      lines.push({ time: line.slice(0, blank), text: line.slice(blank + 1) });
    }).on('close', resolve);
  });
  return { lines, ended, stop: () => child.kill() };
}

/**
 * All that the node still keeps of a container's log, rotated files included: `kubectl logs -f` may miss some lines when the kubelet
 * rotates a log that grows fast.
 */
export async function nodeLog(namespace, pod, container) {
  const { metadata, spec } = await get(namespace, 'pod', pod);
  const folder = `/api/v1/nodes/${spec.nodeName}/proxy/logs/pods/${namespace}_${pod}_${metadata.uid}/${container}/`;
  const page = await kubectl(['get', '--raw', folder]);
  const names = [...page.matchAll(/href="([^"]+\.log[^"]*)"/g)].map(([, name]) => decodeURIComponent(name));
  const files = await Promise.all(names.map(async (name) => {
    const bytes = await kubectl(['get', '--raw', folder + name], { encoding: 'buffer' });
    return (name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  }));
  return { files: names.length, text: files.map(joinParts).join('\n') };
}

/** The text of a log in the form of the CRI, where a long line is written in parts. */
function joinParts(log) {
  let text = '';
  for (const line of log.split('\n')) {
    const part = /^\S+ \S+ ([FP]) (.*)$/s.exec(line);
    text += part ? part[2] + (part[1] === 'F' ? '\n' : '') : '';
  }
  return text;
}

/** Asks again and again until the answer is true; resolves to the seconds that it took. */
export async function until(what, question, timeoutSeconds = 60, pauseSeconds = 0.25) {
  const begin = Date.now();
  while (!(await question())) {
    if (secondsSince(begin) > timeoutSeconds) {
      throw new Error(`gave up after ${timeoutSeconds} s: ${what}`);
    }
    await sleep(pauseSeconds * 1000);
  }
  return secondsSince(begin);
}

/** Status of every container of a pod, by name. */
export async function statuses(namespace, pod) {
  const { status } = await get(namespace, 'pod', pod);
  const all = [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])];
  return Object.fromEntries(all.map((container) => [container.name, container]));
}

/** The containers of a pod that were restarted, in words; empty if there is none. */
export async function restarted(namespace, pod) {
  const all = Object.entries(await statuses(namespace, pod));
  return all.filter(([, { restartCount }]) => restartCount > 0).map(([name, { restartCount }]) => `${name} restarted ${restartCount} times`).join(', ');
}

export function secondsSince(begin) {
  return (Date.now() - begin) / 1000;
}

export { sleep };

// Pairs of manifests of `test/kubernetes/rules`: one that breaks a rule, one that keeps it, and what the node makes of them.
import { check, part, report } from './check.mjs';
import { create, get, kubectl, python, sleep, until } from './kubectl.mjs';
import { helperPod, pair } from './manifests.mjs';

/**
 * Runs the pairs of some rules side by side. Each rule has a function that waits for what is to be seen and resolves to two texts,
 * what happened to the bad one and to the good one; what does not happen in time is a failure. Arguments of the program choose rules.
 */
export async function rules(title, observers) {
  const chosen = Object.entries(observers).filter(([id]) => process.argv.length < 3 || process.argv.includes(id));
  await check(title, async (namespace) => {
    const node = new Node(namespace);
    await create(namespace, [helperPod('client')]);
    const watching = node.watch();
    await Promise.all(chosen.map(([id, observe]) => part(id, async () => {
      await create(namespace, await pair(id));
      const [bad, good] = await observe(node, `${id}-bad`, `${id}-good`);
      report(true, id, `\n         bad:  ${bad}\n         good: ${good}`);
    })));
    node.over = true;
    await watching;
    await node.release();
  }, { level: 'privileged' });
}

/** What is known of a namespace, read once a second for all who ask. */
class Node {
  over = false;
  #pods = [];
  #events = [];

  constructor(namespace) {
    this.namespace = namespace;
  }

  async watch() {
    while (!this.over) {
      const [pods, events] = await Promise.all([get(this.namespace, 'pods'), get(this.namespace, 'events')]);
      this.#pods = pods.items;
      this.#events = events.items;
      await sleep(1000);
    }
  }

  /** Pods whose name begins so. */
  pods(prefix) {
    return this.#pods.filter(({ metadata }) => metadata.name.startsWith(prefix));
  }

  /** Status of a container; empty while there is none. */
  container(pod, name = 'web') {
    const status = this.pods(pod)[0]?.status ?? {};
    return [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])].find((container) => container.name === name) ?? {};
  }

  isReady(pod) {
    return this.pods(pod)[0]?.status.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false;
  }

  /** The last message of an event of a pod that holds a text. */
  event(pod, text) {
    const all = this.#events.filter(({ involvedObject, reason, message }) => involvedObject.name.startsWith(pod) && `${reason}: ${message}`.includes(text));
    const last = all.at(-1);
    return last && `${last.reason}: ${last.message.trim().replace(/\s+/g, ' ')}`;
  }

  /** Waits until a question has an answer that is true, and resolves to it. */
  async until(what, question, timeoutSeconds = 120) {
    let answer;
    await until(what, async () => (answer = await question()), timeoutSeconds, 1);
    return answer;
  }

  /** Waits for an event of a pod. */
  eventOf(pod, text, timeoutSeconds) {
    return this.until(`${pod}: event ${text}`, () => this.event(pod, text), timeoutSeconds);
  }

  /** Waits until a pod is ready. */
  ready(pod, timeoutSeconds) {
    return this.until(`${pod}: ready`, () => this.isReady(pod), timeoutSeconds);
  }

  /** Waits for a restart of a container; resolves to how it ended. */
  async restarted(pod, name = 'web', timeoutSeconds = 120) {
    await this.until(`${pod}: restart of ${name}`, () => this.container(pod, name).restartCount > 0, timeoutSeconds);
    return this.container(pod, name).lastState.terminated;
  }

  /** Waits for a text in the log of a container. */
  async logged(pod, text, name = 'web', timeoutSeconds = 120) {
    const read = async () => {
      try {
        return (await this.log(pod, name)).split('\n').find((line) => line.includes(text));
      } catch {
        return undefined;
      }
    };
    return (await this.until(`${pod}: log with ${text}`, read, timeoutSeconds)).trim();
  }

  log(pod, name = 'web') {
    return kubectl(['-n', this.namespace, 'logs', this.pods(pod)[0].metadata.name, '-c', name]);
  }

  /** What another pod gets that connects to an address: `connected`, or the error. */
  async connect(host, port) {
    const program = `import socket, sys
try:
    socket.create_connection((sys.argv[1], int(sys.argv[2])), 3)
    print("connected")
except OSError as error:
    print(error)`;
    return (await python(this.namespace, 'client', 'client', program, host, port)).trim();
  }

  /** Waits until a Service without endpoints is refused: until the proxies know of it, connections time out. */
  refused(service, port = 80) {
    return this.until(`${service}: refused`, async () => {
      const answer = await this.connect(service, port);
      expect(answer !== 'connected', `${service}: ${answer}`);
      return answer.includes('refused') && answer;
    });
  }

  /** Deletes a pod that a finalizer holds, and waits for the end of a container; resolves to how it ended, and after how many seconds. */
  async end(pod, name = 'web', timeoutSeconds = 90) {
    const begin = Date.now();
    await kubectl(['-n', this.namespace, 'delete', 'pod', pod, '--wait=false']);
    const ended = await this.until(`${pod}: end of ${name}`, () => this.container(pod, name).state?.terminated, timeoutSeconds);
    // The end is told in whole seconds, cut off.
    return { ...ended, seconds: Math.round((Date.parse(ended.finishedAt) + 500 - begin) / 1000) };
  }

  /** Asks for the eviction of a pod; resolves to `evicted`, or to the status code and the message. */
  async evict(pod) {
    const { name } = this.pods(pod)[0].metadata;
    const eviction = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name, namespace: this.namespace } };
    try {
      await kubectl(['create', '--raw', `/api/v1/namespaces/${this.namespace}/pods/${name}/eviction`, '-f', '-'], { input: JSON.stringify(eviction) });
      return 'evicted';
    } catch (error) {
      return error.message.slice(error.message.indexOf(': ') + 2).trim();
    }
  }

  /** Lets go of the pods that a finalizer holds. */
  async release() {
    const held = (await get(this.namespace, 'pods')).items.filter(({ metadata }) => metadata.finalizers);
    await Promise.all(held.map(({ metadata }) =>
      kubectl(['-n', this.namespace, 'patch', 'pod', metadata.name, '--type=merge', '-p', '{"metadata":{"finalizers":null}}'])));
  }
}

/** A failure where what was seen is not what the rule says. */
export function expect(good, what) {
  if (!good) {
    throw new Error(`unexpected: ${what}`);
  }
}

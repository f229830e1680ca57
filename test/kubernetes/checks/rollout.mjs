// A rolling update of a Deployment behind a Service loses no request, because the app goes on serving while its endpoint is removed.
import { check, part, report, seconds } from '../lib/check.mjs';
import { create, get, kubectl, ready, secondsSince, sleep, until } from '../lib/kubectl.mjs';
import { app, helperPod } from '../lib/manifests.mjs';

const UPDATES = 3;

/** Requests without end, each over a connection of its own, to the address of a Service; each second a line with the totals. */
const CLIENT = (address) => `
import http.client, json, threading, time

totals = {"sent": 0, "answered": 0}
errors = {}
guard = threading.Lock()

def ask():
    while True:
        try:
            connection = http.client.HTTPConnection("${address}", 8080, timeout=5)
            connection.request("GET", "/item", headers={"Connection": "close"})
            answer = connection.getresponse()
            body = answer.read()
            outcome = "answered" if answer.status == 200 and body == b"ok\\n" else str(answer.status)
            connection.close()
        except Exception as error:
            outcome = type(error).__name__
        with guard:
            totals["sent"] += 1
            if outcome == "answered":
                totals["answered"] += 1
            else:
                errors[outcome] = errors.get(outcome, 0) + 1

for _ in range(8):
    threading.Thread(target=ask, daemon=True).start()
while True:
    time.sleep(1)
    with guard:
        print(json.dumps({**totals, "errors": errors}), flush=True)
`;

async function totalsOf(namespace, client) {
  const lines = (await kubectl(['-n', namespace, 'logs', client])).trim().split('\n');
  return JSON.parse(lines.at(-1));
}

/** Replaces every pod of a Deployment under load; resolves to what the client counted meanwhile. */
async function underLoad(namespace, name) {
  const client = `client-of-${name}`;
  const { spec: { clusterIP } } = await get(namespace, 'service', name);
  await create(namespace, [helperPod(client, CLIENT(clusterIP))]);
  await ready(namespace, client);
  await until('answers', async () => (await totalsOf(namespace, client).catch(() => ({}))).answered > 50, 30, 1);
  const begin = Date.now();
  for (let update = 0; update < UPDATES; update++) {
    await kubectl(['-n', namespace, 'rollout', 'restart', `deployment/${name}`]);
    await kubectl(['-n', namespace, 'rollout', 'status', `deployment/${name}`, '--timeout=180s']);
  }
  // The old pods are still ending when the new ones are ready.
  await until('the old pods to end', async () => (await get(namespace, 'pods')).items.every(({ metadata }) => !metadata.deletionTimestamp), 90);
  await sleep(2000);
  const totals = await totalsOf(namespace, client);
  await kubectl(['-n', namespace, 'delete', 'pod', client]);
  return { ...totals, lost: totals.sent - totals.answered, took: secondsSince(begin) };
}

function words({ sent, lost, errors, took }) {
  const kinds = Object.entries(errors).map(([kind, count]) => `${count} ${kind}`).join(', ');
  return `${sent} requests sent, ${lost} lost${kinds && ` (${kinds})`}; ${UPDATES} updates in ${seconds(took)}`;
}

await check('rollout', async (namespace) => {
  await create(namespace, await app('rollout', namespace));
  for (const name of ['web', 'hasty']) {
    await kubectl(['-n', namespace, 'rollout', 'status', `deployment/${name}`, '--timeout=120s']);
  }
  await part('rolling updates lose no request', async () => {
    const result = await underLoad(namespace, 'web');
    report(result.lost === 0 && result.sent > 1000, 'rolling updates of an app that serves on in its preStop lose no request', words(result));
  });
  await part('without the wait requests are lost', async () => {
    const result = await underLoad(namespace, 'hasty');
    report(result.lost > 0, 'the same app without the wait loses some: the client would have noticed', words(result));
  });
});

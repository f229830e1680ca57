// Log volumes of 16Mi take 48 MB and more: the pods are not evicted, nothing restarts, and the reader loses no line.
import { check, mebibytes, part, report, seconds } from '../lib/check.mjs';
import { create, exec, follow, get, nodeLog, python, ready, restarted, secondsSince, sleep } from '../lib/kubectl.mjs';
import { example, helperPod, podOf } from '../lib/manifests.mjs';

const LINES = 6400;
const PADDING = 7900;
const BYTES_PER_SECOND = Number(process.env.BYTES_PER_SECOND ?? 2_000_000);
const CALM_SECONDS = 60;

/** Arguments: address, number of requests, padding, bytes a second. Long addresses make long lines in the access log. */
const REQUESTS = `
import http.client, sys, time
host, lines, padding, rate = sys.argv[1], *map(int, sys.argv[2:])
connection = http.client.HTTPConnection(host, 8080, timeout=30)
begin = time.time()
for number in range(lines):
    connection.request("GET", f"/?seq-{number:06d}-" + "x" * padding)
    assert connection.getresponse().read() is not None
    time.sleep(max(0, begin + number * padding / rate - time.time()))
print(lines * padding / (time.time() - begin))
`;

const ORDERS = REQUESTS
  .replace('import http.client', 'import json, http.client')
  .replace(/connection\.request.*/, 'connection.request("POST", "/orders", json.dumps({"items": [f"seq-{number:06d}", "x" * padding]}))');

/** Reads a file of the pod over HTTP while it grows and is renamed, as a consumer of the reports would; prints the first column but one. */
const CONSUMER = `
import http.client, os, re, sys, time
host, lines, seconds = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
seen, rest, position, highest = set(), b"", 0, 0

def get(path, start):
    connection = http.client.HTTPConnection(host, 8081, timeout=30)
    connection.request("GET", path, headers={"Range": f"bytes={start}-"} if start else {})
    answer = connection.getresponse()
    return answer.status, answer.read()

def take(data):
    global rest
    rows = (rest + data).split(b"\\n")
    rest = rows.pop()
    seen.update(row.split(b",", 2)[1] for row in rows if row.count(b",") >= 2)

end = time.time() + seconds
while time.time() < end and len(seen) < lines + 1:
    # One byte that is known: if the file ends before it, it is a new one.
    status, data = get("/orders.csv", position - 1 if position else 0)
    if status == 404:
        pass
    elif position and status != 206:
        take(get("/orders.csv.1", position - 1)[1][1:])
        rest, position = b"", 0
        continue
    else:
        data = data[1:] if position else data
        position += len(data)
        take(data)
    time.sleep(0.2)
print(len([mark for mark in seen if mark.startswith(b"seq-")]))
`;

/** The most disk space that the files of a directory take, looked at five times a second. */
const DISK_SPACE = `
import os, sys, time
end = time.time() + float(sys.argv[2])
most = 0
while time.time() < end:
    try:
        most = max(most, sum(entry.stat().st_blocks * 512 for entry in os.scandir(sys.argv[1])))
    except FileNotFoundError:
        pass
    time.sleep(0.2)
print(most)
`;

/** A shell program for the app of the adapter example: a tenth of a second's lines at a time. */
const SHELL_LINES = `
padding=$(printf '%${PADDING}s' | tr ' ' x)
number=0
while [ "$number" -lt ${LINES} ]; do
  end=$((number + ${Math.ceil(BYTES_PER_SECOND / 10 / PADDING)}))
  [ "$end" -lt ${LINES} ] || end=${LINES}
  while [ "$number" -lt "$end" ]; do
    printf '{"id": %d, "customer": {"name": "seq-%06d-%s"}}\\n' "$number" "$number" "$padding"
    number=$((number + 1))
  done >> /var/log/orders/orders.jsonl
  sleep 0.1
done
`;

const marksOf = (text) => text.match(/seq-\d{6}(?=-x)/g) ?? [];

/** Follows the output of a reader; lines that `kubectl logs -f` missed are looked up on the node. */
function collect(namespace, pod, container) {
  const output = follow(namespace, pod, container);
  return async () => {
    output.stop();
    const followed = new Set(output.lines.flatMap(({ text }) => marksOf(text)));
    if (followed.size >= LINES) {
      return { arrived: followed.size, how: '' };
    }
    const kept = await nodeLog(namespace, pod, container);
    const all = new Set([...followed, ...marksOf(kept.text)]);
    return { arrived: all.size, how: `, ${all.size - followed.size} of them not shown by kubectl logs -f, which may lose lines when the kubelet rotates` };
  };
}

/** Starts a pod, lets it write, waits a calm minute, and reports. */
async function bounded(namespace, scenario) {
  const objects = await example(scenario.example, namespace);
  const pod = podOf(objects).metadata.name;
  await create(namespace, objects);
  await ready(namespace, pod);
  const { spec, status } = await get(namespace, 'pod', pod);
  const rotator = spec.initContainers.find(({ name }) => name.endsWith('rotator')).name;
  const expectedSeconds = Math.ceil((LINES * PADDING) / BYTES_PER_SECOND);
  const arrivals = scenario.collect(namespace, pod, status.podIP, expectedSeconds);
  const space = python(namespace, pod, rotator, DISK_SPACE, scenario.directory, expectedSeconds + CALM_SECONDS / 2)
    // It fails with the pod; what became of the pod is reported below.
    .then(Number, () => NaN);

  const begin = Date.now();
  // An eviction ends it early: the status of the pod says so.
  const written = await scenario.write(namespace, pod, status.podIP).then(() => true, () => false);
  const took = secondsSince(begin);
  await sleep((written ? CALM_SECONDS : 5) * 1000);
  const most = await space;
  const { arrived, how } = await (await arrivals)();

  const after = await get(namespace, 'pod', pod);
  const again = await restarted(namespace, pod);
  const calm = written && after.status.phase === 'Running' && !again;
  report(calm, `${scenario.example}: ${mebibytes(LINES * PADDING)} through a volume of 16 MiB, no eviction within a minute and no restart`,
    calm ? `written in ${seconds(took)}, at most ${mebibytes(most)} at a time` : `${after.status.phase} after ${seconds(took)}: ${after.status.message ?? again}`);
  report(arrived === LINES, `${scenario.example}: no line is lost`, `${arrived} of ${LINES}${how}`);
}

const SCENARIOS = [
  {
    example: 'sidecar-logs',
    directory: '/var/log/nginx',
    collect: (namespace, pod) => collect(namespace, pod, 'fluentd'),
    write: (namespace, _pod, address) => python(namespace, 'load', 'load', REQUESTS, address, LINES, PADDING, BYTES_PER_SECOND),
  },
  {
    example: 'adapter-json-to-csv',
    directory: '/var/log/orders',
    collect: (namespace, pod) => collect(namespace, pod, 'json-to-csv'),
    write: (namespace, pod) => exec(namespace, pod, 'orders', ['sh', '-c', SHELL_LINES]),
  },
  {
    example: 'shop',
    directory: '/var/log/shop',
    collect: (namespace, _pod, address, expectedSeconds) => {
      const consumed = python(namespace, 'load', 'load', CONSUMER, address, LINES, 3 * expectedSeconds + CALM_SECONDS).then(Number, () => 0);
      return async () => ({ arrived: await consumed, how: ', read over HTTP from the rotated CSV files' });
    },
    write: (namespace, _pod, address) => python(namespace, 'load', 'load', ORDERS, address, LINES, PADDING, BYTES_PER_SECOND),
  },
];

await check('volume-bounds', async (namespace) => {
  await create(namespace, [helperPod('load')]);
  await ready(namespace, 'load');
  await Promise.all(SCENARIOS.map((scenario) => part(scenario.example, () => bounded(namespace, scenario))));
});

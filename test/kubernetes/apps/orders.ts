import { App, Chart } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { AdapterPod, CsvColumn, JsonToCsv } from 'cdk8s-pod-patterns';

const LOG = '/var/log/orders/orders.jsonl';

/** Ten thousand orders in ten seconds, every hundredth one cut off in its middle. */
const ORDERS = `
import json, os, time
while not os.path.exists("/tmp/go"):
    time.sleep(0.1)
with open("${LOG}", "a", buffering=1) as log:
    begin = time.time()
    for number in range(10_000):
        time.sleep(max(0, begin + number / 1000 - time.time()))
        line = json.dumps({"id": number, "written": f"{time.time():.6f}", "customer": {"name": 'Ada, "Countess"'}})
        log.write((line[:25] if number % 100 == 99 else line) + "\\n")
while True:
    time.sleep(1)
`;

const synthesis = new App();
const chart = new Chart(synthesis, 'orders', { disableResourceNameHashes: true });
new AdapterPod(chart, 'Orders', {
  metadata: { name: 'orders' },
  app: {
    name: 'app',
    image: 'python:3.13-slim-bookworm',
    command: ['python3', '-c', ORDERS],
    volumeMounts: [{ path: '/tmp', volume: kplus.Volume.fromEmptyDir(chart, 'Tmp', 'tmp') }],
  },
  adapter: new JsonToCsv({
    input: [LOG],
    columns: [CsvColumn.of('id'), CsvColumn.of('written'), CsvColumn.of('name', { path: 'customer.name' })],
  }),
});
synthesis.synth();

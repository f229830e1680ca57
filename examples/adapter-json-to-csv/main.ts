import { App, Chart, Duration, Size } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { AdapterPod, CsvColumn, JsonToCsv, SharedDirectory, Waiver } from 'cdk8s-pod-patterns';

/** Stands for an application that logs JSON: one order a second, and a last line when it is told to stop. */
const ORDERS = `
log=/var/log/orders/orders.jsonl
number=0
stopping=
trap 'stopping=yes' TERM
while [ -z "$stopping" ]; do
  number=$((number + 1))
  printf '{"id": %d, "customer": {"name": "Ada, Countess", "city": "London"}, "total": %d.50}\\n' "$number" "$number" >> "$log"
  touch /tmp/alive
  sleep 1
done
printf '{"id": %d, "customer": {"name": "last order"}}\\n' "$((number + 1))" >> "$log"
`;

/** Exercise 2 of the lesson: one container writes JSON lines, the other one turns them into CSV while they are written. */
export class AdapterJsonToCsv extends Chart {
  public constructor(scope: Construct, id: string) {
    super(scope, id, { namespace: 'shop', disableResourceNameHashes: true });
    const beats = ['sh', '-c', 'test -n "$(find /tmp/alive -mmin -1)"'];

    const orders = new AdapterPod(this, 'Orders', {
      app: {
        name: 'orders',
        image: 'busybox:1.37.0',
        command: ['sh', '-c', ORDERS],
        liveness: kplus.Probe.fromCommand(beats, { initialDelaySeconds: Duration.seconds(10) }),
        readiness: kplus.Probe.fromCommand(['test', '-s', '/var/log/orders/orders.jsonl']),
        resources: {
          cpu: { request: kplus.Cpu.millis(20), limit: kplus.Cpu.millis(100) },
          memory: { request: Size.mebibytes(16), limit: Size.mebibytes(32) },
        },
      },
      writablePaths: ['/tmp'],
      writablePathSize: Size.mebibytes(1),
      adapter: new JsonToCsv({
        input: ['/var/log/orders/orders.jsonl'],
        columns: [
          CsvColumn.of('id'),
          CsvColumn.of('name', { path: 'customer.name' }),
          CsvColumn.of('city', { path: 'customer.city', defaultValue: 'unknown' }),
          CsvColumn.of('total', { defaultValue: '0' }),
        ],
        directories: [SharedDirectory.onDisk('/var/log/orders', { sizeLimit: Size.mebibytes(16) })],
      }),
    });
    orders.with(new Waiver('bare-pod', { reason: 'the example shows one pod; a Deployment makes it in production' }));

    new kplus.NetworkPolicy(this, 'Policy', {
      selector: orders,
      ingress: { default: kplus.NetworkPolicyTrafficDefault.DENY },
      egress: { default: kplus.NetworkPolicyTrafficDefault.DENY },
    });
  }
}

const app = new App();
new AdapterJsonToCsv(app, 'adapter-json-to-csv');
app.synth();

import { readFileSync } from 'fs';
import { join } from 'path';
import { App, Chart, Duration, Size } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { CsvColumn, CsvOutput, HAProxy, JsonToCsv, ProductionPod, SharedDirectory, Sidecar, Upstream, Waiver } from 'cdk8s-pod-patterns';

/** A small application with three helpers in one pod: ambassador, adapter and sidecar. */
export class Shop extends Chart {
  public constructor(scope: Construct, id: string) {
    super(scope, id, { namespace: 'shop', disableResourceNameHashes: true });
    const reports = SharedDirectory.onDisk('/var/spool/reports', { sizeLimit: Size.mebibytes(32) });

    const catalog = new HAProxy({ upstreams: [Upstream.http('catalog', 'catalog.shop.svc.cluster.local', 8080)] });
    const csv = new JsonToCsv({
      input: ['/var/log/shop/orders.jsonl'],
      columns: [CsvColumn.of('id'), CsvColumn.of('first', { path: 'items[0]' }), CsvColumn.of('items')],
      output: CsvOutput.file(reports, 'orders.csv'),
      directories: [SharedDirectory.onDisk('/var/log/shop', { sizeLimit: Size.mebibytes(16) })],
    });
    const server = new Sidecar({
      name: 'reports',
      image: 'busybox:1.37.0',
      // As process 1 httpd has no handler for TERM, and would be killed at the end of the grace period.
      command: ['sh', '-c', `trap exit TERM; httpd -f -p 8081 -h ${reports.path} & wait`],
      ports: [{ number: 8081, name: 'reports' }],
      securityContext: { user: 1000, group: 1000 },
      liveness: kplus.Probe.fromTcpSocket({ failureThreshold: 6 }),
      reads: [reports],
      startAfter: [csv],
    });

    const shop = new ProductionPod(this, 'Shop', {
      app: {
        name: 'shop',
        image: 'python:3.13-slim-bookworm',
        command: ['python3', '/app/shop.py'],
        portNumber: 8080,
        liveness: kplus.Probe.fromHttpGet('/healthz', { periodSeconds: Duration.seconds(10) }),
        readiness: kplus.Probe.fromHttpGet('/readyz', { periodSeconds: Duration.seconds(2) }),
        volumeMounts: [{ path: '/app', volume: this.code(), readOnly: true }],
      },
      parts: [server, csv, catalog],
    });
    shop.with(new Waiver('bare-pod', { reason: 'the example shows one pod; a Deployment makes it in production' }));

    new kplus.NetworkPolicy(this, 'Policy', {
      selector: shop,
      ingress: {
        default: kplus.NetworkPolicyTrafficDefault.DENY,
        rules: [{ peer: kplus.Pods.all(this, 'Clients'), ports: [kplus.NetworkPolicyPort.tcp(8080), kplus.NetworkPolicyPort.tcp(8081)] }],
      },
      egress: {
        default: kplus.NetworkPolicyTrafficDefault.DENY,
        rules: [
          { peer: kplus.NetworkPolicyIpBlock.anyIpv4(this, 'Dns'), ports: [kplus.NetworkPolicyPort.of({ port: 53, protocol: kplus.NetworkProtocol.UDP }), kplus.NetworkPolicyPort.tcp(53)] },
          { peer: kplus.Pods.select(this, 'Catalog', { labels: { app: 'catalog' } }), ports: [kplus.NetworkPolicyPort.tcp(8080)] },
        ],
      },
    });
  }

  private code(): kplus.Volume {
    const code = new kplus.ConfigMap(this, 'Code', { data: { 'shop.py': readFileSync(join(__dirname, 'app', 'shop.py'), 'utf8') } });
    return kplus.Volume.fromConfigMap(this, 'CodeVolume', code, { name: 'code' });
  }
}

const app = new App();
new Shop(app, 'shop');
app.synth();

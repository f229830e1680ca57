import { App, Chart, Cron, Duration } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { HAProxy, ProductionCronJob, Upstream } from 'cdk8s-pod-patterns';

/** Asks the local port of the ambassador; names, retries and changing addresses are none of its business. */
const REPORT = `import json, os, urllib.request
with urllib.request.urlopen(os.environ["CATALOG_URL"] + "/items", timeout=30) as answer:
    items = json.load(answer)
print(json.dumps({"items": len(items)}))
`;

/** A nightly report that reaches a service through an ambassador. */
export class NightlyReport extends Chart {
  public constructor(scope: Construct, id: string) {
    super(scope, id, { namespace: 'shop', disableResourceNameHashes: true });
    const catalog = 'catalog.shop.svc.cluster.local';

    new ProductionCronJob(this, 'Report', {
      schedule: Cron.schedule({ hour: '3', minute: '0' }),
      timeZone: 'Etc/UTC',
      // A native sidecar whose image cannot be pulled would keep the run waiting for ever.
      activeDeadline: Duration.minutes(30),
      app: {
        name: 'report',
        image: 'python:3.13-slim-bookworm',
        command: ['python3', '-c', REPORT],
      },
      parts: [new HAProxy({ upstreams: [Upstream.http('catalog', catalog, 8080)] })],
      networkIsolation: { peers: { [catalog]: kplus.Pods.select(this, 'Catalog', { labels: { 'app.kubernetes.io/name': 'catalog' } }) } },
    });
  }
}

const app = new App();
new NightlyReport(app, 'cron-report');
app.synth();

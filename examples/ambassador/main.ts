import { App, Chart, Size } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { AmbassadorPod, HAProxy, Upstream, Waiver } from 'cdk8s-pod-patterns';

/** The app knows one address, on localhost, and finds it in its environment. */
const ITEMS = `#!/bin/sh
if items=$(wget -q -O - "$CATALOG_URL/items"); then
  printf 'Content-Type: application/json\\r\\n\\r\\n%s\\n' "$items"
else
  printf 'Status: 503 Service Unavailable\\r\\n\\r\\nthe catalog is not there\\n'
fi
`;

/** An app that speaks to a service of the network as if it ran on localhost. */
export class Ambassador extends Chart {
  public constructor(scope: Construct, id: string) {
    super(scope, id, { namespace: 'shop', disableResourceNameHashes: true });
    const site = new kplus.ConfigMap(this, 'Site', { data: { 'items': ITEMS, 'index.html': 'shop front\n' } });

    const front = new AmbassadorPod(this, 'Front', {
      app: {
        name: 'front',
        image: 'busybox:1.37.0',
        // As process 1 httpd has no handler for TERM, and would be killed at the end of the grace period.
        command: ['sh', '-c', 'trap exit TERM; httpd -f -p 8080 -h /www & wait'],
        portNumber: 8080,
        liveness: kplus.Probe.fromTcpSocket({ failureThreshold: 6 }),
        readiness: kplus.Probe.fromHttpGet('/'),
        resources: {
          cpu: { request: kplus.Cpu.millis(50), limit: kplus.Cpu.millis(200) },
          memory: { request: Size.mebibytes(32), limit: Size.mebibytes(64) },
        },
      },
      ambassador: new HAProxy({
        upstreams: [Upstream.http('catalog', 'catalog.shop.svc.cluster.local', 8080, { healthCheck: { path: '/healthz' } })],
      }),
    });
    front.with(new Waiver('bare-pod', { reason: 'the example shows one pod; a Deployment makes it in production' }));
    front.app.mount('/www/index.html', this.file(site, 'index', 'index.html'), { subPath: 'index.html', readOnly: true });
    front.app.mount('/www/cgi-bin', this.file(site, 'cgi', 'items', 0o555), { readOnly: true });

    new kplus.NetworkPolicy(this, 'Policy', {
      selector: front,
      ingress: { default: kplus.NetworkPolicyTrafficDefault.DENY, rules: [{ peer: kplus.Pods.all(this, 'Clients'), ports: [kplus.NetworkPolicyPort.tcp(8080)] }] },
      egress: {
        default: kplus.NetworkPolicyTrafficDefault.DENY,
        rules: [
          // Names are asked for at any peer: a selector would miss caches on the node.
          { peer: kplus.NetworkPolicyIpBlock.anyIpv4(this, 'Dns'), ports: [kplus.NetworkPolicyPort.of({ port: 53, protocol: kplus.NetworkProtocol.UDP }), kplus.NetworkPolicyPort.tcp(53)] },
          { peer: kplus.Pods.select(this, 'Catalog', { labels: { app: 'catalog' } }), ports: [kplus.NetworkPolicyPort.tcp(8080)] },
        ],
      },
    });
  }

  private file(config: kplus.ConfigMap, name: string, key: string, mode?: number): kplus.Volume {
    return kplus.Volume.fromConfigMap(this, `Volume-${name}`, config, { name, items: { [key]: { path: key, mode } } });
  }
}

const app = new App();
new Ambassador(app, 'ambassador');
app.synth();

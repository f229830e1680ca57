import { App, Chart, Duration } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { ProductionPod, Waiver } from 'cdk8s-pod-patterns';

/** Alive and ready are two questions, so there are two answers. */
const SITE = `server {
  listen 8080;
  location / { root /usr/share/nginx/html; }
  location = /healthz { access_log off; return 200 "alive\\n"; }
  location = /readyz { access_log off; if (-f /tmp/draining) { return 503; } return 200 "ready\\n"; }
}
`;

/** Exercise 3 of the lesson: not root, bounded, alive, ready. */
export class ProductionReadyPod extends Chart {
  public constructor(scope: Construct, id: string) {
    super(scope, id, { namespace: 'shop', disableResourceNameHashes: true });
    const site = new kplus.ConfigMap(this, 'Site', { data: { 'default.conf': SITE } });

    const web = new ProductionPod(this, 'Web', {
      app: {
        name: 'nginx',
        image: 'nginxinc/nginx-unprivileged:1.30.4',
        portNumber: 8080,
        liveness: kplus.Probe.fromHttpGet('/healthz', { periodSeconds: Duration.seconds(5), failureThreshold: 3 }),
        readiness: kplus.Probe.fromHttpGet('/readyz', { periodSeconds: Duration.seconds(2), failureThreshold: 2 }),
        volumeMounts: [
          { path: '/etc/nginx/conf.d', volume: kplus.Volume.fromConfigMap(this, 'SiteVolume', site, { name: 'site' }), readOnly: true },
        ],
      },
      writablePaths: ['/tmp'],
    });
    web.with(new Waiver('bare-pod', { reason: 'the example shows one pod; a Deployment makes it in production' }));

    new kplus.NetworkPolicy(this, 'Policy', {
      selector: web,
      ingress: { default: kplus.NetworkPolicyTrafficDefault.DENY, rules: [{ peer: kplus.Pods.all(this, 'Clients'), ports: [kplus.NetworkPolicyPort.tcp(8080)] }] },
      egress: { default: kplus.NetworkPolicyTrafficDefault.DENY },
    });
  }
}

const app = new App();
new ProductionReadyPod(app, 'production-pod');
app.synth();

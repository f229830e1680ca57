import { App, Chart, Duration, Size } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { Fluentd, ProductionDeployment, SharedDirectory } from 'cdk8s-pod-patterns';

/** Requests are logged, probes are not: they would fill the log. */
const SITE = `server {
  listen 8080;
  location / { root /usr/share/nginx/html; }
  location = /healthz { access_log off; return 200 "alive\\n"; }
  location = /readyz { access_log off; return 200 "ready\\n"; }
}
`;

/** A service that stays up: through an update, a drained node and a hung process. */
export class Shop extends Chart {
  public constructor(scope: Construct, id: string) {
    super(scope, id, { namespace: 'shop', disableResourceNameHashes: true });
    const site = new kplus.ConfigMap(this, 'Site', { data: { 'default.conf': SITE } });

    new ProductionDeployment(this, 'Web', {
      replicas: 3,
      app: {
        name: 'nginx',
        image: 'nginxinc/nginx-unprivileged:1.30.4',
        portNumber: 8080,
        securityContext: { user: 101, group: 101 },
        liveness: kplus.Probe.fromHttpGet('/healthz', { periodSeconds: Duration.seconds(5) }),
        readiness: kplus.Probe.fromHttpGet('/readyz', { periodSeconds: Duration.seconds(2), failureThreshold: 2 }),
        volumeMounts: [
          { path: '/etc/nginx/conf.d', volume: kplus.Volume.fromConfigMap(this, 'SiteVolume', site, { name: 'site' }), readOnly: true },
        ],
      },
      writablePaths: ['/tmp'],
      parts: [
        new Fluentd({
          tail: ['/var/log/nginx/access.log', '/var/log/nginx/error.log'],
          directories: [SharedDirectory.onDisk('/var/log/nginx', { sizeLimit: Size.mebibytes(16) })],
        }),
      ],
      service: { ports: [{ port: 80, targetPort: 8080 }], metadata: { name: 'web' } },
      networkIsolation: { ingressFrom: [kplus.Pods.all(this, 'Clients')] },
    });
  }
}

const app = new App();
new Shop(app, 'deployment');
app.synth();

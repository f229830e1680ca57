import { App, Chart, Duration, Size } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { InitTask, Prefill, ProductionDeployment, RenderConfig, SharedDirectory, TcpEndpoint, WaitFor } from 'cdk8s-pod-patterns';

const NGINX = 'nginxinc/nginx-unprivileged:1.30.4';
const NGINX_USER = 101;
const CATALOG = 'catalog.shop.svc.cluster.local';

/** nginx puts no variables of the environment into its configuration: RenderConfig does. Its own, such as `$host`, stay. */
const SITE = `server {
  listen 8080;
  root /srv/site;
  gzip_static on;
  location /api/ {
    proxy_pass http://${CATALOG}:8080/;
    proxy_set_header Host $host;
    proxy_set_header X-Served-By "\${POD_NAME}";
  }
  location = /healthz { access_log off; return 200 "alive\\n"; }
  location = /readyz { access_log off; return 200 "ready\\n"; }
}
`;

/** A service that finds everything in its place when it starts. */
export class Storefront extends Chart {
  public constructor(scope: Construct, id: string) {
    super(scope, id, { namespace: 'shop', disableResourceNameHashes: true });
    const pages = SharedDirectory.onDisk('/srv/site', { sizeLimit: Size.mebibytes(64) });

    // The pages of nginx stand for an image that holds the built site.
    const site = new Prefill({ name: 'site', image: NGINX, source: '/usr/share/nginx/html', directory: pages });

    new ProductionDeployment(this, 'Web', {
      app: {
        name: 'nginx',
        image: NGINX,
        portNumber: 8080,
        securityContext: { user: NGINX_USER, group: NGINX_USER },
        liveness: kplus.Probe.fromHttpGet('/healthz', { periodSeconds: Duration.seconds(5) }),
        readiness: kplus.Probe.fromHttpGet('/readyz', { periodSeconds: Duration.seconds(2), failureThreshold: 2 }),
      },
      writablePaths: ['/tmp'],
      parts: [
        site,
        new InitTask({
          name: 'compress',
          image: 'busybox:1.37.0',
          command: ['sh', '-ec', 'find /srv/site -name "*.html" -exec gzip -9 -k -f {} +'],
          securityContext: { user: NGINX_USER, group: NGINX_USER },
          writes: [pages],
          startAfter: [site],
        }),
        new RenderConfig({
          directory: SharedDirectory.inMemory('/etc/nginx/conf.d', { sizeLimit: Size.mebibytes(1) }),
          files: { 'default.conf': SITE },
          // Known only when the pod is there; a value of a Secret or ConfigMap is given in the same way.
          values: { POD_NAME: kplus.EnvValue.fromFieldRef(kplus.EnvFieldPaths.POD_NAME) },
          fileMode: 0o400,
        }),
        // nginx looks a name up once, when it starts, and ends where there is none.
        new WaitFor({ endpoints: [TcpEndpoint.of(CATALOG, 8080)], timeout: Duration.minutes(1) }),
      ],
      service: { ports: [{ port: 80, targetPort: 8080 }], metadata: { name: 'storefront' } },
      networkIsolation: {
        ingressFrom: [kplus.Pods.all(this, 'Clients')],
        peers: { [CATALOG]: kplus.Pods.select(this, 'Catalog', { labels: { 'app.kubernetes.io/name': 'catalog' } }) },
      },
    });
  }
}

const app = new App();
new Storefront(app, 'init-containers');
app.synth();

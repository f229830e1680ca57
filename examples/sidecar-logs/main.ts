import { App, Chart, Size } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { Fluentd, SharedDirectory, SidecarPod, Waiver } from 'cdk8s-pod-patterns';

/** Requests are logged, probes are not: they would fill the log. */
const SITE = `server {
  listen 8080;
  location / { root /usr/share/nginx/html; }
  location = /healthz { access_log off; return 200 "alive\\n"; }
  location = /readyz { access_log off; return 200 "ready\\n"; }
}
`;

/** Exercise 1 of the lesson: nginx writes its logs, fluentd collects them, nginx is not changed. */
export class SidecarLogs extends Chart {
  public constructor(scope: Construct, id: string) {
    super(scope, id, { namespace: 'shop', disableResourceNameHashes: true });
    const site = new kplus.ConfigMap(this, 'Site', { data: { 'default.conf': SITE } });

    const web = new SidecarPod(this, 'Web', {
      app: {
        name: 'nginx',
        image: 'nginxinc/nginx-unprivileged:1.30.4',
        portNumber: 8080,
        securityContext: { user: 101, group: 101 },
        liveness: kplus.Probe.fromHttpGet('/healthz'),
        readiness: kplus.Probe.fromHttpGet('/readyz'),
        volumeMounts: [
          { path: '/etc/nginx/conf.d', volume: kplus.Volume.fromConfigMap(this, 'SiteVolume', site, { name: 'site' }), readOnly: true },
        ],
      },
      writablePaths: ['/tmp'],
      sidecar: new Fluentd({
        tail: ['/var/log/nginx/access.log', '/var/log/nginx/error.log'],
        directories: [SharedDirectory.onDisk('/var/log/nginx', { sizeLimit: Size.mebibytes(16) })],
      }),
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
new SidecarLogs(app, 'sidecar-logs');
app.synth();

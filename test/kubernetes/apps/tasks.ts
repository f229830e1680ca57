import { App, Chart, Cron, Duration } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { Ambassador, Fluentd, HAProxy, LogStream, ProductionReady, Upstream } from 'cdk8s-pod-patterns';

const LOG = '/var/log/app/app.log';

/** Writes a thousand lines and ends at once. */
const WORK = `n=1000; while [ $n -lt 2000 ]; do echo "line-$n"; n=$((n + 1)); done >> ${LOG}`;

function work(script: string): kplus.ContainerProps {
  return { name: 'app', image: 'busybox:1.37.0', command: ['sh', '-c', script], securityContext: { user: 1000 } };
}

const synthesis = new App();
const chart = new Chart(synthesis, 'tasks', { disableResourceNameHashes: true });

new kplus.Job(chart, 'Report', { metadata: { name: 'report' }, backoffLimit: 0, containers: [work(WORK)] })
  .with(new LogStream({ files: [LOG] }), new Fluentd({ tail: [LOG] }), new ProductionReady());

new kplus.CronJob(chart, 'EveryMinute', {
  metadata: { name: 'every-minute' },
  schedule: Cron.schedule({ minute: '*' }),
  activeDeadline: Duration.minutes(2),
  containers: [work(WORK)],
}).with(
  new HAProxy({ upstreams: [Upstream.http('catalog', 'catalog.shop.svc.cluster.local', 8080)] }),
  new LogStream({ files: [LOG] }),
  new ProductionReady(),
);

/** Its proxy has an image that nobody can pull: the app never starts, and no pod fails. */
new kplus.Job(chart, 'Stuck', {
  metadata: { name: 'stuck' }, backoffLimit: 0, activeDeadline: Duration.seconds(20), containers: [work('true')],
}).with(new Ambassador({ image: 'registry.invalid/proxy:1.0.0', localPort: 15432 }), new ProductionReady());

synthesis.synth();

import { App, Chart } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { Fluentd, FluentdOutput, SidecarPod } from 'cdk8s-pod-patterns';

/** A line a second, and pages on port 8080. */
const APP = `
httpd -f -p 8080 -h /tmp &
trap 'exit' TERM
number=1000
while sleep 0.2; do
  number=$((number + 1))
  echo "waiting-$number" >> /var/log/app/app.log
done
`;

const synthesis = new App();
// The namespace is replaced when the manifest is created.
const chart = new Chart(synthesis, 'output-down', { namespace: 'shop', disableResourceNameHashes: true });
for (const receiver of ['refused', 'unresolved']) {
  new SidecarPod(chart, receiver, {
    metadata: { name: receiver },
    app: {
      name: 'app',
      image: 'busybox:1.37.0',
      command: ['sh', '-c', APP],
      portNumber: 8080,
      readiness: kplus.Probe.fromTcpSocket(),
      volumeMounts: [{ path: '/tmp', volume: kplus.Volume.fromEmptyDir(chart, `Tmp-${receiver}`, 'tmp') }],
    },
    sidecar: new Fluentd({ tail: ['/var/log/app/app.log'], output: FluentdOutput.forward(`${receiver}.shop.svc.cluster.local`) }),
  });
}
synthesis.synth();

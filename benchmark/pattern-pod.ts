import { Chart, Size } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import * as library from '../lib';

// Loaded here: the import is measured on its own.
const { Sidecar, SharedDirectory, SidecarPod } = library;

/** A web server whose pages a helper reads, through the library. */
export function patternPod(chart: Chart, index: number, make: number): void {
  new SidecarPod(chart, `Web${index}`, {
    metadata: { annotations: { 'waive.pod-patterns/bare-pod': 'it is measured' } },
    app: {
      image: `registry.example/web-${index}:1.4.2`,
      portNumber: 8080,
      envVariables: { SHOP: kplus.EnvValue.fromValue(`shop-${index}`) },
      liveness: kplus.Probe.fromHttpGet('/healthz'),
      readiness: kplus.Probe.fromHttpGet('/readyz'),
    },
    sidecar: new Sidecar({
      name: 'shipper',
      image: 'registry.example/shipper:2.0.0',
      reads: [SharedDirectory.onDisk(`/srv/pages/${make}`, { sizeLimit: Size.mebibytes(64) })],
    }),
  });
}

import { App, Chart, Duration } from 'cdk8s';
import { AmbassadorPod, HAProxy, Upstream } from 'cdk8s-pod-patterns';

/** Told to stop, the app still asks its upstream ten times a second for five seconds, and then ends. */
const APP = `
import os, signal, threading, time, urllib.request

stop = threading.Event()
signal.signal(signal.SIGTERM, lambda *_: stop.set())
print("waiting", flush=True)
while not stop.wait(0.1):
    pass
end = time.monotonic() + 5
while time.monotonic() < end:
    try:
        urllib.request.urlopen(os.environ["CATALOG_URL"] + "/steady", timeout=5).read()
        print("answered", flush=True)
    except OSError as error:
        print("failed", error, flush=True)
    time.sleep(0.1)
`;

const synthesis = new App();
const chart = new Chart(synthesis, 'ambassador-shutdown', { namespace: 'shop', disableResourceNameHashes: true });
for (const kind of ['native', 'regular']) {
  new AmbassadorPod(chart, kind, {
    metadata: { name: `shutdown-${kind}` },
    app: {
      name: 'app',
      image: 'python:3.13-slim-bookworm',
      command: ['python3', '-c', APP],
    },
    drain: Duration.seconds(10),
    ambassador: new HAProxy({
      upstreams: [Upstream.http('catalog', 'catalog.shop.svc.cluster.local', 8080)],
      nativeSidecar: kind === 'native',
    }),
  });
}
synthesis.synth();

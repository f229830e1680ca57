import { App, Chart, Duration } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { LogStream, ProductionReady } from 'cdk8s-pod-patterns';

/** Answers each request after 50 ms, writes a line for it, and on TERM refuses new ones at once and finishes the others. */
const SERVER = `
import signal, threading, time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

log = open("/var/log/web/access.log", "a", buffering=1)

class Web(BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path != "/ready":
            time.sleep(0.05)
            log.write(self.path + "\\n")
        self.send_response(200)
        self.send_header("Content-Length", "3")
        self.end_headers()
        self.wfile.write(b"ok\\n")

    def log_message(self, *words):
        pass

class Server(ThreadingHTTPServer):
    daemon_threads = False
    request_queue_size = 128

server = Server(("", 8080), Web)
signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
server.serve_forever(poll_interval=0.02)
server.server_close()
`;

const synthesis = new App();
const chart = new Chart(synthesis, 'rollout', { disableResourceNameHashes: true });

/** The same app twice: one goes on serving for 5 seconds after its pod began to end, the other does not. */
for (const [name, lifecycle] of [['web', { preStop: kplus.Handler.fromCommand(['sleep', '5']) }], ['hasty', undefined]] as const) {
  const web = new kplus.Deployment(chart, name, {
    metadata: { name },
    replicas: 2,
    strategy: kplus.DeploymentStrategy.rollingUpdate({ maxUnavailable: kplus.PercentOrAbsolute.absolute(0), maxSurge: kplus.PercentOrAbsolute.absolute(1) }),
    containers: [{
      name: 'web',
      image: 'python:3.13-slim-bookworm',
      command: ['python3', '-c', SERVER],
      portNumber: 8080,
      securityContext: { user: 1000 },
      resources: { cpu: { request: kplus.Cpu.millis(50), limit: kplus.Cpu.millis(500) } },
      readiness: kplus.Probe.fromHttpGet('/ready', { periodSeconds: Duration.seconds(1) }),
      lifecycle,
    }],
  });
  web.with(new LogStream({ files: ['/var/log/web/access.log'] }), new ProductionReady());
  web.exposeViaService({ name, ports: [{ port: 8080 }] });
}
synthesis.synth();

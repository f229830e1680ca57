import { App, Chart, Duration, Size } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { LogStream, ProductionPod } from 'cdk8s-pod-patterns';

const IMAGE = 'python:3.13-slim-bookworm';

/** Answers until a file appears; then it neither answers nor listens to TERM. */
const HANGS = `
import os, signal, time
from http.server import BaseHTTPRequestHandler, HTTPServer

signal.signal(signal.SIGTERM, signal.SIG_IGN)

class App(BaseHTTPRequestHandler):
    def do_GET(self):
        while os.path.exists("/tmp/hang"):
            time.sleep(1)
        self.send_response(200)
        self.end_headers()

# The file outlives the container: the next start must not hang at once.
if os.path.exists("/tmp/hang"):
    os.remove("/tmp/hang")
HTTPServer(("", 8080), App).serve_forever()
`;

/** Takes more memory than its limit, a little at a time, as process 1. */
const HOG = `
import time
hoard = []
time.sleep(10)
while True:
    hoard.append(bytearray(b"x" * 2**20))
    time.sleep(0.02)
`;

const synthesis = new App();
const chart = new Chart(synthesis, 'probes', { disableResourceNameHashes: true });

new ProductionPod(chart, 'Hangs', {
  metadata: { name: 'hangs' },
  app: {
    name: 'app',
    image: IMAGE,
    command: ['python3', '-c', HANGS],
    portNumber: 8080,
    liveness: kplus.Probe.fromHttpGet('/', { periodSeconds: Duration.seconds(2), failureThreshold: 2 }),
    readiness: kplus.Probe.fromHttpGet('/', { periodSeconds: Duration.seconds(2), failureThreshold: 1 }),
  },
  // The pod's grace period is longer than anybody would want to wait for a restart.
  drain: Duration.seconds(60),
  writablePaths: ['/tmp'],
});

new ProductionPod(chart, 'Hog', {
  metadata: { name: 'hog' },
  app: {
    name: 'app',
    image: IMAGE,
    command: ['python3', '-c', HOG],
    resources: { memory: { request: Size.mebibytes(32), limit: Size.mebibytes(64) } },
  },
  livenessDeclined: 'it is killed before it could hang',
  readinessDeclined: 'no traffic arrives',
  parts: [new LogStream({ files: ['/var/log/app/app.log'] })],
});
synthesis.synth();

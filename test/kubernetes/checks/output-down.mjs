// What a helper sends to may be absent: the app starts and serves all the same, and finds it when it comes.
import { check, part, report, seconds } from '../lib/check.mjs';
import { create, exec, kubectl, ready, restarted, sleep, until } from '../lib/kubectl.mjs';
import { app, example, helperPod, podOf, service } from '../lib/manifests.mjs';

/** Takes whatever fluentd sends and prints the marks of the lines in it, whichever form of the protocol it has. */
const COLLECTOR = `
import re, socketserver

class Receiver(socketserver.BaseRequestHandler):
    def handle(self):
        data = b""
        while chunk := self.request.recv(65536):
            data += chunk
            marks = list(re.finditer(rb"waiting-\\d{4,}(?!\\d)(?=.)", data, re.DOTALL))
            for mark in marks:
                print(mark.group().decode(), flush=True)
            data = data[marks[-1].end():] if marks else data[-64:]

socketserver.ThreadingTCPServer(("", 24224), Receiver).serve_forever()
`;

const CATALOG = `
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

class Catalog(BaseHTTPRequestHandler):
    def do_GET(self):
        body = b'["apple"]'
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

ThreadingHTTPServer(("", 8080), Catalog).serve_forever()
`;

async function fluentd(namespace) {
  // An address where nobody listens, and a name that does not exist.
  await create(namespace, [service('refused', 24224), ...await app('output-down', namespace)]);
  await Promise.all(['refused', 'unresolved'].map((pod) => part(`fluentd, receiver ${pod}: the app is ready`, async () => {
    const took = await ready(namespace, pod, 30);
    await sleep(10_000);
    const again = await restarted(namespace, pod);
    report(!again, `fluentd, receiver ${pod}: the app is ready and nothing restarts`, [`ready after ${seconds(took)}`, again].filter(Boolean).join(', '));
  })));
  await create(namespace, [helperPod('collector', COLLECTOR)]);
  await ready(namespace, 'collector');
  await kubectl(['-n', namespace, 'delete', 'service', 'refused']);
  await create(namespace, [service('unresolved', 24224, { app: 'collector' })]);
  await part('fluentd: lines that waited arrive', async () => {
    let arrived = new Set();
    const took = await until('lines of the pod "unresolved"', async () => {
      arrived = new Set((await kubectl(['-n', namespace, 'logs', 'collector'])).match(/waiting-\d+/g));
      return arrived.has('waiting-1001') && arrived.size >= 100;
    }, 120, 1);
    const numbers = [...arrived].map((line) => Number(line.slice(8)));
    const expected = Math.max(...numbers) - 1000;
    report(arrived.size === expected, 'fluentd: all lines that waited arrive when the receiver is there', `${arrived.size} of ${expected}, ${seconds(took)} after it`);
  });
}

async function ambassador(namespace) {
  const objects = await example('ambassador', namespace);
  const pod = podOf(objects).metadata.name;
  await create(namespace, objects);
  const took = await ready(namespace, pod, 60);
  const ask = (path) => exec(namespace, pod, 'front', ['wget', '-q', '-O', '-', `http://127.0.0.1:8080${path}`]).catch((error) => String(error));
  report((await ask('/')).includes('shop front'), 'ambassador without an upstream: the app is ready and serves', `ready after ${seconds(took)}`);
  const absent = await ask('/cgi-bin/items');
  report(absent.includes('503'), 'ambassador without an upstream: requests to it are answered with 503');

  await create(namespace, [helperPod('catalog', CATALOG), service('catalog', 8080, { app: 'catalog' })]);
  await ready(namespace, 'catalog');
  const found = await until('an answer of the upstream', async () => (await ask('/cgi-bin/items')).includes('apple'), 90);
  report(!await restarted(namespace, pod), 'ambassador: an upstream that comes later is found, and nothing restarts', `${seconds(found)} after it is ready`);
}

await check('output-down', async (namespace) => {
  await Promise.all([
    part('fluentd', () => fluentd(namespace)),
    part('ambassador', () => ambassador(namespace)),
  ]);
});

// The ambassador hides an upstream that fails every other request, sends no POST twice, and works until the app has ended.
import { check, part, report, seconds } from '../lib/check.mjs';
import { create, deletePod, exec, follow, python, ready, sleep, until } from '../lib/kubectl.mjs';
import { app, example, helperPod, podOf, service } from '../lib/manifests.mjs';

const REQUESTS = 40;

/** Fails every other GET and every other POST, and knows how many of them reached it. */
const UPSTREAM = `
import itertools, json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

turns = {"GET": itertools.count(1), "POST": itertools.count(1)}
counts = {"GET": 0, "POST": 0}

class Upstream(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        if self.path == "/counts":
            self.answer(200, counts)
        elif self.path in ("/healthz", "/steady"):
            self.answer(200, "ok")
        else:
            self.unreliable()

    def do_POST(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.unreliable()

    def unreliable(self):
        counts[self.command] += 1
        self.answer(503 if next(turns[self.command]) % 2 else 200, ["apple"])

    def answer(self, status, value):
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

ThreadingHTTPServer(("", 8080), Upstream).serve_forever()
`;

/** Sends a number of requests from a container of the pod, through the proxy on localhost; prints how many were answered with 200. */
function sendFromApp(namespace, pod, method) {
  const body = method === 'POST' ? '--post-data order=1' : '';
  const script = `good=0; for n in $(seq ${REQUESTS}); do wget -q -O /dev/null ${body} "$CATALOG_URL/items" 2>/dev/null && good=$((good + 1)); done; echo $good`;
  return exec(namespace, pod, 'front', ['sh', '-c', script]).then(Number);
}

async function retries(namespace) {
  const objects = await example('ambassador', namespace);
  const pod = podOf(objects).metadata.name;
  await create(namespace, objects);
  await ready(namespace, pod);
  const counts = async () => JSON.parse(await python(namespace, 'catalog', 'catalog',
    'import urllib.request; print(urllib.request.urlopen("http://127.0.0.1:8080/counts").read().decode())'));
  await until('the upstream', () => exec(namespace, pod, 'front', ['sh', '-c', 'wget -q -O - "$CATALOG_URL/steady"']).then(() => true, () => false), 60);

  const gets = await sendFromApp(namespace, pod, 'GET');
  const afterGets = await counts();
  report(gets === REQUESTS, 'GET: the app sees no failure of an upstream that fails every other one',
    `${gets} of ${REQUESTS} answered with 200, the upstream got ${afterGets.GET}`);
  const posts = await sendFromApp(namespace, pod, 'POST');
  const { POST: reached } = await counts();
  report(reached === REQUESTS, 'POST: none is sent twice', `${REQUESTS} sent, the upstream got ${reached}, ${REQUESTS - posts} failures shown to the app`);
}

async function shutdown(namespace) {
  const objects = await app('ambassador-shutdown', namespace);
  await create(namespace, objects);
  for (const { metadata, spec } of objects.filter(({ kind }) => kind === 'Pod')) {
    await part(`${metadata.name}: requests go on until the app ends`, async () => {
      await ready(namespace, metadata.name);
      const output = follow(namespace, metadata.name, 'app');
      await sleep(4000);
      const took = await deletePod(namespace, metadata.name);
      await output.ended;
      const lines = output.lines.map(({ text }) => text);
      const answered = lines.filter((line) => line === 'answered').length;
      const failed = lines.filter((line) => line.startsWith('failed'));
      report(answered >= 30 && failed.length === 0, `${metadata.name}: requests of the app work until it ends`,
        `${answered} answered after TERM, ${failed.length} failed ${failed[0] ?? ''}`.trim());
      const grace = spec.terminationGracePeriodSeconds;
      report(took < grace - 1, `${metadata.name}: ends within its grace period`, `${seconds(took)} of ${grace} s`);
    });
  }
}

await check('ambassador', async (namespace) => {
  await create(namespace, [helperPod('catalog', UPSTREAM), service('catalog', 8080, { app: 'catalog' })]);
  await ready(namespace, 'catalog');
  await part('retries', () => retries(namespace));
  await part('shutdown', () => shutdown(namespace));
});

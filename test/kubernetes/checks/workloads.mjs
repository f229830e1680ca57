// The workloads of the examples do what they are for: a Deployment behind its Service, a hardened chart, a run of a CronJob.
import { check, part, report, seconds } from '../lib/check.mjs';
import { create, get, kubectl, python, ready, restarted, secondsSince } from '../lib/kubectl.mjs';
import { example, helperPod, service } from '../lib/manifests.mjs';

const CATALOG = `
import http.server, json
class Catalog(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = json.dumps([{"id": n} for n in range(42)]).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
http.server.ThreadingHTTPServer(("", 8080), Catalog).serve_forever()
`;

const ASK = `
import sys, urllib.request
print(urllib.request.urlopen(sys.argv[1], timeout=10).status)
`;

/** Waits until all replicas of a Deployment are available. */
async function rollsOut(namespace, objects) {
  const begin = Date.now();
  await create(namespace, objects);
  const { metadata: { name } } = objects.find(({ kind }) => kind === 'Deployment');
  await kubectl(['-n', namespace, 'rollout', 'status', `deployment/${name}`, '--timeout=180s']);
  const took = secondsSince(begin);
  const pods = (await get(namespace, 'pods')).items.filter(({ metadata }) => metadata.name.startsWith(`${name}-`));
  const again = (await Promise.all(pods.map(({ metadata }) => restarted(namespace, metadata.name)))).filter(Boolean);
  report(again.length === 0, `${name}: all replicas become available`, [`${pods.length} after ${seconds(took)}`, ...again].join(', '));
}

async function serves(namespace, client, url) {
  const status = (await python(namespace, client, client, ASK, url)).trim();
  report(status === '200', `${url} answers through its Service`, `status ${status}`);
}

async function reports(namespace) {
  const catalog = helperPod('catalog', CATALOG);
  await create(namespace, [catalog, service('catalog', 8080, { app: 'catalog' }), ...await example('cron-report', namespace)]);
  await ready(namespace, 'catalog');
  const begin = Date.now();
  await kubectl(['-n', namespace, 'create', 'job', '--from=cronjob/cron-report-report', 'now']);
  await kubectl(['-n', namespace, 'wait', '--for=condition=complete', 'job/now', '--timeout=120s']);
  const log = await kubectl(['-n', namespace, 'logs', 'job/now', '-c', 'report']);
  report(log.includes('{"items": 42}'), 'cron-report: a run reaches the service through its ambassador and completes', `after ${seconds(secondsSince(begin))}: ${log.trim()}`);
}

await check('workloads', async (namespace) => {
  await create(namespace, [helperPod('client')]);
  await ready(namespace, 'client');
  await part('deployment', async () => {
    await rollsOut(namespace, await example('deployment', namespace));
    await serves(namespace, 'client', 'http://web/readyz');
  });
  await part('hardened-chart', async () => {
    await rollsOut(namespace, await example('hardened-chart', namespace));
    await serves(namespace, 'client', 'http://web-hello/');
  });
  await part('cron-report', () => reports(namespace));
});

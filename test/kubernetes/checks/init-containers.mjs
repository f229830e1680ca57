// Init parts have done their work before the app starts: files are copied, rendered and computed, and the awaited server accepts.
import { check, report, seconds } from '../lib/check.mjs';
import { create, exec, get, kubectl, python, ready, restarted, secondsSince, sleep, until } from '../lib/kubectl.mjs';
import { example, helperPod, service } from '../lib/manifests.mjs';

const NAME = 'init-containers-web';

/** Answers with the name that it was sent. */
const CATALOG = `
import http.server
class Catalog(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = self.headers.get("X-Served-By", "nothing").encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
http.server.ThreadingHTTPServer(("", 8080), Catalog).serve_forever()
`;

const ASK = `
import sys, urllib.request
answer = urllib.request.urlopen(urllib.request.Request(sys.argv[1], headers={"Accept-Encoding": "gzip"}), timeout=10)
body = answer.read()
if answer.headers.get("Content-Encoding") == "gzip":
    import gzip
    body = b"gzip: " + gzip.decompress(body)
print(answer.status, body.decode().strip())
`;

async function pods(namespace) {
  return (await get(namespace, 'pods')).items.filter(({ metadata }) => metadata.name.startsWith(`${NAME}-`));
}

const initStates = ({ status }) => (status.initContainerStatuses ?? []).map(({ name, state }) => `${name} ${Object.keys(state)[0]}`).join(', ');

/** Nobody answers yet: the first three have ended, the fourth waits, and the app has not been started. */
async function waits(namespace) {
  const took = await until('the last init container', async () => {
    const all = await pods(namespace);
    return all.length === 2 && all.every((pod) => initStates(pod).endsWith('wait-for running'));
  });
  // Long enough for an app that does not wait.
  await sleep(5000);
  const all = await pods(namespace);
  const started = all.filter(({ status }) => status.containerStatuses.some(({ state }) => !state.waiting));
  report(started.length === 0 && all.every((pod) => initStates(pod) === 'site terminated, compress terminated, render-config terminated, wait-for running'),
    'the app does not start while nobody accepts the connection', `after ${seconds(took + 5)}: ${initStates(all[0])}`);
  return all[0].metadata.name;
}

async function starts(namespace, catalog) {
  const begin = Date.now();
  await create(namespace, [catalog]);
  await kubectl(['-n', namespace, 'rollout', 'status', `deployment/${NAME}`, '--timeout=120s']);
  const took = secondsSince(begin);
  const again = (await Promise.all((await pods(namespace)).map(({ metadata }) => restarted(namespace, metadata.name)))).filter(Boolean);
  report(again.length === 0, 'it starts as soon as somebody does', [`all replicas available after ${seconds(took)}`, ...again].join(', '));
}

async function filesAreThere(namespace, pod) {
  const inApp = async (...command) => (await exec(namespace, pod, 'nginx', command)).trim();
  const conf = await inApp('cat', '/etc/nginx/conf.d/default.conf');
  const logs = await kubectl(['-n', namespace, 'logs', pod, '-c', 'render-config']);
  report(conf.includes(`X-Served-By "${pod}";`) && !conf.includes('${') && conf.includes('$host;'), 'the configuration is rendered, and variables of nginx stay');
  report(logs.includes('default.conf') && !logs.includes(pod), 'the value is in no log', logs.trim());
  const modes = await inApp('stat', '-c', '%a %u %g %n', '/etc/nginx/conf.d/default.conf', '/srv/site/index.html', '/srv/site/index.html.gz');
  report(/^400 101 101 .*\n\d+ 101 101 .*\n\d+ 101 101 /.test(modes), 'what was written belongs to the app', modes.replaceAll('\n', '; '));
  const refused = await inApp('sh', '-c', 'touch /srv/site/new 2>&1; touch /etc/nginx/conf.d/new 2>&1; true');
  report((refused.match(/Read-only file system/g) ?? []).length === 2, 'the app cannot write there');
}

async function answers(namespace) {
  const ask = async (url) => (await python(namespace, 'client', 'client', ASK, url)).trim();
  const page = await ask('http://storefront/index.html');
  report(page.startsWith('200 gzip: ') && page.includes('Welcome to nginx'), 'copied pages are served, compressed', page.slice(0, 40).replaceAll('\n', ' '));
  const api = await ask('http://storefront/api/items');
  report(api.startsWith(`200 ${NAME}-`), 'requests carry the name of the pod', api);
}

await check('init-containers', async (namespace) => {
  const catalog = helperPod('catalog', CATALOG);
  catalog.metadata.labels['app.kubernetes.io/name'] = 'catalog';
  await create(namespace, [helperPod('client'), service('catalog', 8080, { app: 'catalog' }), ...await example('init-containers', namespace)]);
  await ready(namespace, 'client');
  const pod = await waits(namespace);
  await starts(namespace, catalog);
  await filesAreThere(namespace, pod);
  await answers(namespace);
});

import { Testing } from 'cdk8s';
import { parse } from 'yaml';
import { judge, judgeAmong, pod } from './judge';
import { LogStream, SidecarPod } from '../../src';
import { agentOnEveryPod } from '../../src/rules/coupling/agent-on-every-pod';
import { containersShareNothing } from '../../src/rules/coupling/containers-share-nothing';
import { databaseBesideApp } from '../../src/rules/coupling/database-beside-app';
import { helperLargerThanApp } from '../../src/rules/coupling/helper-larger-than-app';
import { releasedSeparately } from '../../src/rules/coupling/released-separately';
import { scalesSeparately } from '../../src/rules/coupling/scales-separately';
import { servesDifferentClients } from '../../src/rules/coupling/serves-different-clients';
import { singleLogFile } from '../../src/rules/coupling/single-log-file';
import { tooManyContainers } from '../../src/rules/coupling/too-many-containers';
import { Checks } from '../../src/rules/engine';
import { PodRule } from '../../src/rules/rule';

const fieldsOf = (rule: PodRule, spec: string, annotations = {}) => judge(rule, pod(spec, annotations))?.map(({ field }) => field);

describe('containers-share-nothing', () => {
  const two = (first: string, second: string, rest = '') =>
    fieldsOf(containersShareNothing, `{ containers: [{ name: web, image: "web:1"${first} }, { name: other, image: "other:1"${second} }]${rest} }`);

  test('finds a container that has no volume, port or address in common with another', () => {
    expect(two('', '')).toEqual(['spec.containers[1].name']);
    expect(two(', ports: [{ containerPort: 80 }]', '')).toEqual(['spec.containers[1].name']);
  });

  test('is about regular containers: a native sidecar, first or beside others, says itself that it is a helper', () => {
    const native = (rest: string) => fieldsOf(containersShareNothing, `{ initContainers: [{ name: n, image: "n:1", restartPolicy: Always }], containers: [{ name: web, image: "web:1" }${rest}] }`);
    expect(native('')).toEqual([]);
    expect(native(', { name: other, image: "other:1" }')).toEqual(['spec.containers[1].name']);
  });

  test('never reports the app, whichever container that is', () => {
    const spec = 'containers: [{ name: other, image: "other:1" }, { name: web, image: "web:1" }]';
    expect(fieldsOf(containersShareNothing, spec, { 'kubectl.kubernetes.io/default-container': 'web' })).toEqual(['spec.containers[0].name']);
    expect(fieldsOf(containersShareNothing, 'containers: [{ name: proxy, image: "istio/proxyv2:1.27.0" }, { name: web, image: "web:1" }]')).toEqual([]);
  });

  const mounted = ', volumeMounts: [{ name: data, mountPath: /data }]';
  test.each([
    ['a volume', mounted, mounted, ', volumes: [{ name: data, emptyDir: {} }]'],
    ['a claim of a StatefulSet, which no volume of the pod lists', mounted, mounted, ''],
    ['a port', '', ', ports: [{ containerPort: 81 }]', ''],
    ['the local network, as a variable says', ', env: [{ name: DB, value: "127.0.0.1:5432" }]', '', ''],
    ['the local network, as an argument says', '', ', args: ["--target=http://localhost:80"]', ''],
  ])('leaves containers that share %s', (_, first, second, rest) => {
    expect(two(first, second, rest)).toEqual([]);
  });

  test.each([
    ['variables of a ConfigMap', ', envFrom: [{ configMapRef: { name: c } }]', '', ''],
    ['an address from a Secret', '', ', env: [{ name: DB_HOST, valueFrom: { secretKeyRef: { name: s, key: k } } }]', ''],
    ['a mounted ConfigMap', mounted, '', ', volumes: [{ name: data, configMap: { name: data } }]'],
  ])('is silent where the configuration is elsewhere: %s', (_, first, second, rest) => {
    expect(two(first, second, rest)).toEqual([]);
  });

  test('takes neither labels that both mount for something they share, nor a password for an address', () => {
    expect(two(mounted, mounted, ', volumes: [{ name: data, downwardAPI: { items: [] } }]')).toEqual(['spec.containers[1].name']);
    expect(two('', ', env: [{ name: TOKEN, valueFrom: { secretKeyRef: { name: s, key: k } } }]')).toEqual(['spec.containers[1].name']);
  });

  test.each([
    ['a VPN, which adds capabilities', ', securityContext: { capabilities: { add: [NET_ADMIN] } }', []],
    ['a privileged container', ', securityContext: { privileged: true }', []],
    ['a container that gives capabilities up', ', securityContext: { capabilities: { drop: [ALL], add: [] } }', ['spec.containers[1].name']],
  ])('judges %s', (_, second, expected) => {
    expect(two('', second)).toEqual(expected);
  });

  test.each(['cloud-sql-connectors/cloud-sql-proxy:2', 'oliver006/redis_exporter:v1', 'qmcgaw/gluetun:v3'])('leaves %s, which is known to help', (image) => {
    expect(fieldsOf(containersShareNothing, `containers: [{ name: web, image: "web:1" }, { name: helper, image: "${image}" }]`)).toEqual([]);
  });

  test('leaves the proxy of a mesh, and does not apply to one container or shared processes', () => {
    expect(fieldsOf(containersShareNothing, '{ containers: [{ name: web, image: "web:1" }, { name: istio-proxy, image: "istio/proxyv2:1.27.0" }] }')).toEqual([]);
    expect(fieldsOf(containersShareNothing, '{ initContainers: [{ name: init, image: "i:1" }], containers: [{ name: web, image: "web:1" }] }')).toBeUndefined();
    for (const rest of ['shareProcessNamespace: true', 'hostNetwork: true', 'hostPID: true', 'restartPolicy: Never']) {
      expect(two('', '', `, ${rest}`)).toBeUndefined();
    }
    const { spec } = pod('containers: [{ name: agent, image: "agent:1" }, { name: pull, image: "big:1" }]');
    expect(judge(containersShareNothing, { kind: 'DaemonSet', metadata: { name: 'node' }, spec: { template: { spec } } })).toBeUndefined();
  });
});

describe('database-beside-app', () => {
  const images = (...names: string[]) => fieldsOf(databaseBesideApp, `containers: [${names.map((image, index) => `{ name: c${index}, image: "${image}" }`).join(', ')}]`);

  test.each([
    ['a database beside an app', ['web:1', 'registry.example/library/postgres:17'], ['spec.containers[1].image']],
    ['a cache beside an app', ['web:1', 'redis:8@sha256:0'], ['spec.containers[1].image']],
    ['a database that is the app, with helpers', ['postgres:17', 'postgres-exporter:1', 'backup:1'], []],
    ['a second process of the database', ['redis:8', 'redis:8'], []],
    ['an exporter', ['web:1', 'redis_exporter:1', 'postgres-exporter:1'], []],
    ['an exporter that comes first', ['redis_exporter:1', 'redis:8'], []],
    ['an image that only contains the word', ['web:1', 'my-postgres-tools:1'], []],
    ['a database behind the proxy of a mesh', ['istio/proxyv2:1', 'postgres:17'], []],
    ['a database beside an app and the proxy of a mesh', ['istio/proxyv2:1', 'web:1', 'postgres:17'], ['spec.containers[2].image']],
    ['a database with nothing but helpers', ['fluent/fluent-bit:4', 'pgbouncer:1', 'postgres:17'], []],
    ['a single container', ['postgres:17'], undefined],
  ])('judges %s', (_, names, expected) => {
    expect(images(...names)).toEqual(expected);
  });

  test('finds one that is a native sidecar', () => {
    expect(fieldsOf(databaseBesideApp, '{ initContainers: [{ name: cache, image: "memcached:1", restartPolicy: Always }], containers: [{ name: web, image: "web:1" }] }'))
      .toEqual(['spec.initContainers[0].image']);
  });
});

describe('database-beside-app', () => {
  const started = (image: string, words: string) => fieldsOf(databaseBesideApp, `containers: [{ name: web, image: "web:1" }, { name: db, image: "${image}", ${words} }]`);

  test.each([
    ['redis:8', 'command: [sh, -c, "redis-cli -h cache ping"]', []],
    ['redis:8', 'args: [redis-cli, -h, cache, ping]', []],
    ['postgres:17', 'command: [pg_dump, -U, postgres]', []],
    ['postgres:17', 'command: [/bin/bash, -ec, "until psql -U postgres; do sleep 1; done"]', []],
    ['redis:8', 'args: [--maxmemory, 64mb]', ['spec.containers[1].image']],
    ['redis:8', 'args: [redis-server, /etc/redis.conf]', ['spec.containers[1].image']],
    ['redis:8', 'command: [sh, -c, "sysctl -w a=b; exec /usr/bin/redis-server"]', ['spec.containers[1].image']],
    ['postgres:17', 'command: [docker-entrypoint.sh], args: [postgres, -c, fsync=off]', ['spec.containers[1].image']],
    ['mysql:9', 'command: [mysqld]', ['spec.containers[1].image']],
    ['minio/minio:1', 'args: [server, /data]', ['spec.containers[1].image']],
  ])('judges %s with %s by the program that it starts', (image, words, expected) => {
    expect(started(image, words)).toEqual(expected);
  });

  test('does not apply to a pod that is meant to end: a test brings its database', () => {
    const { spec } = pod('{ restartPolicy: Never, containers: [{ name: test, image: "test:1" }, { name: db, image: "postgres:17" }] }');
    expect(judge(databaseBesideApp, { kind: 'Job', metadata: { name: 'test' }, spec: { template: { spec } } })).toBeUndefined();
  });
});

describe('helper-larger-than-app', () => {
  const requests = (cpu?: string, memory?: string) => `resources: { requests: { ${[cpu && `cpu: ${cpu}`, memory && `memory: ${memory}`].filter(Boolean).join(', ')} } }`;
  const judged = (app: string, helper: string, annotations = {}) =>
    fieldsOf(helperLargerThanApp, `containers: [{ name: web, image: "web:1", ${app} }, { name: helper, image: "helper:1", ${helper} }]`, annotations);

  test.each([
    ['more of both', requests('1', '1Gi'), ['spec.containers[1].resources.requests']],
    ['more of one and as much of the other', requests('250m', '1Gi'), ['spec.containers[1].resources.requests']],
    ['more of one and less of the other', requests('100m', '1Gi'), []],
    ['as much of both', requests('250m', '256Mi'), []],
    ['one of them only', requests('1'), []],
  ])('judges a helper that requests %s', (_, helper, expected) => {
    expect(judged(requests('250m', '256Mi'), helper)).toEqual(expected);
  });

  test('leaves an app behind a web server that comes first', () => {
    const withImages = (first: string, second: string) =>
      fieldsOf(helperLargerThanApp, `containers: [{ name: a, image: "${first}", ${requests('100m', '64Mi')} }, { name: b, image: "${second}", ${requests('500m', '256Mi')} }]`);
    expect(withImages('nginx:1', 'shop/php-fpm:1')).toEqual([]);
    expect(withImages('nginx:1', 'shop/nginx-exporter:1')).toEqual(['spec.containers[1].resources.requests']);
  });

  test('takes a limit for the request that is missing', () => {
    const limits = 'resources: { limits: { cpu: "1", memory: 1Gi } }';
    expect(judged(requests('250m', '256Mi'), limits)).toEqual(['spec.containers[1].resources.limits']);
    expect(judged('resources: { limits: { cpu: "2", memory: 2Gi } }', requests('1', '1Gi'))).toEqual([]);
    expect(judged(requests('250m', '256Mi'), 'resources: { limits: { cpu: "1", memory: 1Gi }, requests: { cpu: 10m, memory: 16Mi } }')).toEqual([]);
  });

  test('leaves a small helper of a very small app', () => {
    expect(judged(requests('10m', '16Mi'), requests('50m', '64Mi'))).toEqual([]);
  });

  test('takes the container that kubectl takes for the app', () => {
    expect(judged(requests('250m', '256Mi'), requests('1', '1Gi'), { 'kubectl.kubernetes.io/default-container': 'helper' })).toEqual([]);
  });
});

describe('declared owners', () => {
  const two = 'containers: [{ name: web, image: "web:1" }, { name: worker, image: "worker:1" }]';

  test('a container that scales on its own is found where it has company', () => {
    const annotation = { 'pod-patterns/scales-separately': 'worker' };
    expect(fieldsOf(scalesSeparately, two, annotation)).toEqual(['metadata.annotations[pod-patterns/scales-separately]']);
    expect(fieldsOf(scalesSeparately, 'containers: [{ name: worker, image: "worker:1" }]', annotation)).toEqual([]);
    expect(fieldsOf(scalesSeparately, two)).toBeUndefined();
  });

  test('two teams are found, and one is not', () => {
    expect(fieldsOf(releasedSeparately, two, { 'pod-patterns/released-by': 'web=shop,worker=mail' })).toEqual(['metadata.annotations[pod-patterns/released-by]']);
    expect(fieldsOf(releasedSeparately, two, { 'pod-patterns/released-by': 'web=shop, worker=shop' })).toEqual([]);
    expect(fieldsOf(releasedSeparately, two)).toBeUndefined();
  });

  test('that name no container of the pod, or no team, are found themselves', () => {
    const facts = (rule: PodRule, annotations: { [key: string]: string }) => judge(rule, pod(two, annotations))?.map(({ fact }) => fact);
    expect(facts(releasedSeparately, { 'pod-patterns/released-by': 'web=shop,wroker=mail' })).toEqual(['"wroker" is no container of this pod, which has "web, worker"']);
    expect(facts(releasedSeparately, { 'pod-patterns/released-by': 'web' })).toEqual(['"web" names no team']);
    expect(facts(scalesSeparately, { 'pod-patterns/scales-separately': 'wroker' })).toEqual(['"wroker" is no container of this pod, which has "web, worker"']);
  });

  test('say nothing against helpers: those of a platform team are released by it, and are scaled with their app', () => {
    const native = '{ initContainers: [{ name: logs, image: "logs:1", restartPolicy: Always }], containers: [{ name: web, image: "web:1" }, { name: proxy, image: "istio/proxyv2:1" }] }';
    expect(fieldsOf(releasedSeparately, native, { 'pod-patterns/released-by': 'web=shop,logs=platform,proxy=mesh' })).toEqual([]);
    expect(fieldsOf(scalesSeparately, native, { 'pod-patterns/scales-separately': 'web' })).toEqual([]);
    expect(fieldsOf(scalesSeparately, native, { 'pod-patterns/scales-separately': 'logs' })).toHaveLength(1);
  });

  test('are read on the template of a workload too', () => {
    const template = { metadata: { annotations: { 'pod-patterns/scales-separately': 'worker' } }, spec: pod(two).spec };
    expect(judge(scalesSeparately, { kind: 'Deployment', metadata: { name: 'web' }, spec: { template } })?.map(({ field }) => field))
      .toEqual(['spec.template.metadata.annotations[pod-patterns/scales-separately]']);
  });
});

test('too-many-containers counts what runs side by side: not init containers that end', () => {
  const list = (count: number, rest = '') => Array.from({ length: count }, (_, index) => `{ name: c${index}, image: "c:1"${rest} }`).join(', ');
  expect(fieldsOf(tooManyContainers, `containers: [${list(5)}]`)).toEqual([]);
  expect(fieldsOf(tooManyContainers, `containers: [${list(6)}]`)).toEqual(['spec.containers']);
  expect(fieldsOf(tooManyContainers, `{ initContainers: [${list(5)}], containers: [${list(2)}] }`)).toEqual([]);
  expect(fieldsOf(tooManyContainers, `{ initContainers: [${list(4, ', restartPolicy: Always')}], containers: [${list(2)}] }`)).toEqual(['spec.containers']);
});

test('too-many-containers does not count the sidecars of a CSI driver', () => {
  const images = (...names: string[]) => fieldsOf(tooManyContainers, `containers: [${names.map((image, index) => `{ name: c${index}, image: "${image}" }`).join(', ')}]`);
  const sidecars = ['registry.k8s.io/sig-storage/csi-provisioner:v5', 'mirror.example/csi-attacher:v4', 'mirror.example/csi-snapshotter:v8', 'mirror.example/csi-resizer:v1', 'registry.k8s.io/sig-storage/livenessprobe:v2'];
  expect(images('ebs-plugin:1', ...sidecars)).toEqual([]);
  expect(images('a:1', 'b:1', 'c:1', 'd:1', 'e:1', 'f:1', ...sidecars)).toEqual(['spec.containers']);
});

describe('agent-on-every-pod', () => {
  const withAgent = (name: string, mounts = '', rest = '', ofWeb = '') => ({
    kind: 'Deployment', metadata: { name },
    spec: { template: { spec: pod(`{ containers: [{ name: web, image: "web:1"${mounts}${ofWeb} }, { name: agent, image: "fluent/fluent-bit:4"${mounts}${rest} }], volumes: [{ name: logs, emptyDir: {} }] }`).spec } },
  });
  const [one, two, three] = ['a', 'b', 'c'].map((name) => withAgent(name));

  test('is found once, from the third workload on', () => {
    expect(judgeAmong(agentOnEveryPod, one, [two])).toEqual([]);
    expect(judgeAmong(agentOnEveryPod, one, [two, three])).toEqual([{ field: 'spec.template.spec.containers[1].image', fact: '"fluent/fluent-bit:4" runs in the pods of 3 workloads' }]);
  });

  test.each([
    ['reads a volume of the app', ', volumeMounts: [{ name: logs, mountPath: /logs }]', '', ''],
    ['opens a port', '', ', ports: [{ containerPort: 24224 }]', ''],
    ['the app calls', '', '', ', env: [{ name: FLUENT, value: "127.0.0.1:24224" }]'],
    ['the app may call, as variables from elsewhere say', '', '', ', envFrom: [{ configMapRef: { name: c } }]'],
  ])('is none that %s', (_, ...rest) => {
    expect(judgeAmong(agentOnEveryPod, withAgent('a', ...rest), ['b', 'c'].map((name) => withAgent(name, ...rest)))).toBeUndefined();
  });

  test('is found in the first workload only, and in a time that grows with their number only', () => {
    const checks = new Checks([agentOnEveryPod]);
    for (let index = 0; index < 10_000; index++) {
      checks.add(withAgentOf(index), () => `shop/Web${index}`);
    }
    const start = process.cpuUsage();
    expect(checks.findings().map(({ place }) => place)).toEqual(['shop/Web0']);
    const { user, system } = process.cpuUsage(start);
    expect((user + system) / 1000).toBeLessThan(2000);
  });

  const withAgentOf = (index: number) => ({ ...one, apiVersion: 'apps/v1', metadata: { name: `w${index}` } });
});

describe('single-log-file', () => {
  const beside = (...helpers: string[]) => judgeAmong(singleLogFile, pod(`containers: [{ name: web, image: "web:1" }, ${helpers.map((words, index) => `{ name: log${index}, image: "busybox:1", ${words} }`).join(', ')}]`), [])
    ?.map(({ field }) => field);

  test.each([
    ['args: [tail, -n+1, -F, /logs/a.log]', ['spec.containers[1].args']],
    ['command: [tail, -f, /logs/a.log]', ['spec.containers[1].command']],
    ['command: [tail, -n, "1", --follow=name, --retry, /logs/a.log]', ['spec.containers[1].command']],
    ['command: [sh, -c, "exec tail -n +1 -F /logs/a.log"]', ['spec.containers[1].command']],
    ['command: [/bin/sh, -c], args: ["tail -F \'/logs/a.log\'"]', ['spec.containers[1].command']],
    ['command: [sh, -c, "trap \'exit 0\' TERM; tail -F /logs/a.log & wait"]', ['spec.containers[1].command']],
    ['command: [sh, -c, "trap \'exit 0\' TERM INT\\ntail -F /logs/a.log & wait $!"]', ['spec.containers[1].command']],
    ['args: [tail, -F, /logs/a.log, /logs/b.log]', []],
    ['command: [sh, -c, "tail -F /logs/a.log | jq ."]', []],
    ['command: [sh, -c, "trap \'exit 0\' TERM; tail -F /logs/a.log | jq . & wait"]', []],
    ['command: [sh, -c, "tail -F /logs/*.log"]', []],
    ['command: [sh, -c, "tail -F $LOG"]', []],
    ['args: [tail, -n, "5", /logs/a.log]', []],
    ['args: [serve]', []],
    ['env: []', []],
  ])('judges %s', (words, expected) => {
    expect(beside(words)).toEqual(expected);
  });

  test('leaves two helpers with a file each: that keeps the logs apart', () => {
    expect(beside('args: [/bin/sh, -c, "tail -n+1 -F /var/log/1.log"]', 'args: [/bin/sh, -c, "tail -n+1 -F /var/log/2.log"]')).toEqual([]);
  });

  test('does not apply to a pod of one container', () => {
    expect(judgeAmong(singleLogFile, pod('containers: [{ name: web, image: "web:1", args: [tail, -F, /logs/a.log] }]'), [])).toBeUndefined();
  });

  test.each([
    [['/logs/a.log'], ['spec.initContainers[0].command']],
    [['/logs/a.log', '/logs/b.log'], []],
  ])('knows what a LogStream of %j reads by its ConfigMap', (files, expected) => {
    const chart = Testing.chart();
    new SidecarPod(chart, 'Web', { app: { image: 'web:1', securityContext: { user: 1000, group: 1000 } }, sidecar: new LogStream({ files }) });
    const objects: any[] = Testing.synth(chart);
    const web = objects.find(({ kind }) => kind === 'Pod');
    expect(judgeAmong(singleLogFile, web, objects)?.map(({ field }) => field)).toEqual(expected);
    expect(judgeAmong(singleLogFile, web, [])).toEqual([]);
  });

  test.each(['no JSON', '[]', '{}', '{"inputs": 1}'])('says nothing of a LogStream whose settings are %j', (settings) => {
    const web = pod('{ volumes: [{ name: c, configMap: { name: c } }], containers: [{ name: web, image: "web:1" }, { name: log, image: "python:3", command: [python3, /opt/stream_logs.py], volumeMounts: [{ name: c, mountPath: /opt }] }] }');
    expect(judgeAmong(singleLogFile, web, [{ kind: 'ConfigMap', metadata: { name: 'c' }, data: { 'settings.json': settings } }])).toEqual([]);
  });
});

describe('serves-different-clients', () => {
  const object: any = {
    kind: 'Deployment', metadata: { name: 'shop' },
    spec: {
      template: {
        metadata: { labels: { app: 'shop' } },
        spec: pod('containers: [{ name: web, image: "web:1", ports: [{ containerPort: 80, name: http }] }, { name: search, image: "s:1", ports: [{ containerPort: 81, name: find }] }]').spec,
      },
    },
  };
  const service = (name: string, ...ports: object[]) => ({ kind: 'Service', metadata: { name }, spec: { selector: { app: 'shop' }, ports } });
  const judged = (...services: any[]) => judgeAmong(servesDifferentClients, object, services)?.map(({ field }) => field);

  test('finds two containers behind Services of their own', () => {
    expect(judged(service('a', { port: 80 }), service('b', { port: 80, targetPort: 81 }))).toEqual(['spec.template.spec.containers[1].ports']);
    expect(judged(service('a', { port: 80, targetPort: 'http' }), service('b', { port: 80, targetPort: 'find' }))).toEqual(['spec.template.spec.containers[1].ports']);
  });

  test('compares all Services, also where the first is one of operators', () => {
    expect(judged(service('a-metrics', { port: 80 }), service('b', { port: 80 }), service('c', { port: 81 }))).toEqual(['spec.template.spec.containers[1].ports']);
  });

  test.each([['emptyDir: {}', []], ['secret: { secretName: s }', ['spec.template.spec.containers[1].ports']]])('judges two that share a volume with %s', (source, expected) => {
    const sharing = structuredClone(object);
    sharing.spec.template.spec.volumes = [parse(`{ name: data, ${source} }`)];
    sharing.spec.template.spec.containers.forEach((container: any) => (container.volumeMounts = [{ name: 'data', mountPath: '/data' }]));
    expect(judgeAmong(servesDifferentClients, sharing, [service('a', { port: 80 }), service('b', { port: 81 })])?.map(({ field }) => field)).toEqual(expected);
  });

  test('leaves a proxy and the app behind it, each with a Service', () => {
    const guarded = structuredClone(object);
    guarded.spec.template.spec.containers[1].args = ['--upstream=http://127.0.0.1:80'];
    for (const services of [[service('a', { port: 80 }), service('b', { port: 81 })], [service('b', { port: 81 }), service('a', { port: 80 })]]) {
      expect(judgeAmong(servesDifferentClients, guarded, services)).toEqual([]);
    }
  });

  test('leaves one Service, two for one container, and those of operators', () => {
    expect(judged(service('a', { port: 80 }, { port: 81 }))).toBeUndefined();
    expect(judged(service('a', { port: 80 }), service('b', { port: 443, targetPort: 80 }))).toEqual([]);
    expect(judged(service('a', { port: 80 }), service('b', { name: 'metrics', port: 81 }))).toEqual([]);
    expect(judged(service('a', { port: 80 }), service('shop-metrics', { port: 81 }))).toEqual([]);
  });
});

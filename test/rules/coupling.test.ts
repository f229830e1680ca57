import { judge, judgeAmong, pod } from './judge';
import { agentOnEveryPod } from '../../src/rules/coupling/agent-on-every-pod';
import { containersShareNothing } from '../../src/rules/coupling/containers-share-nothing';
import { databaseBesideApp } from '../../src/rules/coupling/database-beside-app';
import { helperLargerThanApp } from '../../src/rules/coupling/helper-larger-than-app';
import { releasedSeparately } from '../../src/rules/coupling/released-separately';
import { scalesSeparately } from '../../src/rules/coupling/scales-separately';
import { servesDifferentClients } from '../../src/rules/coupling/serves-different-clients';
import { singleLogFile } from '../../src/rules/coupling/single-log-file';
import { tooManyContainers } from '../../src/rules/coupling/too-many-containers';
import { PodRule } from '../../src/rules/rule';

const fieldsOf = (rule: PodRule, spec: string, annotations = {}) => judge(rule, pod(spec, annotations))?.map(({ field }) => field);

describe('containers-share-nothing', () => {
  const two = (first: string, second: string, rest = '') =>
    fieldsOf(containersShareNothing, `{ containers: [{ name: web, image: "web:1"${first} }, { name: other, image: "other:1"${second} }]${rest} }`);

  test('finds a container that has no volume, port or address in common with another', () => {
    expect(two('', '')).toEqual(['spec.containers[1].name']);
    expect(two(', ports: [{ containerPort: 80 }]', '')).toEqual(['spec.containers[1].name']);
    expect(fieldsOf(containersShareNothing, '{ initContainers: [{ name: n, image: "n:1", restartPolicy: Always }], containers: [{ name: web, image: "web:1" }] }'))
      .toEqual(['spec.containers[0].name']);
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

  test('does not take a ConfigMap that both mount for something they share', () => {
    expect(two(mounted, mounted, ', volumes: [{ name: data, configMap: { name: data } }]')).toEqual(['spec.containers[1].name']);
  });

  test('leaves the proxy of a mesh, and does not apply to one container or shared processes', () => {
    expect(fieldsOf(containersShareNothing, '{ containers: [{ name: web, image: "web:1" }, { name: istio-proxy, image: "istio/proxyv2:1.27.0" }] }')).toEqual([]);
    expect(fieldsOf(containersShareNothing, '{ initContainers: [{ name: init, image: "i:1" }], containers: [{ name: web, image: "web:1" }] }')).toBeUndefined();
    expect(two('', '', ', shareProcessNamespace: true')).toBeUndefined();
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
    ['a single container', ['postgres:17'], undefined],
  ])('judges %s', (_, names, expected) => {
    expect(images(...names)).toEqual(expected);
  });

  test('finds one that is a native sidecar', () => {
    expect(fieldsOf(databaseBesideApp, '{ initContainers: [{ name: cache, image: "memcached:1", restartPolicy: Always }], containers: [{ name: web, image: "web:1" }] }'))
      .toEqual(['spec.initContainers[0].image']);
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
    const annotation = { 'pod-patterns/scales-separately': 'worker, gone' };
    expect(fieldsOf(scalesSeparately, two, annotation)).toEqual(['metadata.annotations[pod-patterns/scales-separately]']);
    expect(fieldsOf(scalesSeparately, 'containers: [{ name: worker, image: "worker:1" }]', annotation)).toEqual([]);
    expect(fieldsOf(scalesSeparately, two)).toBeUndefined();
  });

  test('two teams are found, and one is not', () => {
    expect(fieldsOf(releasedSeparately, two, { 'pod-patterns/released-by': 'web=shop,worker=mail' })).toEqual(['metadata.annotations[pod-patterns/released-by]']);
    expect(fieldsOf(releasedSeparately, two, { 'pod-patterns/released-by': 'web=shop,worker=shop,gone=mail' })).toEqual([]);
    expect(fieldsOf(releasedSeparately, two)).toBeUndefined();
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

describe('agent-on-every-pod', () => {
  const withAgent = (name: string, mounts = '') => ({
    kind: 'Deployment', metadata: { name },
    spec: { template: { spec: pod(`{ containers: [{ name: web, image: "web:1"${mounts} }, { name: agent, image: "fluent/fluent-bit:4"${mounts} }], volumes: [{ name: logs, emptyDir: {} }] }`).spec } },
  });
  const [one, two, three] = ['a', 'b', 'c'].map((name) => withAgent(name));

  test('is found once, from the third workload on', () => {
    expect(judgeAmong(agentOnEveryPod, one, [two])).toEqual([]);
    expect(judgeAmong(agentOnEveryPod, one, [two, three])).toEqual([{ field: 'spec.template.spec.containers[1].image', fact: '"fluent/fluent-bit:4" runs in the pods of 3 workloads' }]);
  });

  test('is none that reads a volume of the app', () => {
    const mounts = ', volumeMounts: [{ name: logs, mountPath: /logs }]';
    expect(judgeAmong(agentOnEveryPod, withAgent('a', mounts), ['b', 'c'].map((name) => withAgent(name, mounts)))).toBeUndefined();
  });
});

describe('single-log-file', () => {
  const helper = (words: string) => fieldsOf(singleLogFile, `containers: [{ name: web, image: "web:1" }, { name: log, image: "busybox:1", ${words} }]`);

  test.each([
    ['args: [tail, -n+1, -F, /logs/a.log]', ['spec.containers[1].args']],
    ['command: [tail, -f, /logs/a.log]', ['spec.containers[1].command']],
    ['command: [sh, -c, "exec tail -n +1 -F /logs/a.log"]', ['spec.containers[1].command']],
    ['command: [/bin/sh, -c], args: ["tail -F /logs/a.log"]', ['spec.containers[1].command']],
    ['args: [tail, -F, /logs/a.log, /logs/b.log]', []],
    ['command: [sh, -c, "tail -F /logs/a.log | jq ."]', []],
    ['command: [sh, -c, "tail -F /logs/*.log"]', ['spec.containers[1].command']],
    ['args: [tail, -n, "5", /logs/a.log]', []],
    ['args: [serve]', []],
  ])('judges %s', (words, expected) => {
    expect(helper(words)).toEqual(expected);
  });
});

describe('serves-different-clients', () => {
  const object = {
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

  test('leaves one Service, two for one container, and those of operators', () => {
    expect(judged(service('a', { port: 80 }, { port: 81 }))).toBeUndefined();
    expect(judged(service('a', { port: 80 }), service('b', { port: 443, targetPort: 80 }))).toEqual([]);
    expect(judged(service('a', { port: 80 }), service('b', { name: 'metrics', port: 81 }))).toEqual([]);
    expect(judged(service('a', { port: 80 }), service('shop-metrics', { port: 81 }))).toEqual([]);
  });
});

import { ApiObject, App, Chart, Cron, Duration, JsonPatch, Size, Testing } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import {
  Adapter, Ambassador, CsvColumn, CsvOutput, Fluentd, FluentdOutput, FluentdProps, HAProxy, JsonToCsv, LogRotation, LogStream, MetricsAdapter, PodPart,
  ProductionPod, SharedDirectory, Sidecar, SidecarPod, Upstream, Waiver,
} from '../../src';

const image = 'registry.example/web:1.0.0';
const HOST = 'catalog.shop.svc.cluster.local';
const declined = { livenessDeclined: 'a test', readinessDeclined: 'a test' };
const MIB = Size.mebibytes(1);

function newChart(): Chart {
  return new Chart(new App(), 'shop');
}

/** A workload of cdk8s-plus that knows nothing of parts. */
function deployment(containers: kplus.ContainerProps[] = [{ name: 'web', image, securityContext: { user: 1000 } }], chart = newChart()): kplus.Deployment {
  return new kplus.Deployment(chart, 'Web', { containers });
}

function objectsOf(pod: kplus.AbstractPod): any[] {
  return Testing.synth(Chart.of(pod));
}

function specOf(pod: kplus.AbstractPod): any {
  const object = objectsOf(pod).find(({ metadata }) => metadata.name === pod.name);
  return object.spec.template?.spec ?? object.spec;
}

function containerOf(pod: kplus.AbstractPod, name: string): any {
  const spec = specOf(pod);
  return [...spec.initContainers ?? [], ...spec.containers].find((container) => container.name === name);
}

/** The data of the ConfigMap that a container mounts. */
function configOf(pod: kplus.AbstractPod, container: string): { [file: string]: string } {
  const volumes = containerOf(pod, container).volumeMounts.map(({ name }: any) => specOf(pod).volumes.find((volume: any) => volume.name === name));
  const name = volumes.find((volume: any) => volume.configMap).configMap.name;
  return objectsOf(pod).find((object) => object.kind === 'ConfigMap' && object.metadata.name === name).data;
}

function configNames(pod: kplus.AbstractPod): string[] {
  return objectsOf(pod).filter(({ kind }) => kind === 'ConfigMap').map(({ metadata }) => metadata.name);
}

/** Mounts of a container as "path volume[:ro]". */
function mountsOf(pod: kplus.AbstractPod, container: string): string[] {
  return (containerOf(pod, container).volumeMounts ?? []).map(({ mountPath, name, readOnly, subPath }: any) =>
    `${mountPath} ${name}${subPath ? `/${subPath}` : ''}${readOnly ? ':ro' : ''}`);
}

function messageOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('nothing was thrown');
}

const everyPart: [string, (options?: any) => PodPart][] = [
  ['Sidecar', (options) => new Sidecar({ image, ...options })],
  ['Adapter', (options) => new Adapter({ image, ...options })],
  ['Ambassador', (options) => new Ambassador({ image, localPort: 15432, ...options })],
  ['MetricsAdapter', (options) => new MetricsAdapter({ image, metricsPort: 9113, ...options })],
  ['Fluentd', (options) => new Fluentd({ tail: ['/log/a.log'], ...options })],
  ['LogStream', (options) => new LogStream({ files: ['/log/a.log'], ...options })],
  ['JsonToCsv', (options) => new JsonToCsv({ input: ['/log/a.jsonl'], columns: [CsvColumn.of('id')], ...options })],
  ['HAProxy', (options) => new HAProxy({ upstreams: [Upstream.http('catalog', HOST, 80)], ...options })],
];

describe('a part finds its app', () => {
  const shares = new Sidecar({ image, reads: [SharedDirectory.onDisk('/data', { sizeLimit: MIB })] });

  test('in the first container that is there', () => {
    const pod = deployment([{ name: 'one', image }, { name: 'two', image }]);
    pod.with(shares);
    expect(mountsOf(pod, 'one')).toEqual(['/data shared-data']);
    expect(mountsOf(pod, 'two')).toEqual([]);
  });

  test('in the first container that is added later', () => {
    const pod = deployment([]);
    pod.with(shares, new LogStream({ files: ['/log/a.log'], rotation: LogRotation.byApp() }));
    pod.addContainer({ name: 'one', image });
    pod.addContainer({ name: 'two', image });
    expect(mountsOf(pod, 'one')).toEqual(['/data shared-data', '/log shared-log']);
    expect(mountsOf(pod, 'two')).toEqual([]);
  });

  test('in the first container that is attached later', () => {
    const pod = deployment([]);
    pod.with(shares);
    pod.attachContainer(new kplus.Container({ name: 'one', image }));
    expect(mountsOf(pod, 'one')).toEqual(['/data shared-data']);
  });

  test('in the container that bind() names', () => {
    const pod = deployment([{ name: 'one', image }, { name: 'two', image }]);
    shares.bind(pod, { app: pod.containers[1] });
    expect(mountsOf(pod, 'one')).toEqual([]);
    expect(mountsOf(pod, 'two')).toEqual(['/data shared-data']);
  });

  test('and never takes another helper for it', () => {
    const pod = deployment([]);
    pod.with(new Sidecar({ name: 'first', image, nativeSidecar: false }), shares);
    pod.addContainer({ name: 'web', image });
    expect(mountsOf(pod, 'first')).toEqual([]);
    expect(mountsOf(pod, 'web')).toEqual(['/data shared-data']);
  });

  test('or fails at synth, with the names of all parts that are left alone', () => {
    const pod = deployment([]);
    pod.with(shares, new Ambassador({ image, localPort: 15432 }));
    expect(messageOf(() => objectsOf(pod))).toMatch(/^shop\/Web: "sidecar", "ambassador" found no app: .*\n {2}why: .*\n {2}fix: .*addContainer\(\)/);
  });

  test('a rotator is added as soon as the app with its user is there', () => {
    const pod = deployment([]);
    pod.with(new LogStream({ files: ['/log/a.log'] }));
    pod.addContainer({ name: 'web', image, securityContext: { user: 7 } });
    expect(containerOf(pod, 'log-rotator').securityContext.runAsUser).toBe(7);
  });
});

describe('a directory that a part shares', () => {
  const directory = SharedDirectory.onDisk('/var/data', { sizeLimit: MIB });
  const own = (chart: Chart) => kplus.Volume.fromEmptyDir(chart, 'Own', 'own', { sizeLimit: MIB });

  test('is read-only for the part that reads it, read-write for the app', () => {
    const pod = deployment();
    pod.with(new Sidecar({ image, reads: [directory] }));
    expect([mountsOf(pod, 'web'), mountsOf(pod, 'sidecar')]).toEqual([['/var/data shared-var-data'], ['/var/data shared-var-data:ro']]);
  });

  test('is read-write for the part that writes it, read-only for the app', () => {
    const pod = deployment();
    pod.with(new Sidecar({ image, writes: [directory] }));
    expect([mountsOf(pod, 'web'), mountsOf(pod, 'sidecar')]).toEqual([['/var/data shared-var-data:ro'], ['/var/data shared-var-data']]);
  });

  test.each([[['reader', 'writer']], [['writer', 'reader']]])('is one volume for two parts, which the app reads if one of them writes: bound as %s', (order) => {
    const pod = deployment();
    const parts: { [name: string]: PodPart } = {
      reader: new Adapter({ name: 'reader', image, reads: [directory] }),
      writer: new Sidecar({ name: 'writer', image, writes: [directory] }),
    };
    order.forEach((name) => pod.with(parts[name]));
    expect(mountsOf(pod, 'web')).toEqual(['/var/data shared-var-data:ro']);
    expect(mountsOf(pod, 'reader')).toEqual(['/var/data shared-var-data:ro']);
    expect(mountsOf(pod, 'writer')).toEqual(['/var/data shared-var-data']);
    expect(specOf(pod).volumes).toHaveLength(1);
  });

  test('is the user\'s own volume where the app mounts one there, and its mount stays as it is', () => {
    const chart = newChart();
    const pod = deployment([{ name: 'web', image, volumeMounts: [{ path: '/var/data', volume: own(chart) }] }], chart);
    pod.with(new Sidecar({ image, writes: [directory] }));
    expect([mountsOf(pod, 'web'), mountsOf(pod, 'sidecar')]).toEqual([['/var/data own'], ['/var/data own']]);
    expect(specOf(pod).volumes).toHaveLength(1);
  });

  test('is the user\'s own volume where the app mounts one above it, with its sub path', () => {
    const chart = newChart();
    const pod = deployment([{ name: 'web', image, volumeMounts: [{ path: '/var', volume: own(chart), subPath: 'v' }] }], chart);
    pod.with(new Sidecar({ image, reads: [directory] }));
    expect([mountsOf(pod, 'web'), mountsOf(pod, 'sidecar')]).toEqual([['/var own/v'], ['/var own/v:ro']]);
  });

  test('is the nearest of several volumes above it', () => {
    const chart = newChart();
    const outer = kplus.Volume.fromEmptyDir(chart, 'Outer', 'outer', { sizeLimit: MIB });
    const pod = deployment([{ name: 'web', image, volumeMounts: [{ path: '/var', volume: outer }, { path: '/var/data/', volume: own(chart) }] }], chart);
    pod.with(new Sidecar({ image, reads: [SharedDirectory.onDisk('/var/data/deep', { sizeLimit: MIB })] }));
    expect(mountsOf(pod, 'sidecar')).toEqual(['/var/data/ own:ro']);
  });

  test('is not the volume of a directory whose name begins alike', () => {
    const chart = newChart();
    const pod = deployment([{ name: 'web', image, volumeMounts: [{ path: '/var/dat', volume: own(chart) }] }], chart);
    pod.with(new Sidecar({ image, reads: [directory] }));
    expect(mountsOf(pod, 'sidecar')).toEqual(['/var/data shared-var-data:ro']);
  });

  test('is the right part of one volume that the app mounts in two places', () => {
    const chart = newChart();
    const volume = own(chart);
    const pod = deployment([{ name: 'web', image, volumeMounts: [{ path: '/logs', volume, subPath: 'logs' }, { path: '/data', volume, subPath: 'data' }] }], chart);
    pod.with(
      new Sidecar({ name: 'logs', image, reads: [SharedDirectory.onDisk('/logs', { sizeLimit: MIB })] }),
      new Sidecar({ name: 'data', image, reads: [SharedDirectory.onDisk('/data', { sizeLimit: MIB })] }),
    );
    expect([mountsOf(pod, 'logs'), mountsOf(pod, 'data')]).toEqual([['/logs own/logs:ro'], ['/data own/data:ro']]);
  });

  const readerOf = (path: string) =>
    new Sidecar({ name: path.slice(1).replace(/\//g, '-'), image, reads: [SharedDirectory.onDisk(path, { sizeLimit: MIB })] });

  test('below another one is seen by whoever reads the outer one', () => {
    const pod = deployment();
    pod.with(readerOf('/var/data'), readerOf('/var/data/deep'));
    expect(mountsOf(pod, 'var-data')).toEqual(mountsOf(pod, 'var-data-deep'));
  });

  test('fails above one that is shared already, whose volume the reader of the outer one would not see', () => {
    const pod = deployment();
    pod.with(readerOf('/var/data/deep'));
    expect(messageOf(() => pod.with(readerOf('/var/data')))).toMatch(
      /^shop\/Web: part "var-data": directory "\/var\/data" lies above "\/var\/data\/deep", which is shared already\n {2}why: .*\n {2}fix: /);
  });

  test('in memory has medium Memory', () => {
    const pod = deployment();
    pod.with(new Sidecar({ image, reads: [SharedDirectory.inMemory('/cache', { sizeLimit: MIB })] }));
    expect(specOf(pod).volumes).toEqual([{ name: 'shared-cache', emptyDir: { medium: 'Memory', sizeLimit: '1Mi' } }]);
  });

  test('without a bound has none', () => {
    const pod = deployment();
    pod.with(new Sidecar({ image, reads: [SharedDirectory.unbounded('/data', 'as large as the import')] }));
    expect(specOf(pod).volumes).toEqual([{ name: 'shared-data', emptyDir: {} }]);
    expect(ApiObject.of(pod).metadata.toJson().annotations).toEqual({ 'waive.pod-patterns/empty-dir-size-limit': 'as large as the import' });
  });

  test('without a bound leaves a waiver that is there', () => {
    const pod = deployment();
    pod.with(new Waiver('empty-dir-size-limit', { reason: 'known' }), new Sidecar({ image, reads: [SharedDirectory.unbounded('/data', 'as large as the import')] }));
    expect(ApiObject.of(pod).metadata.toJson().annotations).toEqual({ 'waive.pod-patterns/empty-dir-size-limit': 'known' });
  });

  test('fails where two parts give it different bounds', () => {
    const pod = deployment();
    pod.with(new Sidecar({ image, reads: [directory] }));
    const other = new Adapter({ image, reads: [SharedDirectory.onDisk('/var/data', { sizeLimit: Size.mebibytes(2) })] });
    expect(messageOf(() => pod.with(other))).toMatch(/^shop\/Web: part "adapter": directory "\/var\/data" is shared already, with another bound or medium\n/);
  });

  test('has a volume of its own where two paths have one slug', () => {
    const pod = deployment();
    pod.with(new Sidecar({ image, reads: ['/a/b', '/a-b', '/A/b', `/${'x'.repeat(80)}/1`, `/${'x'.repeat(80)}/2`].map((path) => SharedDirectory.onDisk(path, { sizeLimit: MIB })) }));
    const names: string[] = specOf(pod).volumes.map(({ name }: any) => name);
    expect(new Set(names).size).toBe(5);
    names.forEach((name) => expect(name).toMatch(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/));
  });
});

describe('a part keeps for itself', () => {
  test('what it writes: position, buffers and scratch, each bounded', () => {
    const pod = deployment();
    pod.with(new Fluentd({ tail: ['/log/a.log'], rotation: LogRotation.byApp(), output: FluentdOutput.forward('logs.example'), bufferLimit: Size.mebibytes(100) }));
    expect(Object.fromEntries(specOf(pod).volumes.map(({ name, emptyDir }: any) => [name, emptyDir?.sizeLimit]))).toMatchObject({
      'fluentd-state': '116Mi', 'fluentd-tmp': '16Mi', 'shared-log': '64Mi',
    });
    expect(mountsOf(pod, 'web')).toEqual(['/log shared-log']);
  });
});

describe('the environment that a part gives to the app', () => {
  const variables = (pod: kplus.AbstractPod) => containerOf(pod, 'web').env.map(({ name, value }: any) => `${name}=${value}`);
  const ambassador = new Ambassador({ image, localPort: 15432, urlScheme: 'postgres' });

  test('comes first, with literal values and a number for localhost, so that $(VAR) can refer to it', () => {
    const pod = deployment([{ name: 'web', image, envVariables: { DSN: kplus.EnvValue.fromValue('$(AMBASSADOR_URL)/db') } }]);
    pod.with(ambassador);
    pod.containers[0].env.addVariable('LATE', kplus.EnvValue.fromValue('x'));
    expect(variables(pod)).toEqual([
      'AMBASSADOR_HOST=127.0.0.1', 'AMBASSADOR_PORT=15432', 'AMBASSADOR_URL=postgres://127.0.0.1:15432', 'DSN=$(AMBASSADOR_URL)/db', 'LATE=x',
    ]);
  });

  test('is not put into the map of the caller', () => {
    const envVariables = Object.freeze({ A: kplus.EnvValue.fromValue('1') });
    const pod = deployment([{ name: 'web', image, envVariables }]);
    pod.with(ambassador);
    objectsOf(pod);
    expect(Object.keys(envVariables)).toEqual(['A']);
  });

  test('takes other names', () => {
    const pod = deployment();
    pod.with(new Ambassador({ image, localPort: 1, hostVariable: 'PGHOST', portVariable: 'PGPORT', urlVariable: 'DATABASE_URL' }));
    expect(variables(pod)).toEqual(['PGHOST=127.0.0.1', 'PGPORT=1', 'DATABASE_URL=http://127.0.0.1:1']);
  });

  test('of two parts is all there', () => {
    const pod = deployment();
    pod.with(new Ambassador({ name: 'db', image, localPort: 1 }), new HAProxy({ upstreams: [Upstream.http('catalog', HOST, 80)] }));
    expect(variables(pod)).toEqual(['DB_HOST=127.0.0.1', 'DB_PORT=1', 'DB_URL=http://127.0.0.1:1', 'CATALOG_HOST=127.0.0.1', 'CATALOG_PORT=16001', 'CATALOG_URL=http://127.0.0.1:16001']);
  });

  test('fails at the binding for a variable that the app has', () => {
    const pod = deployment([{ name: 'web', image, envVariables: { AMBASSADOR_PORT: kplus.EnvValue.fromValue('1') } }]);
    expect(messageOf(() => pod.with(ambassador))).toMatch(/^shop\/Web: container "web": env: "AMBASSADOR_PORT" is set already, and part "ambassador" gives it too\n {2}why: /);
  });

  test('fails at synth, naming the construct, for a variable that the app gets later', () => {
    const pod = deployment();
    pod.with(ambassador);
    pod.containers[0].env.addVariable('AMBASSADOR_PORT', kplus.EnvValue.fromValue('1'));
    expect(messageOf(() => objectsOf(pod))).toMatch(/^shop\/Web: .*env.*"AMBASSADOR_PORT"/);
  });

  test('fails for two parts that give one variable', () => {
    const pod = deployment();
    pod.with(ambassador);
    expect(messageOf(() => pod.with(new Ambassador({ name: 'other', image, localPort: 2, portVariable: 'AMBASSADOR_PORT' })))).toContain('env: "AMBASSADOR_PORT" is set already');
  });
});

describe('a native sidecar', () => {
  test.each(everyPart)('is what %s is: an init container that is restarted, before the app, never asked whether it is ready', (_, make) => {
    const pod = deployment();
    const part = make();
    pod.with(part);
    expect(specOf(pod).initContainers[0]).toMatchObject({ name: part.name, restartPolicy: 'Always' });
    expect(specOf(pod).initContainers[0]).not.toHaveProperty('readinessProbe');
    expect(specOf(pod).initContainers[0]).not.toHaveProperty('lifecycle');
  });

  test.each(everyPart.filter(([name]) => name !== 'HAProxy'))('of %s has no startup probe: one that fails keeps the app from ever starting', (_, make) => {
    const pod = deployment();
    const part = make(['Sidecar', 'Adapter', 'Ambassador'].includes(_) ? { portNumber: 9000 } : {});
    pod.with(part);
    expect(containerOf(pod, part.name)).not.toHaveProperty('startupProbe');
  });

  test('of HAProxy is asked whether it listens, on a port that knows nothing of its upstreams', () => {
    const pod = deployment();
    pod.with(new HAProxy({ upstreams: [Upstream.http('catalog', HOST, 80)] }));
    expect(containerOf(pod, 'haproxy').startupProbe.httpGet).toMatchObject({ path: '/healthz', port: 8404 });
    expect(configOf(pod, 'haproxy')['haproxy.cfg']).toMatch(/frontend _health[^]*:8404"[^]*monitor-uri \/healthz/);
  });
});

describe('a classic sidecar (nativeSidecar: false)', () => {
  test.each(everyPart)('is what %s can be: a regular container after the app', (_, make) => {
    const pod = deployment();
    const part = make({ nativeSidecar: false });
    pod.with(part);
    expect(specOf(pod).containers.map(({ name }: any) => name).slice(0, 2)).toEqual(['web', part.name]);
    expect(specOf(pod)).not.toHaveProperty('initContainers');
    expect(containerOf(pod, part.name)).not.toHaveProperty('restartPolicy');
  });

  test.each(everyPart.slice(4))('of %s waits in preStop until the app has had its time: it gets TERM together with it', (_, make) => {
    const pod = new ProductionPod(newChart(), 'Web', { app: { image }, ...declined, drain: Duration.seconds(21), parts: [make({ nativeSidecar: false })] });
    expect(containerOf(pod, make().name).lifecycle.preStop.exec.command).toEqual(['sleep', '21']);
  });

  test('waits for a preStop that the app has of its own, also where it sleeps longer than the part knew', () => {
    const lifecycle = { preStop: kplus.Handler.fromCommand(['sleep', '20']) };
    const pod = deployment([{ name: 'web', image, lifecycle, securityContext: { user: 5 } }]);
    pod.with(new LogStream({ files: ['/log/a.log'], nativeSidecar: false }));
    expect(containerOf(pod, 'log-stream').lifecycle.preStop.exec.command).toEqual(['sleep', '35']);
    expect(specOf(pod).terminationGracePeriodSeconds).toBeGreaterThanOrEqual(40);
  });

  test('waits for the preStop of the app too', () => {
    const pod = new ProductionPod(newChart(), 'Web', {
      app: { image }, ...declined, drain: Duration.seconds(20), preStopSleep: Duration.seconds(10), parts: [new LogStream({ files: ['/log/a.log'], nativeSidecar: false })],
    });
    expect(containerOf(pod, 'log-stream').lifecycle.preStop.exec.command).toEqual(['sleep', '30']);
  });

  test('whose image is the user\'s own does not wait: nobody knows that it has a shell', () => {
    const pod = deployment();
    pod.with(new Sidecar({ image, nativeSidecar: false }));
    expect(containerOf(pod, 'sidecar')).not.toHaveProperty('lifecycle');
  });

  test('has its rotator beside it, as a regular container', () => {
    const pod = deployment();
    pod.with(new LogStream({ files: ['/log/a.log'], nativeSidecar: false }));
    expect(specOf(pod).containers.map(({ name }: any) => name)).toEqual(['web', 'log-stream', 'log-rotator']);
  });
});

describe('startAfter', () => {
  const first = new Sidecar({ name: 'first', image });
  const second = new Sidecar({ name: 'second', image, startAfter: [first] });
  const third = new Adapter({ name: 'third', image, startAfter: [second, first] });
  const names = (pod: kplus.AbstractPod) => specOf(pod).initContainers.map(({ name }: any) => name);

  test('sorts the parts of a pattern pod', () => {
    expect(names(new SidecarPod(newChart(), 'Web', { app: { image }, sidecar: third, parts: [second, first] }))).toEqual(['first', 'second', 'third']);
  });

  test('leaves the order as given where nothing is said', () => {
    const parts = ['c', 'a', 'b'].map((name) => new Sidecar({ name, image }));
    expect(names(new ProductionPod(newChart(), 'Web', { app: { image }, ...declined, parts }))).toEqual(['c', 'a', 'b']);
  });

  test('fails where the predecessor is not bound yet', () => {
    expect(messageOf(() => deployment().with(second))).toMatch(/^shop\/Web: startAfter: "second" starts after "first", which is not bound to this pod yet\n/);
  });

  test('holds where the predecessor was bound before', () => {
    const pod = deployment();
    pod.with(first, second, third);
    expect(names(pod)).toEqual(['first', 'second', 'third']);
  });

  test('fails where the predecessor is no part of the pattern pod, and leaves nothing behind', () => {
    expect(messageOf(() => new SidecarPod(newChart(), 'Web', { app: { image }, sidecar: second }))).toMatch(/^shop\/Web: startAfter: "second" starts after "first", which is not a part of this pod\n/);
  });

  test('fails for a classic sidecar, on either side', () => {
    const classic = new Sidecar({ name: 'classic', image, nativeSidecar: false });
    const cannot = /^Sidecar: startAfter: "\w+" and "\w+" cannot be ordered\n {2}why: regular containers start together/;
    expect(messageOf(() => new Sidecar({ image, nativeSidecar: false, startAfter: [first] }))).toMatch(cannot);
    expect(messageOf(() => new Sidecar({ image, startAfter: [classic] }))).toMatch(cannot);
  });

  test('fails in with() where the predecessor stands after it, and leaves the pod as it was', () => {
    const pod = deployment();
    expect(messageOf(() => pod.with(second, first))).toMatch(/startAfter: "second" starts after "first", which is not bound to this pod yet\n {2}why: .*\n {2}fix: bind "first" first/);
    expect(pod.initContainers).toEqual([]);
    pod.with(first, second);
    expect(names(pod)).toEqual(['first', 'second']);
  });

  test('fails where the predecessor was bound to another pod', () => {
    const chart = newChart();
    deployment([{ image }], chart).with(first);
    const other = new kplus.StatefulSet(chart, 'Other', { containers: [{ image, portNumber: 80 }] });
    expect(messageOf(() => other.with(second))).toMatch(/^shop\/Other: startAfter: "second" starts after "first"/);
  });

  test('moves nothing when the manifest is written: containers stay where they were added, and patches hit them', () => {
    const pod = deployment();
    pod.addInitContainer({ name: 'before', image });
    pod.with(first);
    pod.addInitContainer({ name: 'between', image });
    pod.with(second, third);
    ApiObject.of(pod).addJsonPatch(JsonPatch.add('/spec/template/spec/initContainers/2/stdin', true));
    expect(names(pod)).toEqual(['before', 'first', 'between', 'second', 'third']);
    expect(containerOf(pod, 'between').stdin).toBe(true);
  });

  test('does not change with the list that was passed', () => {
    const predecessors = [first];
    const part = new Sidecar({ image, startAfter: predecessors });
    predecessors.push(new Sidecar({ name: 'other', image }));
    const pod = deployment();
    pod.with(first, part);
    expect(names(pod)).toEqual(['first', 'sidecar']);
  });
});

describe('the name of a part', () => {
  test('is its own in a pod: a second one fails', () => {
    const pod = deployment();
    pod.with(new Sidecar({ image }));
    expect(messageOf(() => pod.with(new Sidecar({ image })))).toMatch(/^shop\/Web: "sidecar" is already the name of a part of this pod\n {2}why: .*\n {2}fix: give one of the two another `name`/);
  });

  test('is its own even for the same value, bound twice', () => {
    const pod = deployment();
    const part = new Fluentd({ tail: ['/log/a.log'] });
    pod.with(part);
    expect(messageOf(() => pod.with(part))).toContain('"fluentd" is already the name of a part');
  });

  test.each(['', 'Fluentd', 'a b', 'a_b', '-a', 'a-', 'a.b', 'x'.repeat(41), 'a\n'])('fails as %j', (name) => {
    expect(messageOf(() => new Sidecar({ name, image }))).toMatch(/^Sidecar: name: "[^]*" is not a DNS label of at most 40 characters\n/);
  });

  test.each(['default', 'resource', 'service', 'parts', 'a', 'x'.repeat(40)])('may be %s, whatever cdk8s reserves', (name) => {
    const pod = deployment();
    pod.with(new Fluentd({ name, tail: ['/log/a.log'] }));
    expect(specOf(pod).initContainers.map((container: any) => container.name)).toEqual([name, 'log-rotator']);
  });
});

describe('one value in two pods', () => {
  test.each(everyPart)('%s is bound to each as if alone', (_, make) => {
    const shared = make();
    const [first, second, alone] = [1, 2, 3].map(() => deployment([{ name: 'web', image, portNumber: 16001, securityContext: { user: 5 } }]));
    first.with(shared);
    second.with(shared);
    alone.with(make());
    expect(objectsOf(second)).toEqual(objectsOf(alone));
    expect(objectsOf(first)).toEqual(objectsOf(alone));
  });

  test('a mount or variable added to one container does not appear in the other', () => {
    const part = new Sidecar({ image, envVariables: {}, volumeMounts: [] });
    const [first, second] = [deployment(), deployment()];
    const container = part.bind(first).container;
    part.bind(second);
    container.mount('/x', kplus.Volume.fromEmptyDir(first, 'X', 'x', { sizeLimit: MIB }));
    container.env.addVariable('X', kplus.EnvValue.fromValue('1'));
    expect(containerOf(second, 'sidecar')).not.toHaveProperty('env');
    expect(mountsOf(second, 'sidecar')).toEqual([]);
  });
});

/** Freezes plain objects and lists, not the values of classes. */
function deepFreeze<T>(value: T): T {
  if (Array.isArray(value) || (typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype)) {
    Object.values(value).forEach(deepFreeze);
    Object.freeze(value);
  }
  return value;
}

describe('what the caller passes', () => {
  const chart = newChart();
  const volume = kplus.Volume.fromEmptyDir(chart, 'V', 'v', { sizeLimit: MIB });
  const container = (): kplus.ContainerProps => deepFreeze({
    image, command: ['a'], args: ['b'], ports: [{ number: 9000 }], envVariables: { A: kplus.EnvValue.fromValue('1') }, envFrom: [],
    volumeMounts: [{ path: '/v', volume }], securityContext: { user: 5, capabilities: { add: [kplus.Capability.NET_BIND_SERVICE] } },
  });
  const directories = deepFreeze([SharedDirectory.onDisk('/log', { sizeLimit: MIB })]);

  test.each<[string, () => PodPart]>([
    ['Sidecar', () => new Sidecar(deepFreeze({ ...container(), reads: [...directories], writes: [SharedDirectory.onDisk('/w', { sizeLimit: MIB })], startAfter: [] }))],
    ['Adapter', () => new Adapter(deepFreeze({ ...container(), reads: [...directories] }))],
    ['Ambassador', () => new Ambassador(deepFreeze({ ...container(), localPort: 1 }))],
    ['MetricsAdapter', () => new MetricsAdapter(deepFreeze({ ...container(), metricsPort: 2 }))],
    ['Fluentd', () => new Fluentd(deepFreeze({ tail: ['/log/a.log'], directories: [...directories] }))],
    ['LogStream', () => new LogStream(deepFreeze({ files: ['/log/a.log'], directories: [...directories] }))],
    ['JsonToCsv', () => new JsonToCsv(deepFreeze({ input: ['/log/a.jsonl'], columns: [CsvColumn.of('id')], directories: [...directories] }))],
    ['HAProxy', () => new HAProxy(deepFreeze({ upstreams: [Upstream.http('catalog', HOST, 80)] }))],
  ])('to %s may be frozen', (_, make) => {
    const app = { ...container(), ports: [] };
    const pod = deployment([deepFreeze(app)], newChart());
    pod.with(make());
    expect(objectsOf(pod).length).toBeGreaterThan(0);
  });

  test('to Sidecar may be changed afterwards without effect', () => {
    const props = { image, args: ['a'], ports: [{ number: 1 }], envVariables: { A: kplus.EnvValue.fromValue('1') }, reads: [...directories] };
    const part = new Sidecar(props);
    props.args.push('b');
    props.ports[0].number = 2;
    Object.assign(props.envVariables, { B: kplus.EnvValue.fromValue('2') });
    props.reads.length = 0;
    const pod = deployment();
    pod.with(part);
    expect(containerOf(pod, 'sidecar')).toMatchObject({ args: ['a'], ports: [{ containerPort: 1 }], env: [{ name: 'A' }], volumeMounts: [{ mountPath: '/log' }] });
  });

  test('as the app\'s mounts is not the list that grows', () => {
    const volumeMounts: kplus.VolumeMount[] = [];
    const pod = deployment([{ name: 'web', image, volumeMounts, securityContext: { user: 5 } }]);
    pod.with(new LogStream({ files: ['/log/a.log'] }));
    expect(volumeMounts).toEqual([]);
  });
});

describe('configuration', () => {
  const make = (props: Partial<FluentdProps> = {}, chart = newChart()) => {
    const pod = deployment(undefined, chart);
    pod.with(new Fluentd({ tail: ['/log/a.log'], rotation: LogRotation.byApp(), ...props }));
    return pod;
  };

  test('is an immutable ConfigMap whose name ends with the hash of its content', () => {
    const pod = make();
    const config = objectsOf(pod).find(({ kind }) => kind === 'ConfigMap');
    expect(config.immutable).toBe(true);
    expect(config.metadata.name).toMatch(new RegExp(`^${pod.name}-fluentd-[0-9a-f]{10}$`));
    expect(specOf(pod).volumes).toContainEqual({ name: 'fluentd-config', configMap: { name: config.metadata.name } });
  });

  test('has another name for another content', () => {
    expect(configNames(make())).not.toEqual(configNames(make({ json: true })));
  });

  test('keeps its name where only the container changes', () => {
    expect(configNames(make())).toEqual(configNames(make({ image: 'registry.example/fluentd:2', user: 7, drain: Duration.seconds(9) })));
  });

  test('has two names in two pods of one chart', () => {
    const chart = newChart();
    const pods = ['A', 'B'].map((id) => new kplus.Deployment(chart, id, { containers: [{ image }] }));
    pods.forEach((pod) => pod.with(new Fluentd({ tail: ['/log/a.log'], rotation: LogRotation.byApp() })));
    expect(new Set(configNames(pods[0])).size).toBe(2);
  });

  test('has two names in two pods whose long names begin alike', () => {
    const chart = newChart();
    const pods = ['A', 'B'].map((id) => new kplus.Deployment(chart, id, { metadata: { name: `${'x'.repeat(60)}-${id.toLowerCase()}` }, containers: [{ image }] }));
    pods.forEach((pod) => pod.with(new Fluentd({ tail: ['/log/a.log'], rotation: LogRotation.byApp() })));
    expect(new Set(configNames(pods[0])).size).toBe(2);
  });

  test('is in the namespace of its pod', () => {
    const pod = new kplus.Deployment(newChart(), 'Web', { metadata: { namespace: 'other' }, containers: [{ image }] });
    pod.with(new Fluentd({ tail: ['/log/a.log'], rotation: LogRotation.byApp() }));
    expect(objectsOf(pod).map(({ metadata }) => metadata.namespace)).toEqual(['other', 'other']);
  });
});

/** A section of a fluentd configuration. */
interface Section {
  readonly values: { [name: string]: string };
  readonly sections: { [head: string]: Section };
}

function parseFluentd(text: string): Section {
  const stack: Section[] = [{ values: {}, sections: {} }];
  for (const line of text.split('\n').map((raw) => raw.trim()).filter((raw) => raw !== '' && !raw.startsWith('#'))) {
    const [, closes, head] = /^<(\/?)(.*)>$/.exec(line) ?? [];
    if (closes) {
      stack.pop();
    } else if (head) {
      const parent = stack[stack.length - 1];
      const section: Section = { values: {}, sections: {} };
      parent.sections[head in parent.sections ? `${head} ${Object.keys(parent.sections).length}` : head] = section;
      stack.push(section);
    } else {
      const [, name, value] = /^(\S+) ?(.*)$/.exec(line)!;
      stack[stack.length - 1].values[name] = value;
    }
  }
  expect(stack).toHaveLength(1);
  return stack[0];
}

describe('Fluentd', () => {
  const bound = (props: Partial<FluentdProps> = {}) => {
    const pod = deployment();
    pod.with(new Fluentd({ tail: ['/log/a.log', '/log/b-*.log'], ...props }));
    return pod;
  };
  const configuration = (props: Partial<FluentdProps> = {}) => parseFluentd(configOf(bound(props), 'fluentd')['fluent.conf']);
  const match = (props: Partial<FluentdProps> = {}) => configuration(props).sections['match app.log'];

  test('reads all files from the first line, follows them through rotation and remembers where it was', () => {
    expect(configuration().sections.source.values).toMatchObject({
      '@type': 'tail', 'path': '/log/a.log,/log/b-*.log', 'read_from_head': 'true', 'follow_inodes': 'true',
      'pos_file': '/fluentd/state/tail.pos', 'rotate_wait': '5s', 'refresh_interval': '2s', 'max_line_size': '1m',
    });
    expect(mountsOf(bound(), 'fluentd')).toEqual(expect.arrayContaining(['/fluentd/state fluentd-state', '/log shared-log:ro', '/fluentd/etc fluentd-config:ro']));
  });

  test('takes a line as one field, or as a JSON object', () => {
    expect(configuration().sections.source.sections.parse.values['@type']).toBe('none');
    expect(configuration({ json: true }).sections.source.sections.parse.values['@type']).toBe('json');
  });

  test('answers the liveness probe, which says nothing of outputs, on its health port', () => {
    const pod = bound({ healthPort: 9999 });
    const health = parseFluentd(configOf(pod, 'fluentd')['fluent.conf']).sections['source 1'].values;
    expect(health).toMatchObject({ '@type': 'monitor_agent', 'port': '9999', 'include_config': 'false' });
    expect(containerOf(pod, 'fluentd').livenessProbe.httpGet.port).toBe(9999);
  });

  test('listens for the liveness probe on the address of the pod, be it one of IPv4 or of IPv6', () => {
    const pod = bound();
    expect(configOf(pod, 'fluentd')['fluent.conf']).toContain('bind "#{ENV[\'POD_IP\'] || \'0.0.0.0\'}"');
    expect(containerOf(pod, 'fluentd').env).toContainEqual({ name: 'POD_IP', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } });
  });

  test('writes to its own standard output without a buffer', () => {
    expect(match().values['@type']).toBe('stdout');
    expect(match().sections).not.toHaveProperty('buffer');
  });

  test.each<[string, FluentdOutput, { [name: string]: string }]>([
    ['forward', FluentdOutput.forward('logs.example', { port: 4 }), { '@type': 'forward' }],
    ['http', FluentdOutput.http('https://logs.example/x'), { '@type': 'http', 'endpoint': 'https://logs.example/x' }],
  ])('with output %s has a bounded buffer that is sent at shutdown and drops the oldest', (_, output, values) => {
    const section = match({ output, bufferLimit: Size.mebibytes(16) });
    expect(section.values).toMatchObject(values);
    expect(section.sections.buffer.values).toMatchObject({
      '@type': 'file', 'path': '/fluentd/state/buffer', 'total_limit_size': String(16 * 2 ** 20), 'chunk_limit_size': String(4 * 2 ** 20),
      'flush_at_shutdown': 'true', 'overflow_action': 'drop_oldest_chunk', 'retry_forever': 'true',
    });
  });

  test('forwards to the host and port that are given, or to 24224', () => {
    expect(match({ output: FluentdOutput.forward('logs.example', { port: 4 }) }).sections.server.values).toEqual({ host: 'logs.example', port: '4' });
    expect(match({ output: FluentdOutput.forward('logs.example') }).sections.server.values.port).toBe('24224');
  });

  test('sends to Elasticsearch with an image that has the plugin, and starts while Elasticsearch is down', () => {
    const output = FluentdOutput.elasticsearch('es.example', { port: 1, indexPrefix: 'shop', tls: false, user: 'writer' });
    const section = match({ output, image: 'registry.example/fluentd-es:1' });
    expect(section.values).toMatchObject({
      '@type': 'elasticsearch', 'host': 'es.example', 'port': '1', 'scheme': 'http', 'logstash_prefix': 'shop', 'user': 'writer', 'verify_es_version_at_startup': 'false',
    });
    expect(section.sections.buffer.values.overflow_action).toBe('drop_oldest_chunk');
    expect(match({ output: FluentdOutput.elasticsearch('es.example'), image: 'registry.example/fluentd-es:1' }).values).toMatchObject({ port: '9200', scheme: 'https', logstash_prefix: 'logs' });
  });

  test.each([undefined, 'fluent/fluentd:v1.19.3-2.2', 'docker.io/fluent/fluentd:v1.19.3-2.2'])('fails for Elasticsearch with the official image %s, which has no plugin', (official) => {
    expect(messageOf(() => new Fluentd({ tail: ['/log/a.log'], output: FluentdOutput.elasticsearch('es.example'), image: official })))
      .toMatch(/^Fluentd: image: ".*" has no plugin for this output\n {2}why: .*\n {2}fix: /);
  });

  test('gets secrets through its environment, never into the configuration', () => {
    const chart = newChart();
    const secret = kplus.Secret.fromSecretName(chart, 'Secret', 'credentials');
    const outputs = [
      FluentdOutput.http('https://logs.example/x', { authorization: { secret, key: 'token' } }),
      FluentdOutput.elasticsearch('es.example', { user: 'u', password: { secret, key: 'token' } }),
    ];
    const names = outputs.map((output) => {
      const pod = bound({ output, image: 'registry.example/fluentd-es:1' });
      const [variable] = containerOf(pod, 'fluentd').env;
      expect(variable.valueFrom.secretKeyRef).toEqual({ key: 'token', name: 'credentials' });
      expect(configOf(pod, 'fluentd')['fluent.conf']).toContain(`#{ENV['${variable.name}']}`);
      return variable.name;
    });
    expect(names).toEqual(['FLUENTD_AUTHORIZATION', 'FLUENTD_ELASTICSEARCH_PASSWORD']);
  });

  test.each<[string, () => unknown]>([
    ['host', () => FluentdOutput.forward('logs example')], ['host', () => FluentdOutput.forward('x\n@include /etc/passwd')],
    ['port', () => FluentdOutput.forward('x', { port: 0 })], ['endpoint', () => FluentdOutput.http('logs.example')],
    ['endpoint', () => FluentdOutput.http('https://x/"#{`id`}')], ['indexPrefix', () => FluentdOutput.elasticsearch('x', { indexPrefix: 'a b' })],
    ['user', () => FluentdOutput.elasticsearch('x', { user: '#{1}' })],
  ])('fails for a %s that could end a line or begin a directive', (field, make) => {
    expect(messageOf(make)).toMatch(new RegExp(`^FluentdOutput[.a-z]*: ${field}: "`));
  });

  test('outlives its TERM until it has read what the app wrote last', () => {
    expect(configOf(bound(), 'fluentd')['start.sh']).toContain('trap \'sleep 2; kill -TERM "$child"\' TERM');
    expect(containerOf(bound(), 'fluentd').command).toEqual(['/bin/sh', '/fluentd/etc/start.sh']);
  });
});

/** The settings of a carried program. */
/** The groups of files that the rotator bounds. */
function rotatedOf(pod: kplus.AbstractPod): any[] {
  return JSON.parse(containerOf(pod, 'log-rotator').env.find(({ name }: any) => name === 'SETTINGS').value).groups;
}

function settingsOf(pod: kplus.AbstractPod, container: string): any {
  return JSON.parse(configOf(pod, container)['settings.json']);
}

test('two fluentd parts of one pod have health listeners of their own', () => {
  const pod = deployment();
  pod.with(new Fluentd({ tail: ['/log/a.log'] }), new Fluentd({ name: 'audit', tail: ['/log/b.log'] }));
  expect(['fluentd', 'audit'].map((name) => containerOf(pod, name).livenessProbe.httpGet.port)).toEqual([24220, 24221]);
  expect(configOf(pod, 'audit')['fluent.conf']).toContain('port 24221');
});

describe('LogStream', () => {
  test('runs a program from its ConfigMap over the files, and drains as long as it says', () => {
    const pod = deployment();
    pod.with(new LogStream({ files: ['/log/a.log', '/other/b.log'], prefix: true, drain: Duration.seconds(9) }));
    expect(settingsOf(pod, 'log-stream')).toEqual({
      inputs: ['/log/a.log', '/other/b.log'], prefix: true, drainSeconds: 9, stateDirectory: '/var/lib/pod-patterns',
    });
    expect(containerOf(pod, 'log-stream').command).toEqual(['python3', '-B', '/opt/pod-patterns/stream_logs.py', '/opt/pod-patterns/settings.json']);
    expect(mountsOf(pod, 'log-stream')).toEqual(expect.arrayContaining(['/log shared-log:ro', '/other shared-other:ro', '/var/lib/pod-patterns log-stream-state']));
  });

  test('carries every module that its program imports', () => {
    const pod = deployment();
    pod.with(new LogStream({ files: ['/log/a.log'] }));
    const files = configOf(pod, 'log-stream');
    const standard = /^(collections|contextlib|csv|ctypes|dataclasses|datetime|errno|fcntl|glob|io|json|os|pathlib|re|select|shutil|signal|stat|string|struct|sys|tempfile|threading|time|types|typing|enum|functools|itertools|decimal|__future__)$/;
    const imported = Object.values(files).flatMap((text) => [...text.matchAll(/^(?:from|import) (\w+)/gm)].map(([, module]) => module));
    expect(imported.filter((module) => !standard.test(module) && !(`${module}.py` in files))).toEqual([]);
  });

  test('has user, image and resources as given', () => {
    const pod = deployment();
    pod.with(new LogStream({ files: ['/log/a.log'], user: 7, image: 'registry.example/python:3', resources: { cpu: { request: kplus.Cpu.millis(1) } } }));
    expect(containerOf(pod, 'log-stream')).toMatchObject({
      image: 'registry.example/python:3', securityContext: { runAsUser: 7, runAsGroup: 7 }, resources: { requests: { cpu: '1m' } },
    });
  });
});

describe('JsonToCsv', () => {
  const columns = [CsvColumn.of('id'), CsvColumn.of('city', { path: '$.customer.address[0][\'a.b\']', defaultValue: '?' })];

  test('gets columns as paths, and standard output as null', () => {
    const pod = deployment();
    pod.with(new JsonToCsv({ input: ['/log/a.jsonl'], columns }));
    expect(settingsOf(pod, 'json-to-csv')).toMatchObject({
      inputs: ['/log/a.jsonl'], output: null,
      columns: [{ name: 'id', path: ['id'] }, { name: 'city', path: ['customer', 'address', 0, 'a.b'], default: '?' }],
    });
  });

  test('writes a file to a directory that the app may only read', () => {
    const csv = SharedDirectory.onDisk('/csv', { sizeLimit: Size.mebibytes(50) });
    const pod = deployment();
    pod.with(new JsonToCsv({ input: ['/log/a.jsonl'], columns, output: CsvOutput.file(csv, 'orders.csv') }));
    expect(settingsOf(pod, 'json-to-csv').output).toEqual({ path: '/csv/orders.csv', maxBytes: 10 * 2 ** 20, keep: 3 });
    expect(mountsOf(pod, 'json-to-csv')).toEqual(expect.arrayContaining(['/csv shared-csv', '/log shared-log:ro']));
    expect(mountsOf(pod, 'web')).toEqual(expect.arrayContaining(['/csv shared-csv:ro', '/log shared-log']));
  });

  test('takes a bound and a number of files that fit the directory', () => {
    const csv = SharedDirectory.onDisk('/csv', { sizeLimit: Size.mebibytes(8) });
    const pod = deployment();
    pod.with(new JsonToCsv({ input: ['/log/a.jsonl'], columns, output: CsvOutput.file(csv, 'a.csv', { maxSize: Size.mebibytes(4), keep: 1 }) }));
    expect(settingsOf(pod, 'json-to-csv').output).toMatchObject({ maxBytes: 4 * 2 ** 20, keep: 1 });
    expect(messageOf(() => CsvOutput.file(csv, 'a.csv', { maxSize: Size.mebibytes(4), keep: 2 }))).toMatch(/^CsvOutput\.file: maxSize: "a\.csv" and 2 older files may need 12582912 bytes, and "\/csv" has 8388608\n/);
  });
});

describe('MetricsAdapter', () => {
  test('annotates the pod for scraping, and opens its port', () => {
    const pod = deployment();
    pod.with(new MetricsAdapter({ image, metricsPort: 9113, ports: [{ number: 9114, name: 'other' }] }));
    const template = objectsOf(pod)[0].spec.template;
    expect(template.metadata.annotations).toMatchObject({ 'prometheus.io/scrape': 'true', 'prometheus.io/port': '9113', 'prometheus.io/path': '/metrics' });
    expect(containerOf(pod, 'metrics').ports).toEqual([{ containerPort: 9113, name: 'metrics' }, { containerPort: 9114, name: 'other' }]);
  });

  test('takes another path, and fails for one that is none', () => {
    const pod = deployment();
    pod.with(new MetricsAdapter({ image, metricsPort: 9113, metricsPath: '/stats' }));
    expect(objectsOf(pod)[0].spec.template.metadata.annotations['prometheus.io/path']).toBe('/stats');
    expect(messageOf(() => new MetricsAdapter({ image, metricsPort: 1, metricsPath: 'stats' }))).toMatch(/^MetricsAdapter: metricsPath: "stats" does not begin with "\/"\n/);
  });

  test('fails beside a second one: the convention knows one port for each pod', () => {
    const pod = deployment();
    pod.with(new MetricsAdapter({ image, metricsPort: 9113 }));
    expect(messageOf(() => pod.with(new MetricsAdapter({ name: 'second', image, metricsPort: 9114 })))).toMatch(/^shop\/Web: metadata\.annotations\[prometheus\.io\/port\]: "9113" is set already, and part "second" needs "9114"\n/);
    expect(specOf(pod).initContainers).toHaveLength(1);
  });
});

describe('HAProxy', () => {
  const catalog = Upstream.http('catalog', HOST, 80);
  const db = Upstream.tcp('orders-db', 'db.example.com', 5432, { localPort: 5432 });

  test('tells where each upstream is', () => {
    const bound = new HAProxy({ upstreams: [catalog, db] }).bind(deployment());
    expect([bound.portOf(catalog), bound.portOf(db)]).toEqual([16001, 5432]);
    expect(messageOf(() => bound.portOf(Upstream.http('catalog', HOST, 80)))).toMatch(/^shop\/Web: part "haproxy": portOf: "catalog" is not an upstream of this part\n/);
  });

  test('stays clear of ports that are taken in the pod', () => {
    const pod = deployment([{ name: 'web', image, ports: [{ number: 16001 }, { number: 8404 }] }]);
    const bound = new HAProxy({ upstreams: [catalog] }).bind(pod);
    expect(bound.portOf(catalog)).toBe(16002);
    expect(containerOf(pod, 'haproxy').livenessProbe.httpGet.port).toBe(8405);
  });

  test('twice in one pod has two names and no common port', () => {
    const pod = deployment();
    const first = new HAProxy({ upstreams: [catalog] }).bind(pod);
    const second = new HAProxy({ name: 'second', upstreams: [Upstream.http('other', HOST, 80)] }).bind(pod);
    expect([first.portOf(catalog), containerOf(pod, 'second').startupProbe.httpGet.port]).toEqual([16001, 8405]);
    expect(configOf(pod, 'second')['haproxy.cfg']).toContain('bind 127.0.0.1:16002');
    expect(second.container.name).toBe('second');
  });

  test('declares no container port: nobody outside of the pod reaches it', () => {
    const pod = deployment();
    pod.with(new HAProxy({ upstreams: [catalog] }));
    expect(containerOf(pod, 'haproxy')).not.toHaveProperty('ports');
    expect(objectsOf(pod)[0].spec.template.metadata.annotations['pod-patterns/listeners']).toBe('haproxy=127.0.0.1:16001,haproxy=*:8404');
  });

  test('has drain, threads and connections in its configuration', () => {
    const pod = deployment();
    pod.with(new HAProxy({ upstreams: [catalog], drain: Duration.seconds(9), threads: 3, maxConnections: 100 }));
    expect(configOf(pod, 'haproxy')['haproxy.cfg']).toMatch(/maxconn 132\n[^]*nbthread 3\n[^]*hard-stop-after 9s\n/);
  });
});

describe('a part of one\'s own', () => {
  test.each([['sidecar', Sidecar], ['adapter', Adapter]] as const)('is called %s, is small, and has the container that was described', (name, Part) => {
    const pod = deployment();
    const bound = new Part({ image, args: ['x'], liveness: kplus.Probe.fromCommand(['true']) }).bind(pod);
    expect(bound.container.name).toBe(name);
    expect(containerOf(pod, name)).toMatchObject({
      image, args: ['x'], livenessProbe: { exec: { command: ['true'] } },
      resources: { requests: { cpu: '25m', memory: '32Mi' }, limits: { cpu: '200m', memory: '128Mi' } },
    });
  });

  test('keeps resources, probes and lifecycle that are given', () => {
    const pod = deployment();
    pod.with(new Sidecar({
      image, nativeSidecar: false, portNumber: 9000, startup: kplus.Probe.fromTcpSocket(), readiness: kplus.Probe.fromHttpGet('/'),
      resources: { cpu: { request: kplus.Cpu.millis(1) } }, lifecycle: { preStop: kplus.Handler.fromCommand(['a']) },
    }));
    expect(containerOf(pod, 'sidecar')).toMatchObject({
      resources: { requests: { cpu: '1m' } }, startupProbe: { tcpSocket: { port: 9000 } }, readinessProbe: { httpGet: { port: 9000 } },
      lifecycle: { preStop: { exec: { command: ['a'] } } }, ports: [{ containerPort: 9000 }],
    });
  });

  test('declares its local port as a listener, not as a container port', () => {
    const pod = deployment();
    pod.with(new Ambassador({ image, localPort: 15432 }));
    expect(containerOf(pod, 'ambassador')).not.toHaveProperty('ports');
    expect(objectsOf(pod)[0].spec.template.metadata.annotations['pod-patterns/listeners']).toBe('ambassador=127.0.0.1:15432');
  });

  test('whose probe dials its local port from outside fails: the kubelet is not in the pod', () => {
    const pod = deployment();
    pod.with(new Ambassador({ image, localPort: 15432, liveness: kplus.Probe.fromTcpSocket({ port: 15432 }) }));
    expect(messageOf(() => objectsOf(pod))).toContain('[probe-of-loopback-listener]');
  });

  test('can be bound to pods and workloads only', () => {
    const chart = newChart();
    const part = new Sidecar({ image });
    expect(part.supports(new kplus.Pod(chart, 'Pod'))).toBe(true);
    expect(part.supports(new kplus.Job(chart, 'Job'))).toBe(true);
    expect(part.supports(new kplus.ConfigMap(chart, 'Config'))).toBe(false);
    expect(part.supports(chart)).toBe(false);
  });

  test('lets a Job end: its container is a native sidecar', () => {
    const job = new kplus.Job(newChart(), 'Job', { containers: [{ name: 'web', image }] });
    job.with(new Sidecar({ image }));
    expect(specOf(job).initContainers[0].restartPolicy).toBe('Always');
  });

  const ending: [string, (chart: Chart) => kplus.AbstractPod, string][] = [
    ['Job', (chart) => new kplus.Job(chart, 'Web', { containers: [{ image }] }), 'in a Job'],
    ['Job whose containers are started again', (chart) => new kplus.Job(chart, 'Web', { restartPolicy: kplus.RestartPolicy.ON_FAILURE }), 'in a Job'],
    ['CronJob', (chart) => new kplus.CronJob(chart, 'Web', { schedule: Cron.daily() }), 'in a CronJob'],
    ['Pod that is never started again', (chart) => new kplus.Pod(chart, 'Web', { restartPolicy: kplus.RestartPolicy.NEVER }), 'in a Pod with restartPolicy Never'],
    ['Pod that is started again on failure', (chart) => new kplus.Pod(chart, 'Web', { restartPolicy: kplus.RestartPolicy.ON_FAILURE }), 'in a Pod with restartPolicy OnFailure'],
  ];

  test.each(ending)('is refused as a regular container in a %s, which would never end', (_, make, where) => {
    for (const [, part] of everyPart) {
      const pod = make(newChart());
      expect(messageOf(() => pod.with(part({ nativeSidecar: false })))).toMatch(
        new RegExp(`^shop/Web: part "[\\w-]+": nativeSidecar: "false" ${where}\n  why: a regular container that runs for ever .*\n  fix: leave out `));
      expect(messageOf(() => part({ nativeSidecar: false }).bind(pod))).toContain('nativeSidecar: "false"');
      part({}).bind(pod, { app: pod.addContainer({ name: 'web', image, securityContext: { user: 1000 } }) });
    }
  });

  test('is refused as a regular container of a pattern pod that ends', () => {
    const props = { app: { image }, restartPolicy: kplus.RestartPolicy.NEVER, sidecar: new Sidecar({ image, nativeSidecar: false }) };
    expect(messageOf(() => new SidecarPod(newChart(), 'Web', props))).toMatch(/^shop\/Web: part "sidecar": nativeSidecar: "false" in a Pod with restartPolicy Never\n/);
  });
});

describe('the rotator of log files', () => {
  test('runs as the user that writes them, and writes where the reader may not', () => {
    const pod = deployment([{ name: 'web', image, securityContext: { user: 7, group: 8 } }]);
    pod.with(new LogStream({ files: ['/log/a.log'] }));
    expect(containerOf(pod, 'log-rotator').securityContext).toMatchObject({ runAsUser: 7, runAsGroup: 8 });
    expect(mountsOf(pod, 'log-rotator')).toEqual(expect.arrayContaining(['/log shared-log', '/var/lib/readers/log-stream log-stream-state:ro']));
  });

  test.each<[string, kplus.DeploymentProps, LogRotation, number]>([
    ['of the pod', { securityContext: { user: 9 } }, LogRotation.byRotator(), 9],
    ['of the rotation', { securityContext: { user: 9 } }, LogRotation.byRotator({ user: 11 }), 11],
  ])('takes the user %s', (_, props, rotation, user) => {
    const pod = new kplus.Deployment(newChart(), 'Web', { containers: [{ image }], ...props });
    pod.with(new LogStream({ files: ['/log/a.log'], rotation }));
    expect(containerOf(pod, 'log-rotator').securityContext.runAsUser).toBe(user);
  });

  test('is the user 1000 in a pattern pod whose app names none', () => {
    const pod = new SidecarPod(newChart(), 'Web', { app: { image }, sidecar: new LogStream({ files: ['/log/a.log'] }) });
    expect(containerOf(pod, 'log-rotator').securityContext.runAsUser).toBe(1000);
  });

  test('fails where nobody knows the user that writes', () => {
    const pod = new kplus.Deployment(newChart(), 'Web', { containers: [{ name: 'web', image }] });
    expect(messageOf(() => pod.with(new Fluentd({ tail: ['/log/a.log'] })))).toMatch(
      /^shop\/Web: part "fluentd": rotation: nobody bounds "\/log"\n {2}why: .*"web" has no numeric user\n {2}fix: .*LogRotation\.byApp\(\)/);
  });

  test('is absent where the app rotates, and the pod says so for each volume', () => {
    const pod = deployment();
    pod.with(new Fluentd({ tail: ['/log/a.log', '/log/b.log', '/more/a.log'], rotation: LogRotation.byApp() }));
    expect(specOf(pod).initContainers).toHaveLength(1);
    const { template } = Testing.synth(Chart.of(pod))[0].spec;
    expect(template.metadata.annotations['pod-patterns/rotated-by-app']).toBe('shared-log,shared-more');
  });

  test('gives space back at four fifths of the directory, or at the bound that is given', () => {
    const maxBytes = (rotation: LogRotation) => {
      const pod = deployment();
      pod.with(new LogStream({ files: ['/log/a.log'], rotation, directories: [SharedDirectory.onDisk('/log', { sizeLimit: Size.mebibytes(10) })] }));
      return rotatedOf(pod)[0].maxBytes;
    };
    expect(maxBytes(LogRotation.byRotator())).toBe(8 * 2 ** 20);
    expect(maxBytes(LogRotation.byRotator({ maxSize: Size.mebibytes(3) }))).toBe(3 * 2 ** 20);
  });

  test.each<[string, () => kplus.AbstractPod]>([
    ['volume', () => {
      const chart = newChart();
      const volume = kplus.Volume.fromEmptyDir(chart, 'Own', 'own', { sizeLimit: Size.mebibytes(10) });
      const pod = deployment([{ name: 'web', image, securityContext: { user: 5 }, volumeMounts: [{ path: '/log', volume }] }], chart);
      return pod.with(new LogStream({ files: ['/log/a.log'] })) as kplus.Deployment;
    }],
    ['writable path', () => new ProductionPod(newChart(), 'Web', {
      app: { image }, ...declined, writablePaths: ['/log'], writablePathSize: Size.mebibytes(10), parts: [new LogStream({ files: ['/log/a.log'] })],
    })],
  ])('gives space back before a %s of the user\'s own is full', (_, make) => {
    expect(rotatedOf(make())[0].maxBytes).toBeLessThan(10 * 2 ** 20);
  });

  test.each<[string, () => PodPart, string, string]>([
    ['fluentd', () => new Fluentd({ tail: ['/log/a.log'] }), 'fluentd', '/var/lib/readers/fluentd/tail.pos'],
    ['a program of ours', () => new LogStream({ files: ['/log/a.log'] }), 'state', '/var/lib/readers/log-stream/state.json'],
  ])('knows how far %s has read', (_, make, format, path) => {
    const pod = deployment();
    const part = make();
    pod.with(part);
    expect(rotatedOf(pod)).toMatchObject([{ files: ['/log/a.log'], readers: [{ format, path }] }]);
  });

  test.each<[string, () => PodPart[]]>([
    ['each with a rotator', () => [new Fluentd({ tail: ['/log/a.log'] }), new LogStream({ files: ['/log/a.log'] })]],
    ['the first one without a rotator', () => [new Fluentd({ tail: ['/log/a.log'], rotation: LogRotation.byApp() }), new LogStream({ files: ['/log/a.log'] })]],
    ['the last one without a rotator', () => [new Fluentd({ tail: ['/log/a.log'] }), new LogStream({ files: ['/log/a.log'], rotation: LogRotation.byApp() })]],
  ])('is one for all parts that read a file, and waits for every one of them: %s', (_, parts) => {
    const pod = deployment();
    pod.with(...parts());
    expect(specOf(pod).initContainers.map(({ name }: any) => name).sort()).toEqual(['fluentd', 'log-rotator', 'log-stream']);
    expect(rotatedOf(pod)).toHaveLength(1);
    expect(rotatedOf(pod)[0].readers.map(({ format }: any) => format).sort()).toEqual(['fluentd', 'state']);
    expect(mountsOf(pod, 'log-rotator')).toEqual(expect.arrayContaining([
      '/var/lib/readers/fluentd fluentd-state:ro', '/var/lib/readers/log-stream log-stream-state:ro',
    ]));
  });

  test('shares a bound that is given among the files of the part', () => {
    const pod = deployment();
    pod.with(new LogStream({ files: ['/log/a.log', '/log/b.log'], rotation: LogRotation.byRotator({ maxSize: Size.mebibytes(60) }) }));
    expect(rotatedOf(pod).map(({ maxBytes }: any) => maxBytes)).toEqual([30 * 2 ** 20, 30 * 2 ** 20]);
  });

  test('runs an image of the user\'s own registry', () => {
    const pod = deployment();
    pod.with(new LogStream({ files: ['/log/a.log'], rotation: LogRotation.byRotator({ image: 'registry.example/python:3.13' }) }));
    expect(containerOf(pod, 'log-rotator').image).toBe('registry.example/python:3.13');
  });

  test('is not a container of the user that has its name', () => {
    const pod = deployment([{ name: 'web', image, securityContext: { user: 5 } }, { name: 'log-rotator', image, securityContext: { user: 5 } }]);
    pod.with(new LogStream({ files: ['/log/a.log'] }));
    expect(messageOf(() => specOf(pod))).toContain('"log-rotator" is already the name of initContainers[1]  [unique-container-names]');
  });

  test.each([['/log/*.log', '/log/a.log'], ['/log/a.log', '/log/*.log'], ['/log/app*.log', '/log/*-1.log']])('fails where %s and %s of two parts may be one file', (first, second) => {
    const pod = deployment();
    pod.with(new Fluentd({ tail: [first] }));
    expect(messageOf(() => pod.with(new Fluentd({ name: 'other', tail: [second] })))).toMatch(
      /^shop\/Web: part "other": ".*" and ".*" of another part may name the same file\n {2}why: .*\n {2}fix: /);
  });

  test.each([['/log/app*.log', '/log/other.log'], ['/log/*.log', '/log/a.jsonl'], ['/log/a.log', '/log/b.log']])('takes %s and %s of two parts apart', (first, second) => {
    const pod = deployment();
    pod.with(new Fluentd({ tail: [first] }), new Fluentd({ name: 'other', tail: [second] }));
    expect(rotatedOf(pod).map(({ files }: any) => files[0])).toEqual([first, second]);
  });

  test('shares the room of a directory among its files', () => {
    const pod = deployment();
    pod.with(new LogStream({ files: ['/log/a.log', '/log/b.log'], directories: [SharedDirectory.onDisk('/log', { sizeLimit: Size.mebibytes(10) })] }));
    expect(rotatedOf(pod).map(({ files, maxBytes }: any) => [files, maxBytes])).toEqual([[['/log/a.log'], 4 * 2 ** 20], [['/log/b.log'], 4 * 2 ** 20]]);
  });

  test('fails where two parts name different users of one pod', () => {
    const pod = deployment();
    pod.with(new LogStream({ files: ['/log/a.log'] }));
    expect(messageOf(() => pod.with(new Fluentd({ tail: ['/log/b.log'], rotation: LogRotation.byRotator({ user: 77 }) })))).toMatch(
      /^shop\/Web: part "fluentd": rotation: "77" is not the user of the rotator/);
  });
});

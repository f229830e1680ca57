import { App, Chart, Duration, Size, Testing } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import {
  Adapter, AdapterPod, Ambassador, AmbassadorPod, BoundHAProxy, CsvColumn, Fluentd, HAProxy, JsonToCsv, LogStream, PatternPod, ProductionPod,
  ProductionPodProps, Sidecar, SidecarPod, Upstream,
} from '../../src';

const image = 'registry.example/web:1.0.0';
const declined = { livenessDeclined: 'a test', readinessDeclined: 'a test' };
const probes = { liveness: kplus.Probe.fromHttpGet('/healthz'), readiness: kplus.Probe.fromHttpGet('/readyz') };

function newChart(): Chart {
  return new Chart(new App(), 'shop');
}

function manifestOf(pod: kplus.Pod): any {
  return Testing.synth(Chart.of(pod)).find(({ kind, metadata }) => kind === 'Pod' && metadata.name === pod.name);
}

function specOf(pod: kplus.Pod): any {
  return manifestOf(pod).spec;
}

function appOf(pod: kplus.Pod): any {
  return specOf(pod).containers[0];
}

function production(props: Partial<ProductionPodProps> = {}): ProductionPod {
  return new ProductionPod(newChart(), 'Web', { app: { image }, ...declined, ...props });
}

function messageOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('nothing was thrown');
}

const PATTERNS: [string, (chart: Chart, props: any) => PatternPod][] = [
  ['SidecarPod', (chart, props) => new SidecarPod(chart, 'Web', { sidecar: new Sidecar({ image }), ...props })],
  ['AdapterPod', (chart, props) => new AdapterPod(chart, 'Web', { adapter: new Adapter({ image }), ...props })],
  ['AmbassadorPod', (chart, props) => new AmbassadorPod(chart, 'Web', { ambassador: new Ambassador({ image, localPort: 15432 }), ...props })],
  ['ProductionPod', (chart, props) => new ProductionPod(chart, 'Web', { ...declined, ...props })],
];

describe.each(PATTERNS)('%s', (_, make) => {
  test('has its app first, called "app" where it has no name', () => {
    const pod = make(newChart(), { app: { image }, containers: [{ name: 'other', image }] });
    expect(specOf(pod).containers.map(({ name }: any) => name)).toEqual(['app', 'other']);
    expect(pod.app).toBe(pod.containers[0]);
    expect(specOf(make(newChart(), { app: { name: 'web', image } })).containers[0].name).toBe('web');
  });

  test('gives the app 250m and 256Mi, limits 500m and 512Mi, where it says nothing', () => {
    expect(appOf(make(newChart(), { app: { image } })).resources).toMatchObject({
      requests: { cpu: '250m', memory: '256Mi' }, limits: { cpu: '500m', memory: '512Mi' },
    });
  });

  test('gives a container that is added what it gives the app', () => {
    const pod = make(newChart(), { app: { image } });
    pod.addContainer({ name: 'late', image, portNumber: 9000 });
    pod.addInitContainer({ name: 'init', image });
    expect(specOf(pod).containers[1]).toMatchObject({ resources: { requests: { cpu: '250m' } }, startupProbe: { failureThreshold: 60, periodSeconds: 2 } });
    expect(specOf(pod).initContainers.at(-1).resources.requests.cpu).toBe('250m');
  });

  test('leaves resources as they are where some are given', () => {
    expect(appOf(make(newChart(), { app: { image, resources: { cpu: { request: kplus.Cpu.millis(10) } } } })).resources.requests.cpu).toBe('10m');
    expect(appOf(make(newChart(), { app: { image, resources: { cpu: { request: kplus.Cpu.millis(10) } } } })).resources.limits).not.toHaveProperty('cpu');
  });

  test('runs as user 1000, and gives the app two minutes to open its port', () => {
    const app = appOf(make(newChart(), { app: { image, portNumber: 8080 } }));
    expect(app.securityContext).toMatchObject({ runAsUser: 1000, runAsGroup: 1000, runAsNonRoot: true });
    expect(app.startupProbe).toEqual({ tcpSocket: { port: 8080 }, failureThreshold: 60, periodSeconds: 2 });
  });

  test('keeps a startup probe that is given', () => {
    const startup = kplus.Probe.fromHttpGet('/up', { failureThreshold: 5 });
    expect(appOf(make(newChart(), { app: { image, portNumber: 8080, startup } })).startupProbe).toMatchObject({ httpGet: { path: '/up', port: 8080 }, failureThreshold: 5 });
  });

  test('gives the app directories to write', () => {
    expect(appOf(make(newChart(), { app: { image }, writablePaths: ['/tmp'] })).volumeMounts).toContainEqual({ mountPath: '/tmp', name: 'writable-tmp' });
  });

  test('binds more parts', () => {
    const pod = make(newChart(), { app: { image }, parts: [new LogStream({ files: ['/log/a.log'] })] });
    expect(specOf(pod).initContainers.map(({ name }: any) => name)).toEqual(expect.arrayContaining(['log-stream', 'log-rotator']));
  });

  test('takes parts through with() as well', () => {
    const pod = make(newChart(), { app: { image } });
    pod.with(new LogStream({ files: ['/log/a.log'] }));
    expect(specOf(pod).initContainers.at(-1).name).toBe('log-rotator');
  });

  test('lets the app serve on for preStopSleep', () => {
    expect(appOf(make(newChart(), { app: { image }, preStopSleep: Duration.seconds(7) })).lifecycle).toEqual({ preStop: { sleep: { seconds: 7 } } });
    expect(appOf(make(newChart(), { app: { image } }))).not.toHaveProperty('lifecycle');
  });

  test('adds the wait beside a postStart that is given', () => {
    const lifecycle = { preStop: kplus.Handler.fromCommand(['a']), postStart: kplus.Handler.fromCommand(['b']) };
    expect(appOf(make(newChart(), { app: { image, lifecycle: { postStart: lifecycle.postStart } }, preStopSleep: Duration.seconds(7) })).lifecycle).toEqual({
      postStart: { exec: { command: ['b'] } }, preStop: { sleep: { seconds: 7 } },
    });
  });

  test('is a kplus.Pod: a Service, a NetworkPolicy and podMetadata work on it', () => {
    const chart = newChart();
    const pod = make(chart, { app: { image, portNumber: 8080 } });
    pod.podMetadata.addLabel('team', 'shop');
    new kplus.Service(chart, 'Service', { selector: pod, ports: [{ port: 80, targetPort: 8080 }] });
    new kplus.NetworkPolicy(chart, 'Policy', { selector: pod, egress: { default: kplus.NetworkPolicyTrafficDefault.DENY } });
    pod.scheduling.tolerate(kplus.Node.tainted(kplus.NodeTaintQuery.is('dedicated', 'shop')));
    const objects = Testing.synth(chart);
    const of = (kind: string) => objects.find((object) => object.kind === kind);
    const { labels } = of('Pod').metadata;
    expect(labels.team).toBe('shop');
    expect(labels).toMatchObject(of('Service').spec.selector);
    expect(labels).toMatchObject(of('NetworkPolicy').spec.podSelector.matchLabels);
    expect(of('Pod').spec.tolerations).toEqual([{ key: 'dedicated', value: 'shop', operator: 'Equal' }]);
  });

  test('passes on the other props of a kplus.Pod', () => {
    const chart = newChart();
    const pod = make(chart, {
      app: { image }, metadata: { name: 'given', labels: { a: 'b' } }, restartPolicy: kplus.RestartPolicy.NEVER, hostNetwork: false,
      volumes: [kplus.Volume.fromEmptyDir(chart, 'Extra', 'extra', { sizeLimit: Size.mebibytes(1) })], hostAliases: [{ ip: '10.0.0.1', hostnames: ['db'] }],
      serviceAccount: kplus.ServiceAccount.fromServiceAccountName(chart, 'Account', 'robot'), automountServiceAccountToken: true,
      dns: { hostname: 'web' }, securityContext: { fsGroup: 5 },
    });
    expect(manifestOf(pod).metadata).toMatchObject({ name: 'given', labels: { a: 'b' } });
    expect(specOf(pod)).toMatchObject({
      restartPolicy: 'Never', hostAliases: [{ ip: '10.0.0.1', hostnames: ['db'] }], serviceAccountName: 'robot', automountServiceAccountToken: true,
      hostname: 'web', securityContext: { fsGroup: 5 }, volumes: expect.arrayContaining([{ name: 'extra', emptyDir: { sizeLimit: '1Mi' } }]),
    });
  });

  test('does not change what the caller passed, and does not follow later changes of it', () => {
    const app = { image, args: ['a'], ports: [{ number: 8080 }], envVariables: { A: kplus.EnvValue.fromValue('1') }, volumeMounts: [], securityContext: { capabilities: { add: [] } } };
    const props: any = { app, containers: [{ name: 'other', image }], initContainers: [{ name: 'init', image }], volumes: [], hostAliases: [], parts: [] };
    const snapshot = JSON.stringify(props);
    const pod = make(newChart(), props);
    pod.with(new LogStream({ files: ['/log/a.log'] }));
    pod.app.env.addVariable('B', kplus.EnvValue.fromValue('2'));
    const before = specOf(pod);
    expect(JSON.stringify(props)).toBe(snapshot);
    app.args.push('b');
    app.ports[0].number = 9;
    props.containers.push({ name: 'more', image });
    expect(specOf(pod)).toEqual(before);
  });
});

describe('SidecarPod', () => {
  test('gives its sidecar, with container and environment', () => {
    const pod = new SidecarPod(newChart(), 'Web', { app: { image }, sidecar: new Fluentd({ tail: ['/log/a.log'] }) });
    pod.sidecar.container.env.addVariable('TZ', kplus.EnvValue.fromValue('UTC'));
    expect(specOf(pod).initContainers[0]).toMatchObject({ name: 'fluentd', restartPolicy: 'Always', env: expect.arrayContaining([{ name: 'TZ', value: 'UTC' }]) });
  });

  test('shares the log directory: the app writes, fluentd reads', () => {
    const pod = new SidecarPod(newChart(), 'Web', { app: { image }, sidecar: new Fluentd({ tail: ['/log/a.log'] }) });
    expect(appOf(pod).volumeMounts).toEqual([{ mountPath: '/log', name: 'shared-log' }]);
    expect(specOf(pod).initContainers[0].volumeMounts).toContainEqual({ mountPath: '/log', name: 'shared-log', readOnly: true });
  });

  test('works with each kind of part: the name says how the pod is meant', () => {
    const pod = new SidecarPod(newChart(), 'Web', { app: { image }, sidecar: new HAProxy({ upstreams: [Upstream.tcp('db', '10.0.0.1', 5432)] }) });
    expect(pod.sidecar).toBeInstanceOf(BoundHAProxy);
  });
});

describe('AdapterPod', () => {
  test('gives its adapter, which cannot write what it reads', () => {
    const pod = new AdapterPod(newChart(), 'Web', { app: { image }, adapter: new JsonToCsv({ input: ['/log/a.jsonl'], columns: [CsvColumn.of('id')] }) });
    expect(pod.adapter.container.name).toBe('json-to-csv');
    expect(specOf(pod).initContainers[0].volumeMounts).toContainEqual({ mountPath: '/log', name: 'shared-log', readOnly: true });
  });
});

describe('AmbassadorPod', () => {
  test('tells the app where its ambassador listens, and gives the bound one', () => {
    const catalog = Upstream.http('catalog', 'catalog.shop.svc.cluster.local', 8080);
    const pod = new AmbassadorPod(newChart(), 'Web', { app: { image }, ambassador: new HAProxy({ upstreams: [catalog] }) });
    expect((pod.ambassador as BoundHAProxy).portOf(catalog)).toBe(16001);
    expect(appOf(pod).env).toContainEqual({ name: 'CATALOG_URL', value: 'http://127.0.0.1:16001' });
  });

  test('stays clear of the port of its app', () => {
    const catalog = Upstream.http('catalog', 'catalog.shop.svc.cluster.local', 8080);
    const pod = new AmbassadorPod(newChart(), 'Web', { app: { image, portNumber: 16001 }, ambassador: new HAProxy({ upstreams: [catalog] }) });
    expect((pod.ambassador as BoundHAProxy).portOf(catalog)).toBe(16002);
  });
});

describe('ProductionPod', () => {
  test('demands a liveness and a readiness probe, both in one error, before anything is made', () => {
    const chart = newChart();
    const message = messageOf(() => new ProductionPod(chart, 'Web', { app: { image } }));
    expect(message.match(/^shop\/Web: .*/gm)).toEqual(['shop/Web: spec.containers[0].livenessProbe: missing', 'shop/Web: spec.containers[0].readinessProbe: missing']);
    expect(message).toContain('livenessDeclined: ');
    expect(chart.node.children).toEqual([]);
  });

  test('has the probes that are given', () => {
    const app = appOf(production({ app: { image, portNumber: 8080, ...probes }, livenessDeclined: undefined, readinessDeclined: undefined }));
    expect(app.livenessProbe.httpGet).toMatchObject({ path: '/healthz', port: 8080 });
    expect(app.readinessProbe.httpGet).toMatchObject({ path: '/readyz', port: 8080 });
  });

  test('writes why a probe is declined where reviewers see it', () => {
    const pod = production({ app: { image, portNumber: 8080, liveness: probes.liveness }, livenessDeclined: undefined, readinessDeclined: ' no traffic arrives ' });
    expect(manifestOf(pod).metadata.annotations).toMatchObject({ 'waive.pod-patterns/readiness-probe': 'no traffic arrives' });
    expect(manifestOf(pod).metadata.annotations).not.toHaveProperty('waive.pod-patterns/liveness-probe');
  });

  test.each(['', '  ', '\n'])('takes %j for no reason', (reason) => {
    expect(messageOf(() => production({ livenessDeclined: reason }))).toMatch(/^shop\/Web: spec\.containers\[0\]\.livenessProbe: missing\n {2}why: [^\n]*\n {2}fix: [^\n]*$/);
  });

  test('fails for a probe that is given and declined', () => {
    expect(messageOf(() => production({ app: { image, portNumber: 8080, ...probes } }))).toContain('spec.containers[0].livenessProbe: is given, and declined: "a test"');
  });

  test('mounts a bounded emptyDir at each writable path', () => {
    const spec = specOf(production({ writablePaths: ['/tmp', '/var/cache/nginx'] }));
    expect(spec.containers[0].volumeMounts).toEqual([{ mountPath: '/tmp', name: 'writable-tmp' }, { mountPath: '/var/cache/nginx', name: 'writable-var-cache-nginx' }]);
    expect(spec.volumes.map(({ emptyDir }: any) => emptyDir)).toEqual([{ sizeLimit: '64Mi' }, { sizeLimit: '64Mi' }]);
    expect(specOf(production({ writablePaths: ['/tmp'], writablePathSize: Size.kibibytes(500) })).volumes[0].emptyDir.sizeLimit).toBe('500Ki');
  });

  test('has room on the node\'s disk for its writable paths and its logs', () => {
    expect(appOf(production({ writablePaths: ['/tmp', '/run'] })).resources.limits['ephemeral-storage']).toBe('228Mi');
  });

  test.each([
    ['of one slug', ['/tmp/a', '/tmp-a']], ['that differ in case', ['/Data', '/data']], ['that begin alike', [`/${'x'.repeat(70)}/a`, `/${'x'.repeat(70)}/b`]],
    ['without a letter', ['/_', '/-']],
  ])('has a volume for each of two writable paths %s', (_, writablePaths) => {
    const spec = specOf(production({ writablePaths }));
    expect(new Set(spec.volumes.map(({ name }: any) => name)).size).toBe(2);
    expect(spec.containers[0].volumeMounts.map(({ mountPath }: any) => mountPath)).toEqual(writablePaths);
  });

  test('shares a writable path with the part that reads there: one volume', () => {
    const spec = specOf(production({ writablePaths: ['/log'], parts: [new LogStream({ files: ['/log/a.log'] })] }));
    expect(spec.containers[0].volumeMounts).toEqual([{ mountPath: '/log', name: 'writable-log' }]);
    expect(spec.initContainers[0].volumeMounts).toContainEqual({ mountPath: '/log', name: 'writable-log', readOnly: true });
  });

  test('does not change the list of writable paths', () => {
    const writablePaths = Object.freeze(['/tmp']) as string[];
    expect(specOf(production({ writablePaths })).volumes).toHaveLength(1);
  });

  test('satisfies Pod Security restricted in every container, whatever its parts', () => {
    const spec = specOf(production({ parts: [new Fluentd({ tail: ['/log/a.log'] }), new HAProxy({ upstreams: [Upstream.tcp('db', '10.0.0.1', 5432)] }), new Sidecar({ image })] }));
    expect(spec.securityContext.seccompProfile.type).toBe('RuntimeDefault');
    [...spec.initContainers, ...spec.containers].forEach(({ securityContext }) => expect(securityContext).toMatchObject({
      allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] }, runAsNonRoot: true, readOnlyRootFilesystem: true, runAsUser: expect.any(Number),
    }));
  });
});

import { ApiObject, App, Chart, Cron, Duration, JsonPatch, Size, Testing } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import * as fc from 'fast-check';
import {
  Adapter, Ambassador, AppLabels, CpuLimits, Fluentd, HAProxy, ImagePullPolicyDefault, JsonToCsv, CsvColumn, KubernetesVersion, LogRotation, LogStream, PodDefaults,
  PodDefaultsProps, ProductionPod, ProductionPodProps, ProductionReady, SharedDirectory, Sidecar, Upstream,
} from '../../src';

const image = 'registry.example/web:1.0.0';
const { V1_28, V1_29, V1_34 } = KubernetesVersion;
const millis = (cpu: number): kplus.ContainerResources => ({ cpu: { request: kplus.Cpu.millis(cpu) } });
const native = kplus.ContainerRestartPolicy.ALWAYS;
const logs = { rotation: LogRotation.byApp() };

let said: string[] = [];
beforeEach(() => {
  said = [];
  jest.spyOn(process.stderr, 'write').mockImplementation((text) => String(text).startsWith('warning: ') || said.push(String(text)) > 0);
});
afterEach(() => jest.restoreAllMocks());

function newChart(defaults?: PodDefaultsProps): Chart {
  const chart = new Chart(new App(), 'shop');
  if (defaults) {
    chart.with(new PodDefaults(defaults));
  }
  return chart;
}

function newPod(chart: Chart, props: Partial<ProductionPodProps> = {}): ProductionPod {
  return new ProductionPod(chart, 'Web', { app: { image }, livenessDeclined: 'a test', readinessDeclined: 'a test', ...props });
}

/** The spec of the pod that a chart contains. */
function specOf(chart: Chart): any {
  const { spec } = Testing.synth(chart).find(({ kind }) => /^(Pod|Deployment|StatefulSet|Job)$/.test(kind));
  return spec.template?.spec ?? spec;
}

/** A container of that pod, by its name. */
function containerOf(chart: Chart, name: string): any {
  const spec = specOf(chart);
  return [...spec.containers, ...spec.initContainers ?? []].find((container) => container.name === name);
}

function messageOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('nothing was thrown');
}

describe('the version of the clusters', () => {
  test('refuses a field that they do not have, with the version that brings it', () => {
    const chart = newChart({ kubernetesVersion: V1_28 });
    ApiObject.of(newPod(chart)).addJsonPatch(JsonPatch.add('/spec/securityContext/appArmorProfile', { type: 'RuntimeDefault' }));
    expect(messageOf(() => Testing.synth(chart))).toContain('shop/Web: spec.securityContext.appArmorProfile: "appArmorProfile" needs Kubernetes 1.30, and the target is 1.28  [field-of-newer-kubernetes]');
  });

  test('accepts a field whose gate they have on', () => {
    const chart = newChart({ featureGates: ['ContainerStopSignals'] });
    ApiObject.of(newPod(chart)).addJsonPatch(JsonPatch.add('/spec/containers/0/lifecycle', { stopSignal: 'SIGUSR1' }));
    expect(containerOf(chart, 'app').lifecycle.stopSignal).toBe('SIGUSR1');
  });

  test('is looked at in pods of others too: a Deployment, a raw object', () => {
    const chart = newChart();
    new kplus.Deployment(chart, 'Api', { containers: [{ image }] });
    new ApiObject(chart, 'Raw', { apiVersion: 'v1', kind: 'Pod', spec: { hostnameOverride: 'a', containers: [{ name: 'a', image }] } });
    expect(() => Testing.synth(chart)).not.toThrow();
    chart.with(new PodDefaults({ kubernetesVersion: V1_34 }));
    expect(messageOf(() => Testing.synth(chart))).toMatch(/^shop\/Raw: spec\.hostnameOverride: "a" needs Kubernetes 1\.35, and the target is 1\.34/);
  });
});

describe('preStopSleep', () => {
  const preStop = (version: KubernetesVersion, props: Partial<ProductionPodProps> = {}) => {
    const chart = newChart({ kubernetesVersion: version });
    newPod(chart, { preStopSleep: Duration.seconds(7), ...props });
    return containerOf(chart, 'app').lifecycle.preStop;
  };

  test('is the sleep of Kubernetes from 1.30, whatever the image has', () => {
    expect(preStop(KubernetesVersion.V1_30, { appHasSleep: true })).toEqual({ sleep: { seconds: 7 } });
  });

  test('is the program of an image that has one below 1.30, and counts for the grace period', () => {
    expect(preStop(V1_29, { appHasSleep: true })).toEqual({ exec: { command: ['sleep', '7'] } });
    const chart = newChart({ kubernetesVersion: V1_28 });
    newPod(chart, { preStopSleep: Duration.seconds(40), appHasSleep: true });
    expect(specOf(chart).terminationGracePeriodSeconds).toBe(40 + 15 + 5);
  });

  test('is an error below 1.30 where the image may have none, and says what to declare', () => {
    expect(messageOf(() => preStop(V1_29))).toMatch(/preStop\.sleep: "sleep" needs Kubernetes 1\.30, and the target is 1\.29(.|\n)*fix: .*`appHasSleep: true`/);
  });
});

describe('a part that says nothing of nativeSidecar', () => {
  const listOf = (chart: Chart) => (specOf(chart).initContainers ? 'initContainers' : 'containers');

  test.each([
    ['Sidecar', new Sidecar({ image })], ['Fluentd', new Fluentd({ tail: ['/log/a.log'], ...logs })], ['LogStream', new LogStream({ files: ['/log/a.log'] })],
    ['HAProxy', new HAProxy({ upstreams: [Upstream.tcp('db', 'db.example.com', 5432)] })],
  ])('is a regular container where the clusters have no native sidecars: %s', (_, part) => {
    const chart = newChart({ kubernetesVersion: V1_28 });
    newPod(chart, { parts: [part], app: { image, securityContext: { user: 1000 } } });
    expect(specOf(chart).initContainers).toBeUndefined();
    expect(specOf(chart).containers.length).toBeGreaterThan(1);
  });

  test('is a native sidecar from 1.29, and in 1.28 with the gate', () => {
    for (const defaults of [{ kubernetesVersion: V1_29 }, { kubernetesVersion: V1_28, featureGates: ['SidecarContainers'] }]) {
      const chart = newChart(defaults);
      newPod(chart, { parts: [new Sidecar({ image })] });
      expect(listOf(chart)).toBe('initContainers');
    }
  });

  test('chooses for each pod: one value can be bound to several', () => {
    const part = new Sidecar({ image });
    const [old, recent] = [newChart({ kubernetesVersion: V1_28 }), newChart()];
    [old, recent].forEach((chart) => newPod(chart, { parts: [part] }));
    expect([listOf(old), listOf(recent)]).toEqual(['containers', 'initContainers']);
  });

  test('says so once for each app', () => {
    const chart = newChart({ kubernetesVersion: V1_28 });
    newPod(chart, { parts: [new Sidecar({ image }), new Sidecar({ image, name: 'other' })] });
    expect(said).toEqual([expect.stringMatching(/^note: the target is Kubernetes 1\.28, which has no native sidecars: /)]);
  });

  test('is refused in a Job, a CronJob and a Pod that is meant to end: none of them would', () => {
    const chart = newChart({ kubernetesVersion: V1_28 });
    const job = new kplus.Job(chart, 'Import', { containers: [{ image }] });
    expect(messageOf(() => job.with(new Sidecar({ image })))).toMatch(/^shop\/Import: part "sidecar": nativeSidecar: missing, and Kubernetes "1\.28" has no native sidecars\n {2}why: /);
    const cron = new kplus.CronJob(chart, 'Nightly', { schedule: Cron.daily(), containers: [{ image }] });
    expect(messageOf(() => cron.with(new Sidecar({ image })))).toMatch(/^shop\/Nightly: part "sidecar": nativeSidecar: missing/);
    const once = new kplus.Pod(chart, 'Once', { restartPolicy: kplus.RestartPolicy.NEVER, containers: [{ image }] });
    expect(messageOf(() => once.with(new Sidecar({ image })))).toMatch(/^shop\/Once: part "sidecar": nativeSidecar: missing/);
  });

  test('cannot be ordered where it becomes a regular container: an error at that line', () => {
    const chart = newChart({ kubernetesVersion: V1_28 });
    const first = new Sidecar({ image, name: 'first' });
    expect(messageOf(() => newPod(chart, { parts: [first, new Sidecar({ image, startAfter: [first] })] })))
      .toMatch(/^shop\/Web: startAfter: "sidecar" and "first" cannot be ordered in Kubernetes "1\.28"\n {2}why: .*\n {2}fix: /);
    const explicit = new Sidecar({ image, name: 'explicit', nativeSidecar: true, startAfter: [first] });
    const pod = new kplus.Pod(chart, 'Api', { containers: [{ image }] });
    pod.with(first);
    expect(messageOf(() => pod.with(explicit))).toContain('why: "first" becomes a regular container there');
  });

  test('that was bound before the version was named is found at synth, with what to do', () => {
    const chart = newChart();
    newPod(chart, { parts: [new Sidecar({ image })] }).with(new PodDefaults({ kubernetesVersion: V1_28 }));
    expect(messageOf(() => Testing.synth(chart))).toMatch(/spec\.initContainers\[0\]\.restartPolicy: "Always" needs Kubernetes 1\.29(.|\n)*or by `PodDefaults`, applied before parts are bound/);
  });
});

describe('resources by role', () => {
  const all = { app: millis(11), sidecar: millis(12), adapter: millis(13), ambassador: millis(14), initContainer: millis(15) };
  const cpuOf = (chart: Chart, name: string) => containerOf(chart, name).resources.requests.cpu;

  test('replace the library\'s in every container that gives none', () => {
    const chart = newChart({ resources: all });
    const data = SharedDirectory.onDisk('/data', { sizeLimit: Size.mebibytes(8) });
    const pod = newPod(chart, {
      app: { image, securityContext: { user: 1000 } },
      parts: [
        new Fluentd({ tail: ['/log/a.log'] }), new Sidecar({ image }), new JsonToCsv({ input: ['/in/a.json'], columns: [CsvColumn.of('id')], ...logs }),
        new Adapter({ image, reads: [data] }), new Ambassador({ image, localPort: 15432 }), new HAProxy({ upstreams: [Upstream.tcp('db', 'db.example.com', 5432)] }),
      ],
    });
    pod.addInitContainer({ name: 'prepare', image });
    pod.addInitContainer({ name: 'own', image, restartPolicy: native });
    expect(Object.fromEntries(specOf(chart).containers.concat(specOf(chart).initContainers).map(({ name }: any) => [name, cpuOf(chart, name)]))).toEqual({
      'app': '11m', 'fluentd': '12m', 'sidecar': '12m', 'log-rotator': '12m', 'own': '12m', 'json-to-csv': '13m', 'adapter': '13m', 'ambassador': '14m', 'haproxy': '14m', 'prepare': '15m',
    });
  });

  test('are taken as a whole: what they leave out is left out', () => {
    const memory = { limit: Size.gibibytes(1) };
    const chart = newChart({ resources: { app: { ...millis(100), memory, ephemeralStorage: { request: Size.mebibytes(10) } } } });
    new kplus.Deployment(chart, 'Api', { containers: [{ image, name: 'api' }] });
    expect(containerOf(chart, 'api').resources).toEqual({ requests: { 'cpu': '100m', 'ephemeral-storage': '10Mi' }, limits: { memory: '1Gi' } });
  });

  test('leave what the author of a container gave: the app, a part, a container added later', () => {
    const chart = newChart({ resources: all });
    const parts = [new Sidecar({ image, resources: millis(22) }), new Fluentd({ tail: ['/log/a.log'], ...logs, resources: millis(23) })];
    const pod = newPod(chart, { app: { image, resources: millis(21) }, parts });
    pod.addContainer({ name: 'late', image, resources: millis(24) });
    expect(['app', 'sidecar', 'fluentd', 'late'].map((name) => cpuOf(chart, name))).toEqual(['21m', '22m', '23m', '24m']);
  });

  test('replace the silent 1 CPU of cdk8s-plus in a plain Deployment, and say so; without a role it stays', () => {
    const chart = newChart({ resources: { app: millis(31) } });
    new kplus.Deployment(chart, 'Api', { containers: [{ image, name: 'api' }], initContainers: [{ image, name: 'prepare' }] });
    expect(cpuOf(chart, 'api')).toBe('31m');
    expect(cpuOf(chart, 'prepare')).toBe('1000m');
    expect(said).toEqual(['note: shop/Api: spec.template.spec.containers[0].resources: cdk8s-plus\'s default of 1000m/512Mi replaced by 31m/none, limits none/none; give `resources` to choose\n']);
  });

  test('come before those of ProductionReady', () => {
    const chart = newChart({ resources: { app: millis(31) } });
    chart.with(new ProductionReady());
    new kplus.Deployment(chart, 'Api', { containers: [{ image, name: 'api' }], initContainers: [{ image, name: 'prepare' }] });
    expect(['api', 'prepare'].map((name) => cpuOf(chart, name))).toEqual(['31m', '250m']);
  });

  test('leave raw objects alone', () => {
    const chart = newChart({ resources: all, cpuLimits: CpuLimits.NONE });
    new ApiObject(chart, 'Raw', { apiVersion: 'v1', kind: 'Pod', spec: { containers: [{ name: 'a', image, resources: { limits: { cpu: '1' } } }, { name: 'b', image }] } });
    expect(specOf(chart).containers.map(({ resources }: any) => resources)).toEqual([{ limits: { cpu: '1' } }, undefined]);
  });

  test('make room for volumes in memory, as those of the library do', () => {
    const chart = newChart({ resources: { sidecar: { memory: { limit: Size.mebibytes(100) } } } });
    newPod(chart, { parts: [new Sidecar({ image, writes: [SharedDirectory.inMemory('/data', { sizeLimit: Size.mebibytes(28) })] })] });
    expect(containerOf(chart, 'sidecar').resources.limits.memory).toBe('128Mi');
  });
});

describe('CpuLimits.NONE', () => {
  const limitsOf = (chart: Chart, name: string) => Object.keys(containerOf(chart, name).resources.limits);

  test('leaves out the limits that the library filled in, and keeps the others and all requests', () => {
    const chart = newChart({ cpuLimits: CpuLimits.NONE });
    newPod(chart, { parts: [new Fluentd({ tail: ['/log/a.log'], ...logs })] });
    expect(['app', 'fluentd'].map((name) => limitsOf(chart, name).includes('cpu'))).toEqual([false, false]);
    expect(containerOf(chart, 'app').resources).toMatchObject({ requests: { cpu: '250m', memory: '256Mi' }, limits: { memory: '512Mi' } });
  });

  test('leaves out the silent limit of cdk8s-plus, with and without ProductionReady', () => {
    for (const mixins of [[], [new ProductionReady()]]) {
      const chart = newChart({ cpuLimits: CpuLimits.NONE });
      new kplus.Deployment(chart, 'Api', { containers: [{ image, name: 'api' }] }).with(...mixins);
      expect(limitsOf(chart, 'api')).toContain('memory');
      expect(limitsOf(chart, 'api')).not.toContain('cpu');
    }
  });

  test('leaves what somebody wrote: in a container, in a part, in the resources of a role', () => {
    const limited = { cpu: { limit: kplus.Cpu.units(1) } };
    const chart = newChart({ cpuLimits: CpuLimits.NONE, resources: { ambassador: limited } });
    newPod(chart, { app: { image, resources: limited }, parts: [new Sidecar({ image, resources: limited }), new Ambassador({ image, localPort: 15432 })] });
    expect(['app', 'sidecar', 'ambassador'].map((name) => containerOf(chart, name).resources.limits.cpu)).toEqual(['1', '1', '1']);
  });
});

describe('the registry', () => {
  const imageOf = (given: string, registry = 'registry.example:5000/mirror') => {
    const chart = newChart({ imageRegistry: registry });
    newPod(chart, { app: { image: given } });
    return containerOf(chart, 'app').image;
  };

  test.each([
    ['nginx:1.27', 'registry.example:5000/mirror/nginx:1.27'], ['library/nginx:1.27', 'registry.example:5000/mirror/library/nginx:1.27'],
    ['fluent/fluentd:v1.19.3', 'registry.example:5000/mirror/fluent/fluentd:v1.19.3'],
    [`nginx@sha256:${'a'.repeat(64)}`, `registry.example:5000/mirror/nginx@sha256:${'a'.repeat(64)}`],
  ])('is put before an image without one: %s', (given, expected) => {
    expect(imageOf(given)).toBe(expected);
  });

  test.each(['docker.io/library/nginx:1.27', 'localhost/nginx:1.27', 'localhost:5000/nginx:1.27', 'quay.io/a/b:1'])('leaves an image that names one: %s', (given) => {
    expect(imageOf(given)).toBe(given);
  });

  test('holds for parts, for containers of others, for init containers and for raw objects with their image volumes', () => {
    const chart = newChart({ imageRegistry: 'registry.example', kubernetesVersion: KubernetesVersion.V1_35 });
    new kplus.Deployment(chart, 'Api', { containers: [{ image: 'api:1' }], initContainers: [{ image: 'init:1' }] }).with(new Fluentd({ tail: ['/log/a.log'], ...logs }));
    new ApiObject(chart, 'Raw', { apiVersion: 'v1', kind: 'Pod', spec: { containers: [{ name: 'a', image: 'raw:1' }], volumes: [{ name: 'v', image: { reference: 'model:1' } }] } });
    expect(JSON.stringify(Testing.synth(chart)).match(/"(image|reference)":"[^"]+"/g)!.sort()).toEqual([
      '"image":"registry.example/api:1"', '"image":"registry.example/fluent/fluentd:v1.19.3-2.2"', '"image":"registry.example/init:1"', '"image":"registry.example/raw:1"',
      '"reference":"registry.example/model:1"',
    ]);
  });

  test('leaves the image of a patch as it was written', () => {
    const chart = newChart({ imageRegistry: 'registry.example' });
    ApiObject.of(newPod(chart)).addJsonPatch(JsonPatch.replace('/spec/containers/0/image', 'patched:1'));
    expect(containerOf(chart, 'app').image).toBe('patched:1');
  });

  test.each(['', 'mirror', 'registry.example/', 'https://registry.example', 'registry.example/Mirror', 'registry example'])('is refused where it is none: "%s"', (registry) => {
    expect(messageOf(() => new PodDefaults({ imageRegistry: registry }))).toMatch(/^PodDefaults: imageRegistry: ".*" is not a registry, with or without a path\n {2}why: .*\n {2}fix: /);
  });
});

describe('labels', () => {
  const labels: AppLabels = { name: 'web', instance: 'web-eu', version: '1.2.3', component: 'frontend', partOf: 'shop', managedBy: 'cdk8s' };
  const expected = {
    'app.kubernetes.io/name': 'web', 'app.kubernetes.io/instance': 'web-eu', 'app.kubernetes.io/version': '1.2.3',
    'app.kubernetes.io/component': 'frontend', 'app.kubernetes.io/part-of': 'shop', 'app.kubernetes.io/managed-by': 'cdk8s',
  };

  test('are on the object and its pod, sorted, and never in a selector', () => {
    const chart = newChart({ labels });
    new kplus.Deployment(chart, 'Api', { containers: [{ image }] });
    const [{ metadata, spec }] = Testing.synth(chart);
    expect(metadata.labels).toEqual(expected);
    expect(spec.template.metadata.labels).toMatchObject(expected);
    for (const keys of [metadata.labels, spec.template.metadata.labels].map(Object.keys)) {
      expect(keys).toEqual([...keys].sort());
    }
    expect(Object.keys(spec.selector.matchLabels)).toEqual(['cdk8s.io/metadata.addr']);
  });

  test('are in the template of a CronJob and of a raw workload without metadata', () => {
    const chart = newChart({ labels: { partOf: 'shop' } });
    new kplus.CronJob(chart, 'Nightly', { schedule: Cron.daily(), containers: [{ image }] });
    new ApiObject(chart, 'Raw', { apiVersion: 'apps/v1', kind: 'DaemonSet', spec: { template: { spec: { containers: [{ name: 'a', image }] } } } });
    const [cron, raw] = Testing.synth(chart);
    expect(cron.spec.jobTemplate.spec.template.metadata.labels).toMatchObject({ 'app.kubernetes.io/part-of': 'shop' });
    // The Jobs that it makes.
    expect(cron.spec.jobTemplate.metadata.labels).toEqual({ 'app.kubernetes.io/part-of': 'shop' });
    expect(raw.spec.template.metadata.labels).toEqual({ 'app.kubernetes.io/part-of': 'shop' });
  });

  test('leave a label of the user, on the object and on the template', () => {
    const chart = newChart({ labels: { name: 'web' } });
    const deployment = new kplus.Deployment(chart, 'Api', { containers: [{ image }] });
    deployment.podMetadata.addLabel('app.kubernetes.io/name', 'mine');
    const [{ metadata, spec }] = Testing.synth(chart);
    expect([metadata, spec.template.metadata].map((owner) => owner.labels['app.kubernetes.io/name'])).toEqual(['web', 'mine']);
  });

  test('are not on what holds no pod', () => {
    const chart = newChart({ labels });
    new kplus.ConfigMap(chart, 'Config', { data: { a: 'b' } });
    expect(Testing.synth(chart)[0].metadata.labels).toBeUndefined();
  });

  test.each(['', 'my shop', '-a', 'a'.repeat(64)])('are refused where the API server would: "%s"', (value) => {
    expect(messageOf(() => new PodDefaults({ labels: { partOf: value } }))).toMatch(/^PodDefaults: labels\.partOf: ".*" is no label value\n/);
  });
});

describe('ImagePullPolicyDefault.BY_TAG', () => {
  const byTag = { imagePullPolicy: ImagePullPolicyDefault.BY_TAG };
  const policyOf = (props: Partial<kplus.ContainerProps>, defaults: PodDefaultsProps = byTag) => {
    const chart = newChart(defaults);
    const pod = newPod(chart, { app: { image, ...props } });
    // `latest` is refused, but by a rule that a patch can satisfy.
    ApiObject.of(pod).addJsonPatch(JsonPatch.replace('/spec/containers/0/image', image));
    return containerOf(chart, 'app').imagePullPolicy;
  };

  test.each([
    ['web:1.0', 'IfNotPresent'], ['registry.example:5000/web:1.0', 'IfNotPresent'], [`web@sha256:${'a'.repeat(64)}`, 'IfNotPresent'], ['web:latest', 'Always'],
    ['registry.example:5000/web', 'Always'], ['web', 'Always'],
  ])('is %s: %s', (given, expected) => {
    expect(policyOf({ image: given })).toBe(expected);
  });

  test('leaves what the author of a container chose, Always too: the app, a part, a container added later', () => {
    expect(policyOf({ imagePullPolicy: kplus.ImagePullPolicy.ALWAYS })).toBe('Always');
    const chart = newChart(byTag);
    const pod = newPod(chart, { parts: [new Sidecar({ image, imagePullPolicy: kplus.ImagePullPolicy.ALWAYS }), new Fluentd({ tail: ['/log/a.log'], ...logs })] });
    pod.addContainer({ name: 'late', image, imagePullPolicy: kplus.ImagePullPolicy.NEVER });
    expect(['sidecar', 'fluentd', 'late'].map((name) => containerOf(chart, name).imagePullPolicy)).toEqual(['Always', 'IfNotPresent', 'Never']);
    expect(said).toEqual([]);
  });

  test('says of a container that was made before what it replaces, and knows those that are added after', () => {
    const chart = newChart();
    const api = new kplus.Deployment(chart, 'Api', { containers: [{ image, name: 'api' }] });
    api.with(new PodDefaults(byTag));
    api.addContainer({ name: 'late', image });
    api.addContainer({ name: 'chosen', image, imagePullPolicy: kplus.ImagePullPolicy.ALWAYS });
    expect(['api', 'late', 'chosen'].map((name) => containerOf(chart, name).imagePullPolicy)).toEqual(['IfNotPresent', 'IfNotPresent', 'Always']);
    expect(said).toEqual([expect.stringMatching(/^note: shop\/Api: spec\.template\.spec\.containers\[0\]\.imagePullPolicy: cdk8s-plus's default of Always replaced by IfNotPresent; /)]);
  });

  test('is not the default, and can be taken back for one pod', () => {
    expect(policyOf({}, {})).toBe('Always');
    const chart = newChart(byTag);
    newPod(chart).with(new PodDefaults({ imagePullPolicy: ImagePullPolicyDefault.ALWAYS }));
    expect(containerOf(chart, 'app').imagePullPolicy).toBe('Always');
  });
});

describe('scopes', () => {
  test('are resolved field by field, the nearest first: pod, chart, app', () => {
    const app = new App();
    app.with(new PodDefaults({ imageRegistry: 'app.example', labels: { partOf: 'app', managedBy: 'app' }, resources: { app: millis(1), sidecar: millis(1) }, kubernetesVersion: V1_28 }));
    const chart = new Chart(app, 'shop');
    chart.with(new PodDefaults({ imageRegistry: 'chart.example', labels: { partOf: 'chart' }, resources: { app: millis(2) } }));
    newPod(chart, { app: { image: 'web:1' }, parts: [new Sidecar({ image })] }).with(new PodDefaults({ labels: { name: 'pod' } }));
    const [{ metadata: { labels } }] = Testing.synth(chart);
    expect(labels).toMatchObject({ 'app.kubernetes.io/name': 'pod', 'app.kubernetes.io/part-of': 'chart', 'app.kubernetes.io/managed-by': 'app' });
    expect(containerOf(chart, 'app')).toMatchObject({ image: 'chart.example/web:1', resources: { requests: { cpu: '2m' } } });
    expect(specOf(chart).containers[1]).toMatchObject({ name: 'sidecar', resources: { requests: { cpu: '1m' } } });
  });

  test('that say nothing hide nothing: undefined fields, roles and labels', () => {
    const chart = newChart({ imageRegistry: 'registry.example', labels: { name: 'web' }, resources: { app: millis(1) } });
    newPod(chart, { app: { image: 'web:1' } }).with(new PodDefaults({ imageRegistry: undefined, labels: { name: undefined }, resources: { app: undefined } }));
    expect(containerOf(chart, 'app')).toMatchObject({ image: 'registry.example/web:1', resources: { requests: { cpu: '1m' } } });
    expect(Testing.synth(chart)[0].metadata.labels['app.kubernetes.io/name']).toBe('web');
  });

  test('of ProductionReady and PodDefaults do not disturb each other', () => {
    const chart = newChart({ imageRegistry: 'registry.example' });
    chart.with(new ProductionReady({ user: 1234 }));
    new kplus.Deployment(chart, 'Api', { containers: [{ image: 'api:1', name: 'api' }] });
    expect(containerOf(chart, 'api')).toMatchObject({ image: 'registry.example/api:1', securityContext: { runAsUser: 1234 } });
  });

  test('reach objects that are made later, and do not make them ready for production', () => {
    const chart = newChart({ imageRegistry: 'registry.example' });
    new kplus.Deployment(chart, 'Api', { containers: [{ image: 'api:1', name: 'api' }] });
    new ApiObject(chart, 'Raw', { apiVersion: 'v1', kind: 'Pod', spec: { containers: [{ name: 'a', image: 'raw:1' }] } });
    const [api, raw] = Testing.synth(chart);
    expect(api.spec.template.spec.containers[0]).toMatchObject({ image: 'registry.example/api:1', resources: { limits: { cpu: '1500m' } } });
    expect(api.spec.template.spec.securityContext).not.toHaveProperty('seccompProfile');
    expect(raw.spec).toEqual({ containers: [{ name: 'a', image: 'registry.example/raw:1' }] });
  });

  test('can be apps, charts, pods, workloads and API objects, not what cannot hold a pod', () => {
    const defaults = new PodDefaults({});
    const chart = newChart();
    const pod = newPod(chart);
    expect([chart.node.root, chart, pod, new ApiObject(chart, 'Raw', { apiVersion: 'v1', kind: 'Pod' })].map((construct) => defaults.supports(construct))).toEqual([true, true, true, true]);
    expect(defaults.supports(ApiObject.of(pod))).toBe(false);
  });
});

describe('PodDefaults', () => {
  test('changes nothing in a pod where nothing is said', () => {
    const manifest = (chart: Chart) => {
      newPod(chart, { parts: [new Fluentd({ tail: ['/log/a.log'], ...logs })] });
      return JSON.stringify(Testing.synth(chart));
    };
    expect(manifest(newChart({}))).toBe(manifest(newChart()));
  });

  test('writes the same bytes at every synth', () => {
    const some = <T>(value: T) => fc.option(fc.constant(value), { nil: undefined });
    fc.assert(fc.property(
      fc.constantFrom(...Object.values(KubernetesVersion)), some('registry.example'), some(CpuLimits.NONE), some({ partOf: 'shop' }), some(ImagePullPolicyDefault.BY_TAG), some({ sidecar: millis(1) }),
      (kubernetesVersion, imageRegistry, cpuLimits, labels, imagePullPolicy, resources) => {
        const chart = newChart({ kubernetesVersion, imageRegistry, cpuLimits, labels, imagePullPolicy, resources });
        newPod(chart, { app: { image: 'web:1' }, preStopSleep: Duration.seconds(5), appHasSleep: true, parts: [new Sidecar({ image: 'helper:1' })] });
        new kplus.Deployment(chart, 'Api', { containers: [{ image: 'api:1' }] });
        const first = Testing.synth(chart);
        expect(JSON.stringify(Testing.synth(chart))).toBe(JSON.stringify(first));
        expect(JSON.stringify(first).includes('registry.example/')).toBe(imageRegistry !== undefined);
      },
    ), { numRuns: 30 });
  });

  test('keeps a copy of what it was given, and shares nothing between containers', () => {
    const props = { labels: { partOf: 'shop' }, featureGates: ['ContainerStopSignals'], resources: { app: millis(1) } };
    const chart = newChart();
    chart.with(new PodDefaults(props));
    props.labels.partOf = 'other';
    props.featureGates.pop();
    props.resources.app = millis(2);
    ApiObject.of(newPod(chart, { containers: [{ image }] })).addJsonPatch(JsonPatch.add('/spec/containers/0/lifecycle', { stopSignal: 'SIGUSR1' }), JsonPatch.replace('/spec/containers/0/resources/requests/cpu', '7m'));
    const [{ metadata, spec }] = Testing.synth(chart);
    expect(metadata.labels['app.kubernetes.io/part-of']).toBe('shop');
    expect(spec.containers.map(({ resources }: any) => resources.requests.cpu)).toEqual(['7m', '1m']);
  });

  test.each<[string, any, RegExp]>([
    ['no props', undefined, /^PodDefaults: props: missing\n/],
    ['a version that is none', { kubernetesVersion: '1.99' }, /^PodDefaults: kubernetesVersion: "1\.99" is not a KubernetesVersion\n {2}why: it is one of 1\.28, /],
    ['a gate that brings no field', { featureGates: ['AllAlpha'] }, /^PodDefaults: featureGates: "AllAlpha" is not a gate that brings a field of pods\n/],
    ['a gate that is no list', { featureGates: 'ContainerStopSignals' }, /^PodDefaults: featureGates: "ContainerStopSignals" is not a list\n/],
    ['a CPU without its class', { resources: { app: { cpu: { request: '100m' } } } }, /^PodDefaults: resources\.app\.cpu\.request: "100m" is not a Cpu\n/],
    ['memory without a unit', { resources: { app: { memory: { limit: 64 } } } }, /^PodDefaults: resources\.app\.memory\.limit: "64" is not a Size\n/],
    ['a role that is none', { resources: { helper: {} } }, /^PodDefaults: resources: "helper" is none of app, sidecar, adapter, ambassador, initContainer\n/],
    ['a label that is none', { labels: { team: 'a' } }, /^PodDefaults: labels: "team" is none of name, instance, /],
    ['a label that is no text', { labels: { version: 1 } }, /^PodDefaults: labels\.version: "1" is not a string\n/],
    ['a policy that is none', { imagePullPolicy: 'Never' }, /^PodDefaults: imagePullPolicy: "Never" is not an ImagePullPolicyDefault\n/],
    ['limits that are none', { cpuLimits: false }, /^PodDefaults: cpuLimits: "false" is not a CpuLimits\n/],
  ])('refuses %s', (_, props, message) => {
    expect(messageOf(() => new PodDefaults(props))).toMatch(message);
  });
});

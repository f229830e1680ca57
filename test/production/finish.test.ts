import { mkdtempSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { ApiObject, App, Chart, Duration, Include, JsonPatch, Size, Testing } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import * as fc from 'fast-check';
import { KubernetesVersion, LogStream, PodDefaults, ProductionPod, ProductionReady, SharedDirectory, Sidecar, SidecarPod } from '../../src';
import { parseQuantity } from '../../src/manifest/quantity';
import { fillPod } from '../../src/production/fill-pod';
import { FillMode, newPodFacts, PodFacts } from '../../src/production/pod-facts';
import { ALL_RULES } from '../../src/rules';
import { checkObject } from '../../src/rules/engine';
import { Pack } from '../../src/rules/rule';

const image = 'registry.example/web:1.0.0';
const native = kplus.ContainerRestartPolicy.ALWAYS;
const declined = { livenessDeclined: 'a test', readinessDeclined: 'a test' };
let notes: string[] = [];

beforeEach(() => {
  notes = [];
  jest.spyOn(process.stderr, 'write').mockImplementation((text) => String(text).startsWith('warning: ') || notes.push(String(text)) > 0);
});
afterEach(() => jest.restoreAllMocks());

function newChart(): Chart {
  return new Chart(new App(), 'shop');
}

/** The only pod of a chart: its metadata and its spec, wherever they are. */
function podOf(chart: Chart): any {
  const object = Testing.synth(chart).find(({ kind }) => ['Pod', 'Deployment', 'StatefulSet', 'DaemonSet', 'Job', 'CronJob'].includes(kind));
  return object.spec.jobTemplate?.spec.template ?? object.spec.template ?? object;
}

function specOf(chart: Chart): any {
  return podOf(chart).spec;
}

function containersOf(chart: Chart): any[] {
  const spec = specOf(chart);
  return [...spec.initContainers ?? [], ...spec.containers];
}

function productionPod(props: Partial<ConstructorParameters<typeof ProductionPod>[2]> = {}): ProductionPod {
  return new ProductionPod(newChart(), 'Web', { app: { image }, ...declined, ...props });
}

function chartOf(pod: kplus.AbstractPod): Chart {
  return Chart.of(pod);
}

/** Fills a plain manifest as a pod of ours. */
function filled(spec: any, facts: Partial<PodFacts> = {}): any {
  const object = { kind: 'Pod', metadata: {}, spec: structuredClone(spec) };
  fillPod(object, { ...newPodFacts(), mode: FillMode.FULL, ...facts });
  return object.spec;
}

const RESTRICTED = {
  terminationMessagePolicy: 'FallbackToLogsOnError',
  securityContext: {
    allowPrivilegeEscalation: false, runAsNonRoot: true, readOnlyRootFilesystem: true,
    runAsUser: 1000, runAsGroup: 1000, capabilities: { drop: ['ALL'] },
  },
  resources: { limits: { 'ephemeral-storage': expect.any(String) }, requests: { 'ephemeral-storage': expect.any(String) } },
};

describe('a container of a pattern pod is filled', () => {
  const ways: [string, string, (pod: ProductionPod) => unknown][] = [
    ['the app', 'app', () => undefined],
    ['one of `containers`', 'given', () => undefined],
    ['one of `initContainers`', 'given-init', () => undefined],
    ['added with addContainer()', 'late', (pod) => pod.addContainer({ name: 'late', image })],
    ['added with addInitContainer()', 'late', (pod) => pod.addInitContainer({ name: 'late', image })],
    ['added as a native sidecar', 'late', (pod) => pod.addInitContainer({ name: 'late', image, restartPolicy: native })],
    ['attached', 'late', (pod) => pod.attachContainer(new kplus.Container({ name: 'late', image }))],
    ['added by a part', 'late', (pod) => pod.with(new Sidecar({ name: 'late', image }))],
    ['one that a JSON patch touches', 'late', (pod) => {
      pod.addContainer({ name: 'late', image });
      ApiObject.of(pod).addJsonPatch(JsonPatch.add('/spec/containers/2/stdin', true));
    }],
    ['one that a JSON patch adds', 'late', (pod) => ApiObject.of(pod).addJsonPatch(JsonPatch.add('/spec/containers/-', { name: 'late', image }))],
  ];

  test.each(ways)('when it is %s', (_, name, add) => {
    const pod = productionPod({ containers: [{ name: 'given', image }], initContainers: [{ name: 'given-init', image }] });
    add(pod);
    expect(containersOf(chartOf(pod)).find((container) => container.name === name)).toMatchObject(RESTRICTED);
  });

  test('when it is added between two renderings', () => {
    const pod = productionPod();
    Testing.synth(chartOf(pod));
    pod.addContainer({ name: 'late', image });
    expect(specOf(chartOf(pod)).containers[1]).toMatchObject(RESTRICTED);
  });
});

describe('a pattern pod gets', () => {
  test('a seccomp profile, no root user, no service links and no token', () => {
    const spec = specOf(chartOf(productionPod()));
    expect(spec.securityContext).toMatchObject({ seccompProfile: { type: 'RuntimeDefault' }, runAsNonRoot: true });
    expect(spec.enableServiceLinks).toBe(false);
    expect(spec.automountServiceAccountToken).toBe(false);
  });

  test('the app as the default container of kubectl, also where others come first', () => {
    const pod = productionPod({ parts: [new Sidecar({ image })] });
    expect(podOf(chartOf(pod)).metadata.annotations['kubectl.kubernetes.io/default-container']).toBe('app');
  });

  test('liveness probes that kill after 10 seconds, not after the grace period', () => {
    const pod = productionPod({ app: { image, portNumber: 8080, liveness: kplus.Probe.fromHttpGet('/') }, livenessDeclined: undefined });
    expect(specOf(chartOf(pod)).containers[0].livenessProbe.terminationGracePeriodSeconds).toBe(10);
    expect(specOf(chartOf(pod)).containers[0].startupProbe).not.toHaveProperty('terminationGracePeriodSeconds');
  });
});

describe('values of the user win:', () => {
  const appWith = (securityContext: kplus.ContainerSecurityContextProps) =>
    specOf(chartOf(productionPod({ app: { image, securityContext } }))).containers[0].securityContext;

  test.each<[string, kplus.ContainerSecurityContextProps, object]>([
    ['user and group', { user: 101, group: 102 }, { runAsUser: 101, runAsGroup: 102 }],
    ['a group alone', { group: 102 }, { runAsUser: 1000, runAsGroup: 102 }],
    ['a writable root file system', { readOnlyRootFilesystem: false }, { readOnlyRootFilesystem: false }],
    ['a root user', { ensureNonRoot: false, user: 0 }, { runAsNonRoot: false, runAsUser: 0 }],
    ['privilege escalation', { allowPrivilegeEscalation: true }, { allowPrivilegeEscalation: true }],
    ['dropped capabilities', { capabilities: { drop: [kplus.Capability.NET_RAW] } }, { capabilities: { drop: ['NET_RAW'] } }],
    ['added capabilities', { capabilities: { add: [kplus.Capability.NET_BIND_SERVICE] } }, { capabilities: { add: ['NET_BIND_SERVICE'], drop: ['ALL'] } }],
    ['a seccomp profile', { seccompProfile: { type: kplus.SeccompProfileType.UNCONFINED } }, { seccompProfile: { type: 'Unconfined' } }],
  ])('%s', (_, given, expected) => {
    expect(appWith(given)).toMatchObject(expected);
  });

  test('a user of its own keeps the group that the image gives it', () => {
    expect(appWith({ user: 999 })).not.toHaveProperty('runAsGroup');
  });

  test('user and group of the pod are not repeated in its containers', () => {
    const spec = specOf(chartOf(productionPod({ securityContext: { user: 2000, group: 2001 } })));
    expect(spec.securityContext).toMatchObject({ runAsUser: 2000, runAsGroup: 2001 });
    expect(spec.containers[0].securityContext).not.toHaveProperty('runAsUser');
    expect(spec.containers[0].securityContext).not.toHaveProperty('runAsGroup');
  });

  test('an annotation that names another default container', () => {
    const pod = productionPod();
    pod.podMetadata.addAnnotation('kubectl.kubernetes.io/default-container', 'other');
    expect(podOf(chartOf(pod)).metadata.annotations['kubectl.kubernetes.io/default-container']).toBe('other');
  });

  test('what a manifest of somebody else says of any field', () => {
    const container = {
      name: 'web', image, terminationMessagePolicy: 'File',
      livenessProbe: { exec: { command: ['true'] }, terminationGracePeriodSeconds: 3 },
      securityContext: { allowPrivilegeEscalation: true, runAsNonRoot: false, runAsUser: 5, runAsGroup: 6, readOnlyRootFilesystem: false, capabilities: { drop: [] } },
    };
    const given = {
      enableServiceLinks: true, terminationGracePeriodSeconds: 77, containers: [container],
      securityContext: { seccompProfile: { type: 'Unconfined' }, runAsNonRoot: false, fsGroup: 9 },
    };
    expect(filled(given, { user: 1000 })).toEqual(given);
  });

  test('runAsNonRoot of a raw pod holds for containers that say nothing', () => {
    const spec = filled({ securityContext: { runAsNonRoot: false }, containers: [{ name: 'web', image }] });
    expect(spec.containers[0].securityContext.runAsNonRoot).toBe(false);
  });
});

describe('privilege escalation', () => {
  test.each([
    ['privileged', { privileged: true }],
    ['with SYS_ADMIN', { capabilities: { add: ['SYS_ADMIN'] } }],
    ['with CAP_SYS_ADMIN', { capabilities: { add: ['CAP_SYS_ADMIN'] } }],
  ])('is not forbidden in a container that is %s: the API server refuses both together', (_, securityContext) => {
    expect(filled({ containers: [{ name: 'web', image, securityContext }] }).containers[0].securityContext).not.toHaveProperty('allowPrivilegeEscalation');
  });
});

describe('ProductionReady', () => {
  const isFilled = (container: any) => container.securityContext.capabilities?.drop?.includes('ALL') === true;
  const kinds: [string, (chart: Chart) => kplus.AbstractPod][] = [
    ['Pod', (chart) => new kplus.Pod(chart, 'Web', { containers: [{ image }] })],
    ['Deployment', (chart) => new kplus.Deployment(chart, 'Web', { containers: [{ image }] })],
    ['StatefulSet', (chart) => new kplus.StatefulSet(chart, 'Web', { containers: [{ image, portNumber: 80 }] })],
    ['DaemonSet', (chart) => new kplus.DaemonSet(chart, 'Web', { containers: [{ image }] })],
    ['Job', (chart) => new kplus.Job(chart, 'Web', { containers: [{ image }] })],
    ['CronJob', (chart) => new kplus.CronJob(chart, 'Web', { containers: [{ image }], schedule: { expressionString: '0 0 * * *' } as any })],
  ];

  test.each(kinds)('fills a %s of cdk8s-plus, and what is added to it later', (_, make) => {
    const pod = make(newChart());
    pod.with(new ProductionReady());
    pod.addContainer({ name: 'late', image });
    pod.addInitContainer({ name: 'late-init', image });
    pod.attachContainer(new kplus.Container({ name: 'attached', image }));
    expect(containersOf(chartOf(pod)).map(isFilled)).toEqual([true, true, true, true]);
  });

  test('leaves the user to the image where none is given', () => {
    const chart = newChart();
    new kplus.Pod(chart, 'Web', { containers: [{ image }] }).with(new ProductionReady());
    expect(specOf(chart).containers[0].securityContext).not.toHaveProperty('runAsUser');
  });

  test('on a chart reaches pods that are made later', () => {
    const chart = newChart();
    chart.with(new ProductionReady());
    new kplus.Deployment(chart, 'Web', { containers: [{ image }] });
    expect(specOf(chart).containers.map(isFilled)).toEqual([true]);
  });

  test('on an app reaches pods and charts that are made later', () => {
    const app = new App();
    app.with(new ProductionReady());
    new kplus.Pod(new Chart(app, 'shop'), 'Web', { containers: [{ image }] });
    expect(app.synthYaml()).toContain('terminationMessagePolicy: FallbackToLogsOnError');
  });

  test('on an app reaches all of its charts, also where one of them is rendered alone', () => {
    const app = new App();
    const charts = ['a', 'b'].map((id) => new Chart(app, id));
    charts.forEach((chart) => new kplus.Pod(chart, 'Web', { containers: [{ image }] }));
    app.with(new ProductionReady());
    expect(app.synthYaml().match(/- ALL/g)).toHaveLength(2);
    const alone = new App();
    const only = new Chart(alone, 'shop');
    new kplus.Pod(only, 'Web', { containers: [{ image }] });
    alone.with(new ProductionReady());
    expect(containersOf(only).map(isFilled)).toEqual([true]);
    expect(charts.flatMap((chart) => containersOf(chart)).map(isFilled)).toEqual([true, true]);
  });

  test('on one pod leaves its neighbour alone', () => {
    const chart = newChart();
    new kplus.Pod(chart, 'Web', { containers: [{ image }] }).with(new ProductionReady());
    new kplus.Pod(chart, 'Other', { containers: [{ image }] });
    expect(Testing.synth(chart).map(({ spec }) => isFilled(spec.containers[0]))).toEqual([true, false]);
  });

  test.each<[string, (chart: Chart, pod: kplus.Pod) => void]>([
    ['first', (chart, pod) => {
      pod.with(new ProductionReady({ user: 5 }));
      chart.with(new ProductionReady({ user: 7 }));
    }],
    ['last', (chart, pod) => {
      chart.with(new ProductionReady({ user: 7 }));
      pod.with(new ProductionReady({ user: 5 }));
    }],
  ])('of the pod wins over that of the chart, also when it came %s', (_, apply) => {
    const chart = newChart();
    const pod = new kplus.Pod(chart, 'Web', { containers: [{ image }] });
    apply(chart, pod);
    expect(specOf(chart).containers[0].securityContext.runAsUser).toBe(5);
  });

  test.each([{}, { user: undefined }, { force: true }])('of the pod with %p takes the other fields from the chart', (props) => {
    const chart = newChart();
    const pod = new kplus.Pod(chart, 'Web', { containers: [{ image }] });
    chart.with(new ProductionReady({ user: 7 }));
    pod.with(new ProductionReady(props));
    expect(specOf(chart).containers[0].securityContext.runAsUser).toBe(7);
  });

  test.each([0, -1, 1.5, 2 ** 31, NaN])('fails for user %d', (user) => {
    expect(() => new ProductionReady({ user })).toThrow(`ProductionReady: user: "${user}" is not a user id from 1 to 2147483647`);
  });

  test('can be applied to apps, charts, pods, workloads and API objects, not to what cannot hold a pod', () => {
    const app = new App();
    const chart = new Chart(app, 'shop');
    const pod = new kplus.Pod(chart, 'Web', { containers: [{ image }] });
    const raw = new ApiObject(chart, 'Raw', { apiVersion: 'v1', kind: 'Pod' });
    const mixin = new ProductionReady();
    expect([app, chart, pod, raw].map((construct) => mixin.supports(construct))).toEqual([true, true, true, true]);
    expect(mixin.supports(new kplus.ServiceAccount(chart, 'Account'))).toBe(false);
  });

  test('names the default container that a part was bound to', () => {
    const chart = newChart();
    const pod = new kplus.Pod(chart, 'Web', { containers: [{ name: 'one', image }, { name: 'two', image }] });
    pod.with(new ProductionReady());
    new Sidecar({ image }).bind(pod, { app: pod.containers[1] });
    expect(podOf(chart).metadata.annotations['kubectl.kubernetes.io/default-container']).toBe('two');
  });

  test('names as the default container the app, not a helper that was added first', () => {
    const chart = newChart();
    const pod = new kplus.Pod(chart, 'Web');
    pod.with(new Sidecar({ image, nativeSidecar: false }), new ProductionReady());
    pod.addContainer({ name: 'web', image });
    expect(specOf(chart).containers.map(({ name }: any) => name)).toEqual(['sidecar', 'web']);
    expect(podOf(chart).metadata.annotations['kubectl.kubernetes.io/default-container']).toBe('web');
  });
});

describe('a pod that cdk8s-plus did not make', () => {
  const manifest = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web' }, spec: { containers: [{ name: 'web', image }] } };

  test('gets what cannot break it, and nothing else', () => {
    const chart = newChart();
    chart.with(new ProductionReady());
    new ApiObject(chart, 'Raw', manifest);
    expect(podOf(chart).spec).toEqual({
      securityContext: { seccompProfile: { type: 'RuntimeDefault' } },
      containers: [{ name: 'web', image, securityContext: { allowPrivilegeEscalation: false }, terminationMessagePolicy: 'FallbackToLogsOnError' }],
    });
  });

  test('gets its first container as the default container of kubectl', () => {
    const chart = newChart();
    chart.with(new ProductionReady());
    new ApiObject(chart, 'Raw', manifest);
    expect(podOf(chart).metadata.annotations).toEqual({ 'kubectl.kubernetes.io/default-container': 'web' });
  });

  test('is said to be left open where it is, once, with what closes it', () => {
    const said = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
    const chart = newChart();
    chart.with(new ProductionReady());
    new ApiObject(chart, 'Raw', manifest);
    const closed = { runAsNonRoot: true, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } };
    new ApiObject(chart, 'Closed', { ...manifest, metadata: { name: 'closed' }, spec: { containers: [{ name: 'web', image, securityContext: closed }] } });
    [Testing.synth(chart), Testing.synth(chart)].forEach(() => undefined);
    const text = said.mock.calls.map(([line]) => String(line)).filter((line) => line.includes('left open'));
    said.mockRestore();
    // What is left open is all that keeps the pod from being restricted.
    const [raw, whole] = Testing.synth(chart).map((object) => checkObject(object, () => 'Raw', ALL_RULES.filter(({ pack }) => pack === Pack.RESTRICTED)));
    expect(raw.map(({ ruleId }) => ruleId).sort()).toEqual(['drop-all-capabilities', 'run-as-non-root']);
    expect(whole).toEqual([]);
    expect(text.filter((line) => line.includes('left open'))).toEqual([expect.stringMatching(/^warning: \S+\/Raw: spec\.containers\[0\]\.securityContext: runAsNonRoot, capabilities\.drop, readOnlyRootFilesystem: left open.*\n {2}why: .*\n {2}fix: .*force: true/)]);
  });

  test('is said to leave root open only where Pod Security of the target minds', () => {
    const said = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
    for (const kubernetesVersion of [KubernetesVersion.V1_34, KubernetesVersion.V1_35]) {
      const chart = newChart();
      chart.with(new ProductionReady(), new PodDefaults({ kubernetesVersion }));
      new ApiObject(chart, 'Raw', { ...manifest, spec: { ...manifest.spec, hostUsers: false } });
      Testing.synth(chart);
    }
    const open = said.mock.calls.map(([line]) => String(line)).filter((line) => line.includes('left open'));
    said.mockRestore();
    expect(open.map((line) => line.includes('runAsNonRoot'))).toEqual([true, false]);
  });

  test('gets everything on `force`', () => {
    const chart = newChart();
    chart.with(new ProductionReady({ force: true, user: 1000 }));
    new ApiObject(chart, 'Raw', manifest);
    expect(specOf(chart).containers[0]).toMatchObject(RESTRICTED);
    expect(specOf(chart)).toMatchObject({ enableServiceLinks: false, terminationGracePeriodSeconds: 30, securityContext: { runAsNonRoot: true } });
  });

  test('keeps its own 30 seconds of grace on `force`', () => {
    const chart = newChart();
    chart.with(new ProductionReady({ force: true }));
    const sidecars = ['a', 'b', 'c', 'd'].map((name) => ({ name, image, restartPolicy: 'Always' }));
    new ApiObject(chart, 'Raw', { ...manifest, spec: { ...manifest.spec, initContainers: sidecars, terminationGracePeriodSeconds: 30 } });
    expect(specOf(chart).terminationGracePeriodSeconds).toBe(30);
  });

  test('is reached inside an Include', () => {
    const folder = mkdtempSync(join(tmpdir(), 'finish-'));
    try {
      const file = join(folder, 'web.yaml');
      writeFileSync(file, JSON.stringify(manifest));
      const chart = newChart();
      new Include(chart, 'Third', { url: file }).with(new ProductionReady());
      expect(specOf(chart).securityContext).toEqual({ seccompProfile: { type: 'RuntimeDefault' } });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('keeps a startup probe on its init containers: nobody knows that it is a mistake of cdk8s-plus', () => {
    const startupProbe = { tcpSocket: { port: 1 }, failureThreshold: 3 };
    expect(filled({ containers: [], initContainers: [{ name: 'a', image, startupProbe }] }).initContainers[0].startupProbe).toEqual(startupProbe);
  });

  test('stays as it is for Windows', () => {
    const chart = newChart();
    chart.with(new ProductionReady({ force: true }));
    const spec = { os: { name: 'windows' }, containers: [{ name: 'web', image }] };
    new ApiObject(chart, 'Raw', { ...manifest, spec });
    expect(specOf(chart)).toEqual(spec);
  });
});

describe('fsGroup', () => {
  const user = (name: string, runAsUser?: number, runAsGroup?: number) =>
    ({ name, image, securityContext: { runAsUser, runAsGroup }, volumeMounts: [{ name: 'data', mountPath: '/data' }] });
  const data = { name: 'data', emptyDir: {} };
  const groupOf = (spec: any) => filled(spec).securityContext.fsGroup;

  test('is the group of the app where two users share an emptyDir', () => {
    expect(groupOf({ volumes: [data], containers: [user('a', 1, 7), user('b', 2, 8)] })).toBe(7);
  });

  test('is the user of the app where it has no group', () => {
    expect(groupOf({ volumes: [data], initContainers: [{ ...user('b', 2), restartPolicy: 'Always' }], containers: [user('a', 1)] })).toBe(1);
  });

  test('is left out where one user shares with itself', () => {
    expect(groupOf({ volumes: [data], containers: [user('a', 1), user('b', 1)] })).toBeUndefined();
  });

  test('is left out where a user is known to the image only', () => {
    expect(groupOf({ volumes: [data], containers: [user('a', 1), user('b')] })).toBeUndefined();
  });

  test('is left out where nothing is shared', () => {
    expect(groupOf({ volumes: [data], containers: [user('a', 1), { name: 'b', image, securityContext: { runAsUser: 2 } }] })).toBeUndefined();
  });

  test.each([
    ['a claim', { persistentVolumeClaim: { claimName: 'c' } }],
    ['an ephemeral claim', { ephemeral: {} }],
    ['a secret', { secret: { secretName: 's' } }],
    ['a projected secret', { projected: { sources: [{ configMap: { name: 'c' } }, { secret: { name: 's' } }] } }],
    ['a CSI volume', { csi: { driver: 'd' } }],
  ])('is left out where the pod has %s: it would change the owner or the mode of its files', (_, source) => {
    expect(groupOf({ volumes: [data, { name: 'other', ...source }], containers: [user('a', 1), user('b', 2)] })).toBeUndefined();
  });

  test('of the user stays', () => {
    expect(groupOf({ securityContext: { fsGroup: 99 }, volumes: [data], containers: [user('a', 1), user('b', 2)] })).toBe(99);
  });

  test('lets a helper of another user read what the app writes', () => {
    const directory = SharedDirectory.onDisk('/data', { sizeLimit: Size.mebibytes(1) });
    const pod = productionPod({ parts: [new Sidecar({ image, securityContext: { user: 77 }, reads: [directory] })] });
    expect(specOf(chartOf(pod)).securityContext.fsGroup).toBe(1000);
  });
});

describe('the termination grace period', () => {
  const graceOf = (spec: any, facts: Partial<PodFacts> = {}) => filled(spec, facts).terminationGracePeriodSeconds;
  const web = (preStop?: object) => ({ name: 'web', image, ...(preStop && { lifecycle: { preStop } }) });
  const sidecar = (name: string, preStop?: object) => ({ ...web(preStop), name, restartPolicy: 'Always' });
  const sleep = (seconds: number) => ({ sleep: { seconds } });

  test('is never less than the 30 seconds of Kubernetes', () => {
    expect(graceOf({ containers: [web()] })).toBe(30);
  });

  test('is the drain of the app and a margin of 5 seconds', () => {
    expect(graceOf({ containers: [web()] }, { appDrainSeconds: 40 })).toBe(45);
  });

  test.each([
    ['sleep', sleep(20), 20],
    ['the command sleep', { exec: { command: ['sleep', '20'] } }, 20],
    ['a shell that sleeps', { exec: { command: ['sh', '-c', 'touch /tmp/draining; sleep 20; true'] } }, 20],
    ['a shell that sleeps several times', { exec: { command: ['sh', '-c', 'sleep 5 && touch /tmp/draining && sleep 0.5m'] } }, 35],
    ['a sleep in the background', { exec: { command: ['sh', '-c', 'sleep 60 & touch /tmp/draining'] } }, 0],
    ['a command of unknown length', { exec: { command: ['/bin/drain'] } }, 0],
    ['a request', { httpGet: { port: 80 } }, 0],
  ])('counts preStop (%s) before the drain', (_, preStop, seconds) => {
    expect(graceOf({ containers: [web(preStop)] }, { appDrainSeconds: 30 })).toBe(seconds + 30 + 5);
  });

  test('takes the longest of the regular containers: they end together', () => {
    expect(graceOf({ containers: [web(sleep(10)), { ...web(sleep(40)), name: 'other' }] })).toBe(40 + 15 + 5);
  });

  test('adds up native sidecars, which end one after another, a second apart', () => {
    const facts = (part: string, drainSeconds: number) => [part, { part, drainSeconds, outlivesApp: false, role: 'sidecar' as const }] as const;
    const partContainers = new Map([facts('a', 10), facts('b', 20)]);
    expect(graceOf({ initContainers: [sidecar('a'), sidecar('b'), sidecar('unknown')], containers: [web()] }, { partContainers })).toBe(15 + 11 + 21 + 6 + 5);
  });

  test('does not count plain init containers, which have ended', () => {
    expect(graceOf({ initContainers: [{ name: 'a', image }], containers: [web()] }, { appDrainSeconds: 40 })).toBe(45);
  });

  test('runs preStop of native sidecars beside the app, not after it', () => {
    expect(graceOf({ initContainers: [sidecar('a', sleep(50))], containers: [web()] })).toBe(50 + 6 + 5);
    expect(graceOf({ initContainers: [sidecar('a', sleep(10))], containers: [web(sleep(30))] })).toBe(45 + 6 + 5);
  });

  test('covers a classic helper, which waits for the app before it drains', () => {
    const pod = productionPod({ drain: Duration.seconds(30), parts: [new LogStream({ files: ['/log/a.log'], nativeSidecar: false, drain: Duration.seconds(8) })] });
    expect(specOf(chartOf(pod)).terminationGracePeriodSeconds).toBe(30 + 8 + 5);
  });

  test.each<[number, string[] | undefined]>([
    [60, ['sleep', '30']],
    [25, ['sleep', '16']],
    [9, undefined],
  ])('of %d seconds that the user chose leaves a classic helper its own drain after its wait', (seconds, command) => {
    const logs = new LogStream({ files: ['/log/a.log'], nativeSidecar: false, drain: Duration.seconds(8) });
    const pod = productionPod({ terminationGracePeriod: Duration.seconds(seconds), drain: Duration.seconds(30), parts: [logs] });
    expect(specOf(chartOf(pod)).containers.find(({ name }: any) => name === 'log-stream').lifecycle?.preStop.exec.command).toEqual(command);
  });

  test('covers preStopSleep, drain and parts of a pattern pod', () => {
    const pod = productionPod({ preStopSleep: Duration.seconds(10), drain: Duration.seconds(20), parts: [new Sidecar({ image, drain: Duration.seconds(9) })] });
    expect(specOf(chartOf(pod)).terminationGracePeriodSeconds).toBe(10 + 20 + 10 + 5);
  });

  test.each([5, 30, 300])('of %d seconds stays where the user asks for it', (seconds) => {
    const parts = ['a', 'b', 'c'].map((name) => new Sidecar({ name, image }));
    const pod = productionPod({ terminationGracePeriod: Duration.seconds(seconds), parts });
    expect(specOf(chartOf(pod)).terminationGracePeriodSeconds).toBe(seconds);
  });

  test('grows in a plain Deployment when a part is bound, unless it has one of its own', () => {
    const graceOfDeployment = (props: kplus.DeploymentProps) => {
      const chart = newChart();
      new kplus.Deployment(chart, 'Web', { containers: [{ image }], ...props }).with(new Sidecar({ image, drain: Duration.seconds(30) }));
      return specOf(chart).terminationGracePeriodSeconds;
    };
    expect(graceOfDeployment({})).toBe(15 + 31 + 5);
    expect(graceOfDeployment({ terminationGracePeriod: Duration.seconds(45) })).toBe(45);
  });

  test('of 30 seconds counts as not chosen in a Deployment, silently, and a JSON patch keeps it', () => {
    const chart = newChart();
    const workload = new kplus.Deployment(chart, 'Web', { containers: [{ image }], terminationGracePeriod: Duration.seconds(30) });
    workload.with(new Sidecar({ image, drain: Duration.seconds(30) }));
    expect(specOf(chart).terminationGracePeriodSeconds).toBe(15 + 31 + 5);
    ApiObject.of(workload).addJsonPatch(JsonPatch.replace('/spec/template/spec/terminationGracePeriodSeconds', 30));
    expect(specOf(chart).terminationGracePeriodSeconds).toBe(30);
    expect(notes).toEqual([]);
  });
});

describe('ephemeral storage', () => {
  const limitsOf = (spec: any) => [...spec.initContainers ?? [], ...spec.containers].map((container) => container.resources?.limits?.['ephemeral-storage']);
  const container = (name: string, ...volumes: string[]) => ({ name, image, volumeMounts: volumes.map((volume) => ({ name: volume, mountPath: `/${volume}` })) });

  test('is limited in every container, with room for logs and for the volumes that it owns', () => {
    const spec = filled({ volumes: [{ name: 'v', emptyDir: { sizeLimit: '64Mi' } }], initContainers: [container('init')], containers: [container('web', 'v'), container('b')] });
    expect(limitsOf(spec)).toEqual(['100Mi', '164Mi', '100Mi']);
  });

  test('belongs to a container that writes and lasts', () => {
    const reader = { ...container('reader'), volumeMounts: [{ name: 'v', mountPath: '/v', readOnly: true }] };
    const spec = filled({
      volumes: [{ name: 'v', emptyDir: { sizeLimit: '64Mi' } }],
      initContainers: [container('init', 'v'), { ...container('writer', 'v'), restartPolicy: 'Always' }],
      containers: [reader],
    });
    expect(limitsOf(spec)).toEqual(['100Mi', '164Mi', '100Mi']);
  });

  test('does not count volumes in memory', () => {
    const spec = filled({ volumes: [{ name: 'v', emptyDir: { sizeLimit: '64Mi', medium: 'Memory' } }], containers: [container('web', 'v')] });
    expect(limitsOf(spec)).toEqual(['100Mi']);
  });

  test('is limited in no container where a volume has no bound', () => {
    const spec = filled({ volumes: [{ name: 'v', emptyDir: {} }], containers: [container('web', 'v'), container('b')] });
    expect(limitsOf(spec)).toEqual([undefined, undefined]);
  });

  test('is limited in no container where a root file system can be written', () => {
    const pod = productionPod({ app: { image, securityContext: { readOnlyRootFilesystem: false } }, parts: [new Sidecar({ image })] });
    expect(limitsOf(specOf(chartOf(pod)))).toEqual([undefined, undefined]);
  });

  test('that the user chose bounds what is filled beside it', () => {
    const limited = filled({ containers: [{ name: 'web', image, resources: { limits: { 'ephemeral-storage': '10Mi' } } }] }).containers[0].resources;
    expect(limited).toEqual({ limits: { 'ephemeral-storage': '10Mi' }, requests: { 'ephemeral-storage': '10Mi' } });
    const asked = filled({ containers: [{ name: 'web', image, resources: { requests: { 'ephemeral-storage': '1Gi' } } }] }).containers[0].resources;
    expect(asked).toEqual({ limits: { 'ephemeral-storage': '1Gi' }, requests: { 'ephemeral-storage': '1Gi' } });
  });

  const ways: [string, (resources: kplus.ContainerResources) => Chart][] = [
    ['the app of a pattern pod', (resources) => chartOf(productionPod({ app: { image, resources } }))],
    ['a part', (resources) => chartOf(productionPod({ parts: [new Sidecar({ image, resources })] }))],
    ['a Deployment of cdk8s-plus', (resources) => {
      const chart = newChart();
      new kplus.Deployment(chart, 'Web', { containers: [{ image, resources }] }).with(new ProductionReady());
      return chart;
    }],
  ];

  test.each(ways)('that the user chose may have any unit, in %s', (_, make) => {
    const ephemeralStorage = { request: Size.kibibytes(512), limit: Size.mebibytes(1536) };
    const amounts = containersOf(make({ ephemeralStorage })).map(({ resources: { limits, requests } }) => [requests['ephemeral-storage'], limits['ephemeral-storage']]);
    expect(amounts).toContainEqual(['512Ki', '1536Mi']);
  });

  test.each<[string, kplus.EphemeralStorageResources, object]>([
    ['limit', { request: Size.mebibytes(10) }, { requests: '10Mi', limits: '100Mi' }],
    ['request', { limit: Size.mebibytes(10) }, { requests: '10Mi', limits: '10Mi' }],
    ['request, below what is needed,', { limit: Size.gibibytes(2) }, { requests: '100Mi', limits: '2Gi' }],
  ])('gets a %s beside what the user chose', (_, ephemeralStorage, expected) => {
    const { requests, limits } = containersOf(chartOf(productionPod({ app: { image, resources: { ephemeralStorage } } })))[0].resources;
    expect({ requests: requests['ephemeral-storage'], limits: limits['ephemeral-storage'] }).toEqual(expected);
  });

  test('that the user chose is there to be read before and after rendering', () => {
    const resources = { ephemeralStorage: { limit: Size.mebibytes(10) } };
    const pod = productionPod({ app: { image, resources } });
    expect(specOf(chartOf(pod))).toEqual(specOf(chartOf(pod)));
    expect(pod.app.resources).toEqual(resources);
  });

  test('fails where it is no Size, and says what to write', () => {
    const ephemeralStorage = { limit: '10Mi' as unknown as Size };
    expect(() => specOf(chartOf(productionPod({ app: { image, resources: { ephemeralStorage } } }))))
      .toThrow(/shop\/Web: container "app": resources\.ephemeralStorage\.limit: "10Mi" is not a Size\n.*\n {2}fix: write Size\.mebibytes\(10\)/);
  });

  test('of the pod covers every volume and 100Mi for each container, whoever mounts what', () => {
    const names = ['a', 'b', 'c'];
    const mount = fc.record({ name: fc.constantFrom(...names), readOnly: fc.boolean() });
    const one = fc.record({ native: fc.boolean(), regular: fc.boolean(), volumeMounts: fc.uniqueArray(mount, { selector: ({ name }) => name }) });
    fc.assert(fc.property(fc.array(one, { minLength: 1, maxLength: 4 }), fc.tuple(...names.map(() => fc.integer({ min: 1, max: 500 }))), (parts, sizes) => {
      const json = parts.map(({ native: always, volumeMounts }, index) => ({
        name: `c${index}`, image, ...(always && { restartPolicy: 'Always' }), volumeMounts: volumeMounts.map((m) => ({ ...m, mountPath: `/${m.name}` })),
      }));
      const spec = filled({
        volumes: names.map((name, index) => ({ name, emptyDir: { sizeLimit: `${sizes[index]}Mi` } })),
        initContainers: json.filter((_, index) => !parts[index].regular),
        containers: [{ name: 'app', image }, ...json.filter((_, index) => parts[index].regular)],
      });
      const mounted = new Set(parts.flatMap(({ volumeMounts }) => volumeMounts.map(({ name }) => name)));
      const disks = names.map((name, index) => mounted.has(name) ? sizes[index] : 0).reduce((sum, size) => sum + size, 0);
      const limits = limitsOf(spec).map((limit) => parseQuantity(limit)!);
      expect(limits.reduce((sum, limit) => sum + limit, 0)).toBe((disks + 100 * limits.length) * 2 ** 20);
    }));
  });
});

describe('a directory', () => {
  const sized = (sizeLimit: Size) => {
    const pod = productionPod({ parts: [new Sidecar({ image, reads: [SharedDirectory.onDisk('/data', { sizeLimit })] })] });
    return specOf(chartOf(pod)).volumes[0].emptyDir.sizeLimit;
  };

  test.each([
    ['500Ki', Size.kibibytes(500)], ['2Mi', Size.kibibytes(2048)], ['3Mi', Size.mebibytes(3)], ['1500Mi', Size.mebibytes(1500)],
    ['1Gi', Size.mebibytes(1024)], ['2Gi', Size.gibibytes(2)],
  ])('is bounded by its sizeLimit, in the unit that keeps it exact: %s', (text, size) => {
    expect(sized(size)).toBe(text);
  });

  const memory = (parts: Sidecar[]) => Object.fromEntries(containersOf(chartOf(productionPod({ parts })))
    .map(({ name, resources }) => [name, [resources.requests.memory, resources.limits.memory]]));
  const ram = SharedDirectory.inMemory('/cache', { sizeLimit: Size.mebibytes(64) });

  test('in memory that the app writes is charged to the app\'s memory, request and limit', () => {
    expect(memory([new Sidecar({ image, reads: [ram] })])).toEqual({ app: ['320Mi', '576Mi'], sidecar: ['32Mi', '128Mi'] });
  });

  test('in memory that a part writes is charged to the part', () => {
    expect(memory([new Sidecar({ image, writes: [ram] })])).toEqual({ app: ['256Mi', '512Mi'], sidecar: ['96Mi', '192Mi'] });
  });

  test('in memory with two writers is charged to both: the pages outlive who wrote them', () => {
    const parts = ['a', 'b'].map((name) => new Sidecar({ name, image, writes: [ram] }));
    expect(memory(parts)).toEqual({ app: ['256Mi', '512Mi'], a: ['96Mi', '192Mi'], b: ['96Mi', '192Mi'] });
  });

  test('in memory is charged once for each rendering', () => {
    const pod = productionPod({ parts: [new Sidecar({ image, reads: [ram] })] });
    expect(specOf(chartOf(pod))).toEqual(specOf(chartOf(pod)));
  });

  test('in memory is not charged where the container has no bound to raise', () => {
    const pod = productionPod({ app: { image, resources: {} }, parts: [new Sidecar({ image, reads: [ram] })] });
    expect(specOf(chartOf(pod)).containers[0].resources).not.toHaveProperty('limits.memory');
  });

  describe('of the user\'s own in memory', () => {
    const memoryWith = (make: (volume: kplus.Volume, chart: Chart) => unknown, medium = kplus.EmptyDirMedium.MEMORY) => {
      const chart = newChart();
      make(kplus.Volume.fromEmptyDir(chart, 'Own', 'own', { medium, sizeLimit: Size.mebibytes(64) }), chart);
      return Object.fromEntries(containersOf(chart).map(({ name, resources }) => [name, [resources?.requests.memory, resources?.limits.memory]]));
    };
    const mounting = (volume: kplus.Volume, props: Partial<kplus.ContainerProps> = {}, readOnly = false): kplus.ContainerProps =>
      ({ image, volumeMounts: [{ path: '/dev/shm', volume, readOnly }], ...props });
    const resources = { memory: { request: Size.mebibytes(300), limit: Size.mebibytes(300) } };

    test('is charged to every writer whose memory is our default', () => {
      expect(memoryWith((volume, chart) => new ProductionPod(chart, 'Web', {
        ...declined, app: mounting(volume), parts: [new Sidecar(mounting(volume, { name: 'writer' })), new Sidecar(mounting(volume, { name: 'reader' }, true))],
      }))).toEqual({ app: ['320Mi', '576Mi'], writer: ['96Mi', '192Mi'], reader: ['32Mi', '128Mi'] });
    });

    test('is charged in a workload of cdk8s-plus whose default was replaced', () => {
      expect(memoryWith((volume, chart) => new kplus.Deployment(chart, 'Web', { containers: [mounting(volume, { name: 'web' })] }).with(new ProductionReady())))
        .toEqual({ web: ['320Mi', '576Mi'] });
    });

    test('changes no memory that the user chose', () => {
      expect(memoryWith((volume, chart) => new ProductionPod(chart, 'Web', {
        ...declined, app: mounting(volume, { resources }), parts: [new Sidecar(mounting(volume, { resources }))],
      }))).toEqual({ app: ['300Mi', '300Mi'], sidecar: ['300Mi', '300Mi'] });
    });

    test('changes no default of cdk8s-plus that stays', () => {
      expect(memoryWith((volume, chart) => new kplus.Deployment(chart, 'Web', { containers: [mounting(volume, { name: 'web' })] }).with(new Sidecar({ image }))))
        .toMatchObject({ web: ['512Mi', '2048Mi'] });
    });

    test('is charged to nobody where it lies on the disk', () => {
      expect(memoryWith((volume, chart) => new ProductionPod(chart, 'Web', { ...declined, app: mounting(volume) }), kplus.EmptyDirMedium.DEFAULT))
        .toEqual({ app: ['256Mi', '512Mi'] });
    });

    test('is charged to nobody where it has no bound', () => {
      const chart = newChart();
      const volume = kplus.Volume.fromEmptyDir(chart, 'Own', 'own', { medium: kplus.EmptyDirMedium.MEMORY });
      new ProductionPod(chart, 'Web', { ...declined, app: mounting(volume) });
      expect(containersOf(chart)[0].resources.limits.memory).toBe('512Mi');
    });
  });

  test('of the user\'s own keeps its bound', () => {
    const chart = newChart();
    const volume = kplus.Volume.fromEmptyDir(chart, 'Own', 'own', { sizeLimit: Size.mebibytes(7) });
    new ProductionPod(chart, 'Web', {
      app: { image, volumeMounts: [{ path: '/data', volume }] }, ...declined,
      parts: [new Sidecar({ image, reads: [SharedDirectory.onDisk('/data', { sizeLimit: Size.mebibytes(1) })] })],
    });
    expect(specOf(chart).volumes).toEqual([{ name: 'own', emptyDir: { sizeLimit: '7Mi' } }]);
  });
});

describe('a part that is bound to a plain Deployment', () => {
  const render = (bind: boolean) => {
    const chart = newChart();
    const web = new kplus.Deployment(chart, 'Web', { containers: [{ image, portNumber: 8080 }], initContainers: [{ name: 'init', image }] });
    if (bind) {
      web.with(new Sidecar({ image, securityContext: { user: 5 } }));
    }
    return podOf(chart);
  };

  test('hardens its own container', () => {
    expect(render(true).spec.initContainers[1]).toMatchObject({
      name: 'sidecar',
      terminationMessagePolicy: 'FallbackToLogsOnError',
      securityContext: { runAsUser: 5, capabilities: { drop: ['ALL'] }, seccompProfile: { type: 'RuntimeDefault' }, allowPrivilegeEscalation: false },
    });
  });

  test('leaves every other container, the pod\'s security context and its annotations alone', () => {
    const [plain, bound] = [render(false), render(true)];
    expect(bound.spec.containers).toEqual(plain.spec.containers);
    expect(bound.spec.initContainers[0]).toEqual(plain.spec.initContainers[0]);
    expect(bound.spec.securityContext).toEqual(plain.spec.securityContext);
    expect(bound.metadata.annotations).toEqual(plain.metadata.annotations);
    expect(bound.spec).not.toHaveProperty('enableServiceLinks');
  });

  test('takes the pod\'s own seccomp profile where it has one', () => {
    const chart = newChart();
    new SidecarPod(chart, 'Web', { app: { image }, sidecar: new Sidecar({ image }) });
    expect(specOf(chart).initContainers[0].securityContext).not.toHaveProperty('seccompProfile');
  });
});

describe('silent defaults of cdk8s-plus', () => {
  const deployment = (add: (pod: kplus.Deployment) => void, containers: kplus.ContainerProps[] = []) => {
    const chart = newChart();
    const pod = new kplus.Deployment(chart, 'Web', { containers });
    pod.with(new ProductionReady());
    add(pod);
    return specOf(chart);
  };
  const chosen = {
    cpu: { request: kplus.Cpu.millis(1000), limit: kplus.Cpu.millis(1500) },
    memory: { request: Size.mebibytes(512), limit: Size.mebibytes(2048) },
  };

  test('of 1 CPU become 250m, and each replacement is said with both values', () => {
    const chart = new Chart(new App(), 'noted');
    new kplus.Deployment(chart, 'Web', { containers: [{ image }] }).with(new ProductionReady());
    expect(specOf(chart).containers[0].resources.requests).toMatchObject({ cpu: '250m', memory: '256Mi' });
    expect(notes.join('')).toContain('note: noted/Web: spec.template.spec.containers[0].resources: cdk8s-plus\'s default of 1000m/512Mi replaced by 250m/256Mi');
  });

  test('of 30 seconds to start become two minutes', () => {
    const spec = deployment(() => undefined, [{ image, portNumber: 8080 }]);
    expect(spec.containers[0].startupProbe).toEqual({ tcpSocket: { port: 8080 }, failureThreshold: 60, periodSeconds: 2 });
  });

  test('of 30 seconds to start become two minutes for a native sidecar too, which would keep the app waiting', () => {
    const spec = deployment((pod) => pod.addInitContainer({ name: 'proxy', image, portNumber: 81, restartPolicy: native }), [{ image }]);
    expect(spec.initContainers[0].startupProbe).toEqual({ tcpSocket: { port: 81 }, failureThreshold: 60, periodSeconds: 2 });
  });

  test('of a dnsPolicy with which no Service has a name become ClusterFirstWithHostNet in the network of the node, and that is said', () => {
    const chart = new Chart(new App(), 'noted');
    new kplus.Deployment(chart, 'Agent', { hostNetwork: true, containers: [{ image }] }).with(new ProductionReady());
    expect(specOf(chart).dnsPolicy).toBe('ClusterFirstWithHostNet');
    expect(notes.join('')).toContain('note: noted/Agent: spec.template.spec.dnsPolicy: cdk8s-plus\'s default of ClusterFirst replaced by ClusterFirstWithHostNet');
  });

  test.each<[string, object, string]>([
    ['ClusterFirst elsewhere', {}, 'ClusterFirst'],
    ['nothing of it', { hostNetwork: true }, 'ClusterFirstWithHostNet'],
    ['only a name server', { hostNetwork: true, dns: { nameservers: ['192.0.2.53'] } }, 'ClusterFirstWithHostNet'],
    ['ClusterFirst', { hostNetwork: true, dns: { policy: kplus.DnsPolicy.CLUSTER_FIRST } }, 'ClusterFirst'],
    ['Default', { hostNetwork: true, dns: { policy: kplus.DnsPolicy.DEFAULT } }, 'Default'],
  ])('of dnsPolicy are known in a pattern pod, whose author says %s', (_, props, dnsPolicy) => {
    expect(specOf(chartOf(productionPod(props))).dnsPolicy).toBe(dnsPolicy);
    expect(notes.join('')).not.toContain('dnsPolicy');
  });

  test('of dnsPolicy stay where nobody asked for more than a part', () => {
    const chart = newChart();
    new kplus.Deployment(chart, 'Web', { hostNetwork: true, containers: [{ image }] }).with(new Sidecar({ image }));
    expect(specOf(chart).dnsPolicy).toBe('ClusterFirst');
  });

  test('are no startup probe on a plain init container', () => {
    const spec = deployment((pod) => pod.addInitContainer({ name: 'init', image, portNumber: 81 }), [{ image }]);
    expect(spec.initContainers[0]).not.toHaveProperty('startupProbe');
  });

  test('that were chosen by name in a container added later stay: resources', () => {
    const spec = deployment((pod) => pod.addContainer({ image, resources: chosen }));
    expect(spec.containers[0].resources.requests).toMatchObject({ cpu: '1000m', memory: '512Mi' });
  });

  test('that were chosen by name in an init container added later stay: resources', () => {
    const spec = deployment((pod) => pod.addInitContainer({ name: 'init', image, resources: chosen }), [{ image }]);
    expect(spec.initContainers[0].resources.requests).toMatchObject({ cpu: '1000m', memory: '512Mi' });
  });

  test('are not seen where amounts of storage stand beside the same figures', () => {
    const spec = deployment(() => undefined, [{ image, resources: { ...chosen, ephemeralStorage: { limit: Size.mebibytes(200) } } }]);
    expect(spec.containers[0].resources.limits).toEqual({ 'cpu': '1500m', 'memory': '2048Mi', 'ephemeral-storage': '200Mi' });
  });

  test('that were chosen by name in a container added later stay: the startup probe', () => {
    const spec = deployment((pod) => pod.addContainer({ image, portNumber: 80, startup: kplus.Probe.fromTcpSocket({ failureThreshold: 3 }) }));
    expect(spec.containers[0].startupProbe).toEqual({ tcpSocket: { port: 80 }, failureThreshold: 3 });
  });

  test('are not looked for in pods that cdk8s-plus did not make', () => {
    const chart = newChart();
    chart.with(new ProductionReady({ force: true }));
    const resources = { requests: { cpu: '1000m', memory: '512Mi' }, limits: { cpu: '1500m', memory: '2048Mi' } };
    new ApiObject(chart, 'Raw', { apiVersion: 'v1', kind: 'Pod', spec: { containers: [{ name: 'web', image, resources }] } });
    expect(specOf(chart).containers[0].resources.requests).toMatchObject({ cpu: '1000m', memory: '512Mi' });
    expect(notes).toEqual([]);
  });
});

import { ChildProcess, spawn, spawnSync } from 'child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'fs';
import { AddressInfo, createServer, Server } from 'net';
import { tmpdir } from 'os';
import { join } from 'path';
import { App, Chart, Duration, Size, Testing } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import {
  Ambassador, InitTask, InitTaskProps, KubernetesVersion, NetworkIsolation, PodDefaults, PodPart, Prefill, ProductionPod, ProductionReady,
  RenderConfig, RenderConfigProps, SharedDirectory,
  Sidecar, SidecarPod, TcpEndpoint, WaitFor, WaitForProps, WaitTimeout,
} from '../../src';
import { itWith } from '../support/programs';

const image = 'registry.example/web:1.0.0';
const declined = { livenessDeclined: 'a test', readinessDeclined: 'a test' };
const ENDPOINT = TcpEndpoint.of('db.shop.svc.cluster.local', 5432);
const MIB = Size.mebibytes(1);

beforeEach(() => jest.spyOn(process.stderr, 'write').mockReturnValue(true));
afterEach(() => jest.restoreAllMocks());

function newChart(): Chart {
  return new Chart(new App(), 'shop');
}

function deployment(app: Partial<kplus.ContainerProps> = {}): kplus.Deployment {
  return new kplus.Deployment(newChart(), 'Web', { containers: [{ name: 'web', image, ...app }] });
}

function productionPod(parts: PodPart[]): ProductionPod {
  return new ProductionPod(newChart(), 'Web', { app: { image }, parts, ...declined });
}

function specOf(pod: kplus.AbstractPod): any {
  const object = Testing.synth(Chart.of(pod)).find(({ metadata }) => metadata.name === pod.name);
  return object.spec.template?.spec ?? object.spec;
}

function containerOf(pod: kplus.AbstractPod, name: string): any {
  const spec = specOf(pod);
  return [...spec.initContainers, ...spec.containers].find((container) => container.name === name);
}

/** Mounts of a container as "path[:ro]". */
function mountsOf(pod: kplus.AbstractPod, name: string): string[] {
  return (containerOf(pod, name).volumeMounts ?? []).map(({ mountPath, readOnly }: any) => `${mountPath}${readOnly ? ':ro' : ''}`);
}

function messageOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('nothing was thrown');
}

/** Facts of errors, without their why and fix. */
function factOf(action: () => unknown): string {
  const [fact, why, fix] = messageOf(action).split('\n');
  expect([why.slice(0, 7), fix.slice(0, 7)]).toEqual(['  why: ', '  fix: ']);
  return fact;
}

const DATA = SharedDirectory.onDisk('/data', { sizeLimit: MIB });
const secret = (chart: Chart) => kplus.Secret.fromSecretName(chart, 'Secret', 'orders-db');
const config = (props: Partial<RenderConfigProps> = {}) => new RenderConfig({
  directory: DATA, files: { 'db.ini': 'user=${USER}\n' }, values: { USER: kplus.EnvValue.fromValue('orders') }, ...props,
});

const everyPart: [string, (options?: any) => PodPart][] = [
  ['init-task', (options) => new InitTask({ image, ...options })],
  ['wait-for', (options) => new WaitFor({ endpoints: [ENDPOINT], ...options })],
  ['render-config', (options) => config(options)],
  ['prefill', (options) => new Prefill({ image, source: '/plugins', directory: DATA, ...options })],
];

describe('every init part', () => {
  test.each(everyPart)('%s becomes a plain init container, without probes and lifecycle hooks', (name, newPart) => {
    const pod = deployment();
    pod.with(newPart());
    const { initContainers, containers } = specOf(pod);
    expect([initContainers.map((container: any) => container.name), containers.length]).toEqual([[name], 1]);
    for (const field of ['restartPolicy', 'livenessProbe', 'readinessProbe', 'startupProbe', 'lifecycle']) {
      expect(initContainers[0]).not.toHaveProperty(field);
    }
  });

  test.each(everyPart)('%s is hardened in a pod that is not ours, and asks for little', (name, newPart) => {
    const pod = deployment();
    pod.with(newPart());
    expect(containerOf(pod, name).securityContext).toMatchObject({
      readOnlyRootFilesystem: true, runAsNonRoot: true, allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] }, seccompProfile: { type: 'RuntimeDefault' },
    });
    expect(containerOf(pod, name).resources.requests).toMatchObject({ cpu: expect.stringMatching(/^2\dm$/), memory: '32Mi' });
  });

  test.each(everyPart)('%s adds nothing to the grace period of the pod', (_, newPart) => {
    expect(specOf(productionPod([newPart()])).terminationGracePeriodSeconds).toBe(specOf(productionPod([])).terminationGracePeriodSeconds);
  });

  test.each(everyPart)('%s starts after the native sidecar that it names, and before the app', (name, newPart) => {
    const proxy = new Ambassador({ image, localPort: 15432 });
    const pod = productionPod([newPart({ startAfter: [proxy] }), proxy]);
    expect(specOf(pod).initContainers.map((container: any) => container.name)).toEqual(['ambassador', name]);
  });

  test.each(everyPart)('%s comes before a native sidecar that names it', (name, newPart) => {
    const first = newPart();
    const pod = productionPod([new Sidecar({ image, startAfter: [first] }), first]);
    expect(specOf(pod).initContainers.map((container: any) => container.name)).toEqual([name, 'sidecar']);
  });

  test.each(everyPart)('%s cannot start after a regular container', (name, newPart) => {
    const classic = new Sidecar({ image, nativeSidecar: false });
    expect(factOf(() => newPart({ startAfter: [classic] }))).toMatch(new RegExp(`: startAfter: "${name}" and "sidecar" cannot be ordered$`));
  });

  test.each(everyPart)('%s has ended before a regular helper that names it', (name, newPart) => {
    const first = newPart();
    const pod = productionPod([new Sidecar({ image, nativeSidecar: false, startAfter: [first] }), first]);
    expect([specOf(pod).initContainers[0].name, specOf(pod).containers[1].name]).toEqual([name, 'sidecar']);
  });

  test.each(everyPart)('%s is an init container too where clusters have no native sidecars, and cannot come after what becomes regular there', (name, newPart) => {
    const chart = newChart();
    chart.with(new PodDefaults({ kubernetesVersion: KubernetesVersion.V1_28 }));
    const pod = new kplus.Job(chart, 'Web', { containers: [{ image }] });
    pod.with(newPart());
    expect(specOf(pod).initContainers[0].name).toBe(name);
    const proxy = new Sidecar({ image });
    const build = () => new ProductionPod(chart, 'Other', { app: { image }, parts: [proxy, newPart({ startAfter: [proxy] })], ...declined });
    expect(factOf(build)).toBe(`shop/Other: startAfter: "${name}" and "sidecar" cannot be ordered in Kubernetes "1.28"`);
  });

  test.each(everyPart)('%s gets the resources that PodDefaults give init containers', (name, newPart) => {
    const chart = newChart();
    chart.with(new PodDefaults({ resources: { initContainer: { memory: { request: Size.mebibytes(7) } } } }));
    const pod = new kplus.Deployment(chart, 'Web', { containers: [{ image }] });
    pod.with(newPart());
    expect(containerOf(pod, name).resources).toEqual({ requests: { memory: '7Mi' } });
  });

  test.each(everyPart)('%s can be given to several pods, and under several names to one', (name, newPart) => {
    const part = newPart();
    const other = newPart({ name: 'other' });
    const pods = [deployment(), productionPod([])];
    pods.forEach((pod) => pod.with(part, other));
    expect(pods.map((pod) => specOf(pod).initContainers.map((container: any) => container.name))).toEqual([[name, 'other'], [name, 'other']]);
    expect(factOf(() => pods[0].with(part))).toBe(`shop/Web: "${name}" is already the name of a part of this pod`);
  });

  test.each(everyPart.slice(1))('%s has the user of the app, else 1000, and the one that it is given', (name, newPart) => {
    const users = ([
      [deployment({ securityContext: { user: 999, group: 998 } }), {}], [deployment(), {}], [deployment({ securityContext: { user: 999 } }), { user: 7 }],
      [deployment({ securityContext: { user: 0, ensureNonRoot: false } }), {}],
    ] as [kplus.Deployment, object][]).map(([pod, options]) => {
      pod.with(newPart(options));
      const { runAsUser, runAsGroup } = containerOf(pod, name).securityContext;
      return [runAsUser, runAsGroup];
    });
    expect(users).toEqual([[999, 998], [1000, 1000], [7, 7], [1000, 1000]]);
  });

  test('all of them together are bytes that do not change', () => {
    const pod = productionPod(everyPart.map(([, newPart]) => newPart()));
    expect(JSON.stringify(Testing.synth(Chart.of(pod)))).toBe(JSON.stringify(Testing.synth(Chart.of(pod))));
  });

  const apicheck = process.env.APICHECK ?? 'apicheck';
  const withApicheck = process.env.APICHECK ? test : itWith('apicheck');

  withApicheck('all of them are accepted by the validation of Kubernetes and by Pod Security restricted', () => {
    const pod = productionPod([new Sidecar({ image }), ...everyPart.map(([, newPart]) => newPart())]);
    const input = Testing.synth(Chart.of(pod)).map((object) => JSON.stringify(object)).join('\n---\n');
    const { stdout } = spawnSync(apicheck, { input, encoding: 'utf8' });
    expect(stdout).toMatch(/^Pod\/\S+: VALID {2}\[PSS restricted: pass\]$/m);
    expect(stdout).not.toContain('INVALID');
  });
});

describe('InitTask', () => {
  test('keeps the container that it is given, in a Job too, which has then no container more', () => {
    const job = new kplus.Job(newChart(), 'Web', { containers: [{ image }] });
    job.with(new InitTask({ name: 'migrate', image, command: ['/migrate'], args: ['up'], envVariables: { A: kplus.EnvValue.fromValue('b') }, ports: [{ number: 9 }] }));
    expect(specOf(job).initContainers[0]).toMatchObject({ name: 'migrate', command: ['/migrate'], args: ['up'], env: [{ name: 'A', value: 'b' }] });
    expect(specOf(job).containers).toHaveLength(1);
  });

  test('has no startup probe of cdk8s-plus when it declares a port', () => {
    const pod = deployment();
    pod.with(new InitTask({ image, portNumber: 8080 }));
    expect(containerOf(pod, 'init-task')).toMatchObject({ ports: [{ containerPort: 8080 }] });
    expect(containerOf(pod, 'init-task').startupProbe).toBeUndefined();
  });

  test.each<[string, InitTaskProps, string, string]>([
    ['writes for an app that reads', { image, writes: [DATA] }, '/data', '/data:ro'],
    ['writes for an app that writes too', { image, writes: [DATA], appWrites: true }, '/data', '/data'],
    ['reads what the app has left there', { image, reads: [DATA] }, '/data:ro', '/data'],
  ])('%s', (_, props, inTask, inApp) => {
    const pod = deployment();
    pod.with(new InitTask(props));
    expect([mountsOf(pod, 'init-task'), mountsOf(pod, 'web')]).toEqual([[inTask], [inApp]]);
  });

  test('shares one volume with a sidecar that reads what it wrote', () => {
    const task = new InitTask({ image, writes: [DATA] });
    const pod = new SidecarPod(newChart(), 'Web', { app: { image }, sidecar: new Sidecar({ image, reads: [DATA], startAfter: [task] }), parts: [task] });
    expect(specOf(pod).volumes).toHaveLength(1);
    expect(['init-task', 'sidecar', 'app'].map((name) => mountsOf(pod, name)[0])).toEqual(['/data', '/data:ro', '/data:ro']);
  });

  test('finds the app that comes later', () => {
    const pod = new kplus.Deployment(newChart(), 'Web');
    pod.with(new InitTask({ image, writes: [DATA] }));
    pod.addContainer({ name: 'late', image });
    expect(mountsOf(pod, 'late')).toEqual(['/data:ro']);
  });

  test.each(['liveness', 'readiness', 'startup'])('refuses a %s probe', (probe) => {
    expect(factOf(() => new InitTask({ image, [probe]: kplus.Probe.fromCommand(['true']) }))).toBe(`InitTask: ${probe}: is given for a container that runs to its end`);
  });

  test('refuses lifecycle hooks and a restart policy', () => {
    expect(factOf(() => new InitTask({ image, lifecycle: {} }))).toBe('InitTask: lifecycle: is given for a container that runs to its end');
    expect(factOf(() => new InitTask({ image, restartPolicy: kplus.ContainerRestartPolicy.ALWAYS })))
      .toBe('InitTask: restartPolicy: is given for a container that runs to its end');
  });

  test('keeps what it was given when the caller changes his lists', () => {
    const [command, writes] = [['/migrate'], [DATA]];
    const task = new InitTask({ image, command, writes });
    command.push('--force');
    writes.pop();
    const pod = deployment();
    pod.with(task);
    expect(containerOf(pod, 'init-task').command).toEqual(['/migrate']);
    expect(mountsOf(pod, 'init-task')).toEqual(['/data']);
  });
});

describe('WaitFor', () => {
  test('does not stay for many seconds in one look-up that DNS does not answer', () => {
    const { env } = containerOf(productionPod([new WaitFor({ endpoints: [ENDPOINT] })]), 'wait-for');
    expect(env).toEqual([{ name: 'RES_OPTIONS', value: 'timeout:2 attempts:1' }]);
  });

  test('opens a NetworkPolicy for what it waits for, outside of the pod only', () => {
    const proxy = new Ambassador({ image, localPort: 15432 });
    const pod = productionPod([proxy, new WaitFor({ endpoints: [TcpEndpoint.of('10.0.0.7', 5432), TcpEndpoint.of('127.0.0.1', 15432)], startAfter: [proxy] })]);
    pod.with(new NetworkIsolation());
    const policy = Testing.synth(Chart.of(pod)).find(({ kind }) => kind === 'NetworkPolicy');
    expect(policy.spec.egress.slice(1)).toEqual([{ ports: [{ port: 5432, protocol: 'TCP' }], to: [{ ipBlock: { cidr: '10.0.0.7/32' } }] }]);
  });

  test.each(['127.0.0.1', 'localhost', '::1'])('refuses %s where nothing in the pod runs before it', (host) => {
    const proxy = new Ambassador({ image, localPort: 15432 });
    const wait = new WaitFor({ endpoints: [TcpEndpoint.of(host, 15432)] });
    expect(factOf(() => productionPod([wait, proxy]))).toBe(`shop/Web: part "wait-for": endpoints: "${host}:15432" is inside of the pod, where nothing runs yet`);
    expect(() => productionPod([proxy, wait])).not.toThrow();
  });

  test.each<[string, () => unknown, string]>([
    ['nobody', () => new WaitFor({ endpoints: [] }), 'WaitFor: endpoints: "" is nobody'],
    ['a text', () => new WaitFor({ endpoints: ['db:5432'] as any }), 'WaitFor: endpoints: "db:5432" is not a TcpEndpoint'],
    ['no time', () => new WaitFor({ endpoints: [ENDPOINT], timeout: Duration.seconds(0) }), 'WaitFor: timeout: "0 s" is not a whole number of seconds from 1'],
    ['an unknown end', () => new WaitFor({ endpoints: [ENDPOINT], onTimeout: 'go' as any }), 'WaitFor: onTimeout: "go" is not a WaitTimeout'],
    ['a URL', () => TcpEndpoint.of('http://db', 80), 'TcpEndpoint: host: "http://db" is neither a DNS name nor an IP address'],
    ['half an address', () => TcpEndpoint.of('10.0.0', 80), 'TcpEndpoint: host: "10.0.0" is neither a DNS name nor an IP address'],
    ['port zero', () => TcpEndpoint.of('db', 0), 'TcpEndpoint: port: "0" is not a whole number from 1 to 65535'],
    ['root', () => new WaitFor({ endpoints: [ENDPOINT], user: 0 }), 'WaitFor: user: "0" is not a user id from 1 to 2147483647'],
  ])('refuses %s', (_, action, fact) => {
    expect(factOf(action)).toBe(fact);
  });
});

describe('Prefill', () => {
  test('copies without a shell, for an app that only reads unless told', () => {
    const [reading, writing] = [deployment(), deployment()];
    reading.with(new Prefill({ image, source: '/opt/plugins/', directory: DATA }));
    writing.with(new Prefill({ image, source: '/opt/plugins', directory: DATA, appWrites: true }));
    expect(containerOf(reading, 'prefill')).toMatchObject({ image, command: ['cp', '-RPf', '/opt/plugins/.', '/data'] });
    expect([mountsOf(reading, 'web'), mountsOf(writing, 'web')]).toEqual([['/data:ro'], ['/data']]);
  });

  test.each(['plugins', '/', '/a/../b', '/a//b'])('refuses the source "%s"', (source) => {
    expect(factOf(() => new Prefill({ image, source, directory: DATA }))).toBe(`Prefill: source: "${source}" is not an absolute path of a directory below the root`);
  });
});

describe('RenderConfig', () => {
  test('gives values to its own container only, under names that cannot change how the program runs', () => {
    const pod = deployment();
    pod.with(config({ files: { a: '${PATH}${PYTHONHOME}' }, values: { PATH: kplus.EnvValue.fromValue('x'), PYTHONHOME: secret(Chart.of(pod)).envValue('home') } }));
    expect(containerOf(pod, 'render-config').env).toEqual([
      { name: 'VALUE_PATH', value: 'x' }, { name: 'VALUE_PYTHONHOME', valueFrom: { secretKeyRef: { name: 'orders-db', key: 'home' } } },
    ]);
    expect(containerOf(pod, 'web').env).toBeUndefined();
    expect([mountsOf(pod, 'render-config')[1], mountsOf(pod, 'web')]).toEqual(['/data', ['/data:ro']]);
  });

  test('charges a directory in memory to its own memory', () => {
    const pod = deployment();
    pod.with(config({ directory: SharedDirectory.inMemory('/etc/web', { sizeLimit: MIB }) }));
    expect(containerOf(pod, 'render-config').resources).toMatchObject({ requests: { memory: '33Mi' }, limits: { memory: '65Mi' } });
  });

  test('rolls the pods when a template changes', () => {
    const names = ['one', 'two', 'two'].map((text) => {
      const pod = deployment();
      pod.with(config({ files: { a: `\${USER} ${text}` } }));
      return Testing.synth(Chart.of(pod)).find(({ kind }) => kind === 'ConfigMap').metadata.name;
    });
    expect([names[0] === names[1], names[1] === names[2]]).toEqual([false, true]);
  });

  test.each<[string, Partial<RenderConfigProps>, string]>([
    ['a value that nobody gives', { files: { 'db.ini': '${USER} ${PASSWORD}' } }, 'files["db.ini"]: "${PASSWORD}" has no value'],
    ['a value that stands nowhere', { files: { 'db.ini': 'user=$USER $${USER}' } }, 'values: "USER" stands in no template'],
    ['what is no place for a value', { files: { 'db.ini': '${USER} and ${USER:-x} there' } }, 'files["db.ini"]: "${USER:-x} there" is no place for a value'],
    ['an unknown encoding', { files: { 'db.ini': '${USER|yaml}' } }, 'files["db.ini"]: "USER|yaml": "yaml" is no encoding'],
    ['no file', { files: {} }, 'files: "{}" has no file'],
    ['an absolute path', { files: { '/db.ini': '${USER}' } }, 'files: "/db.ini" is not relative'],
    ['a path that leaves', { files: { '../db.ini': '${USER}' } }, 'files: "../db.ini" has ".." in it, which may leave the directory'],
    ['a directory as a file', { files: { 'conf/': '${USER}' } }, 'files: "conf/" is no path of a file'],
    ['a file below a file', { files: { 'a': '${USER}', 'a/b': '' } }, 'files: "a/b" lies below "a", which is a file'],
    ['a template that is no text', { files: { a: 5 as any } }, 'files["a"]: "5" is not a string'],
    ['a value that is a text', { values: { USER: 'orders' as any } }, 'values["USER"]: "orders" is not an EnvValue'],
    ['a name of the prototype', { files: { a: '${constructor}' }, values: {} }, 'files["a"]: "${constructor}" has no value'],
    ['a decimal mode', { fileMode: 644 }, 'fileMode: "644" is no mode that lets the owner read'],
    ['a mode that nobody reads', { fileMode: 0o044 }, 'fileMode: "36" is no mode that lets the owner read'],
    ['more than a ConfigMap holds', { files: { a: '${USER}'.padEnd(1000000, 'x') } }, 'files: "1000008" bytes'],
  ])('refuses %s', (_, props, fact) => {
    expect(factOf(() => config(props))).toBe(`RenderConfig: ${fact}`);
  });
});

/** Runs the program of a part as its pod would: its ConfigMap as a folder, its command, its variables. */
describe('for real', () => {
  const folders: string[] = [];
  const processes: ChildProcess[] = [];
  const servers: Server[] = [];

  afterEach(() => {
    processes.splice(0).forEach((process) => process.kill('SIGKILL'));
    servers.splice(0).forEach((server) => server.close());
    folders.splice(0).forEach((folder) => rmSync(folder, { recursive: true, force: true }));
  });

  function newFolder(): string {
    const folder = mkdtempSync(join(tmpdir(), 'init-'));
    folders.push(folder);
    return folder;
  }

  interface Run { readonly child: ChildProcess; readonly ended: Promise<{ status: number | null; output: string }>; output: string }

  function run(part: PodPart, env: { [name: string]: string } = {}): Run {
    const pod = productionPod([new Sidecar({ image }), part]);
    const files = Testing.synth(Chart.of(pod)).find(({ kind }) => kind === 'ConfigMap').data as { [name: string]: string };
    const folder = newFolder();
    Object.entries(files).forEach(([name, text]) => writeFileSync(join(folder, name), text));
    const { command } = containerOf(pod, part.name);
    const [program, ...args] = command.map((word: string) => word.replace('/opt/pod-patterns', folder));
    const child = spawn(program, ['-S', ...args], { env: { PATH: process.env.PATH, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    processes.push(child);
    const result: Run = { child, output: '', ended: new Promise((resolve) => child.on('close', (status) => resolve({ status, output: result.output }))) };
    [child.stdout!, child.stderr!].forEach((stream) => stream.setEncoding('utf8').on('data', (text) => result.output += text));
    return result;
  }

  async function newServer(): Promise<{ server: Server; port: number }> {
    const server = createServer((socket) => socket.destroy());
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return { server, port: (server.address() as AddressInfo).port };
  }

  async function says(running: Run, text: string): Promise<void> {
    const giveUp = Date.now() + 10_000;
    while (!running.output.includes(text)) {
      if (Date.now() > giveUp) {
        throw new Error(`waited in vain for "${text}" in ${running.output}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  const waitFor = (port: number, props: Partial<WaitForProps> = {}) => new WaitFor({ endpoints: [TcpEndpoint.of('127.0.0.1', port)], timeout: Duration.seconds(20), ...props });

  const withPython = itWith('python3');

  withPython('WaitFor ends at once where everybody accepts', async () => {
    const [one, other] = [await newServer(), await newServer()];
    const { status, output } = await run(waitFor(one.port, { endpoints: [one, other].map(({ port }) => TcpEndpoint.of('127.0.0.1', port)) })).ended;
    expect([status, output.match(/accepts connections/g)]).toEqual([0, Array(2).fill('accepts connections')]);
  });

  withPython('WaitFor says once what it waits for, and ends when somebody listens', async () => {
    const { server, port } = await newServer();
    await new Promise((resolve) => server.close(resolve));
    const running = run(waitFor(port));
    await says(running, `waiting for 127.0.0.1:${port}: Connection refused`);
    server.listen(port, '127.0.0.1');
    const { status, output } = await running.ended;
    expect([status, output.split('waiting for').length - 1]).toEqual([0, 1]);
  });

  withPython('WaitFor fails after its time, or lets the app start', async () => {
    const { server, port } = await newServer();
    await new Promise((resolve) => server.close(resolve));
    const results = await Promise.all([WaitTimeout.FAIL, WaitTimeout.START_ANYWAY]
      .map((onTimeout) => run(waitFor(port, { timeout: Duration.seconds(1), onTimeout })).ended));
    expect(results.map(({ status }) => status)).toEqual([1, 0]);
    expect(results.map(({ output }) => output.split('\n').at(-2))).toEqual([
      `wait-for: 127.0.0.1:${port} did not accept a connection within 1 s`,
      `wait-for: 127.0.0.1:${port} did not accept a connection within 1 s: the app starts all the same`,
    ]);
  });

  withPython('WaitFor bears a name that nobody knows', async () => {
    const running = run(new WaitFor({ endpoints: [TcpEndpoint.of('nobody.invalid', 80)] }));
    await says(running, 'waiting for nobody.invalid:80: ');
    expect(running.child.exitCode).toBeNull();
  });

  withPython('WaitFor ends on TERM', async () => {
    const { server, port } = await newServer();
    await new Promise((resolve) => server.close(resolve));
    const running = run(waitFor(port));
    await says(running, 'waiting for');
    running.child.kill('SIGTERM');
    expect((await running.ended).status).toBe(143);
  });

  const directory = (path: string) => SharedDirectory.onDisk(path, { sizeLimit: MIB });

  withPython('RenderConfig writes values as they are and encoded, with the mode, and prints none of them', async () => {
    const target = newFolder();
    const password = 'a"b\\c\n/€ ${USER}';
    const { status, output } = await run(config({
      directory: directory(target), fileMode: 0o600,
      files: {
        'plain': '$host $$ $${USER} $$${USER} ${PASSWORD}',
        'conf/db.json': '{ "password": ${PASSWORD|json} }',
        'conf/url': 'postgres://${USER|url}:${PASSWORD|url}@db ${PASSWORD|base64}',
      },
      values: { USER: kplus.EnvValue.fromValue('x'), PASSWORD: kplus.EnvValue.fromValue('x') },
    }), { VALUE_USER: 'me@home', VALUE_PASSWORD: password }).ended;
    expect([status, output]).toEqual([0, `render-config: wrote plain, conf/db.json, conf/url in ${target}\n`]);
    const read = (name: string) => readFileSync(join(target, name), 'utf8');
    expect(read('plain')).toBe(`$host $$ \${USER} $\${USER} ${password}`);
    expect(JSON.parse(read('conf/db.json'))).toEqual({ password });
    expect(read('conf/url')).toBe(`postgres://me%40home:${encodeURIComponent(password)}@db ${Buffer.from(password).toString('base64')}`);
    expect([statSync(join(target, 'plain')).mode & 0o777, statSync(join(target, 'conf')).mode & 0o777]).toEqual([0o600, 0o755]); // eslint-disable-line no-bitwise
    expect(readdirSync(target).sort()).toEqual(['conf', 'plain']);
  });

  withPython('RenderConfig replaces its files when it runs again, also read-only ones and what a killed run left', async () => {
    const target = newFolder();
    writeFileSync(join(target, 'db.ini.new'), 'half');
    chmodSync(join(target, 'db.ini.new'), 0o400);
    const part = config({ directory: directory(target), fileMode: 0o400 });
    await run(part, { VALUE_USER: 'one' }).ended;
    expect((await run(part, { VALUE_USER: 'two' }).ended).status).toBe(0);
    expect([readFileSync(join(target, 'db.ini'), 'utf8'), readdirSync(target)]).toEqual(['user=two\n', ['db.ini']]);
  });

  withPython('RenderConfig writes nothing where a value is missing, and names it and no other value', async () => {
    const target = newFolder();
    const { status, output } = await run(config({
      directory: directory(target), files: { a: '${USER}', b: '${USER}${PASSWORD}' },
      values: { USER: kplus.EnvValue.fromValue('x'), PASSWORD: kplus.EnvValue.fromValue('x') },
    }), { VALUE_USER: 'geheim' }).ended;
    expect([status, output]).toEqual([1, 'render-config: b: PASSWORD has no value: is the key in its Secret or ConfigMap?\n']);
    expect(readdirSync(target)).toEqual([]);
  });

  withPython('RenderConfig says where it cannot write', async () => {
    const target = join(newFolder(), 'file');
    writeFileSync(target, '');
    const { status, output } = await run(config({ directory: directory(target) }), { VALUE_USER: 'geheim' }).ended;
    expect(status).toBe(1);
    expect(output).toMatch(/^render-config: cannot write \S+: (Not a directory|File exists)\n$/);
  });

  const copies: [string, string[]][] = [['cp', ['cp']], ['busybox', ['busybox', 'cp']]];
  copies.forEach(([program, cp]) => itWith(program)(`Prefill copies everything with ${cp.join(' ')}, and again over what is there`, () => {
    const [source, target] = [newFolder(), newFolder()];
    mkdirSync(join(source, 'sub'));
    writeFileSync(join(source, 'sub', 'file'), 'new');
    writeFileSync(join(source, '.hidden'), 'new');
    writeFileSync(join(source, 'read-only'), 'new');
    chmodSync(join(source, 'read-only'), 0o444);
    symlinkSync('read-only', join(source, 'link'));
    writeFileSync(join(target, 'own'), 'old');
    writeFileSync(join(target, '.hidden'), 'old');
    const { command } = containerOf(productionPod([new Prefill({ image, source, directory: directory(target) })]), 'prefill');
    for (let round = 0; round < 2; round++) {
      expect(spawnSync(cp[0], [...cp.slice(1), ...command.slice(1)], { encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' });
    }
    const read = (name: string) => readFileSync(join(target, name), 'utf8');
    expect(['sub/file', '.hidden', 'read-only', 'link', 'own'].map(read)).toEqual(['new', 'new', 'new', 'new', 'old']);
    expect(existsSync(join(target, 'sub', 'sub'))).toBe(false);
  }));
});

test('ProductionReady fills an init part like any other container', () => {
  const pod = deployment();
  pod.with(new InitTask({ image }), new ProductionReady({ user: 1234 }));
  expect(containerOf(pod, 'init-task')).toMatchObject({ terminationMessagePolicy: 'FallbackToLogsOnError', securityContext: { runAsUser: 1234 } });
});

import { spawnSync } from 'child_process';
import { ApiObject, App, Chart, Cron, Duration, JsonPatch, Size, Testing } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import {
  ClaimRetention, CompletionMode, ContainerSettings, DaemonSetSettings, DaemonSetUpdateStrategy, JobSettings, NetworkIsolation, PodFailureAction, PodFailureRule,
  PodSettings, PodSettingsProps, Probes, ProductionPod, ProductionReady, Sidecar, SidecarPod, StatefulSetSettings, SupplementalGroupsPolicy,
  TopologySpread, Volumes, WhenUnsatisfiable,
} from '../../src';
import { itWith } from '../support/programs';

const image = 'registry.example/web:1.0.0';
const declined = { livenessDeclined: 'a test', readinessDeclined: 'a test' };
const LOCALHOST = kplus.SeccompProfileType.LOCALHOST;
let said: string[] = [];

beforeEach(() => {
  said = [];
  jest.spyOn(process.stderr, 'write').mockImplementation((text) => said.push(String(text)) > 0);
});
afterEach(() => jest.restoreAllMocks());

function newChart(): Chart {
  return new Chart(new App(), 'shop');
}

const kinds: [string, (chart: Chart) => kplus.AbstractPod][] = [
  ['Pod', (chart) => new kplus.Pod(chart, 'Web', { containers: [{ image }] })],
  ['pattern pod', (chart) => new ProductionPod(chart, 'Web', { app: { image }, ...declined })],
  ['Deployment', (chart) => new kplus.Deployment(chart, 'Web', { containers: [{ image }] })],
  ['StatefulSet', (chart) => newStatefulSet(chart)],
  ['DaemonSet', (chart) => new kplus.DaemonSet(chart, 'Web', { containers: [{ image }] })],
  ['Job', (chart) => new kplus.Job(chart, 'Web', { containers: [{ image }] })],
  ['CronJob', (chart) => newCronJob(chart)],
];

function newDeployment(chart = newChart()): kplus.Deployment {
  return new kplus.Deployment(chart, 'Web', { containers: [{ image }] });
}

function newStatefulSet(chart = newChart()): kplus.StatefulSet {
  return new kplus.StatefulSet(chart, 'Web', { containers: [{ image, portNumber: 5432 }] });
}

function newCronJob(chart = newChart()): kplus.CronJob {
  return new kplus.CronJob(chart, 'Web', { schedule: Cron.daily(), containers: [{ image }] });
}

function objectOf(pod: kplus.AbstractPod): any {
  return Testing.synth(Chart.of(pod)).find(({ metadata, kind }) => metadata.name === pod.name && kind === ApiObject.of(pod).kind);
}

function templateOf(pod: kplus.AbstractPod): any {
  const object = objectOf(pod);
  return object.spec.jobTemplate?.spec.template ?? object.spec.template ?? object;
}

function specOf(pod: kplus.AbstractPod): any {
  return templateOf(pod).spec;
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

describe('PodSettings', () => {
  const props: PodSettingsProps = {
    seccompProfile: { type: LOCALHOST, localhostProfile: 'profiles/web.json' },
    supplementalGroups: [2000, 0],
    supplementalGroupsPolicy: SupplementalGroupsPolicy.STRICT,
    priorityClassName: 'business-critical',
    runtimeClassName: 'gvisor',
    shareProcessNamespace: true,
    enableServiceLinks: true,
    preStopSleep: Duration.seconds(7),
  };

  test.each(kinds)('writes every field into a %s, and synthesizes the same bytes twice', (_, newPod) => {
    const pod = newPod(newChart());
    pod.with(new PodSettings(props));
    expect(specOf(pod)).toMatchObject({
      securityContext: {
        seccompProfile: { type: 'Localhost', localhostProfile: 'profiles/web.json' },
        supplementalGroups: [2000, 0],
        supplementalGroupsPolicy: 'Strict',
      },
      priorityClassName: 'business-critical',
      runtimeClassName: 'gvisor',
      shareProcessNamespace: true,
      enableServiceLinks: true,
      containers: [{ lifecycle: { preStop: { sleep: { seconds: 7 } } } }],
    });
    expect(JSON.stringify(objectOf(pod))).toBe(JSON.stringify(objectOf(pod)));
  });

  test('writes nothing that was not given', () => {
    const plain = newDeployment();
    const before = objectOf(plain);
    plain.with(new PodSettings({}));
    expect(objectOf(plain)).toEqual(before);
  });

  test('reaches every pod in a chart', () => {
    const chart = newChart();
    const pods = kinds.slice(2, 4).map(([, newPod], index) => newPod(new Chart(chart, `c${index}`)));
    chart.with(new PodSettings({ priorityClassName: 'low' }));
    expect(pods.map((pod) => specOf(pod).priorityClassName)).toEqual(['low', 'low']);
    expect(said).toEqual([]);
  });

  test('keeps what it was given when the caller changes his lists', () => {
    const groups = [2000];
    const settings = new PodSettings({ supplementalGroups: groups });
    groups.push(3000);
    const pod = newDeployment();
    pod.with(settings);
    expect(specOf(pod).securityContext.supplementalGroups).toEqual([2000]);
  });

  test('lets a JSON patch have the last word', () => {
    const pod = newDeployment();
    pod.with(new PodSettings({ priorityClassName: 'low' }));
    ApiObject.of(pod).addJsonPatch(JsonPatch.replace('/spec/template/spec/priorityClassName', 'high'));
    expect(specOf(pod).priorityClassName).toBe('high');
  });

  test('comes before what ProductionReady fills', () => {
    const pod = newDeployment();
    pod.with(new ProductionReady(), new PodSettings({ enableServiceLinks: true, seccompProfile: { type: kplus.SeccompProfileType.UNCONFINED } }));
    expect(specOf(pod)).toMatchObject({ enableServiceLinks: true, securityContext: { seccompProfile: { type: 'Unconfined' } } });
  });

  test('adds its preStop hook beside a postStart hook, in the app and not in a part', () => {
    const pod = new SidecarPod(newChart(), 'Web', {
      app: { image, lifecycle: { postStart: kplus.Handler.fromCommand(['/warm-up']) } },
      sidecar: new Sidecar({ image }),
    });
    pod.with(new PodSettings({ preStopSleep: Duration.seconds(20) }));
    expect(specOf(pod).containers[0].lifecycle).toEqual({ postStart: { exec: { command: ['/warm-up'] } }, preStop: { sleep: { seconds: 20 } } });
    expect(specOf(pod).initContainers[0].lifecycle).toBeUndefined();
    expect(specOf(pod).terminationGracePeriodSeconds).toBeGreaterThanOrEqual(20 + 15 + 6);
  });

  test('accepts the same value from two settings', () => {
    const pod = newDeployment();
    pod.with(new PodSettings(props), new PodSettings({ priorityClassName: 'business-critical', preStopSleep: Duration.seconds(7) }));
    expect(specOf(pod).priorityClassName).toBe('business-critical');
  });

  test.each<[string, PodSettingsProps, string]>([
    ['another value', { priorityClassName: 'low' }, 'spec.template.spec.priorityClassName: "business-critical" is given already, and PodSettings gives "low"'],
    ['another list', { supplementalGroups: [0, 2000] }, 'spec.template.spec.securityContext.supplementalGroups: "[2000,0]" is given already, and PodSettings gives "[0,2000]"'],
    ['another wait', { preStopSleep: Duration.seconds(8) },
      'spec.template.spec.containers[0].lifecycle.preStop: "{"sleep":{"seconds":7}}" is given already, and PodSettings gives "{"sleep":{"seconds":8}}"'],
  ])('refuses %s than was given before, at that line', (_, second, fact) => {
    const pod = newDeployment();
    pod.with(new PodSettings(props));
    expect(factOf(() => pod.with(new PodSettings(second)))).toBe(`shop/Web: ${fact}`);
  });

  test('refuses a wait beside a preStop hook that the app has', () => {
    const pod = new kplus.Deployment(newChart(), 'Web', { containers: [{ image, lifecycle: { preStop: kplus.Handler.fromCommand(['/drain']) } }] });
    pod.with(new PodSettings(props));
    expect(factOf(() => specOf(pod))).toBe('shop/Web: spec.template.spec.containers[0].lifecycle.preStop: "{"exec":{"command":["/drain"]}}" is given already, '
      + 'and PodSettings gives "{"sleep":{"seconds":7}}"');
  });

  test('refuses another wait than the pattern pod has, and accepts the same', () => {
    const pod = new ProductionPod(newChart(), 'Web', { app: { image }, preStopSleep: Duration.seconds(5), ...declined });
    expect(factOf(() => pod.with(new PodSettings(props)))).toBe('shop/Web: preStopSleep: "5 s" is given already, and PodSettings gives "7 s"');
    pod.with(new PodSettings({ preStopSleep: Duration.seconds(5) }));
    expect(specOf(pod).containers[0].lifecycle).toEqual({ preStop: { sleep: { seconds: 5 } } });
  });

  test.each<[string, PodSettingsProps, string]>([
    ['a Localhost profile without a file', { seccompProfile: { type: LOCALHOST } }, 'seccompProfile.localhostProfile: "" is no file'],
    ['an absolute file', { seccompProfile: { type: LOCALHOST, localhostProfile: '/web.json' } }, 'seccompProfile.localhostProfile: "/web.json" is not relative'],
    ['a file beside another type', { seccompProfile: { type: kplus.SeccompProfileType.UNCONFINED, localhostProfile: 'web.json' } },
      'seccompProfile.localhostProfile: "web.json" beside the type "Unconfined"'],
    ['an unknown type', { seccompProfile: { type: 'Default' as any } }, 'seccompProfile.type: "Default" is not a SeccompProfileType'],
    ['a negative group', { supplementalGroups: [1, -1] }, 'supplementalGroups[1]: "-1" is not a whole number from 0'],
    ['an unknown policy', { supplementalGroupsPolicy: 'strict' as any }, 'supplementalGroupsPolicy: "strict" is not a SupplementalGroupsPolicy'],
    ['a name with capitals', { priorityClassName: 'High' }, 'priorityClassName: "High" is not a DNS subdomain of at most 253 characters'],
    ['an empty name', { runtimeClassName: '' }, 'runtimeClassName: "" is not a DNS subdomain of at most 253 characters'],
    ['a text for a flag', { shareProcessNamespace: 'false' as any }, 'shareProcessNamespace: "false" is not true or false'],
    ['a wait of no time', { preStopSleep: Duration.seconds(0) }, 'preStopSleep: "0 s" is not a whole number of seconds from 1'],
    ['a fraction of a second', { preStopSleep: Duration.millis(1500) }, 'preStopSleep: "1.5 s" is not a whole number of seconds from 1'],
    ['a spread that is none', { topologySpread: [{}] as any }, 'topologySpread: "{}" is not a TopologySpread'],
    ['the same spread twice', { topologySpread: [TopologySpread.over(kplus.Topology.ZONE), TopologySpread.over(kplus.Topology.ZONE, { maxSkew: 2 })] },
      'topologySpread: "topology.kubernetes.io/zone ScheduleAnyway" is given twice'],
  ])('refuses %s', (_, bad, fact) => {
    expect(factOf(() => new PodSettings(bad))).toBe(`PodSettings: ${fact}`);
  });
});

describe('TopologySpread', () => {
  const zones = TopologySpread.over(kplus.Topology.ZONE);

  test('counts the pods that a Deployment selects, and those of one rollout only', () => {
    const pod = newDeployment();
    pod.with(new PodSettings({ topologySpread: [zones] }));
    expect(specOf(pod).topologySpreadConstraints).toEqual([{
      maxSkew: 1, topologyKey: 'topology.kubernetes.io/zone', whenUnsatisfiable: 'ScheduleAnyway',
      labelSelector: { matchLabels: objectOf(pod).spec.selector.matchLabels }, matchLabelKeys: ['pod-template-hash'],
    }]);
  });

  test.each(kinds.filter(([kind]) => ['StatefulSet', 'DaemonSet', 'Job', 'CronJob'].includes(kind)))('counts the pods of a %s', (_, newPod) => {
    const pod = newPod(newChart());
    pod.with(new PodSettings({ topologySpread: [zones] }));
    const [{ labelSelector, matchLabelKeys }] = specOf(pod).topologySpreadConstraints;
    expect(templateOf(pod).metadata.labels).toMatchObject(labelSelector.matchLabels);
    expect([Object.keys(labelSelector.matchLabels).length, matchLabelKeys]).toEqual([1, undefined]);
  });

  test('writes everything that is chosen', () => {
    const pod = new kplus.Pod(newChart(), 'Web', { containers: [{ image }] });
    pod.with(new PodSettings({
      topologySpread: [TopologySpread.over(kplus.Topology.custom('example.com/rack'), {
        maxSkew: 2, minDomains: 3, whenUnsatisfiable: WhenUnsatisfiable.DO_NOT_SCHEDULE, labels: { app: 'web' }, matchLabelKeys: ['version'],
      })],
    }));
    expect(specOf(pod).topologySpreadConstraints).toEqual([{
      maxSkew: 2, minDomains: 3, topologyKey: 'example.com/rack', whenUnsatisfiable: 'DoNotSchedule',
      labelSelector: { matchLabels: { app: 'web' } }, matchLabelKeys: ['version'],
    }]);
  });

  test('counts all pods of a Deployment where no keys are wanted', () => {
    const pod = newDeployment();
    pod.with(new PodSettings({ topologySpread: [TopologySpread.over(kplus.Topology.ZONE, { matchLabelKeys: [] })] }));
    expect(specOf(pod).topologySpreadConstraints[0].matchLabelKeys).toBeUndefined();
  });

  test('refuses to spread a Pod without labels of others', () => {
    const pod = new kplus.Pod(newChart(), 'Web', { containers: [{ image }] });
    expect(factOf(() => pod.with(new PodSettings({ topologySpread: [zones] })))).toBe('shop/Web: topologySpread: labels: missing');
  });

  test.each<[string, () => unknown, string]>([
    ['a key that is no Topology', () => TopologySpread.over('zone' as any), 'topology: "zone" is not a Topology'],
    ['a skew of zero', () => TopologySpread.over(kplus.Topology.ZONE, { maxSkew: 0 }), 'maxSkew: "0" is not a whole number from 1'],
    ['domains that are only wished for', () => TopologySpread.over(kplus.Topology.ZONE, { minDomains: 2 }), 'minDomains: "2" beside "ScheduleAnyway"'],
    ['labels of everybody', () => TopologySpread.over(kplus.Topology.ZONE, { labels: {} }), 'labels: "{}" counts every pod of the namespace'],
    ['a key that is a label too', () => TopologySpread.over(kplus.Topology.ZONE, { labels: { a: 'b' }, matchLabelKeys: ['a'] }), 'matchLabelKeys: "a" is given twice'],
  ])('refuses %s', (_, action, fact) => {
    expect(factOf(action)).toBe(`TopologySpread: ${fact}`);
  });
});

describe('ContainerSettings', () => {
  test('writes devices as requests and limits of the app, beside those that it has', () => {
    const pod = newDeployment();
    pod.with(new ContainerSettings({ extendedResources: { 'nvidia.com/gpu': 2 } }));
    expect(specOf(pod).containers[0].resources).toEqual({
      limits: { 'cpu': '1500m', 'memory': '2048Mi', 'nvidia.com/gpu': '2' }, requests: { 'cpu': '1000m', 'memory': '512Mi', 'nvidia.com/gpu': '2' },
    });
  });

  test('does not hide the silent defaults of cdk8s-plus from ProductionReady', () => {
    const pod = newDeployment();
    pod.with(new ContainerSettings({ extendedResources: { 'nvidia.com/gpu': 1 } }), new ProductionReady());
    expect(specOf(pod).containers[0].resources.requests).toMatchObject({ 'cpu': '250m', 'nvidia.com/gpu': '1' });
  });

  test('means the container by its value, whoever has the same name', () => {
    const pod = newDeployment();
    const helper = pod.addContainer({ name: 'helper', image, resources: {} });
    const sidecar = new Sidecar({ image }).bind(pod).container;
    pod.with(
      new ContainerSettings({ container: helper, extendedResources: { 'example.com/fpga': 1 } }),
      new ContainerSettings({ container: sidecar, preStopSleep: Duration.seconds(3) }),
    );
    const { containers, initContainers } = specOf(pod);
    expect(containers.map(({ resources }: any) => resources?.limits?.['example.com/fpga'])).toEqual([undefined, '1']);
    expect(initContainers[0].lifecycle).toEqual({ preStop: { sleep: { seconds: 3 } } });
  });

  test('refuses a container of another pod', () => {
    const [one, other] = [newDeployment(), newDeployment()];
    expect(factOf(() => one.with(new ContainerSettings({ container: other.containers[0], preStopSleep: Duration.seconds(1) }))))
      .toBe('shop/Web: ContainerSettings: container: "main" is no container of this pod');
  });

  test('refuses a preStop hook of a plain init container', () => {
    const pod = newDeployment();
    const container = pod.addInitContainer({ name: 'prepare', image });
    expect(factOf(() => pod.with(new ContainerSettings({ container, preStopSleep: Duration.seconds(1) }))))
      .toBe('shop/Web: ContainerSettings: preStopSleep: container "prepare" is an init container');
  });

  test('refuses another value than PodSettings gave', () => {
    const pod = newDeployment();
    pod.with(new PodSettings({ preStopSleep: Duration.seconds(1) }));
    expect(factOf(() => pod.with(new ContainerSettings({ container: pod.containers[0], preStopSleep: Duration.seconds(2) }))))
      .toMatch(/^shop\/Web: spec\.template\.spec\.containers\[0\]\.lifecycle\.preStop: .* is given already, and ContainerSettings gives /);
  });

  test.each<[string, { [name: string]: any }, string]>([
    ['a resource of Kubernetes', { cpu: 1 }, '"cpu" is a resource of Kubernetes itself'],
    ['huge pages', { 'hugepages-2Mi': 1 }, '"hugepages-2Mi" is a resource of Kubernetes itself'],
    ['the domain of Kubernetes', { 'x.kubernetes.io/gpu': 1 }, '"x.kubernetes.io/gpu" is a resource of Kubernetes itself'],
    ['a name with a blank', { 'nvidia.com/g pu': 1 }, '"nvidia.com/g pu" is no name of a resource'],
    ['two slashes', { 'nvidia.com/gpu/1': 1 }, '"nvidia.com/gpu/1" is no name of a resource'],
  ])('refuses %s as an extended resource', (_, extendedResources, fact) => {
    expect(factOf(() => new ContainerSettings({ extendedResources }))).toBe(`ContainerSettings: extendedResources: ${fact}`);
  });

  test.each([0.5, -1, '1'])('refuses %j devices', (amount: any) => {
    expect(factOf(() => new ContainerSettings({ extendedResources: { 'nvidia.com/gpu': amount } })))
      .toBe(`ContainerSettings: extendedResources["nvidia.com/gpu"]: "${amount}" is not a whole number from 0 to 9007199254740991`);
  });
});

describe('Probes', () => {
  const timing = {
    failureThreshold: 5, initialDelaySeconds: Duration.seconds(1), periodSeconds: Duration.seconds(2), timeoutSeconds: Duration.seconds(3), successThreshold: 1,
  };
  const rendered = { failureThreshold: 5, initialDelaySeconds: 1, periodSeconds: 2, timeoutSeconds: 3, successThreshold: 1 };

  /** The liveness probe of a plain Deployment. */
  function render(liveness: kplus.Probe, container: Partial<kplus.ContainerProps> = {}): any {
    const pod = new kplus.Deployment(newChart(), 'Web', { containers: [{ image, liveness, ...container }] });
    return specOf(pod).containers[0].livenessProbe;
  }

  test.each<[string, kplus.Probe, object]>([
    ['gRPC', Probes.fromGrpc(9000, { service: 'orders', ...timing }), { ...rendered, grpc: { port: 9000, service: 'orders' } }],
    ['HTTP', Probes.fromHttpGet('/ready?full=1', { port: 8443, scheme: kplus.ConnectionScheme.HTTPS, headers: { Host: 'web.example.com', Accept: '*/*' }, ...timing }),
      { ...rendered, httpGet: { path: '/ready?full=1', port: 8443, scheme: 'HTTPS', httpHeaders: [{ name: 'Host', value: 'web.example.com' }, { name: 'Accept', value: '*/*' }] } }],
    ['HTTP by a name', Probes.fromHttpGet('/', { portName: 'http' }), { failureThreshold: 3, httpGet: { path: '/', port: 'http', scheme: 'HTTP' } }],
    ['TCP by a name', Probes.fromTcpSocket({ portName: 'sql', ...timing }), { ...rendered, tcpSocket: { port: 'sql' } }],
    ['a command', Probes.fromCommand(['/bin/check', '-v'], { terminationGracePeriod: Duration.seconds(4) }),
      { failureThreshold: 3, terminationGracePeriodSeconds: 4, exec: { command: ['/bin/check', '-v'] } }],
  ])('render a probe by %s', (_, probe, expected) => {
    expect(render(probe)).toEqual(expected);
  });

  test('survive the checks and the filling of a pattern pod, wherever it takes a probe', () => {
    const pod = new ProductionPod(newChart(), 'Web', {
      app: {
        image,
        ports: [{ name: 'grpc', number: 9000 }, { name: 'http', number: 8080 }],
        startup: Probes.fromTcpSocket({ portName: 'http', failureThreshold: 30 }),
        liveness: Probes.fromGrpc(9000),
        readiness: Probes.fromHttpGet('/ready', { portName: 'http', headers: { 'X-Probe': 'readiness' } }),
      },
    });
    expect(specOf(pod).containers[0]).toMatchObject({
      startupProbe: { tcpSocket: { port: 'http' }, failureThreshold: 30 },
      livenessProbe: { grpc: { port: 9000 }, terminationGracePeriodSeconds: 10 },
      readinessProbe: { httpGet: { port: 'http', httpHeaders: [{ name: 'X-Probe', value: 'readiness' }] } },
    });
  });

  test('keep a grace period that the probe has', () => {
    const pod = new ProductionPod(newChart(), 'Web', {
      app: { image, liveness: Probes.fromGrpc(9000, { terminationGracePeriod: Duration.seconds(3) }) }, readinessDeclined: 'a test',
    });
    expect(specOf(pod).containers[0].livenessProbe.terminationGracePeriodSeconds).toBe(3);
  });

  test('go to the only TCP port that the container declares', () => {
    expect(render(Probes.fromHttpGet('/'), { ports: [{ number: 53, protocol: kplus.Protocol.UDP }, { number: 8080 }] }).httpGet.port).toBe(8080);
    expect(render(Probes.fromTcpSocket(), { portNumber: 8080 }).tcpSocket.port).toBe(8080);
  });

  test('ask for a port where the container does not tell it', () => {
    expect(() => render(Probes.fromHttpGet('/'))).toThrow('Probes.fromHttpGet: port: missing, and container "main" declares no TCP port\n  why: ');
    expect(() => render(Probes.fromTcpSocket(), { ports: [{ number: 1 }, { number: 2 }] })).toThrow('container "main" declares 2 TCP ports');
  });

  test('are refused where their name is no port of the container', () => {
    const pod = new ProductionPod(newChart(), 'Web', {
      app: { image, ports: [{ name: 'http', number: 8080 }], liveness: Probes.fromHttpGet('/', { portName: 'web' }) }, readinessDeclined: 'a test',
    });
    expect(messageOf(() => specOf(pod))).toContain('spec.containers[0].livenessProbe.httpGet.port: "web" is no port of container "app"');
  });

  test('may be shared by containers, each of which has its own port', () => {
    const liveness = Probes.fromTcpSocket();
    const pod = new kplus.Deployment(newChart(), 'Web', { containers: [{ image, portNumber: 1111, liveness }, { name: 'b', image, portNumber: 2222, liveness }] });
    expect(specOf(pod).containers.map(({ livenessProbe }: any) => livenessProbe.tcpSocket.port)).toEqual([1111, 2222]);
  });

  test.each<[string, () => unknown, string]>([
    ['a gRPC probe of a name', () => Probes.fromGrpc('grpc' as any), 'Probes.fromGrpc: port: "grpc" is not a whole number from 1 to 65535'],
    ['a service that is no text', () => Probes.fromGrpc(1, { service: 5 as any }), 'Probes.fromGrpc: service: "5" is not a string'],
    ['an empty path', () => Probes.fromHttpGet(''), 'Probes.fromHttpGet: path: "" is no path'],
    ['a port above 65535', () => Probes.fromHttpGet('/', { port: 70000 }), 'Probes.fromHttpGet: port: "70000" is not a whole number from 1 to 65535'],
    ['a port and a name', () => Probes.fromTcpSocket({ port: 1, portName: 'http' }), 'Probes.fromTcpSocket: portName: "http" beside port "1"'],
    ['a number as a name', () => Probes.fromTcpSocket({ portName: '8080' }), 'Probes.fromTcpSocket: portName: "8080" is no name of a port'],
    ['an unknown scheme', () => Probes.fromHttpGet('/', { scheme: 'https' as any }), 'Probes.fromHttpGet: scheme: "https" is not a ConnectionScheme'],
    ['a header with a colon', () => Probes.fromHttpGet('/', { headers: { 'Host:': 'x' } }), 'Probes.fromHttpGet: headers: "Host:" is no name of a header'],
    ['a header twice', () => Probes.fromHttpGet('/', { headers: { host: 'x', Host: 'y' } }), 'Probes.fromHttpGet: headers: "host" is given twice'],
    ['a header that is no text', () => Probes.fromHttpGet('/', { headers: { Host: 1 as any } }), 'Probes.fromHttpGet: headers["Host"]: "1" is not a string'],
    ['no command', () => Probes.fromCommand([]), 'Probes.fromCommand: command: "" is no command'],
    ['a threshold of zero', () => Probes.fromGrpc(1, { failureThreshold: 0 }), 'Probes.fromGrpc: failureThreshold: "0" is not a whole number from 1'],
    ['a period of zero', () => Probes.fromGrpc(1, { periodSeconds: Duration.seconds(0) }), 'Probes.fromGrpc: periodSeconds: "0 s" is not a whole number of seconds from 1'],
    ['a fraction', () => Probes.fromGrpc(1, { timeoutSeconds: Duration.millis(500) }), 'Probes.fromGrpc: timeoutSeconds: "0.5 s" is not a whole number of seconds from 1'],
    ['a number for a Duration', () => Probes.fromGrpc(1, { initialDelaySeconds: 5 as any }), 'Probes.fromGrpc: initialDelaySeconds: "5" is not a Duration'],
  ])('refuse %s', (_, action, fact) => {
    expect(factOf(action)).toBe(fact);
  });
});

describe('Volumes.fromServiceAccountToken', () => {
  test.each(kinds)('mounts a token in a container of a %s', (_, newPod) => {
    const pod = newPod(newChart());
    const volume = Volumes.fromServiceAccountToken(pod, 'Token', 'vault-token', { audience: 'vault', expiration: Duration.minutes(10), path: 'vault/jwt' });
    pod.containers[0].mount('/var/run/secrets/vault', volume, { readOnly: true });
    expect(specOf(pod).volumes).toContainEqual({
      name: 'vault-token', projected: { sources: [{ serviceAccountToken: { audience: 'vault', expirationSeconds: 600, path: 'vault/jwt' } }] },
    });
    expect(specOf(pod).containers[0].volumeMounts).toEqual([{ mountPath: '/var/run/secrets/vault', name: 'vault-token', readOnly: true }]);
    expect(specOf(pod).automountServiceAccountToken).toBe(false);
  });

  test('has an hour, the file "token" and the API server as its audience unless told', () => {
    const pod = newDeployment();
    pod.addVolume(Volumes.fromServiceAccountToken(pod, 'Token', 'token'));
    expect(specOf(pod).volumes[0].projected.sources).toEqual([{ serviceAccountToken: { expirationSeconds: 3600, path: 'token' } }]);
  });

  test.each<[string, string, any, string]>([
    ['a name with capitals', 'Token', {}, 'name: "Token" is not a DNS label of at most 63 characters'],
    ['a life below 10 minutes', 'token', { expiration: Duration.minutes(9) }, 'expiration: "540 s" is not a whole number of seconds from 600'],
    ['a life above 2^32 seconds', 'token', { expiration: Duration.days(50000) }, 'expiration: "4320000000 s" is more than 2^32 seconds'],
    ['an empty audience', 'token', { audience: '' }, 'audience: "" is nobody'],
    ['an absolute path', 'token', { path: '/token' }, 'path: "/token" is not relative'],
    ['a name of the kubelet', 'token', { path: '..data' }, 'path: "..data" starts with ".."'],
  ])('refuses %s', (_, name, options, fact) => {
    expect(factOf(() => Volumes.fromServiceAccountToken(newDeployment(), 'Token', name, options))).toBe(`shop/Web/Token: ${fact}`);
  });
});

describe('Volumes.fromClaimTemplate', () => {
  test('gives each pod of a StatefulSet a claim, which containers and parts mount like any volume', () => {
    const pod = newStatefulSet();
    const options = { storage: Size.gibibytes(10), storageClassName: 'fast', accessModes: [kplus.PersistentVolumeAccessMode.READ_WRITE_ONCE_POD] };
    pod.containers[0].mount('/data', Volumes.fromClaimTemplate(pod, 'data', options));
    pod.containers[0].mount('/log', Volumes.fromClaimTemplate(pod, 'log', { storage: Size.kibibytes(1536) }));
    pod.containers[0].mount('/tmp', kplus.Volume.fromEmptyDir(pod, 'Tmp', 'tmp'));
    expect(objectOf(pod).spec.volumeClaimTemplates).toEqual([
      { metadata: { name: 'data' }, spec: { accessModes: ['ReadWriteOncePod'], resources: { requests: { storage: '10Gi' } }, storageClassName: 'fast' } },
      { metadata: { name: 'log' }, spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1536Ki' } } } },
    ]);
    expect(specOf(pod).volumes.map(({ name }: any) => name)).toEqual(['tmp']);
    expect(specOf(pod).containers[0].volumeMounts.map(({ name }: any) => name)).toEqual(['data', 'log', 'tmp']);
  });

  test('leaves no empty list of volumes, and synthesizes the same bytes twice', () => {
    const pod = newStatefulSet();
    pod.containers[0].mount('/data', Volumes.fromClaimTemplate(pod, 'data', { storage: Size.gibibytes(1) }));
    const first = JSON.stringify(objectOf(pod));
    expect(JSON.parse(first).spec.template.spec).not.toHaveProperty('volumes');
    expect(JSON.stringify(objectOf(pod))).toBe(first);
  });

  test('gets no group of ours, which would be handed every file of the claim', () => {
    const pod = new kplus.StatefulSet(newChart(), 'Web', { containers: [{ image, portNumber: 1, securityContext: { user: 999 } }] });
    const shared = kplus.Volume.fromEmptyDir(pod, 'Tmp', 'tmp');
    pod.containers[0].mount('/data', Volumes.fromClaimTemplate(pod, 'data', { storage: Size.gibibytes(1) }));
    pod.containers[0].mount('/tmp', shared);
    pod.addContainer({ name: 'other', image, securityContext: { user: 1000 } }).mount('/tmp', shared);
    pod.with(new ProductionReady());
    expect(specOf(pod).securityContext.fsGroup).toBeUndefined();
  });

  test.each<[string, () => unknown, string]>([
    ['another kind', () => Volumes.fromClaimTemplate(newDeployment() as any, 'data', { storage: Size.gibibytes(1) }),
      'Volumes.fromClaimTemplate: statefulSet: "a Deployment" is not a StatefulSet'],
    ['no size', () => Volumes.fromClaimTemplate(newStatefulSet(), 'data', {} as any), 'shop/Web: volumeClaimTemplates["data"].storage: missing'],
    ['a size of zero', () => Volumes.fromClaimTemplate(newStatefulSet(), 'data', { storage: Size.gibibytes(0) }),
      'shop/Web: volumeClaimTemplates["data"].storage: "0Gi" is not a whole number of kibibytes above zero'],
    ['no access mode', () => Volumes.fromClaimTemplate(newStatefulSet(), 'data', { storage: Size.gibibytes(1), accessModes: [] }),
      'shop/Web: volumeClaimTemplates["data"].accessModes: "" is no access mode'],
    ['a class with capitals', () => Volumes.fromClaimTemplate(newStatefulSet(), 'data', { storage: Size.gibibytes(1), storageClassName: 'Fast' }),
      'shop/Web: volumeClaimTemplates["data"].storageClassName: "Fast" is not a DNS subdomain of at most 253 characters'],
  ])('refuses %s', (_, action, fact) => {
    expect(factOf(action)).toBe(fact);
  });

  test('refuses two templates of one name', () => {
    const pod = newStatefulSet();
    Volumes.fromClaimTemplate(pod, 'data', { storage: Size.gibibytes(1) });
    expect(factOf(() => Volumes.fromClaimTemplate(pod, 'data', { storage: Size.gibibytes(1) }))).toBe('shop/Web: volumeClaimTemplates: "data" is the name of two templates');
  });
});

describe('DaemonSetSettings', () => {
  const { absolute, percent } = kplus.PercentOrAbsolute;

  test.each<[string, DaemonSetUpdateStrategy, object]>([
    ['one node at a time', DaemonSetUpdateStrategy.rollingUpdate(), { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1, maxSurge: 0 } }],
    ['a part of the nodes', DaemonSetUpdateStrategy.rollingUpdate({ maxUnavailable: percent(10) }),
      { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '10%', maxSurge: 0 } }],
    ['a new pod before the old one goes', DaemonSetUpdateStrategy.rollingUpdate({ maxSurge: absolute(2) }),
      { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 0, maxSurge: 2 } }],
    ['by hand', DaemonSetUpdateStrategy.onDelete(), { type: 'OnDelete' }],
  ])('updates %s', (_, updateStrategy, expected) => {
    const pod = new kplus.DaemonSet(newChart(), 'Web', { containers: [{ image }] });
    pod.with(new DaemonSetSettings({ updateStrategy }));
    expect(objectOf(pod).spec.updateStrategy).toEqual(expected);
  });

  test.each<[string, any, string]>([
    ['both', { maxUnavailable: absolute(1), maxSurge: percent(5) }, 'maxUnavailable: "1" beside maxSurge "5%"'],
    ['neither', { maxUnavailable: percent(0) }, 'maxUnavailable: "0%" beside maxSurge "0"'],
    ['more than all', { maxSurge: percent(101) }, 'maxSurge: "101%" is neither a whole number from 0 nor whole percents up to 100'],
    ['a bare number', { maxSurge: 1 }, 'maxSurge: "1" is not a PercentOrAbsolute'],
  ])('refuses %s', (_, options, fact) => {
    expect(factOf(() => DaemonSetUpdateStrategy.rollingUpdate(options))).toBe(`DaemonSetUpdateStrategy.rollingUpdate: ${fact}`);
  });
});

describe('JobSettings', () => {
  const rules = [
    PodFailureRule.onDisruption(PodFailureAction.IGNORE),
    PodFailureRule.onExitCodes(PodFailureAction.FAIL_JOB, [137, 42]),
    PodFailureRule.onExitCodes(PodFailureAction.COUNT, [0, 1], { allOthers: true }),
  ];

  test.each<[string, (chart: Chart) => kplus.Workload]>([
    ['a Job', (chart) => new kplus.Job(chart, 'Web', { containers: [{ image }] })],
    ['the Jobs of a CronJob', newCronJob],
  ])('writes every field into %s', (_, newJob) => {
    const job = newJob(newChart());
    job.with(new JobSettings({ parallelism: 5, completions: 20, completionMode: CompletionMode.INDEXED, podFailurePolicy: rules }));
    const { spec } = objectOf(job);
    expect(spec.jobTemplate?.spec ?? spec).toMatchObject({
      parallelism: 5, completions: 20, completionMode: 'Indexed', podFailurePolicy: {
        rules: [
          { action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] },
          { action: 'FailJob', onExitCodes: { operator: 'In', values: [42, 137] } },
          { action: 'Count', onExitCodes: { operator: 'NotIn', values: [0, 1] } },
        ],
      },
    });
  });

  test('suspends a Job, and not the Jobs of a CronJob', () => {
    const job = new kplus.Job(newChart(), 'Web', { containers: [{ image }] });
    job.with(new JobSettings({ suspend: true }));
    expect(objectOf(job).spec.suspend).toBe(true);
    expect(factOf(() => newCronJob().with(new JobSettings({ suspend: true })))).toBe('shop/Web: suspend: is given for the Jobs of a CronJob');
  });

  test('names the container of a rule, which must be one of the Job', () => {
    const job = new kplus.Job(newChart(), 'Web', { containers: [{ name: 'work', image }] });
    const policy = (container: kplus.Container) => new JobSettings({ podFailurePolicy: [PodFailureRule.onExitCodes(PodFailureAction.FAIL_JOB, [42], { container })] });
    expect(factOf(() => job.with(policy(newDeployment().containers[0])))).toBe('shop/Web: podFailurePolicy: container: "main" is no container of this Job');
    job.with(policy(job.containers[0]));
    expect(objectOf(job).spec.podFailurePolicy.rules[0].onExitCodes.containerName).toBe('work');
  });

  test('refuses a failure policy where the kubelet restarts containers', () => {
    const job = new kplus.Job(newChart(), 'Web', { containers: [{ image }], restartPolicy: kplus.RestartPolicy.ON_FAILURE });
    expect(factOf(() => job.with(new JobSettings({ podFailurePolicy: rules })))).toBe('shop/Web: podFailurePolicy: restartPolicy is "OnFailure"');
  });

  test.each<[string, () => unknown, string]>([
    ['a negative parallelism', () => new JobSettings({ parallelism: -1 }), 'JobSettings: parallelism: "-1" is not a whole number from 0'],
    ['too many indexed pods', () => new JobSettings({ parallelism: 100001, completions: 1, completionMode: CompletionMode.INDEXED }),
      'JobSettings: parallelism: "100001" is not a whole number from 0 to 100000'],
    ['indexes without an end', () => new JobSettings({ completionMode: CompletionMode.INDEXED }), 'JobSettings: completions: missing'],
    ['21 rules', () => new JobSettings({ podFailurePolicy: Array(21).fill(rules[0]) }), 'JobSettings: podFailurePolicy: "21" rules'],
    ['success as a failure', () => PodFailureRule.onExitCodes(PodFailureAction.COUNT, [0]), 'PodFailureRule.onExitCodes: codes: "0" is not a whole number from 1'],
    ['a code twice', () => PodFailureRule.onExitCodes(PodFailureAction.COUNT, [1, 1]), 'PodFailureRule.onExitCodes: codes: "1" is given twice'],
    ['no code', () => PodFailureRule.onExitCodes(PodFailureAction.COUNT, []), 'PodFailureRule.onExitCodes: codes: "0" codes'],
    ['an unknown action', () => PodFailureRule.onDisruption('Fail' as any), 'PodFailureRule.onDisruption: action: "Fail" is not a PodFailureAction'],
  ])('refuses %s', (_, action, fact) => {
    expect(factOf(action)).toBe(fact);
  });
});

describe('StatefulSetSettings', () => {
  test('says what becomes of the claims', () => {
    const pod = newStatefulSet();
    pod.with(new StatefulSetSettings({ claimsWhenDeleted: ClaimRetention.DELETE }), new StatefulSetSettings({ claimsWhenScaled: ClaimRetention.RETAIN }));
    expect(objectOf(pod).spec.persistentVolumeClaimRetentionPolicy).toEqual({ whenDeleted: 'Delete', whenScaled: 'Retain' });
  });

  test('refuses an unknown retention', () => {
    expect(factOf(() => new StatefulSetSettings({ claimsWhenScaled: 'Keep' as any }))).toBe('StatefulSetSettings: claimsWhenScaled: "Keep" is not a ClaimRetention');
  });
});

describe('settings of one kind', () => {
  const settings: [string, { supports(c: any): boolean; applyTo(c: any): void }, string[]][] = [
    ['PodSettings', new PodSettings({}), ['Pod', 'pattern pod', 'Deployment', 'StatefulSet', 'DaemonSet', 'Job', 'CronJob']],
    ['ContainerSettings', new ContainerSettings({}), ['Pod', 'pattern pod', 'Deployment', 'StatefulSet', 'DaemonSet', 'Job', 'CronJob']],
    ['DaemonSetSettings', new DaemonSetSettings({ updateStrategy: DaemonSetUpdateStrategy.onDelete() }), ['DaemonSet']],
    ['JobSettings', new JobSettings({ parallelism: 2 }), ['Job', 'CronJob']],
    ['StatefulSetSettings', new StatefulSetSettings({ claimsWhenScaled: ClaimRetention.DELETE }), ['StatefulSet']],
  ];

  test.each(settings)('%s supports its kinds, and refuses to be applied to others', (name, mixin, supported) => {
    const chart = newChart();
    const answers = kinds.filter(([, newPod], index) => mixin.supports(newPod(new Chart(chart, `c${index}`)))).map(([kind]) => kind);
    expect(answers).toEqual(supported);
    expect(factOf(() => mixin.applyTo(new kplus.Service(chart, 'Service', { ports: [{ port: 1 }] })))).toMatch(new RegExp(`^${name}: applyTo: "a Service" is not a `));
    for (const [kind, newPod] of kinds.filter(([candidate]) => !supported.includes(candidate))) {
      expect(factOf(() => mixin.applyTo(newPod(new Chart(chart, `other-${kind.replace(' ', '')}`))))).toMatch(new RegExp(`^${name}: applyTo: "a \\w+" is not a `));
    }
  });

  test('warn where with() would drop them without a word', () => {
    newDeployment().with(new DaemonSetSettings({}));
    newChart().with(new PodSettings({}));
    expect(said.map((text) => text.split('\n')[0])).toEqual([
      'warning: shop/Web: DaemonSetSettings has no effect: "Deployment" is not a DaemonSet of cdk8s-plus-28, and there is none in it',
      'warning: shop: PodSettings has no effect: "Chart" is not a pod or workload of cdk8s-plus-28, and there is none in it',
    ]);
  });

  test('pass by other kinds in a chart without a word', () => {
    const chart = newChart();
    newDeployment(chart);
    const job = new kplus.Job(chart, 'Job', { containers: [{ image }] });
    chart.with(new JobSettings({ parallelism: 3 }));
    expect(objectOf(job).spec.parallelism).toBe(3);
    expect(said).toEqual([]);
  });
});

describe('keys', () => {
  const pattern = (chart: Chart) => new ProductionPod(chart, 'Web', { app: { image }, ...declined });

  function withoutSorting(action: () => void): void {
    process.env.CDK8S_DISABLE_SORT = '1';
    try {
      action();
    } finally {
      delete process.env.CDK8S_DISABLE_SORT;
    }
  }

  test('stand in the order of cdk8s, also those that were written', () => {
    const pod = pattern(newChart());
    pod.with(new PodSettings({ priorityClassName: 'low', shareProcessNamespace: true }));
    const keys = Object.keys(specOf(pod));
    expect(keys).toEqual([...keys].sort());
  });

  test('stand as they were written where cdk8s does not sort, in the first synthesis too', () => {
    withoutSorting(() => jest.isolateModules(() => {
      const fresh: typeof import('../../src') = jest.requireActual('../../src');
      const freshKplus: typeof kplus = jest.requireActual('cdk8s-plus-28');
      const { App: FreshApp, Chart: FreshChart, Testing: FreshTesting } = jest.requireActual('cdk8s');
      const freshChart = new FreshChart(new FreshApp(), 'shop');
      const pod = new freshKplus.Deployment(freshChart, 'Web', { containers: [{ image }] });
      const plain = Object.keys(FreshTesting.synth(freshChart)[0].spec.template.spec);
      pod.with(new fresh.PodSettings({ priorityClassName: 'low' }));
      expect(Object.keys(FreshTesting.synth(freshChart)[0].spec.template.spec)).toEqual([...plain, 'priorityClassName']);
    }));
  });
});

describe('everything together', () => {
  const apicheck = process.env.APICHECK ?? 'apicheck';
  const withApicheck = process.env.APICHECK ? test : itWith('apicheck');

  withApicheck('is accepted by the validation of Kubernetes', () => {
    const app = new App();
    const pods = kinds.map(([, newPod], index) => newPod(new Chart(app, `c${index}`)));
    for (const pod of pods) {
      if (pod.kind === 'Pod') {
        // An admission plugin does so before the validation.
        ApiObject.of(pod).addJsonPatch(JsonPatch.add('/spec/serviceAccountName', 'default'));
      }
      const labels = pod.kind === 'Pod' ? { app: 'web' } : undefined;
      pod.containers[0].mount('/token', Volumes.fromServiceAccountToken(pod, 'Token', 'token', { audience: 'vault' }));
      pod.addContainer({ name: 'probed', image, ports: [{ name: 'http', number: 8081 }], liveness: Probes.fromHttpGet('/', { portName: 'http', headers: { 'X-A': '' } }) });
      pod.addContainer({ name: 'grpc', image, liveness: Probes.fromGrpc(9000, { service: 'a', terminationGracePeriod: Duration.seconds(2) }) });
      pod.with(
        new PodSettings({
          seccompProfile: { type: kplus.SeccompProfileType.RUNTIME_DEFAULT }, supplementalGroups: [1], supplementalGroupsPolicy: SupplementalGroupsPolicy.MERGE,
          priorityClassName: 'low', runtimeClassName: 'gvisor', shareProcessNamespace: true, enableServiceLinks: false, preStopSleep: Duration.seconds(5),
          topologySpread: [
            TopologySpread.over(kplus.Topology.HOSTNAME, { labels }),
            TopologySpread.over(kplus.Topology.ZONE, { labels, minDomains: 2, whenUnsatisfiable: WhenUnsatisfiable.DO_NOT_SCHEDULE }),
          ],
        }),
        new ContainerSettings({ extendedResources: { 'nvidia.com/gpu': 1, 'example.com/none': 0 } }),
      );
    }
    const [, , , statefulSet, daemonSet, job, cronJob] = pods;
    pods[2].with(new NetworkIsolation());
    statefulSet.containers[0].mount('/data', Volumes.fromClaimTemplate(statefulSet as kplus.StatefulSet, 'data', { storage: Size.gibibytes(1), storageClassName: '' }));
    statefulSet.with(new StatefulSetSettings({ claimsWhenDeleted: ClaimRetention.DELETE, claimsWhenScaled: ClaimRetention.DELETE }));
    daemonSet.with(new DaemonSetSettings({ updateStrategy: DaemonSetUpdateStrategy.rollingUpdate({ maxSurge: kplus.PercentOrAbsolute.percent(100) }) }));
    [job, cronJob].forEach((each) => each.with(new JobSettings({
      parallelism: 100000, completions: 5, completionMode: CompletionMode.INDEXED, podFailurePolicy: [
        PodFailureRule.onDisruption(PodFailureAction.IGNORE),
        PodFailureRule.onExitCodes(PodFailureAction.FAIL_JOB, [255, 1], { container: each.containers[0] }),
        PodFailureRule.onExitCodes(PodFailureAction.COUNT, [0], { allOthers: true }),
      ],
    })));
    const input = app.charts.flatMap((chart) => Testing.synth(chart)).map((object) => JSON.stringify(object)).join('\n---\n');
    const { stdout, error } = spawnSync(apicheck, { input, encoding: 'utf8' });
    expect(error).toBeUndefined();
    const verdicts = stdout.split('\n').filter((line) => line !== '');
    expect(verdicts.filter((line) => !/^\w+\/\S+: VALID\b/.test(line))).toEqual([]);
    expect(verdicts.length).toBeGreaterThanOrEqual(kinds.length);
  });
});

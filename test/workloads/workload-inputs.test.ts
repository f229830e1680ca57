import { spawnSync } from 'child_process';
import { App, Chart, Cron, Duration, Size, Testing } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import * as fc from 'fast-check';
import * as library from '../../src';
import { ClaimRetention, LogRotation, LogStream, ProductionCronJob, ProductionDaemonSet, ProductionDeployment, ProductionJob, ProductionStatefulSet, Sidecar, SpreadPolicy } from '../../src';
import { itWith } from '../support/programs';

const image = 'registry.example/web:1.0.0';
const app = { image, portNumber: 8080, liveness: kplus.Probe.fromHttpGet('/healthz'), readiness: kplus.Probe.fromHttpGet('/readyz') };

/** The library as a caller without types sees it. */
const untyped: any = library;

let chart: Chart;
beforeEach(() => {
  chart = new Chart(new App(), 'shop');
});

const deploy = (props: any) => new ProductionDeployment(chart, 'Web', { app, ...props });
const stateful = (props: any) => new ProductionStatefulSet(chart, 'Web', { app, ...props });
const claim = (props: any) => stateful({ volumeClaimTemplates: [{ name: 'data', path: '/data', size: Size.gibibytes(1), ...props }] });
const job = (props: any) => new ProductionJob(chart, 'Web', { app: { image }, ...props });
const cron = (props: any) => new ProductionCronJob(chart, 'Web', { app: { image }, schedule: Cron.daily(), activeDeadline: Duration.hours(1), ...props });
const service = (options: any) => deploy({ service: options });
const ingress = (options: any) => deploy({ service: {}, ingress: { host: 'shop.example.com', ...options } });
const scaled = (options: any) => deploy({ autoscaling: { maxReplicas: 5, ...options } });

/** What the author reads: thrown at the line, or at synth. */
function errorOf(program: () => unknown): string {
  try {
    program();
    Testing.synth(chart);
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('the program was accepted');
}

const WRONG: [what: string, program: () => unknown, message: string][] = [
  ['no props', () => new untyped.ProductionDeployment(chart, 'Web'), 'shop/Web: props: missing'],
  ['no app', () => new untyped.ProductionDeployment(chart, 'Web', { livenessDeclined: 'a', readinessDeclined: 'b' }), 'shop/Web: app: missing'],
  ['an app without an image', () => job({ app: {} }), 'shop/Web: spec.template.spec.containers[0].image: "" is no image, and one is required'],
  ['an app without an image, by a schedule', () => cron({ app: {} }), 'shop/Web: spec.jobTemplate.spec.template.spec.containers[0].image: "" is no image, and one is required'],
  ['a forgotten liveness probe', () => deploy({ app: { ...app, liveness: undefined } }), 'shop/Web: spec.template.spec.containers[0].livenessProbe: missing'],
  ['a forgotten readiness probe of a StatefulSet', () => stateful({ app: { ...app, readiness: undefined } }), 'shop/Web: spec.template.spec.containers[0].readinessProbe: missing'],
  ['a part that is plain data', () => deploy({ parts: [{ image }] }), 'shop/Web: parts: '],
  ['one replica without a reason', () => deploy({ replicas: 1 }), 'shop/Web: spec.replicas: "1" is fewer than 2'],
  ['no replica without a reason', () => deploy({ replicas: 0 }), 'shop/Web: spec.replicas: "0" is fewer than 2'],
  ['one replica and a blank reason', () => deploy({ replicas: 1, redundancyDeclined: ' ' }), 'shop/Web: spec.replicas: "1" is fewer than 2'],
  ['two replicas and a reason against them', () => deploy({ redundancyDeclined: 'a' }), 'shop/Web: spec.replicas: "2" beside redundancyDeclined: "a"'],
  ['an autoscaler of two and a reason against them', () => deploy({ redundancyDeclined: 'a', autoscaling: { maxReplicas: 5 } }), 'give `autoscaling: { minReplicas: 1 }`'],
  ['a reason that is a flag', () => deploy({ replicas: 1, redundancyDeclined: true }), 'shop/Web: redundancyDeclined: "true" is not a string'],
  ['half a replica', () => deploy({ replicas: 2.5 }), 'shop/Web: spec.replicas: "2.5" is not a whole number from 0'],
  ['replicas beside an autoscaler', () => deploy({ replicas: 3, autoscaling: { maxReplicas: 5 } }), 'shop/Web: spec.replicas: "3" is given beside autoscaling'],
  ['an update that fails at once', () => deploy({ progressDeadline: Duration.seconds(5) }), 'shop/Web: progressDeadline: "5 s" is not longer than minReady, "5 s"'],
  ['a number for a time', () => deploy({ minReady: 5 }), 'shop/Web: minReady: "5" is not a Duration'],
  ['a negative number of revisions', () => deploy({ revisionHistoryLimit: -1 }), 'shop/Web: spec.revisionHistoryLimit: "-1" is not a whole number from 0'],
  ['two hooks before TERM', () => deploy({ app: { ...app, lifecycle: { preStop: kplus.Handler.fromCommand(['a']) } }, preStopSleep: Duration.seconds(5) }), 'shop/Web: preStopSleep: is given beside app.lifecycle.preStop'],
  ['a switch without the object around it', () => deploy({ disruptionBudget: false }), 'shop/Web: disruptionBudget: "false" is not an object'],
  ['a switch that is text', () => deploy({ topologySpread: { enabled: 'false' } }), 'shop/Web: topologySpread.enabled: "false" is not true or false'],
  ['a flag for a Service', () => service(true), 'shop/Web: service: "true" is not an object'],
  ['a budget of zero', () => deploy({ disruptionBudget: { maxUnavailable: kplus.PercentOrAbsolute.absolute(0) } }), 'shop/Web: disruptionBudget.maxUnavailable: "0" is neither'],
  ['a budget of 0 %', () => deploy({ disruptionBudget: { maxUnavailable: kplus.PercentOrAbsolute.percent(0) } }), 'shop/Web: disruptionBudget.maxUnavailable: "0%" is neither'],
  ['a budget that is a number', () => deploy({ disruptionBudget: { maxUnavailable: 1 } }), 'shop/Web: disruptionBudget.maxUnavailable: "1" is not a PercentOrAbsolute'],
  ['a budget of a workload that selects nothing', () => deploy({ select: false }), 'spec.selector: selects nothing'],
  ['a Deployment without a budget that selects nothing', () => deploy({ select: false, disruptionBudget: { enabled: false } }), 'shop/Web: spec.selector: selects nothing'],
  ['a StatefulSet without a budget that selects nothing', () => stateful({ select: false, disruptionBudget: { enabled: false } }), 'shop/Web: spec.selector: selects nothing'],
  ['a DaemonSet that selects nothing', () => new ProductionDaemonSet(chart, 'Web', { app, select: false }), 'shop/Web: spec.selector: selects nothing'],
  ['a policy that is a flag', () => deploy({ topologySpread: { hosts: true } }), 'shop/Web: topologySpread.hosts: "true" is not a SpreadPolicy'],
  ['a Service for an app without a port', () => deploy({ app: { ...app, portNumber: undefined }, service: {} }), 'shop/Web: service.ports: missing, and the app declares no port'],
  ['a Service for an app with several ports', () => deploy({ app: { ...app, portNumber: undefined, ports: [{ number: 1, name: 'a' }, { number: 2, name: 'b' }] }, service: {} }), 'shop/Web: service.ports: missing, and the app declares "1, 2"'],
  ['a Service without a port', () => service({ ports: [] }), 'shop/Web: service.ports: "[]" names no port'],
  ['a Service for a port that nobody declares', () => service({ ports: [{ port: 80 }] }), 'service.ports[0].targetPort: "80/TCP" is declared by no container; the pod declares "8080/TCP"'],
  ['a Service for a protocol that nobody declares', () => service({ ports: [{ port: 8080, protocol: kplus.Protocol.UDP }] }), 'service.ports[0].targetPort: "8080/UDP" is declared by no container'],
  ['a Service for a port of a plain init container', () => deploy({ initContainers: [{ name: 'i', image, portNumber: 7 }], service: { ports: [{ port: 7 }] } }), 'service.ports[0].targetPort: "7/TCP" is declared by no container'],
  ['a port that is none', () => service({ ports: [{ port: 70000, targetPort: 8080 }] }), 'shop/Web: service.ports[0].port: "70000" is not a whole number from 1 to 65535'],
  ['several ports without names', () => service({ ports: [{ port: 8080 }, { port: 80, targetPort: 8080 }] }), 'shop/Web: service.ports[0].name: "" is no name'],
  ['several ports of one name', () => service({ ports: [{ port: 8080, name: 'a' }, { port: 80, targetPort: 8080, name: 'a' }] }), 'shop/Web: service.ports[1].name: "a" is given twice'],
  ['a port name with capitals', () => service({ ports: [{ port: 8080, name: 'Web_1' }] }), 'shop/Web: service.ports[0].name: "Web_1" is not a DNS label'],
  ['a port of the nodes in a Service that they do not open', () => service({ ports: [{ port: 8080, nodePort: 30080 }] }), 'shop/Web: service.ports[0].nodePort: "30080" is given for a Service that nodes do not open'],
  ['a port of the Service for two targets', () => deploy({ app: { ...app, ports: [{ number: 9000 }] }, service: { ports: [{ port: 80, targetPort: 8080, name: 'a' }, { port: 80, targetPort: 9000, name: 'b' }] } }), 'shop/Web: service.ports[1].port: "80/TCP" is given twice'],
  ['two protocols of a port, neither of which is named', () => deploy({ app: { ...app, ports: [{ number: 53, name: 'udp', protocol: kplus.Protocol.UDP }, { number: 53, name: 'tcp' }] }, service: { ports: [{ port: 53, name: 'a' }, { port: 53, name: 'b' }] } }), 'shop/Web: service.ports[0].protocol: missing, and the pod declares "53/UDP" and "53/TCP"'],
  ['a claim that is called like a volume', () => stateful({ volumes: [kplus.Volume.fromEmptyDir(chart, 'Cache', 'cache')], volumeClaimTemplates: [{ name: 'cache', path: '/c', size: Size.gibibytes(1) }] }), 'shop/Web: volumeClaimTemplates[0].name: "cache" is the name of one of the `volumes`'],
  ['a claim that is called like a volume that is only mounted', () => stateful({ app: { ...app, volumeMounts: [{ path: '/x', volume: kplus.Volume.fromEmptyDir(chart, 'Cache', 'cache') }] }, volumeClaimTemplates: [{ name: 'cache', path: '/c', size: Size.gibibytes(1) }] }), 'shop/Web: volumeClaimTemplates[0].name: "cache" is the name of a volume that "app" mounts at "/x"'],
  ['a claim that is called like the volume of a writable path', () => stateful({ writablePaths: ['/tmp'], volumeClaimTemplates: [{ name: 'writable-tmp', path: '/c', size: Size.gibibytes(1) }] }), 'shop/Web: volumeClaimTemplates[0].name: "writable-tmp" is the name of a volume that "app" mounts at "/tmp"'],
  ['a Service whose name begins with a digit', () => service({ metadata: { name: '1web' } }), 'shop/Web: service.metadata.name: "1web" is not a DNS label that begins with a letter'],
  ['a Service whose name is too long', () => service({ metadata: { name: 'a'.repeat(64) } }), '" is not a DNS label that begins with a letter, of at most 63 characters'],
  ['a source range that is an address', () => service({ serviceType: kplus.ServiceType.LOAD_BALANCER, loadBalancerSourceRanges: ['10.0.0.1'] }), 'shop/Web: service.loadBalancerSourceRanges: "10.0.0.1" is not a CIDR block'],
  ['a source range that is too narrow', () => service({ serviceType: kplus.ServiceType.LOAD_BALANCER, loadBalancerSourceRanges: ['2001:db8::/32', '10.0.0.0/33'] }), 'shop/Web: service.loadBalancerSourceRanges: "10.0.0.0/33" is not a CIDR block'],
  ['an external name', () => service({ serviceType: kplus.ServiceType.EXTERNAL_NAME }), 'shop/Web: service.serviceType: "ExternalName" is not a type of Service that leads to pods'],
  ['source ranges without a load balancer', () => service({ loadBalancerSourceRanges: ['10.0.0.0/8'] }), 'shop/Web: service.loadBalancerSourceRanges: '],
  ['a Service in another namespace', () => service({ metadata: { namespace: 'b' } }), 'shop/Web: service.metadata.namespace: "b" is not the namespace of the workload, ""'],
  ['an Ingress without a Service', () => deploy({ ingress: { host: 'a.b' } }), 'shop/Web: ingress: is given without `service`'],
  ['an Ingress without a host', () => ingress({ host: undefined }), 'shop/Web: ingress.host: missing'],
  ['a URL for a host', () => ingress({ host: 'https://shop.example.com' }), 'shop/Web: ingress.host: "https://shop.example.com" is not a host name'],
  ['an address for a host', () => ingress({ host: '10.0.0.1' }), 'shop/Web: ingress.host: "10.0.0.1" is not a host name'],
  ['a path without a slash', () => ingress({ path: 'a' }), 'shop/Web: ingress.path: "a" does not begin with "/"'],
  ['a port that the Service does not have', () => ingress({ servicePort: 1 }), 'shop/Web: ingress.servicePort: "1" is none of the ports of the Service, "8080"'],
  ['an Ingress that does not say which port', () => deploy({ service: { ports: [{ port: 8080, name: 'a' }, { port: 80, targetPort: 8080, name: 'b' }] }, ingress: { host: 'a.b' } }), 'shop/Web: ingress.servicePort: "" is none of the ports of the Service, "8080, 80"'],
  ['an autoscaler that may leave one pod', () => scaled({ minReplicas: 1 }), 'shop/Web: autoscaling.minReplicas: "1" is fewer than 2'],
  ['an autoscaler without an end', () => scaled({ maxReplicas: undefined }), 'shop/Web: autoscaling.maxReplicas: "NaN" is not a whole number from 2'],
  ['most replicas below the fewest', () => scaled({ minReplicas: 6 }), 'shop/Web: autoscaling.maxReplicas: "5" is not a whole number from 6'],
  ['a share of no request', () => deploy({ app: { ...app, resources: {} }, autoscaling: { maxReplicas: 5 } }), 'shop/Web: autoscaling.cpuUtilization: "70" is a share of a request, and the app requests no cpu'],
  ['a share of a request that defaults take away', () => {
    chart.with(new library.PodDefaults({ resources: { app: { memory: { limit: Size.mebibytes(64) } } } }));
    scaled({});
  }, 'shop/Web: autoscaling.cpuUtilization: "70" is a share of a request, and the app requests no cpu'],
  ['a share of zero', () => scaled({ cpuUtilization: 0 }), 'shop/Web: autoscaling.cpuUtilization: "0" is not a whole number from 1'],
  ['a window of a day', () => scaled({ scaleDownStabilization: Duration.days(1) }), 'shop/Web: autoscaling.scaleDownStabilization: "86400" is not a whole number from 0 to 3600'],
  ['a StatefulSet without a port', () => stateful({ app: { ...app, portNumber: undefined } }), 'shop/Web: service: missing, and no container declares a port'],
  ['a Service of a StatefulSet in another namespace', () => stateful({ service: new kplus.Service(chart, 'Names', { metadata: { namespace: 'b' }, ports: [{ port: 1 }] }) }), 'shop/Web: service.metadata.namespace: "b" is not the namespace of the workload, ""'],
  ['a claim with a name that is none', () => claim({ name: 'My_Data' }), 'shop/Web: volumeClaimTemplates[0].name: "My_Data" is not a DNS label'],
  ['a claim without a size', () => claim({ size: undefined }), 'shop/Web: volumeClaimTemplates[0].size: missing'],
  ['a claim of zero', () => claim({ size: Size.gibibytes(0) }), 'shop/Web: volumeClaimTemplates[0].size: "0Gi" is not a whole number of kibibytes above zero'],
  ['two claims of one name', () => stateful({ volumeClaimTemplates: [1, 2].map((n) => ({ name: 'data', path: `/${n}`, size: Size.gibibytes(1) })) }), 'shop/Web: volumeClaimTemplates[1].name: "data" is given twice'],
  ['claims that are one claim', () => stateful({ volumeClaimTemplates: { name: 'data' } }), 'shop/Web: volumeClaimTemplates: '],
  ['retention of no claims', () => stateful({ claimRetention: {} }), 'shop/Web: claimRetention: is given without volumeClaimTemplates'],
  ['an unknown retention', () => stateful({ claimRetention: { whenDeleted: 'Keep' } }), 'shop/Web: claimRetention.whenDeleted: "Keep" is not a ClaimRetention'],
  ['a DaemonSet that can never be updated', () => new ProductionDaemonSet(chart, 'Web', { app, maxUnavailable: kplus.PercentOrAbsolute.absolute(0) }), 'shop/Web: maxUnavailable: "0" is neither'],
  ['half a second until the next node', () => new ProductionDaemonSet(chart, 'Web', { app, minReadySeconds: 0.5 }), 'shop/Web: minReadySeconds: "0.5" is not a whole number from 0'],
  ['a Job with a part and no deadline', () => job({ parts: [new Sidecar({ image })] }), 'shop/Web: activeDeadline: missing'],
  ['a Job with a native sidecar and no deadline', () => job({ initContainers: [{ name: 's', image, restartPolicy: kplus.ContainerRestartPolicy.ALWAYS }] }), 'shop/Web: activeDeadline: missing'],
  ['a Job that never ends', () => job({ restartPolicy: kplus.RestartPolicy.ALWAYS }), 'shop/Web: restartPolicy: "Always" is for pods that never end'],
  ['half a try', () => job({ backoffLimit: 0.5 }), 'shop/Web: backoffLimit: "0.5" is not a whole number from 0'],
  ['a deadline that is a number', () => job({ activeDeadline: 60 }), 'shop/Web: activeDeadline: "60" is not a Duration'],
  ['a CronJob without a deadline', () => cron({ activeDeadline: undefined }), 'shop/Web: activeDeadline: missing'],
  ['a schedule that is text', () => cron({ schedule: '0 3 * * *' }), 'shop/Web: schedule: "0 3 * * *" is not a Cron'],
  ['a CronJob that may be five seconds late', () => cron({ startingDeadline: Duration.seconds(5) }), 'shop/Web: startingDeadline: "5 s" is shorter than 10 s'],
  ['half a run that is kept', () => cron({ failedJobsRetained: 0.5 }), 'shop/Web: failedJobsRetained: "0.5" is not a whole number from 0'],
];

test.each(WRONG)('%s is an error that says why and what to do', (_, program, message) => {
  const error = errorOf(program);
  expect(error).toContain(message);
  expect(error).toMatch(/\n +why: \S.*\n +fix: \S/);
});

test.each<[string, () => unknown]>([
  ['what a Service leaves open', () => service({ serviceType: null, ports: [{ port: 8080, nodePort: null }], loadBalancerSourceRanges: null, metadata: null })],
  ['a spread', () => deploy({ topologySpread: { enabled: null, hosts: null, zones: null } })],
  ['a budget', () => deploy({ disruptionBudget: { enabled: null, maxUnavailable: null } })],
  ['what cdk8s-plus takes', () => deploy({ securityContext: null, dns: null, hostNetwork: null, containers: null, volumes: null, strategy: null })],
  ['what surrounds the app', () => deploy({ writablePaths: null, writablePathSize: null, parts: null, drain: null })],
  ['a claim', () => claim({ accessMode: null, storageClassName: null })],
  ['retention', () => stateful({ claimRetention: null })],
  ['half of the retention', () => stateful({ volumeClaimTemplates: [{ name: 'data', path: '/data', size: Size.gibibytes(1) }], claimRetention: { whenDeleted: null, whenScaled: 'Delete' } })],
])('null in %s counts as absent, and is no error of another field', (_, program) => {
  program();
  expect(JSON.stringify(Testing.synth(chart))).not.toContain('null');
});

test('null switches nothing off, and is no error without a field', () => {
  deploy({ disruptionBudget: null, topologySpread: null, service: null, ingress: null, autoscaling: null });
  expect(Testing.synth(chart).map(({ kind }) => kind)).toEqual(['Deployment', 'PodDisruptionBudget']);
});

test('a wrong program leaves nothing in the tree that an error of its own would follow', () => {
  expect(() => deploy({ replicas: 1 })).toThrow('fewer than 2');
  expect(chart.node.children).toEqual([]);
});

const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const seconds = (min: number, max: number) => fc.integer({ min, max }).map((amount) => Duration.seconds(amount));
const amount = fc.oneof(
  fc.integer({ min: 1, max: 9 }).map((n) => kplus.PercentOrAbsolute.absolute(n)),
  fc.integer({ min: 1, max: 100 }).map((n) => kplus.PercentOrAbsolute.percent(n)),
);
const optional = <T>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }) => fc.record(model, { requiredKeys: [] });

const partsOf = (native: boolean) => [
  new Sidecar({ image, nativeSidecar: native, portNumber: 9000 }), new LogStream({ files: ['/data/log/a.log'], rotation: LogRotation.byApp() }),
];
const composed = {
  app: fc.record({ name: fc.constantFrom('web', 'shop-1'), user: maybe(fc.integer({ min: 1, max: 60000 })) }).map(({ name, user }) => ({ ...app, name, securityContext: { user } })),
  parts: maybe(fc.boolean().map(partsOf)),
  writablePaths: maybe(fc.subarray(['/tmp', '/run'])),
  drain: maybe(seconds(1, 90)),
  containers: maybe(fc.constant([{ name: 'beside', image, portNumber: 7000 }])),
  initContainers: maybe(fc.constant([{ name: 'before', image }])),
};
const running = { ...composed, preStopSleep: maybe(seconds(0, 60)), revisionHistoryLimit: maybe(fc.integer({ min: 0, max: 20 })) };
const policy = maybe(fc.constantFrom(...Object.values(SpreadPolicy)));
const spread = maybe(optional({ enabled: maybe(fc.boolean()), hosts: policy, zones: policy }));
const budget = maybe(optional({ enabled: maybe(fc.boolean()), maxUnavailable: maybe(amount) }));

const deployment = fc.record({
  ...running,
  scale: fc.oneof(
    fc.record({ replicas: maybe(fc.integer({ min: 2, max: 50 })) }),
    fc.record({ replicas: fc.integer({ min: 0, max: 1 }), redundancyDeclined: fc.constant('generated') }),
    fc.record({
      autoscaling: fc.record({
        minReplicas: maybe(fc.integer({ min: 2, max: 5 })), maxReplicas: fc.integer({ min: 5, max: 50 }), memoryUtilization: maybe(fc.integer({ min: 1, max: 200 })),
      }),
    }),
  ),
  front: fc.oneof(
    fc.constant({}),
    fc.record({
      service: fc.record({
        serviceType: maybe(fc.constantFrom(kplus.ServiceType.NODE_PORT, kplus.ServiceType.LOAD_BALANCER)), ports: maybe(fc.constant([{ port: 80, targetPort: 8080 }])),
      }),
    }),
    fc.record({
      service: fc.constant({}),
      ingress: fc.record({ host: fc.constantFrom('a.example.com', '*.example.com'), className: maybe(fc.constant('nginx')) }, { requiredKeys: ['host'] }),
    }),
  ),
  minReady: maybe(seconds(0, 60)), strategy: maybe(fc.constant(kplus.DeploymentStrategy.recreate())), disruptionBudget: budget, topologySpread: spread,
}, { requiredKeys: ['app', 'scale', 'front'] }).map(({ scale, front, ...props }) => ({ kind: 'Deployment', props: { ...props, ...scale, ...front } as any }));

const set = fc.record({
  ...running, replicas: maybe(fc.integer({ min: 0, max: 9 })), disruptionBudget: budget, topologySpread: spread,
  storage: maybe(fc.record({ gibibytes: fc.integer({ min: 1, max: 99 }), whenDeleted: maybe(fc.constantFrom(...Object.values(ClaimRetention))) })),
}, { requiredKeys: ['app'] }).map(({ storage, ...props }) => ({
  kind: 'StatefulSet',
  props: {
    ...props,
    ...(storage && { volumeClaimTemplates: [{ name: 'data', path: '/data', size: Size.gibibytes(storage.gibibytes) }] }),
    ...(storage && { claimRetention: { whenDeleted: storage.whenDeleted } }),
  } as any,
}));
const daemon = fc.record({ ...running, maxUnavailable: maybe(amount) }, { requiredKeys: ['app'] }).map((props) => ({ kind: 'DaemonSet', props: props as any }));
const task = {
  // A regular helper would keep it from ending.
  ...composed, parts: maybe(fc.constant(partsOf(true))), activeDeadline: seconds(1, 9999), backoffLimit: maybe(fc.integer({ min: 0, max: 20 })),
  restartPolicy: maybe(fc.constantFrom(kplus.RestartPolicy.NEVER, kplus.RestartPolicy.ON_FAILURE)),
};
const once = fc.record({ ...task, ttlAfterFinished: maybe(seconds(0, 999)) }, { requiredKeys: ['app', 'activeDeadline'] }).map((props) => ({ kind: 'Job', props: props as any }));
const scheduled = fc.record({
  ...task,
  concurrencyPolicy: maybe(fc.constantFrom(...Object.values(kplus.ConcurrencyPolicy))), startingDeadline: maybe(seconds(10, 999)),
}, { requiredKeys: ['app', 'activeDeadline'] })
  .map((props) => ({ kind: 'CronJob', props: { ...props, schedule: Cron.hourly() } as any }));

const CLASSES: { [kind: string]: new (scope: Chart, id: string, props: any) => kplus.Workload } = {
  Deployment: ProductionDeployment, StatefulSet: ProductionStatefulSet, DaemonSet: ProductionDaemonSet, Job: ProductionJob, CronJob: ProductionCronJob,
};
const anyWorkload = fc.oneof(deployment, set, daemon, once, scheduled);
const ofKind = { Deployment: deployment, StatefulSet: set, DaemonSet: daemon, Job: once, CronJob: scheduled };

/** Freezes plain objects and lists, not the values of classes. */
function deepFreeze<T>(value: T): T {
  if (Array.isArray(value) || (typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype)) {
    Object.values(value).forEach(deepFreeze);
    Object.freeze(value);
  }
  return value;
}

describe('any production workload', () => {
  test('is written with equal bytes twice, from frozen props', () => {
    fc.assert(fc.property(anyWorkload, ({ kind, props }) => {
      const own = new Chart(new App(), 'shop');
      new CLASSES[kind](own, 'Web', deepFreeze(props));
      const first = JSON.stringify(Testing.synth(own));
      expect(JSON.stringify(Testing.synth(own))).toBe(first);
    }), { numRuns: 60 });
  });

  test('has one budget at most, and every selector selects its own pods', () => {
    fc.assert(fc.property(anyWorkload, ({ kind, props }) => {
      const own = new Chart(new App(), 'shop');
      new CLASSES[kind](own, 'Web', props);
      const objects = Testing.synth(own);
      const workload = objects.find((object) => object.kind === kind);
      const template = (workload.spec.jobTemplate?.spec ?? workload.spec).template;
      const budgets = objects.filter((object) => object.kind === 'PodDisruptionBudget');
      expect(budgets.length).toBeLessThanOrEqual(['Deployment', 'StatefulSet'].includes(kind) ? 1 : 0);
      const selectors = [
        ...budgets.map(({ spec }) => spec.selector.matchLabels),
        ...objects.filter((object) => object.kind === 'Service').map(({ spec }) => spec.selector),
        ...(template.spec.topologySpreadConstraints ?? []).map(({ labelSelector }: any) => labelSelector.matchLabels),
      ];
      selectors.forEach((selector) => expect(template.metadata.labels).toMatchObject(selector));
      selectors.forEach((selector) => expect(Object.keys(selector)).not.toHaveLength(0));
    }), { numRuns: 60 });
  });

  const EACH = 60;
  const apicheck = process.env.APICHECK ?? 'apicheck';
  const withApicheck = process.env.APICHECK ? test : itWith('apicheck');

  withApicheck(`is accepted by the validation of Kubernetes and by Pod Security restricted: ${EACH} of each kind`, () => {
    Object.entries(ofKind).forEach(([kind, arbitrary]) => {
      const samples: { props: any }[] = fc.sample<any>(arbitrary, EACH);
      samples.forEach(({ props }, index) => new CLASSES[kind](chart, `${kind}${index}`, props));
    });
    const { stdout, error } = spawnSync(apicheck, { input: Testing.synth(chart).map((object) => JSON.stringify(object)).join('\n---\n'), encoding: 'utf8', maxBuffer: 2 ** 26 });
    expect(error).toBeUndefined();
    const verdicts = stdout.split('\n').filter((line) => line !== '');
    expect(verdicts.filter((line) => /^(Deployment|StatefulSet|DaemonSet|Job|CronJob)\/\S+: VALID {2}\[PSS restricted: pass\]$/.test(line))).toHaveLength(5 * EACH);
    // The program does not know the Ingress.
    expect(verdicts.filter((line) => !/^\w+\/\S+: VALID\b/.test(line) && line !== 'Ingress: not validated')).toEqual([]);
  });
});

import { spawnSync } from 'child_process';
import { App, Chart, Duration, Size, Testing } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import * as fc from 'fast-check';
import {
  Adapter, AdapterPod, Ambassador, AmbassadorPod, CsvColumn, CsvOutput, Fluentd, FluentdOutput, HAProxy, JsonToCsv, LogRotation, LogStream, MetricsAdapter,
  PatternPodProps, PodPart, ProductionPod, SharedDirectory, Sidecar, SidecarPod, Upstream,
} from '../../src';
import { checkObject } from '../../src/rules/engine';
import { RESOURCE_RULES } from '../../src/rules/resources/resource-rules';
import { VOLUME_RULES } from '../../src/rules/volumes/volume-rules';
import { itWith } from '../support/programs';

const image = 'registry.example/web:1.0.0';

/** One directory each: two parts that share one must agree on its bound. */
const DIRECTORIES = {
  '/data/one': SharedDirectory.onDisk('/data/one', { sizeLimit: Size.mebibytes(8) }),
  '/data/two': SharedDirectory.onDisk('/data/two', { sizeLimit: Size.kibibytes(500) }),
  '/dev/cache': SharedDirectory.inMemory('/dev/cache', { sizeLimit: Size.mebibytes(4) }),
};

const word = fc.stringMatching(/^[a-z][a-z0-9]{0,8}$/);
const seconds = fc.integer({ min: 1, max: 90 }).map((amount) => Duration.seconds(amount));
const directories = fc.subarray(Object.values(DIRECTORIES));
const user = fc.option(fc.integer({ min: 1, max: 60000 }), { nil: undefined });
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const log = fc.tuple(fc.constantFrom('/var/log/app', '/var/log/other', '/logs'), word).map(([path, name]) => `${path}/${name}.log`);
const logs = fc.uniqueArray(log, { minLength: 1, maxLength: 3 });
const rotation = fc.constantFrom(LogRotation.byApp(), LogRotation.byRotator(), LogRotation.byRotator({ maxSize: Size.mebibytes(5) }));

const container = fc.record({
  image: fc.constantFrom(image, 'nginxinc/nginx-unprivileged:1.30.4', `registry.example/web@sha256:${'a'.repeat(64)}`),
  args: maybe(fc.array(fc.string({ maxLength: 8 }), { maxLength: 3 })),
  command: maybe(fc.array(fc.string({ minLength: 1, maxLength: 8 }), { minLength: 1, maxLength: 3 })),
  envVariables: maybe(fc.dictionary(fc.stringMatching(/^OWN_[A-Z0-9_]{1,8}$/), fc.string({ maxLength: 10 }).map((value) => kplus.EnvValue.fromValue(value)), { maxKeys: 3 })),
  securityContext: maybe(fc.record({ user, group: user }, { requiredKeys: [] })),
  resources: maybe(fc.record({ request: fc.integer({ min: 1, max: 500 }), more: fc.integer({ min: 0, max: 500 }) }).map(({ request, more }) => ({
    cpu: { request: kplus.Cpu.millis(request), limit: kplus.Cpu.millis(request + more) },
    memory: { request: Size.mebibytes(request), limit: Size.mebibytes(request + more) },
  }))),
}, { requiredKeys: ['image'] });

const custom = fc.record({ nativeSidecar: maybe(fc.boolean()), drain: maybe(seconds), reads: maybe(directories), writes: maybe(directories) }, { requiredKeys: [] });
const program = fc.record({ nativeSidecar: maybe(fc.boolean()), drain: maybe(seconds), user, rotation }, { requiredKeys: [] });

/** The props of a part, and how to make it: made anew for each pod, so that nothing is shared. */
interface PartPlan {
  readonly props: any;
  make(): PodPart;
}

const plan = <T extends object>(props: fc.Arbitrary<T>, make: (props: any) => PodPart): fc.Arbitrary<PartPlan> =>
  props.map((given) => ({ props: given, make: () => make(given) }));

const columns = fc.uniqueArray(word, { minLength: 1, maxLength: 4 }).map((names) => names.map((name) => CsvColumn.of(name, { path: `a.${name}[0]`, defaultValue: '' })));
const upstreams = fc.uniqueArray(word, { minLength: 1, maxLength: 3 }).map((names) => names.map((name, index) =>
  index % 2 ? Upstream.tcp(name, 'db.example.com', 5432) : Upstream.http(name, 'catalog.shop.svc.cluster.local', 80, { healthCheck: { path: '/healthz' } })));
const outputs = fc.constantFrom(FluentdOutput.stdout(), FluentdOutput.forward('logs.example'), FluentdOutput.http('https://logs.example/x'));

/** At most one part of each kind: their default names and ports are made for that. */
const KINDS: fc.Arbitrary<PartPlan>[] = [
  plan(fc.tuple(container, custom).map(([a, b]) => ({ ...a, ...b })), (props) => new Sidecar(props)),
  plan(fc.tuple(container, custom).map(([a, b]) => ({ ...a, ...b, portNumber: 9001 })), (props) => new Adapter(props)),
  plan(fc.tuple(container, custom, fc.integer({ min: 20000, max: 24000 })).map(([a, b, localPort]) => ({ ...a, ...b, localPort })), (props) => new Ambassador(props)),
  plan(fc.tuple(container, custom).map(([a, b]) => ({ ...a, ...b, metricsPort: 9113 })), (props) => new MetricsAdapter(props)),
  plan(fc.tuple(program, logs, outputs, fc.boolean()).map(([a, tail, output, json]) => ({ ...a, tail, output, json })), (props) => new Fluentd(props)),
  plan(fc.tuple(program, logs, fc.boolean()).map(([a, files, prefix]) => ({ ...a, files, prefix })), (props) => new LogStream(props)),
  plan(fc.tuple(program, logs, columns, maybe(fc.constant(CsvOutput.file(SharedDirectory.onDisk('/csv', { sizeLimit: Size.mebibytes(20) }), 'a.csv'))))
    .map(([a, input, cs, output]) => ({ ...a, input, columns: cs, output })), (props) => new JsonToCsv(props)),
  plan(fc.record({ upstreams, drain: maybe(seconds), threads: maybe(fc.integer({ min: 1, max: 4 })), nativeSidecar: maybe(fc.boolean()) }, { requiredKeys: ['upstreams'] }), (props) => new HAProxy(props)),
];

const app = fc.tuple(container, fc.record({
  name: maybe(fc.constantFrom('web', 'shop-1', 'a')),
  portNumber: maybe(fc.integer({ min: 1025, max: 8000 })),
  probes: fc.boolean(),
}, { requiredKeys: [] })).map(([a, { probes, ...b }]) => ({
  ...a, ...b,
  ...(probes && b.portNumber && { liveness: kplus.Probe.fromHttpGet('/healthz'), readiness: kplus.Probe.fromTcpSocket() }),
}));

/** Everything that a pod is made of. */
interface PodPlan {
  readonly pattern: string;
  readonly props: PatternPodProps & { readonly writablePaths?: string[] };
  readonly parts: PartPlan[];
}

const anyPod: fc.Arbitrary<PodPlan> = fc.record({
  pattern: fc.constantFrom('SidecarPod', 'AdapterPod', 'AmbassadorPod', 'ProductionPod'),
  props: fc.record({
    app, drain: maybe(seconds), preStopSleep: maybe(seconds),
    // Longer than any preStop: the API server refuses a sleep that the grace period would cut.
    terminationGracePeriod: maybe(fc.integer({ min: 200, max: 400 }).map((amount) => Duration.seconds(amount))),
    containers: maybe(container.map((props) => [{ ...props, name: 'beside' }])),
    initContainers: maybe(container.map((props) => [{ ...props, name: 'before' }])),
    restartPolicy: maybe(fc.constantFrom(kplus.RestartPolicy.ALWAYS, kplus.RestartPolicy.NEVER)),
    securityContext: maybe(fc.record({ user, group: user, fsGroup: user }, { requiredKeys: [] })),
  }, { requiredKeys: ['app'] }),
  parts: fc.subarray(KINDS, { minLength: 1, maxLength: 4 }).chain((kinds) => fc.tuple(...kinds))
    .chain((parts) => fc.shuffledSubarray(parts, { minLength: parts.length })),
})
  // A regular helper would keep such a pod from ending, which is refused.
  .map((pod) => pod.parts.some(({ props }) => props.nativeSidecar === false) ? { ...pod, props: { ...pod.props, restartPolicy: undefined } } : pod)
  .chain((pod) => pod.pattern === 'ProductionPod'
    ? fc.subarray(['/tmp', '/run', '/var/cache/web']).map((writablePaths) => ({ ...pod, props: { ...pod.props, writablePaths } }))
    : fc.constant(pod));

function build(chart: Chart, { pattern, props, parts }: PodPlan, id = 'Web'): kplus.Pod {
  const [first, ...others] = parts.map((part) => part.make());
  switch (pattern) {
    case 'SidecarPod': return new SidecarPod(chart, id, { ...props, sidecar: first, parts: others });
    case 'AdapterPod': return new AdapterPod(chart, id, { ...props, adapter: first, parts: others });
    case 'AmbassadorPod': return new AmbassadorPod(chart, id, { ...props, ambassador: first, parts: others });
    default: return new ProductionPod(chart, id, {
      ...props, parts: [first, ...others],
      ...(!props.app.liveness && { livenessDeclined: 'generated', readinessDeclined: 'generated' }),
    });
  }
}

function newChart(): Chart {
  return new Chart(new App(), 'shop');
}

function render(pod: PodPlan): any[] {
  const chart = newChart();
  build(chart, pod);
  return Testing.synth(chart);
}

function specOf(pod: PodPlan): any {
  return render(pod).find(({ kind }) => kind === 'Pod').spec;
}

const containersOf = (spec: any): any[] => [...spec.initContainers ?? [], ...spec.containers];
const RUNS = { numRuns: 50 };

/** Freezes plain objects and lists, not the values of classes. */
function deepFreeze<T>(value: T): T {
  if (Array.isArray(value) || (typeof value === 'object' && value !== null && [Object.prototype, null].includes(Object.getPrototypeOf(value)))) {
    Object.values(value).forEach(deepFreeze);
    Object.freeze(value);
  }
  return value;
}

describe('any pod', () => {
  test('has the same containers in whichever order its parts are given', () => {
    const known = (spec: any) => containersOf(spec).map(({ name, image: from, restartPolicy, securityContext, resources }) =>
      // The one rotator is a container of the kind of the first part that needs it.
      JSON.stringify({ name, from, restartPolicy: name === 'log-rotator' ? undefined : restartPolicy, securityContext, requests: resources?.requests?.cpu })).sort();
    fc.assert(fc.property(anyPod, (pod) => {
      expect(known(specOf({ ...pod, parts: [...pod.parts].reverse() }))).toEqual(known(specOf(pod)));
    }), RUNS);
  });

  test('is written with equal bytes twice, and by a second program of the same words', () => {
    fc.assert(fc.property(anyPod, (pod) => {
      const chart = newChart();
      build(chart, pod);
      const first = JSON.stringify(Testing.synth(chart));
      expect(JSON.stringify(Testing.synth(chart))).toBe(first);
      expect(JSON.stringify(render(pod))).toBe(first);
    }), RUNS);
  });

  test('accepts frozen props and leaves them as they were', () => {
    fc.assert(fc.property(anyPod, (pod) => {
      const before = JSON.stringify([pod.props, pod.parts]);
      expect(render(deepFreeze(pod)).length).toBeGreaterThan(0);
      expect(JSON.stringify([pod.props, pod.parts])).toBe(before);
    }), RUNS);
  });

  test('satisfies Pod Security restricted in every container', () => {
    fc.assert(fc.property(anyPod, (pod) => {
      const spec = specOf(pod);
      expect(spec.securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } });
      containersOf(spec).forEach(({ securityContext, terminationMessagePolicy }) => {
        expect(securityContext).toMatchObject({ allowPrivilegeEscalation: false, runAsNonRoot: true, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } });
        expect(securityContext.runAsUser ?? spec.securityContext.runAsUser).toBeGreaterThan(0);
        expect(terminationMessagePolicy).toBe('FallbackToLogsOnError');
      });
    }), RUNS);
  });

  test('has its app first, unique names, bounded volumes, and none that nobody mounts', () => {
    fc.assert(fc.property(anyPod, (pod) => {
      const spec = specOf(pod);
      const names = containersOf(spec).map(({ name }) => name);
      expect(spec.containers[0].name).toBe(pod.props.app.name ?? 'app');
      expect(new Set(names).size).toBe(names.length);
      const volumes: any[] = spec.volumes ?? [];
      expect(volumes.filter(({ emptyDir }) => emptyDir && !emptyDir.sizeLimit)).toEqual([]);
      const mounted = new Set(containersOf(spec).flatMap(({ volumeMounts }) => (volumeMounts ?? []).map(({ name }: any) => name)));
      expect(volumes.filter(({ name }) => !mounted.has(name))).toEqual([]);
    }), RUNS);
  });

  test('breaks no rule of volumes and resources, but for what its author knows: images, several writers of one directory, and who rotates logs', () => {
    const rules = [...VOLUME_RULES, ...RESOURCE_RULES].filter(({ id }) => id !== 'read-only-root-without-mount' && id !== 'unrotated-log-directory');
    const forSeveral = rules.filter(({ id }) => id !== 'several-volume-writers');
    fc.assert(fc.property(anyPod, (pod) => {
      const haveWriter = pod.parts.some(({ props }) => (props.writes ?? []).length > 0);
      const found = render(pod).flatMap((object) => checkObject(object, () => '', haveWriter ? forSeveral : rules));
      expect(found.map(({ ruleId, fact }) => `${ruleId}: ${fact}`)).toEqual([]);
    }), RUNS);
  });

  test('has a grace period that covers each of its containers, and requests no more than its limits', () => {
    fc.assert(fc.property(anyPod, (pod) => {
      const spec = specOf(pod);
      const needed = (pod.props.preStopSleep?.toSeconds() ?? 0) + (pod.props.drain?.toSeconds() ?? 15);
      const natives = pod.parts.filter(({ props }) => props.nativeSidecar !== false).map(({ props }) => props.drain?.toSeconds() ?? 0);
      const chosen = pod.props.terminationGracePeriod?.toSeconds();
      expect(spec.terminationGracePeriodSeconds).toBeGreaterThanOrEqual(chosen ?? natives.reduce((sum, drain) => sum + drain, needed));
      expect(chosen ?? spec.terminationGracePeriodSeconds).toBe(spec.terminationGracePeriodSeconds);
      const limits = containersOf(spec).map(({ resources }) => resources.limits['ephemeral-storage'] !== undefined);
      expect(new Set(limits).size).toBe(1);
    }), RUNS);
  });

  const PODS = 200;
  const apicheck = process.env.APICHECK ?? 'apicheck';
  const withApicheck = process.env.APICHECK ? test : itWith('apicheck');

  withApicheck(`is accepted by the validation of Kubernetes and by Pod Security restricted: ${PODS} of them`, () => {
    const chart = newChart();
    const pods = fc.sample(anyPod, PODS);
    pods.forEach((pod, index) => build(chart, pod, `Web${index}`));
    const { stdout, error } = spawnSync(apicheck, { input: Testing.synth(chart).map((object) => JSON.stringify(object)).join('\n---\n'), encoding: 'utf8', maxBuffer: 2 ** 26 });
    expect(error).toBeUndefined();
    const verdicts = stdout.split('\n').filter((line) => line !== '');
    expect(verdicts.filter((line) => /^Pod\/\S+: VALID {2}\[PSS restricted: pass\]$/.test(line))).toHaveLength(PODS);
    expect(verdicts.filter((line) => !/^\w+\/\S+: VALID\b/.test(line))).toEqual([]);
  });
});

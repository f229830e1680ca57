import { spawnSync } from 'child_process';
import { readFileSync } from 'fs';
import { join } from 'path';
import * as fc from 'fast-check';
import { fromMillis, parseMillis } from '../../src/manifest/exact-quantity';
import { KubernetesVersion, targetOf } from '../../src/manifest/kubernetes-version';
import { Amounts, podResourcesOf, QosClass } from '../../src/manifest/pod-resources';
import { itWith } from '../support/programs';

/** A pod, and what Kubernetes computes for it. */
interface Vector {
  readonly spec: { readonly [key: string]: unknown };
  readonly requests: { readonly [resource: string]: string };
  readonly limits: { readonly [resource: string]: string };
  readonly qosClass: string;
}

/** What test/support/pod-resources answers for Kubernetes 1.34: so machines without the program compare too. */
const VECTORS: Vector[] = JSON.parse(readFileSync(join(__dirname, 'pod-resources.vectors.json'), 'utf8'));
const V34 = targetOf(KubernetesVersion.V1_34);

const plain = (amounts: Amounts) => Object.fromEntries([...amounts].map(([name, amount]) => [name, String(amount)]));
const computed = (spec: { [key: string]: unknown }, target = V34) => {
  const { requests, limits, qosClass } = podResourcesOf(spec, target);
  return { requests: plain(requests), limits: plain(limits), qosClass };
};

describe('the resources of a pod', () => {
  test('are those that Kubernetes computes', () => {
    expect(VECTORS.length).toBeGreaterThanOrEqual(300);
    expect(VECTORS.map(({ spec }) => ({ spec, ...computed(spec) }))).toEqual(VECTORS);
  });

  test('come in all classes, with sidecars, resources of the whole pod and overhead', () => {
    expect(new Set(VECTORS.map(({ qosClass }) => qosClass))).toEqual(new Set(Object.values(QosClass)));
    expect(VECTORS.filter(({ spec }) => spec.resources && spec.overhead && JSON.stringify(spec).includes('Always')).length).toBeGreaterThanOrEqual(30);
  });

  test('add sidecars to the app, and to the init containers that start after them', () => {
    const container = (memory: string, more = {}) => ({ ...more, resources: { requests: { memory } } });
    const always = { restartPolicy: 'Always' };
    const spec = { initContainers: [container('5k'), container('1k', always), container('6k'), container('2k', always)], containers: [container('3k')] };
    // 6k beside the sidecar that runs by then; the app and both sidecars together take 6k.
    expect(computed(spec).requests).toEqual({ memory: '7000000' });
  });

  test('are of the whole pod where it has some and the clusters know them', () => {
    const spec = { resources: { limits: { cpu: 2, memory: '1k' } }, containers: [{ resources: { requests: { cpu: 1 } } }] };
    expect(computed(spec)).toEqual({ requests: { cpu: '1000', memory: '1000000' }, limits: { cpu: '2000', memory: '1000000' }, qosClass: 'Burstable' });
    expect(computed(spec, targetOf(KubernetesVersion.V1_33))).toEqual({ requests: { cpu: '1000' }, limits: {}, qosClass: 'Burstable' });
    expect(computed(spec, targetOf(KubernetesVersion.V1_33, ['PodLevelResources'])).limits.cpu).toBe('2000');
  });

  test('count null as zero, as the API server does, so that it is no missing request', () => {
    expect(computed({ containers: [{ resources: { requests: { cpu: null }, limits: { cpu: 2 } } }] })).toEqual({ requests: { cpu: '0' }, limits: { cpu: '2000' }, qosClass: 'Burstable' });
  });

  test('get limits of the whole pod filled in from 1.37 on, where every container has one', () => {
    const limited = { resources: { limits: { cpu: 1, memory: '1k' } } };
    const spec = { resources: { requests: { cpu: 2, memory: '1k' } }, containers: [limited] };
    expect(computed(spec, targetOf(KubernetesVersion.V1_36))).toMatchObject({ limits: { cpu: '1000' }, qosClass: 'Burstable' });
    expect(computed(spec, targetOf(KubernetesVersion.V1_37))).toMatchObject({ limits: { cpu: '2000', memory: '1000000' }, qosClass: 'Guaranteed' });
    expect(computed({ ...spec, containers: [limited, {}] }, targetOf(KubernetesVersion.V1_37))).toMatchObject({ limits: { cpu: '1000' }, qosClass: 'Burstable' });
  });

  test('are BestEffort where the whole pod has an empty list, from 1.34 to 1.36', () => {
    const spec = { resources: {}, containers: [{ resources: { limits: { cpu: 1, memory: '1k' } } }] };
    const versions = [KubernetesVersion.V1_33, KubernetesVersion.V1_34, KubernetesVersion.V1_36, KubernetesVersion.V1_37];
    expect(versions.map((version) => computed(spec, targetOf(version)).qosClass)).toEqual(['Guaranteed', 'BestEffort', 'BestEffort', 'Guaranteed']);
  });

  test.each([{}, { containers: null, resources: [] }, { containers: [{ resources: { limits: 5, requests: { cpu: 'x', memory: {} } } }] }])('are nothing in %j', (spec) => {
    expect(computed(spec)).toEqual({ requests: {}, limits: {}, qosClass: 'BestEffort' });
  });
});

describe('exact quantities', () => {
  test.each([
    ['0.1', 100n], ['1e-1', 100n], ['.25', 250n], ['5.', 5000n], [2, 2000n], ['33m', 33n], ['1n', 1n], ['100000001n', 101n], ['1.5Ki', 1536000n], ['-1.5', -1500n],
    ['1E', 10n ** 21n], ['10E', 10n ** 22n], ['1E3', 1000000n], ['9Ei', (2n ** 63n - 1n) * 1000n],
  ])('read %s', (text, millis) => {
    expect(parseMillis(text)).toBe(millis);
  });

  test.each(['', '.', 'x', '1MB', '1e', '1e9999', '1 Mi', undefined, null, {}, true])('are none in %s', (text) => {
    expect(parseMillis(text)).toBeUndefined();
  });

  test('are numbers of cores or bytes again', () => {
    expect(fromMillis(parseMillis('1.001')!)).toBe(1.001);
  });
});

describe('the resources of any pod', () => {
  // In whole thousandths; what finer ones are rounded to, and before which sum, is not the same in all versions.
  const amount = fc.oneof(
    fc.constantFrom<unknown>('0', '1', '2', '4', '100m', '250m', '1Gi', '1024Mi', '1e3', '0.1', '1.5Ki', '9Ei', 1, 0.3, null),
    fc.tuple(fc.integer({ min: 0, max: 4000 }), fc.constantFrom('m', '', 'Ki', 'Mi', 'M', 'G')).map(([number, suffix]) => `${number}${suffix}`),
    fc.tuple(fc.integer({ min: 0, max: 99 }), fc.integer({ min: 0, max: 999 }), fc.constantFrom('', 'k', 'M')).map(([a, b, suffix]) => `${a}.${b}${suffix}`),
  );
  const optional = (shape: { [key: string]: fc.Arbitrary<unknown> }) => fc.record(shape, { requiredKeys: [] });
  const list = optional({ 'cpu': amount, 'memory': amount, 'ephemeral-storage': amount, 'hugepages-2Mi': amount, 'example.com/gpu': amount });
  const pair = fc.record({ cpu: amount, memory: amount });
  const resources = fc.oneof(
    { weight: 3, arbitrary: optional({ requests: list, limits: list }) },
    { weight: 2, arbitrary: pair.map((limits) => ({ limits })) },
    { weight: 2, arbitrary: pair.map((limits) => ({ requests: { ...limits }, limits })) },
    { weight: 1, arbitrary: fc.constant({}) },
  );
  const container = (restartPolicy: fc.Arbitrary<unknown>) => fc.record({ name: fc.constant('web'), resources, restartPolicy }, { requiredKeys: ['name', 'resources'] });
  const spec = fc.record({
    containers: fc.array(container(fc.constant(undefined)), { minLength: 1, maxLength: 3 }),
    initContainers: fc.array(container(fc.constantFrom(undefined, 'Always')), { maxLength: 3 }),
    resources: fc.oneof(resources, fc.constant(undefined), fc.constant(null)),
    overhead: fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: list }),
  });

  const PODS = 4000;
  const exact = (amounts: { [name: string]: string } | null) => Object.entries(amounts ?? {}).map(([name, value]) => [name, parseMillis(value)]).sort();
  const ask = (version: string, specs: unknown[]) => {
    const input = specs.map((value) => JSON.stringify({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web' }, spec: value })).join('\n');
    const { stdout, stderr, error } = spawnSync(program, [`v${version}`], { input, encoding: 'utf8', maxBuffer: 2 ** 28 });
    expect([error, stderr]).toEqual([undefined, '']);
    const answers = stdout.trim().split('\n').map((line) => JSON.parse(line));
    expect(answers).toHaveLength(specs.length);
    return answers;
  };
  const program = process.env.POD_RESOURCES ?? 'pod-resources';
  const withProgram = process.env.POD_RESOURCES ? test : itWith('pod-resources');

  withProgram(`come from amounts that are read as Kubernetes reads them: ${PODS} of them`, () => {
    const text = fc.tuple(fc.integer({ min: 0, max: 999 }), fc.integer({ min: 0, max: 9999999 }), fc.constantFrom('n', 'u', 'm', '', 'k', 'M', 'G', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei', 'e-5', 'E3'))
      .map(([whole, fraction, suffix]) => `${whole}.${fraction}${suffix}`);
    const texts = fc.sample(text, PODS);
    const answers = ask('1.37', texts.map((memory) => ({ containers: [{ name: 'web', resources: { requests: { memory } } }] })));
    expect(texts.map((memory) => [memory, parseMillis(memory)])).toEqual(texts.map((memory, index) => [memory, exact(answers[index].requests)[0][1]]));
  }, 120_000);

  withProgram('are stored as Kubernetes computes them', () => {
    const answers = ask('1.34', VECTORS.map(({ spec: stored }) => stored));
    const millis = (amounts: { readonly [name: string]: string }) => Object.entries(amounts).map(([name, value]) => [name, BigInt(value)]).sort();
    expect(VECTORS.map(({ requests, limits, qosClass }) => ({ requests: millis(requests), limits: millis(limits), qos: qosClass })))
      .toEqual(answers.map(({ requests, limits, qos }) => ({ requests: exact(requests), limits: exact(limits), qos })));
  });

  withProgram(`are what Kubernetes computes, for ${PODS} pods on each of five versions`, () => {
    const seen = new Set<string>();
    for (const version of ['1.29', '1.33', '1.34', '1.36', '1.37'] as KubernetesVersion[]) {
      const specs = fc.sample(spec, PODS).map((value) => JSON.parse(JSON.stringify(value)));
      const answers = ask(version, specs);
      answers.forEach((answer, index) => {
        const { requests, limits, qosClass } = podResourcesOf(specs[index], targetOf(version));
        const ours = { spec: specs[index], requests: [...requests].sort(), limits: [...limits].sort(), qos: qosClass };
        expect({ version, ...ours }).toEqual({ version, spec: specs[index], requests: exact(answer.requests), limits: exact(answer.limits), qos: answer.qos });
        seen.add(`${version} ${answer.qos}`);
      });
    }
    // Each class on each version, or the comparison says little.
    expect(seen.size).toBe(15);
  }, 120_000);
});

import { readFileSync } from 'fs';
import { join } from 'path';
import { fromMillis, parseMillis } from '../../src/manifest/exact-quantity';
import { KubernetesVersion, targetOf } from '../../src/manifest/kubernetes-version';
import { Amounts, podResourcesOf, QosClass } from '../../src/manifest/pod-resources';

/** A pod, and what Kubernetes computes for it. */
interface Vector {
  readonly spec: { readonly [key: string]: unknown };
  readonly requests: { readonly [resource: string]: string };
  readonly limits: { readonly [resource: string]: string };
  readonly qosClass: string;
}

/**
 * Made by test/kubernetes/pod-resources-oracle with the code of Kubernetes 1.34.2: `PodRequests`, `PodLimits` and `ComputePodQOS`, after
 * the defaults of the API server.
 */
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

  test.each([{}, { containers: null, resources: [] }, { containers: [{ resources: { limits: 5, requests: { cpu: 'x', memory: {} } } }] }])('are nothing in %j', (spec) => {
    expect(computed(spec)).toEqual({ requests: {}, limits: {}, qosClass: 'BestEffort' });
  });
});

describe('exact quantities', () => {
  test.each([
    ['0.1', 100n], ['1e-1', 100n], ['.25', 250n], ['5.', 5000n], [2, 2000n], ['33m', 33n], ['1n', 1n], ['100000001n', 101n], ['1.5Ki', 1536000n], ['-1.5', -1500n],
    ['1E', 10n ** 21n], ['1E3', 1000000n], ['9Ei', (2n ** 63n - 1n) * 1000n],
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

import { facts, fields, judge, pod, webPod } from './judge';
import { limitsAboveZero } from '../../src/rules/resources/limits-above-zero';
import { requestsWithinLimits } from '../../src/rules/resources/requests-within-limits';
import { validQuantities } from '../../src/rules/resources/valid-quantities';

const withResources = (resources: string) => webPod(`resources: ${resources}`);

describe('requests-within-limits', () => {
  test.each([
    ['cpu in other units', '{ requests: { cpu: 1500m }, limits: { cpu: 1 } }', ['spec.containers[0].resources.requests[cpu]']],
    ['memory in other units', '{ requests: { memory: 1Gi }, limits: { memory: 1G } }', ['spec.containers[0].resources.requests[memory]']],
    ['an exponent', '{ requests: { memory: "2e3" }, limits: { memory: 1k } }', ['spec.containers[0].resources.requests[memory]']],
    ['two resources', '{ requests: { cpu: 2, memory: 2Mi }, limits: { cpu: 1, memory: 1Mi } }',
      ['spec.containers[0].resources.requests[cpu]', 'spec.containers[0].resources.requests[memory]']],
    ['any other resource', '{ requests: { ephemeral-storage: 2Gi }, limits: { ephemeral-storage: 1Gi } }', ['spec.containers[0].resources.requests[ephemeral-storage]']],
  ])('refuses a request above the limit: %s', (_, resources, expected) => {
    expect(fields(requestsWithinLimits, withResources(resources))).toEqual(expected);
  });

  test('names both amounts', () => {
    expect(facts(requestsWithinLimits, withResources('{ requests: { cpu: 2 }, limits: { cpu: 100m } }'))).toEqual(['"2" is more than the limit "100m"']);
  });

  test.each([
    ['equal amounts', '{ requests: { cpu: 0.3, memory: 1024Mi }, limits: { cpu: 300m, memory: 1Gi } }'],
    ['equal amounts that floating point numbers cannot tell', '{ requests: { cpu: 4.35 }, limits: { cpu: 4350m } }'],
    ['a request without a limit', '{ requests: { cpu: 2 }, limits: { memory: 1Mi } }'],
    ['amounts that are no quantity, which valid-quantities reports', '{ requests: { cpu: two }, limits: { cpu: one } }'],
  ])('accepts %s', (_, resources) => {
    expect(fields(requestsWithinLimits, withResources(resources))).toEqual([]);
  });

  test('does not apply without both requests and limits', () => {
    expect(fields(requestsWithinLimits, withResources('{ requests: { cpu: 2 } }'))).toBeUndefined();
    expect(fields(requestsWithinLimits, withResources('5'))).toBeUndefined();
  });
});

describe('valid-quantities', () => {
  test.each([
    ['64MB', '"64MB" is no quantity; did you mean "64M"?'],
    ['64 mib', '"64 mib" is no quantity; did you mean "64Mi"?'],
    ['1KB', '"1KB" is no quantity; did you mean "1k"?'],
    ['', '"" is no quantity'],
    ['1.5.2', '"1.5.2" is no quantity'],
    ['1.5.2mb', '"1.5.2mb" is no quantity'],
    ['-1Mi', '"-1Mi" is negative'],
    [-1, '"-1" is negative'],
    [{ value: 1 }, '"{"value":1}" is no quantity'],
  ])('refuses %j', (amount, fact) => {
    expect(judge(validQuantities, withResources(JSON.stringify({ limits: { memory: amount } }))))
      .toEqual([{ field: 'spec.containers[0].resources.limits[memory]', fact }]);
  });

  test('refuses the size limit of a volume', () => {
    const object = pod('{ containers: [{ name: web }], volumes: [{ name: a, emptyDir: {} }, { name: b, emptyDir: { sizeLimit: 1GB } }] }');
    expect(fields(validQuantities, object)).toEqual(['spec.volumes[1].emptyDir.sizeLimit']);
  });

  test('accepts every form that Kubernetes reads', () => {
    const amounts = [1, 0.5, '250m', '64Mi', '1.5G', '1e3', '5.', '.5', '+1', '1E', null];
    expect(fields(validQuantities, withResources(JSON.stringify({ requests: { ...amounts } })))).toEqual([]);
  });

  test('does not apply to a pod without amounts', () => {
    expect(fields(validQuantities, pod('{ containers: [{ name: web }], volumes: [{ name: a, emptyDir: {} }] }'))).toBeUndefined();
  });
});

describe('limits-above-zero', () => {
  test.each(['0', '"0"', '0Mi', '"0.0"'])('refuses a limit of %s', (amount) => {
    expect(fields(limitsAboveZero, withResources(`{ limits: { memory: ${amount}, ephemeral-storage: ${amount} } }`)))
      .toEqual(['spec.containers[0].resources.limits[memory]', 'spec.containers[0].resources.limits[ephemeral-storage]']);
    expect(fields(limitsAboveZero, pod(`volumes: [{ name: a, emptyDir: { sizeLimit: ${amount} } }]`))).toEqual(['spec.volumes[0].emptyDir.sizeLimit']);
  });

  test('says what zero means', () => {
    expect(facts(limitsAboveZero, withResources('{ limits: { memory: 0Mi } }'))).toEqual(['"0Mi" means no limit']);
  });

  test.each(['{ limits: { memory: 1, cpu: 0, nvidia.com/gpu: 0 } }', '{ limits: { memory: x }, requests: { memory: 0 } }'])('accepts %s', (resources) => {
    expect(fields(limitsAboveZero, withResources(resources))).toEqual([]);
  });

  test('does not apply without limits', () => {
    expect(fields(limitsAboveZero, pod('volumes: [{ name: a, emptyDir: {} }]'))).toBeUndefined();
  });
});

import * as fc from 'fast-check';
import { facts, fields, findingsIn, judge, pod, webPod, workload } from './judge';
import { KubernetesVersion, targetOf } from '../../src/manifest/kubernetes-version';
import { containerResources } from '../../src/rules/resources/container-resources';
import { extendedResources } from '../../src/rules/resources/extended-resources';
import { limitsAboveZero } from '../../src/rules/resources/limits-above-zero';
import { mistakenUnit } from '../../src/rules/resources/mistaken-unit';
import { qualityOfService } from '../../src/rules/resources/quality-of-service';
import { requestsWithinLimits } from '../../src/rules/resources/requests-within-limits';
import { silentDefaultResources } from '../../src/rules/resources/silent-default-resources';
import { utilizationWithoutRequest } from '../../src/rules/resources/utilization-without-request';
import { validQuantities } from '../../src/rules/resources/valid-quantities';
import { verdictsOn, withApicheck } from '../support/apicheck';

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

describe('extended-resources', () => {
  const GPU = 'nvidia.com/gpu';
  test.each([
    ['requests: { nvidia.com/gpu: 1 }', [`requests[${GPU}]`], ['"1" is a request without a limit']],
    ['requests: { nvidia.com/gpu: 1 }, limits: { nvidia.com/gpu: 2 }', [`requests[${GPU}]`], ['"1" is less than the limit "2"']],
    ['limits: { nvidia.com/gpu: 500m }', [`limits[${GPU}]`], ['"500m" is not a whole number']],
    ['limits: { gpu: 1 }', ['limits[gpu]'], ['"gpu" is no resource that Kubernetes knows, and has no domain']],
    ['requests: { Memory: 1Gi }', ['requests[Memory]'], ['"Memory" is no resource that Kubernetes knows, and has no domain; did you mean "memory"?']],
    ['limits: { hugepages-2Mi: 4Mi }', ['limits[hugepages-2Mi]'], ['"4Mi" stands alone, without cpu or memory']],
    ['limits: { hugepages-2Mi: 3Mi, memory: 1Gi }', ['limits[hugepages-2Mi]'], ['"3Mi" is no multiple of "2Mi"']],
    ['requests: { hugepages-2Mi: 2Mi, cpu: 1 }, limits: { hugepages-2Mi: 4Mi }', ['requests[hugepages-2Mi]'], ['"2Mi" is less than the limit "4Mi"']],
  ])('refuses { %s }', (resources, places, expected) => {
    expect(fields(extendedResources, withResources(`{ ${resources} }`))).toEqual(places.map((place) => `spec.containers[0].resources.${place}`));
    expect(facts(extendedResources, withResources(`{ ${resources} }`))).toEqual(expected);
  });

  test.each([
    'limits: { nvidia.com/gpu: 1 }', 'limits: { nvidia.com/gpu: "2" }, requests: { nvidia.com/gpu: 2000m }', 'limits: { hugepages-2Mi: 4Mi }, requests: { memory: 1Gi }',
    'limits: { x.example/a: 1, y.example/b: 2 }', 'limits: { nvidia.com/gpu: 2 }, requests: { nvidia.com/gpu: 3 }', 'limits: { nvidia.com/gpu: one }',
  ])('accepts { %s }, or leaves it to another rule', (resources) => {
    expect(facts(extendedResources, withResources(`{ ${resources} }`))).toEqual([]);
  });

  test('does not apply to what all containers ask for', () => {
    expect(judge(extendedResources, withResources('{ requests: { cpu: 1 }, limits: { memory: 1Gi, ephemeral-storage: 1Gi } }'))).toBeUndefined();
  });

  withApicheck('agrees with the API server on any two resources', () => {
    const amount = fc.constantFrom('1', '2', '500m', '2Mi', '3Mi', '4Mi');
    const name = fc.constantFrom(GPU, 'example.com/dongle', 'hugepages-2Mi', 'gpu', 'Memory', 'cpu', 'memory');
    const amounts = fc.dictionary(name, amount, { maxKeys: 3 });
    const many = fc.sample(fc.record({ requests: amounts, limits: amounts }), 2000).map((resources) => (
      { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a', namespace: 'a' }, spec: { containers: [{ name: 'a', image: 'a', resources }] } }));
    const verdicts = verdictsOn(many);
    const found = (object: unknown) => [extendedResources, requestsWithinLimits].some((rule) => (judge(rule, object) ?? []).length > 0);
    expect(many.map((object, index) => ({ resources: object.spec.containers[0].resources, isRefused: verdicts[index].includes(': INVALID'), isFound: found(object) }))
      .filter(({ isRefused, isFound }) => isRefused !== isFound)).toEqual([]);
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

const V34 = targetOf(KubernetesVersion.V1_34);

describe('container-resources', () => {
  test('warns once for each container, of all that is missing', () => {
    const object = pod('containers: [{ name: a }, { name: b, resources: { requests: { memory: 1Mi } } }]');
    expect(judge(containerResources, object)).toEqual([
      { field: 'spec.containers[0].resources', fact: '"a" has no CPU request, no memory request, no memory limit' },
      { field: 'spec.containers[1].resources', fact: '"b" has no CPU request, no memory limit' },
    ]);
  });

  test.each([
    ['no limit of CPU', '{ requests: { cpu: 1m, memory: 1Mi }, limits: { memory: 1Mi } }'],
    ['limits, which are requested', '{ limits: { cpu: 1, memory: 1Mi } }'],
    ['what is no quantity, which valid-quantities reports', '{ requests: { cpu: x }, limits: { memory: y } }'],
  ])('accepts %s', (_, resources) => {
    expect(fields(containerResources, withResources(resources))).toEqual([]);
  });

  test('takes a limit of zero for none', () => {
    expect(facts(containerResources, withResources('{ requests: { cpu: 1, memory: 1Mi }, limits: { memory: 0 } }'))).toEqual(['"web" has no memory limit']);
  });

  test('looks at native sidecars, and not at init containers', () => {
    expect(fields(containerResources, pod('initContainers: [{ name: a }, { name: b, restartPolicy: Always }]'))).toEqual(['spec.initContainers[1].resources']);
  });

  test('accepts the resources of the pod as a whole, where clusters know them', () => {
    const object = pod('{ resources: { requests: { cpu: 1 }, limits: { memory: 1Mi } }, containers: [{ name: a }] }');
    expect(fields(containerResources, object, V34)).toEqual([]);
    expect(fields(containerResources, object)).toEqual(['spec.containers[0].resources']);
  });
});

describe('silent-default-resources', () => {
  const silent = '{ requests: { cpu: 1000m, memory: 512Mi }, limits: { cpu: 1500m, memory: 2048Mi } }';

  test('warns of the exact shape that cdk8s-plus writes', () => {
    expect(judge(silentDefaultResources, withResources(silent))).toEqual([{
      field: 'spec.containers[0].resources',
      fact: '"1000m" of CPU and 512Mi of memory is what cdk8s-plus requests for a container without resources, here for "web"',
    }]);
  });

  test.each([silent.replace('1000m', '1'), silent.replace('2048Mi', '2Gi'), silent.replace('cpu: 1500m', 'cpu: 1500m, ephemeral-storage: 1Gi'), '{}'])('accepts %s', (resources) => {
    expect(fields(silentDefaultResources, withResources(resources))).toEqual([]);
  });

  test('does not apply without resources', () => {
    expect(fields(silentDefaultResources, webPod('{}'))).toBeUndefined();
  });
});

describe('quality-of-service', () => {
  const asked = (qos: string, resources: string) => webPod(`resources: ${resources}`, { 'pod-patterns/qos': qos });
  const guaranteed = '{ limits: { cpu: 1, memory: 1Mi } }';

  test('warns of a class that is not the computed one', () => {
    expect(judge(qualityOfService, asked('Guaranteed', '{ limits: { memory: 1Mi } }'))).toEqual([
      { field: 'metadata.annotations[pod-patterns/qos]', fact: '"Guaranteed" is asked for, and the pod is Burstable' },
    ]);
    expect(facts(qualityOfService, asked('Burstable', guaranteed))).toEqual(['"Burstable" is asked for, and the pod is Guaranteed']);
  });

  test('warns of a class that there is not', () => {
    expect(facts(qualityOfService, asked('guaranteed', guaranteed))).toEqual(['"guaranteed" is no class: there are Guaranteed, Burstable, BestEffort']);
  });

  test('names the annotation of a template', () => {
    const object = workload('Deployment', 'web');
    object.spec.template.metadata.annotations = { 'pod-patterns/qos': 'Guaranteed' };
    expect(fields(qualityOfService, object)).toEqual(['spec.template.metadata.annotations[pod-patterns/qos]']);
  });

  test.each([['Guaranteed', guaranteed], ['Burstable', '{ requests: { cpu: 1 } }'], ['BestEffort', '{}']])('accepts %s where it is so', (qos, resources) => {
    expect(fields(qualityOfService, asked(qos, resources))).toEqual([]);
  });

  test('does not apply where nobody asks', () => {
    expect(fields(qualityOfService, withResources('{}'))).toBeUndefined();
  });
});

describe('utilization-without-request', () => {
  const scaler = (spec: string) => `
kind: HorizontalPodAutoscaler
metadata: { name: web }
spec: { scaleTargetRef: { kind: Deployment, name: web }, ${spec} }
---`;
  const deployment = (spec: string) => `
kind: Deployment
metadata: { name: web }
spec: { template: { spec: { ${spec} } } }`;
  const helper = (resources: string, more = '') => deployment(`${more} containers: [{ name: web, resources: { requests: { cpu: 1 } } }, { name: logs, resources: ${resources} }]`);
  const metric = (type: string, resource: string, target: string) => `metrics: [{ type: ${type}, ${resource}, target: { type: ${target} } } }]`;
  const cpu = metric('Resource', 'resource: { name: cpu', 'Utilization');
  const run = (hpa: string, target: string) => findingsIn(scaler(hpa) + target, [utilizationWithoutRequest]).map(({ field, fact }) => ({ field, fact }));

  test('warns of a helper without the request', () => {
    expect(run(cpu, helper('{}'))).toEqual([
      { field: 'spec.metrics[0].resource.target.type', fact: '"cpu" is not requested by container "logs" of Deployment "web"' },
    ]);
  });

  test.each([
    ['the field of autoscaling/v1', 'targetCPUUtilizationPercentage: 70', 'spec.targetCPUUtilizationPercentage'],
    ['no metric, for which the API server puts one of CPU', 'maxReplicas: 3', 'spec.metrics'],
    ['a metric of the container', metric('ContainerResource', 'containerResource: { name: cpu, container: logs', 'Utilization'), 'spec.metrics[0].containerResource.target.type'],
  ])('reads %s', (_, hpa, field) => {
    expect(run(hpa, helper('{}')).map((found) => found.field)).toEqual([field]);
  });

  test('looks at native sidecars, and not at init containers', () => {
    const init = (more: string) => helper('{ requests: { cpu: 1 } }', `initContainers: [{ name: init, ${more} }],`);
    expect(run(cpu, init('restartPolicy: Always'))).toHaveLength(1);
    expect(run(cpu, init('image: a'))).toEqual([]);
  });

  const V1_34 = targetOf(KubernetesVersion.V1_34);
  const ofPod = (resources: string) => deployment(`resources: ${resources}, containers: [{ name: web }]`);
  const onV1_34 = (hpa: string, target: string) => findingsIn(scaler(hpa) + target, [utilizationWithoutRequest], V1_34).map(({ fact }) => fact);

  test.each(['{ requests: { cpu: 1 } }', '{ limits: { cpu: 1 } }'])('asks no container where the whole pod has %s', (resources) => {
    expect(onV1_34(cpu, ofPod(resources))).toEqual([]);
    expect(run(cpu, ofPod(resources))).toHaveLength(1);
  });

  test('warns where the whole pod requests something else, and no container this', () => {
    expect(onV1_34(cpu, ofPod('{ requests: { memory: 1Gi } }'))).toEqual(['"cpu" is not requested by container "web" of Deployment "web"']);
    expect(onV1_34(metric('ContainerResource', 'containerResource: { name: cpu, container: web', 'Utilization'), ofPod('{ requests: { cpu: 1 } }'))).toHaveLength(1);
  });

  test.each([
    ['a limit, which is the request', cpu, helper('{ limits: { cpu: 1 } }')],
    ['an average value', metric('Resource', 'resource: { name: cpu', 'AverageValue'), helper('{}')],
    ['a metric of a container with the request', metric('ContainerResource', 'containerResource: { name: cpu, container: web', 'Utilization'), helper('{}')],
    ['metrics of other kinds', 'metrics: [{ type: Pods, pods: {} }]', helper('{}')],
    ['a workload that is elsewhere', cpu, helper('{}').replace('name: web', 'name: other')],
  ])('says nothing of %s', (_, hpa, target) => {
    expect(run(hpa, target)).toEqual([]);
  });
});

describe('mistaken-unit', () => {
  const judged = (resources: string) => judge(mistakenUnit, webPod(`{ resources: { ${resources} } }`))?.map(({ field, fact }) => `${field.replace('spec.containers[0].resources.', '')}: ${fact}`);

  test.each([
    ['limits: { memory: 512m }', ['limits[memory]: "512m" is a part of a byte; did you mean "512Mi"?']],
    ['limits: { memory: 128 }', ['limits[memory]: "128" is less than 1Mi; did you mean "128Mi"?']],
    ['limits: { memory: 64k }', ['limits[memory]: "64k" is less than 1Mi']],
    ['requests: { memory: 256m }', ['requests[memory]: "256m" is a part of a byte; did you mean "256Mi"?']],
    ['requests: { cpu: 100Mi }', ['requests[cpu]: "100Mi" is 104857600 cores; did you mean "100m"?']],
    ['limits: { cpu: 2000 }', ['limits[cpu]: "2000" is 2000 cores; did you mean "2000m"?']],
    ['limits: { memory: 1Mi, cpu: 1920 }, requests: { memory: 1, cpu: 1m }', []],
    ['limits: { memory: 1M }', ['limits[memory]: "1M" is less than 1Mi']],
    ['limits: { memory: 0 }', []],
    ['limits: { memory: lots, cpu: null }', []],
  ])('judges %s', (resources, expected) => {
    expect(judged(resources)).toEqual(expected);
  });
});

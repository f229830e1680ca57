import * as fc from 'fast-check';
import { DEFAULT_CONTAINER_ANNOTATION, LISTENERS_ANNOTATION, waiverAnnotation } from '../../src/manifest/annotations';
import { ContainerRole, containersOf, runsBesideOthers } from '../../src/manifest/containers';
import { isObject, objectsIn, readSortSetting, sortedKeys } from '../../src/manifest/json';
import { formatListeners, listenersOf } from '../../src/manifest/listeners';
import { podAnnotations, podTemplateOf } from '../../src/manifest/pod-template';
import { formatBytes, parseQuantity } from '../../src/manifest/quantity';

const FACTORS: { [suffix: string]: number } = {
  'n': 1e-9, 'u': 1e-6, 'm': 1e-3, '': 1, 'k': 1e3, 'M': 1e6, 'G': 1e9, 'T': 1e12, 'P': 1e15, 'E': 1e18,
  'Ki': 2 ** 10, 'Mi': 2 ** 20, 'Gi': 2 ** 30, 'Ti': 2 ** 40, 'Pi': 2 ** 50, 'Ei': 2 ** 60,
};

describe('a quantity', () => {
  test.each([
    ['250m', 0.25], ['64Mi', 67108864], ['1.5G', 1.5e9], ['1e3', 1000], ['1E3', 1000], ['2E', 2e18], ['1e-3', 0.001],
    ['.5', 0.5], ['5.', 5], ['+1', 1], ['-2Ki', -2048], ['0', 0], [2, 2],
  ])('%p is %d in base units', (text, value) => {
    expect(parseQuantity(text)).toBeCloseTo(value, 12);
  });

  test.each(['', 'Mi', '64MB', '64 Mi', '0x10', '1e', '1,5', 'NaN', 'Infinity', '1ki', '1KI', '--1', '1Mi\n', null, undefined, {}, [], true])(
    '%p is none', (text) => {
      expect(parseQuantity(text)).toBeUndefined();
    });

  test('is a number times its suffix', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 2 ** 31 }), fc.constantFrom(...Object.keys(FACTORS)), (number, suffix) => {
      expect(parseQuantity(`${number}${suffix}`)).toBe(number * FACTORS[suffix]);
    }));
  });

  test('of bytes survives being written and read', () => {
    fc.assert(fc.property(fc.maxSafeNat(), fc.integer({ min: 0, max: 50 }), (number, shift) => {
      const bytes = Math.floor(number / 2 ** shift) * 2 ** shift;
      expect(parseQuantity(formatBytes(bytes))).toBe(bytes);
    }));
  });

  test('of bytes is written in the largest binary unit that keeps it exact', () => {
    expect([0, 1000, 1024, 524288, 64 * 2 ** 20, 1536 * 2 ** 20, 2 ** 31, 2 ** 40, 2 ** 50].map(formatBytes))
      .toEqual(['0', '1000', '1Ki', '512Ki', '64Mi', '1536Mi', '2Gi', '1Ti', '1Pi']);
    fc.assert(fc.property(fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }), (bytes) => {
      const [, number, unit] = /^(\d+)(.*)$/.exec(formatBytes(bytes))!;
      expect(Number(number) % 1024 === 0 && unit !== 'Pi').toBe(false);
    }));
  });
});

describe('the pod', () => {
  const spec = { containers: [] };
  const inWorkload = { spec: { template: { metadata: { name: 'inner' }, spec } } };

  test.each([
    ['Pod', { metadata: { name: 'inner' }, spec }, 'spec'],
    ['PodTemplate', { template: { metadata: { name: 'inner' }, spec } }, 'template.spec'],
    ['CronJob', { spec: { jobTemplate: inWorkload } }, 'spec.jobTemplate.spec.template.spec'],
    ...['Deployment', 'ReplicaSet', 'ReplicationController', 'StatefulSet', 'DaemonSet', 'Job']
      .map((kind) => [kind, inWorkload, 'spec.template.spec'] as [string, object, string]),
  ])('of a %s is found, with its own metadata and its path', (kind, rest, path) => {
    const object = { kind, ...rest };
    const template = podTemplateOf(object)!;
    expect(template.object).toBe(object);
    expect(template.spec).toBe(spec);
    expect(template.holder.metadata).toEqual({ name: 'inner' });
    expect(template.path).toBe(path);
  });

  test.each([
    ['of another kind', { kind: 'Service', spec: { ports: [] } }],
    ['of a kind that every object inherits', { kind: 'toString', spec: {} }],
    ['without a kind', { spec: {} }],
    ['whose spec is a list', { kind: 'Pod', spec: [] }],
    ['whose template is null', { kind: 'Deployment', spec: { template: null } }],
    ['that is a list', [{ kind: 'Pod', spec: {} }]],
    ['that is null', null],
    ['that is text', 'kind: Pod'],
  ])('is absent from an object %s', (_, object) => {
    expect(podTemplateOf(object)).toBeUndefined();
  });

  test('of a workload gets its annotations on the template, not on the workload', () => {
    const object: any = { kind: 'Deployment', metadata: {}, spec: { template: { spec } } };
    podAnnotations(podTemplateOf(object)!).a = 'b';
    expect(object.spec.template.metadata).toEqual({ annotations: { a: 'b' } });
    expect(object.metadata).toEqual({});
  });

  test('keeps the annotations that it has', () => {
    const object: any = { kind: 'Pod', metadata: { annotations: { c: 'd' } }, spec };
    podAnnotations(podTemplateOf(object)!).a = 'b';
    expect(object.metadata.annotations).toEqual({ c: 'd', a: 'b' });
  });
});

describe('a container', () => {
  const object = (spec: object) => podTemplateOf({ kind: 'Deployment', spec: { template: { spec } } })!;
  const views = containersOf(object({
    containers: [{ name: 'web', restartPolicy: 'Always' }, {}],
    initContainers: [{ name: 'setup' }, { name: 'proxy', restartPolicy: 'Always' }, { name: 'odd', restartPolicy: 'OnFailure' }],
  }));

  test('of initContainers is a native sidecar only if it is restarted always', () => {
    expect(views.map(({ name, role }) => [name, role])).toEqual([
      ['setup', ContainerRole.INIT], ['proxy', ContainerRole.NATIVE_SIDECAR], ['odd', ContainerRole.INIT],
      ['web', ContainerRole.REGULAR], ['', ContainerRole.REGULAR],
    ]);
  });

  test('has the field path that kubectl prints', () => {
    expect(views.map(({ path }) => path)).toEqual([
      'spec.template.spec.initContainers[0]', 'spec.template.spec.initContainers[1]', 'spec.template.spec.initContainers[2]',
      'spec.template.spec.containers[0]', 'spec.template.spec.containers[1]',
    ]);
    expect(views.map(({ index }) => index)).toEqual([0, 1, 2, 0, 1]);
  });

  test('runs beside others unless it is a plain init container', () => {
    expect(views.map(runsBesideOthers)).toEqual([false, true, false, true, true]);
  });

  test('is none where the lists are missing or misshapen', () => {
    expect(containersOf(object({}))).toEqual([]);
    expect(containersOf(object({ containers: 'web', initContainers: [null, 'x', []] }))).toEqual([]);
  });
});

describe('listeners', () => {
  const annotated = (value: unknown, kind = 'Pod') => {
    const holder = { metadata: { annotations: { [LISTENERS_ANNOTATION]: value } }, spec: {} };
    const template = podTemplateOf(kind === 'Pod' ? { kind, ...holder } : { kind, spec: { template: holder } })!;
    return listenersOf(template, []);
  };

  test('are the ports of containers that run beside others, on every address', () => {
    const template = podTemplateOf({
      kind: 'Pod',
      spec: {
        containers: [{ name: 'web', ports: [{ containerPort: 8080 }, { containerPort: 53, protocol: 'UDP' }] }],
        initContainers: [{ name: 'setup', ports: [{ containerPort: 1 }] }, { name: 'proxy', restartPolicy: 'Always', ports: [{ containerPort: 2 }] }],
      },
    })!;
    expect(listenersOf(template, containersOf(template))).toEqual([
      { container: 'proxy', address: '*', port: 2, protocol: 'TCP', path: 'spec.initContainers[1].ports[0].containerPort' },
      { container: 'web', address: '*', port: 8080, protocol: 'TCP', path: 'spec.containers[0].ports[0].containerPort' },
      { container: 'web', address: '*', port: 53, protocol: 'UDP', path: 'spec.containers[0].ports[1].containerPort' },
    ]);
  });

  test('of the annotation survive being written and read', () => {
    const listener = fc.record({
      container: fc.stringMatching(/^[a-z0-9]([-a-z0-9]{0,10}[a-z0-9])?$/),
      address: fc.constantFrom('*', '127.0.0.1', '0.0.0.0', '[::1]', '::'),
      port: fc.integer({ min: 1, max: 65535 }),
    });
    fc.assert(fc.property(fc.array(listener), (listeners) => {
      const read = annotated(formatListeners(listeners)).map(({ container, address, port }) => ({ container, address, port }));
      expect(read).toEqual(listeners);
    }));
  });

  test('of the annotation are found at the metadata of the pod itself', () => {
    expect(annotated('a=127.0.0.1:1').map(({ path }) => path)).toEqual([`metadata.annotations[${LISTENERS_ANNOTATION}]`]);
    expect(annotated('a=127.0.0.1:1', 'Deployment').map(({ path }) => path)).toEqual([`spec.template.metadata.annotations[${LISTENERS_ANNOTATION}]`]);
  });

  test('that the annotation misspells are left out', () => {
    expect(annotated('nonsense, a=:1, =127.0.0.1:2,a=*:x, b=*:3').map(({ container, port }) => [container, port])).toEqual([['b', 3]]);
    expect(annotated(undefined)).toEqual([]);
    expect(annotated(7)).toEqual([]);
  });
});

describe('keys', () => {
  const restore = process.env.CDK8S_DISABLE_SORT;
  afterEach(() => {
    delete process.env.CDK8S_DISABLE_SORT;
    Object.assign(process.env, restore === undefined ? {} : { CDK8S_DISABLE_SORT: restore });
    readSortSetting();
  });

  test('are sorted by code unit as cdk8s does, and keep their values', () => {
    fc.assert(fc.property(fc.dictionary(fc.stringMatching(/^[a-zA-Z_/.]{1,8}$/), fc.jsonValue()), (object) => {
      const sorted = sortedKeys(object);
      expect(Object.keys(sorted)).toEqual(Object.keys(object).sort());
      expect(sorted).toEqual(object);
    }));
  });

  test('of inner objects stay as they are', () => {
    expect(JSON.stringify(sortedKeys({ b: { z: 1, a: 2 }, a: 1 }))).toBe('{"a":1,"b":{"z":1,"a":2}}');
  });

  test('in order already are the same object', () => {
    const object = { a: 1, b: 2 };
    expect(sortedKeys(object)).toBe(object);
  });

  test('stay as they are where cdk8s does not sort either', () => {
    process.env.CDK8S_DISABLE_SORT = '1';
    readSortSetting();
    expect(Object.keys(sortedKeys({ b: 1, a: 2 }))).toEqual(['b', 'a']);
  });
});

test('objects are told from lists, null and text', () => {
  expect([{}, [], null, 'x', 1, undefined].map(isObject)).toEqual([true, false, false, false, false, false]);
  expect(objectsIn([{ a: 1 }, [], null, 'x'])).toEqual([{ a: 1 }]);
  expect(objectsIn({ length: 1 })).toEqual([]);
});

test('annotations have the names that people read in manifests', () => {
  expect(DEFAULT_CONTAINER_ANNOTATION).toBe('kubectl.kubernetes.io/default-container');
  expect(LISTENERS_ANNOTATION).toBe('pod-patterns/listeners');
  expect(waiverAnnotation('liveness-probe')).toBe('waive.pod-patterns/liveness-probe');
});

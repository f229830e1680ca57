import { brokenRules, facts, fields, judge, judgeAmong, pod, webPod, workload } from './judge';
import { missingConfigKey } from '../../src/rules/values/missing-config-key';
import { oneSource } from '../../src/rules/values/one-source';
import { SCHEMAS } from '../../src/rules/values/schemas';
import { textValues } from '../../src/rules/values/text-values';
import { BASE64, COUNT, FLAG, INT32, INT64, Schema, SECRET_TEXT, TEXT } from '../../src/rules/values/types';
import { valueTypes } from '../../src/rules/values/value-types';
import { verdictsOn, withApicheck } from '../support/apicheck';

describe('text-values', () => {
  test.each([
    ['env: [{ name: A, value: "1" }, { name: B, value: 5 }]', 'env[1].value', '"5" is a number, not a string'],
    ['args: [a, true]', 'args[1]', '"true" is a flag, not a string'],
    ['command: [[a]]', 'command[0]', '"["a"]" is a list, not a string'],
    ['args: -v', 'args', '"-v" is not a list'],
    ['env: [{ name: A, value: { a: 1 } }]', 'env[0].value', '"{"a":1}" is an object, not a string'],
    ['livenessProbe: { exec: { command: [5] } }', 'livenessProbe.exec.command[0]', '"5" is a number, not a string'],
    ['lifecycle: { preStop: { exec: { command: [sleep, 5] } } }', 'lifecycle.preStop.exec.command[1]', '"5" is a number, not a string'],
  ])('refuses %s', (container, field, fact) => {
    expect(judge(textValues, webPod(`{ ${container} }`))).toEqual([{ field: `spec.containers[0].${field}`, fact }]);
  });

  test('refuses labels and annotations that are no text, on the template too', () => {
    const object = workload('Deployment', 'web');
    object.metadata.annotations = { a: 5, b: null, c: '5' };
    object.spec.template.metadata.labels = { d: false };
    expect(fields(textValues, object)).toEqual(['metadata.annotations[a]', 'spec.template.metadata.labels[d]']);
  });

  test('accepts text, what is null, and values from elsewhere', () => {
    const container = '{ env: [{ name: A, value: "" }, { name: B, value: null }, { name: C, valueFrom: { fieldRef: { fieldPath: spec.nodeName } } }], args: [a, null], command: null }';
    expect(brokenRules(webPod(container))).toEqual([]);
  });

  test('leaves a probe command that is no list to one-handler-action', () => {
    expect(brokenRules(webPod('{ livenessProbe: { exec: { command: ls } } }'))).toEqual(['one-handler-action']);
  });
});

describe('value-types', () => {
  const inDeployment = (spec: object) => ({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web' }, spec });
  const found = (object: object) => judgeAmong(valueTypes, object, []);

  test.each([
    [{ replicas: '3' }, 'replicas', '"3" is a string, not a number; did you mean 3?'],
    [{ replicas: 1.5 }, 'replicas', '"1.5" is not a whole number'],
    [{ replicas: 3_000_000_000 }, 'replicas', '"3000000000" is more than 2147483647'],
    [{ replicas: 'many' }, 'replicas', '"many" is a string, not a number'],
    [{ paused: 'true' }, 'paused', '"true" is a string, not a flag; did you mean true?'],
    [{ paused: 'yes' }, 'paused', '"yes" is a string, not a flag'],
    [{ paused: 1 }, 'paused', '"1" is a number, not a flag'],
    [{ selector: { matchLabels: { version: 1.1 } } }, 'selector.matchLabels[version]', '"1.1" is a number, not a string'],
    [{ strategy: { rollingUpdate: { maxSurge: '1' } } }, 'strategy.rollingUpdate.maxSurge', '"1" is a string, not a number; did you mean 1?'],
    [{ template: [] }, 'template', '"[]" is a list, not an object'],
    [{ template: { spec: { containers: { name: 'web' } } } }, 'template.spec.containers', '"{"name":"web"}" is an object, not a list'],
    [{ template: { spec: { containers: [{ name: 'a' }, { env: { A: 'b' } }] } } }, 'template.spec.containers[1].env', '"{"A":"b"}" is an object, not a list'],
    [{ template: { spec: { tolerations: [{ key: 'spot', value: true }] } } }, 'template.spec.tolerations[0].value', '"true" is a flag, not a string'],
    [{ replicas: -1 }, 'replicas', '"-1" is less than 0'],
    [{ strategy: { type: 'recreate' } }, 'strategy.type', '"recreate" is none of "RollingUpdate", "Recreate"; did you mean "Recreate"?'],
    [{ strategy: { type: 5 } }, 'strategy.type', '"5" is a number, not a string'],
    [{ strategy: { rollingUpdate: { maxSurge: -1 } } }, 'strategy.rollingUpdate.maxSurge', '"-1" is less than 0'],
    [{ template: { spec: { initContainers: [{ restartPolicy: 'always' }] } } }, 'template.spec.initContainers[0].restartPolicy',
      '"always" is none of "Always", "OnFailure", "Never"; did you mean "Always"?'],
    [{ template: { spec: { topologySpreadConstraints: [{ whenUnsatisfiable: 'Ignore' }] } } }, 'template.spec.topologySpreadConstraints[0].whenUnsatisfiable',
      '"Ignore" is none of "DoNotSchedule", "ScheduleAnyway"'],
    [{ template: { spec: { affinity: { podAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 101 }] } } } } },
      'template.spec.affinity.podAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].weight', '"101" is not from 1 to 100'],
    [{ template: { spec: { volumes: [{ name: 'a', emptyDir: { medium: 'memory' } }] } } }, 'template.spec.volumes[0].emptyDir.medium',
      '"memory" is none of "Memory", "HugePages", "HugePages-2Mi", "HugePages-1Gi"; did you mean "Memory"?'],
  ])('refuses %j in the spec of a Deployment', (spec, field, fact) => {
    expect(found(inDeployment(spec))).toEqual([{ field: `spec.${field}`, fact }]);
  });

  test('reports all that is wrong in one object', () => {
    expect(found({ kind: 'ConfigMap', metadata: { labels: { a: 1 } }, data: { PORT: 8080, HOST: 'web', DEBUG: true } })!.map(({ field }) => field))
      .toEqual(['metadata.labels[a]', 'data[PORT]', 'data[DEBUG]']);
  });

  test('shows no value of a Secret', () => {
    expect(found({ kind: 'Secret', data: { a: 'hunter2', b: 5 }, stringData: { c: 12345 } })!.map(({ fact }) => fact))
      .toEqual(['"…" is not in base64', '"…" is a number, not a string', '"…" is a number, not a string']);
  });

  test('accepts base64 on several lines', () => {
    expect(found({ kind: 'Secret', data: { a: 'YWJj\nZGVm\n' } })).toEqual([]);
  });

  test('accepts what is null, percentages, and fields that it does not know', () => {
    expect(found(inDeployment({
      replicas: null, paused: undefined, selector: null, strategy: { rollingUpdate: { maxSurge: '25%', maxUnavailable: 1 } }, constructor: 5, of: 5,
      template: { spec: { containers: [null, { name: 'web', env: null }] } },
    }))).toEqual([]);
  });

  test('does not apply to kinds of another API group', () => {
    expect(found({ apiVersion: 'serving.knative.dev/v1', kind: 'Service', spec: { ports: 5 } })).toBeUndefined();
  });

  test('says once what the rules for numbers of users, ports and probes say too', () => {
    const ofPod = '{ livenessProbe: { httpGet: { port: 8080 }, periodSeconds: "10" }, ports: [{ containerPort: "80" }], securityContext: { runAsUser: "1" } }';
    expect(brokenRules(webPod(ofPod)).sort()).toEqual(['port-range', 'probe-timings', 'user-and-group-ids']);
  });

  const API_VERSIONS: { [kind: string]: string } = {
    Deployment: 'apps/v1', ReplicaSet: 'apps/v1', StatefulSet: 'apps/v1', DaemonSet: 'apps/v1', Job: 'batch/v1', CronJob: 'batch/v1',
    PodDisruptionBudget: 'policy/v1', HorizontalPodAutoscaler: 'autoscaling/v2',
  };
  const VALUES = new Map<Schema, { right: unknown; wrong: unknown[] }>([
    [TEXT, { right: 'a', wrong: [5, true, {}] }],
    [SECRET_TEXT, { right: 'a', wrong: [5, true] }],
    [BASE64, { right: 'YQ==', wrong: ['a', 'YQ', 'Y_Q=', 5] }],
    [FLAG, { right: true, wrong: ['true', 1] }],
    [INT32, { right: 1, wrong: ['1', 1.5, 3_000_000_000, true] }],
    [INT64, { right: 3_000_000_000, wrong: ['1', 1.5] }],
    [COUNT, { right: '25%', wrong: [true, 1.5] }],
  ]);

  interface Place {
    readonly type: Schema;
    readonly path: string;
    put(value: unknown): any;
  }

  /** Every place that a schema names, with a function that puts a value there. */
  function placesIn(schema: Schema): Place[] {
    const below: Place[] = [
      ...schema.items ? [{ type: schema.items, path: '[0]', put: (value: unknown) => [value] }] : [],
      ...schema.values ? [{ type: schema.values, path: '[a]', put: (value: unknown) => ({ a: value }) }] : [],
      ...[...schema.fields ?? []].map(([name, type]) => ({ type, path: `.${name}`, put: (value: unknown) => ({ [name]: value }) })),
    ];
    return [{ type: schema, path: '', put: (value) => value }, ...below.flatMap((outer) => placesIn(outer.type).map(({ type, path, put }) => (
      { type, path: `${outer.path}${path}`, put: (value: unknown) => outer.put(put(value)) })))];
  }

  /** The words of which a place takes one. */
  function wordsOf({ judge: judgeValue }: Schema): string[] {
    return [...(/ is none of ([^;]*)/.exec(judgeValue?.('no such word') ?? '')?.[1] ?? '').matchAll(/"([^"]+)"/g)].map(([, word]) => word);
  }

  function hasBounds({ judge: judgeValue }: Schema): boolean {
    return /is less than|is not from/.test(judgeValue?.(-1) ?? '');
  }

  /** What may stand in a place, and what may not. */
  function valuesFor(type: Schema): { right: unknown; wrong: unknown[] } {
    const words = wordsOf(type);
    return VALUES.get(type)
      ?? (words.length > 0 ? { right: words[0], wrong: [5, true, {}] } : undefined)
      ?? (hasBounds(type) ? { right: 1, wrong: ['1', 1.5, true] } : undefined)
      ?? (type.items ? { right: [], wrong: ['a', {}] } : { right: {}, wrong: ['a', []] });
  }

  function withKind(kind: string, object: any): any {
    return { apiVersion: API_VERSIONS[kind] ?? 'v1', kind, ...object };
  }

  const CASES = [...SCHEMAS].flatMap(([kind, schema]) => placesIn(schema).slice(1).flatMap(({ type, put }) => {
    const { right, wrong } = valuesFor(type);
    return [{ isRight: true, object: withKind(kind, put(right)) }, ...wrong.map((value) => ({ isRight: false, object: withKind(kind, put(value)) }))];
  }));

  test('refuses every wrong value in each place that it knows, and no right one', () => {
    expect(CASES.length).toBeGreaterThan(1000);
    expect(CASES.filter(({ isRight, object }) => (found(object)!.length === 0) !== isRight).map(({ object }) => object)).toEqual([]);
  });

  withApicheck('agrees with the decoder of the API server on every one of these values', () => {
    const verdicts = verdictsOn(CASES.map(({ object }) => object));
    const cannotRead = (verdict: string) => verdict.startsWith('DECODE-ERROR');
    expect(CASES.map(({ isRight, object }, index) => ({ isRight, object, verdict: verdicts[index] }))
      .filter(({ isRight, verdict }) => cannotRead(verdict) === isRight)).toEqual([]);
  });

  const HANDLER = { httpGet: { path: '/', port: 80 } };
  const CONTAINER = {
    name: 'a', image: 'a', ports: [{ containerPort: 80 }], volumeMounts: [{ name: 'a', mountPath: '/a', readOnly: true }],
    livenessProbe: HANDLER, readinessProbe: HANDLER, startupProbe: HANDLER, lifecycle: { preStop: HANDLER, postStart: HANDLER },
  };
  const POD_TERM = { topologyKey: 'a', labelSelector: { matchExpressions: [{ key: 'a', operator: 'Exists' }] } };
  const POD_TERMS = {
    preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 1, podAffinityTerm: POD_TERM }], requiredDuringSchedulingIgnoredDuringExecution: [POD_TERM],
  };
  const NODE_TERM = { matchExpressions: [{ key: 'a', operator: 'Exists' }] };
  const POD = {
    metadata: { name: 'a', namespace: 'a', labels: { a: 'a' } },
    spec: {
      containers: [{ ...CONTAINER, name: 'b' }], initContainers: [{ ...CONTAINER, restartPolicy: 'Always' }], volumes: [{ name: 'a', hostPath: { path: '/a' } }],
      hostUsers: false, tolerations: [{ key: 'a' }],
      topologySpreadConstraints: [{ ...POD_TERM, maxSkew: 1, whenUnsatisfiable: 'DoNotSchedule' }],
      affinity: {
        nodeAffinity: {
          preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 1, preference: NODE_TERM }],
          requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [NODE_TERM] },
        },
        podAffinity: POD_TERMS, podAntiAffinity: POD_TERMS,
      },
    },
  };
  const { metadata } = POD;
  const SELECTOR = { matchExpressions: [{ key: 'a', operator: 'Exists' }] };
  const WORKLOAD = { metadata, spec: { selector: { matchLabels: { a: 'a' }, ...SELECTOR }, template: POD } };
  const JOB = { metadata, spec: { completionMode: 'Indexed', completions: 70_000, backoffLimitPerIndex: 1, template: { ...POD, spec: { ...POD.spec, restartPolicy: 'Never' } } } };

  /** What stands around the value, so that the API server looks at the value at all. */
  const AROUND: { readonly [kind: string]: object } = {
    Pod: POD, Deployment: WORKLOAD, DaemonSet: WORKLOAD, StatefulSet: { ...WORKLOAD, spec: { ...WORKLOAD.spec, serviceName: 'a' } }, Job: JOB,
    CronJob: { metadata, spec: { schedule: '0 0 * * *', jobTemplate: { spec: JOB.spec } } },
    Service: { metadata, spec: { ports: [{ port: 80 }], type: 'NodePort' } },
    PodDisruptionBudget: { metadata, spec: { selector: SELECTOR } },
  };

  /** What the kubelet refuses, other rules do, or Kubernetes 1.34 with its features as they are by default; the program knows no later one. */
  const ELSEWHERE: readonly (readonly [place: string, values?: readonly unknown[]])[] = [
    ['.emptyDir.medium'],
    ['tolerations[0].operator', ['Lt', 'Gt']], ['initContainers[0].restartPolicy', ['OnFailure', 'Never']], ['.containers[0].restartPolicy'],
    ['updateStrategy.rollingUpdate.maxSurge'], ['updateStrategy.rollingUpdate.maxUnavailable', [0]],
  ];

  function merged(around: any, value: any): any {
    if (Array.isArray(around) && Array.isArray(value)) {
      return [merged(around[0], value[0]), ...around.slice(1)];
    }
    return around === null || typeof around !== 'object' || value === null || typeof value !== 'object' ? value
      : { ...around, ...Object.fromEntries(Object.keys(value).map((key) => [key, merged(around[key], value[key])])) };
  }

  withApicheck('agrees with the API server on words, and on numbers that are too small or too large', () => {
    const cases = Object.keys(AROUND).flatMap((kind) => placesIn(SCHEMAS.get(kind)!).flatMap(({ type, path, put }) => {
      const words = wordsOf(type);
      const values = words.length > 0 ? ['', 'no such word', ...words, ...words.map((word) => word.toLowerCase())] : hasBounds(type) ? [-1, 0, 1, 100, 101, 65536] : [];
      return values.map((value) => ({ kind, field: path.slice(1), value, object: withKind(kind, merged(AROUND[kind], put(value))) }));
    }));
    const compared = cases.filter(({ field, value }) => !ELSEWHERE.some(([place, values]) => field.endsWith(place) && (values === undefined || values.includes(value))));
    const verdicts = verdictsOn(compared.map(({ object }) => object));
    const refuses = (verdict: string, field: string) => [field, field.replace(/\.\w+$/, ''), field.replace(/\[0\](\.\w+)$/, '$1')]
      .some((place) => ['Unsupported', 'Invalid', 'Required'].some((problem) => verdict.includes(`- ${place}: ${problem} value`)));
    expect(compared.length).toBeGreaterThan(2000);
    const judged = compared.map(({ kind, field, value, object }, index) => (
      { kind, field, value, isRefused: refuses(verdicts[index], field), isFound: found(object)!.length > 0 }));
    expect(judged.filter(({ isRefused, isFound }) => isRefused !== isFound)).toEqual([]);
  });
});

describe('one-source', () => {
  test.each([
    ['{ name: A, value: x, valueFrom: { secretKeyRef: {} } }', ['"secretKeyRef" is a source beside a value']],
    ['{ name: A, valueFrom: { secretKeyRef: {}, fieldRef: {} } }', ['"secretKeyRef, fieldRef" are several sources']],
    ['{ name: A, valueFrom: {} }', ['"" is no source, and one is required']],
    ['{ name: A, value: "", valueFrom: { secretKeyRef: {}, fieldRef: null } }', []],
    ['{ name: A, value: x, valueFrom: null }', []],
  ])('judges the variable %s', (variable, expected) => {
    expect(facts(oneSource, webPod(`{ env: [${variable}] }`))).toEqual(expected);
  });

  test('refuses a volume of two kinds, and accepts one that a patch has emptied', () => {
    const object = pod('{ volumes: [{ name: a, emptyDir: {}, configMap: { name: b } }, { name: c, emptyDir: null, secret: { secretName: d } }, { name: e }] }');
    expect(judge(oneSource, object)).toEqual([
      { field: 'spec.volumes[0].configMap', fact: '"configMap" is a second kind of volume "a", which is of "emptyDir"' },
    ]);
  });
});

describe('missing-config-key', () => {
  const config = (more: object = {}) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'web', ...more }, data: { 'a.conf': '' }, binaryData: { b: '' } });
  const secret = (more: object = {}) => ({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'web' }, data: { user: '' }, stringData: { password: '' }, ...more });
  const found = (object: any, ...others: any[]) => judgeAmong(missingConfigKey, object, others.length > 0 ? others : [config(), secret()]);
  const env = (source: string) => webPod(`{ env: [{ name: A, value: a }, { name: B, valueFrom: ${source} }] }`);
  const volume = (source: string) => pod(`{ containers: [{ name: web }], volumes: [{ name: v, ${source} }] }`);

  test.each([
    ['{ configMapKeyRef: { name: web, key: A_conf } }', 'configMapKeyRef', '"A_conf" is no key of ConfigMap "web"; did you mean "a.conf"?'],
    ['{ configMapKeyRef: { name: web, key: user } }', 'configMapKeyRef', '"user" is no key of ConfigMap "web"'],
    ['{ secretKeyRef: { name: web, key: a.conf, optional: false } }', 'secretKeyRef', '"a.conf" is no key of Secret "web"'],
  ])('refuses a variable from %s', (source, field, fact) => {
    expect(found(env(source))).toEqual([{ field: `spec.containers[0].env[1].valueFrom.${field}.key`, fact }]);
  });

  test.each([
    'configMapKeyRef: { name: web, key: a.conf }', 'configMapKeyRef: { name: web, key: b }', 'secretKeyRef: { name: web, key: user }', 'secretKeyRef: { name: web, key: password }',
  ])('accepts a variable from { %s }', (source) => {
    expect(found(env(`{ ${source} }`))).toEqual([]);
  });

  test.each([
    ['configMap: { name: web, items: [{ key: a.conf, path: a }, { key: c, path: c }] }', 'configMap.items[1].key', '"c" is no key of ConfigMap "web"'],
    ['secret: { secretName: web, items: [{ key: users, path: a }] }', 'secret.items[0].key', '"users" is no key of Secret "web"'],
    ['projected: { sources: [{ downwardAPI: {} }, { secret: { name: web, items: [{ key: a, path: a }] } }] }', 'projected.sources[1].secret.items[0].key', '"a" is no key of Secret "web"'],
  ])('refuses a volume of %s', (source, field, fact) => {
    expect(found(volume(source))).toEqual([{ field: `spec.volumes[0].${field}`, fact }]);
  });

  test.each([
    ['a reference that is optional', [env('{ configMapKeyRef: { name: web, key: c, optional: true } }')]],
    ['a volume that is optional', [volume('configMap: { name: web, optional: true, items: [{ key: c, path: c }] }')]],
    ['what is not in the app', [env('{ configMapKeyRef: { name: api, key: c } }')]],
    ['what lies in another namespace', [env('{ configMapKeyRef: { name: web, key: c } }'), config({ namespace: 'shop' })]],
    ['what somebody else fills', [env('{ configMapKeyRef: { name: web, key: c } }'), { ...config(), data: {}, binaryData: null }]],
    ['what somebody else adds to', [env('{ configMapKeyRef: { name: web, key: c } }'), config({ labels: { 'config.openshift.io/inject-trusted-cabundle': 'true' } })]],
    ['the token of a service account', [env('{ secretKeyRef: { name: web, key: token } }'), secret({ type: 'kubernetes.io/service-account-token' })]],
    ['a Secret beside what writes Secrets', [env('{ secretKeyRef: { name: web, key: c } }'), secret(), { apiVersion: 'external-secrets.io/v1', kind: 'ExternalSecret' }]],
  ])('does not apply to %s', (_, [object, ...others]) => {
    expect(found(object, ...others)).toBeUndefined();
  });

  test('counts the keys of all objects of one name, as a base and its overlay are', () => {
    expect(found(env('{ configMapKeyRef: { name: web, key: c } }'), config(), { ...config(), data: { c: '' } })).toEqual([]);
  });

  test('judges the pods of all workloads, init containers too', () => {
    const object = workload('CronJob', 'web');
    object.spec.jobTemplate.spec.template.spec.initContainers = [{ name: 'a', env: [{ name: 'A', valueFrom: { configMapKeyRef: { name: 'web', key: 'c' } } }] }];
    expect(found(object)!.map(({ field }) => field)).toEqual(['spec.jobTemplate.spec.template.spec.initContainers[0].env[0].valueFrom.configMapKeyRef.key']);
  });
});

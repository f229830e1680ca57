import * as fc from 'fast-check';
import { facts, fields, judge, pod, webPod, workload } from './judge';
import { isLabel, isSubdomain, toLabel, toSubdomain } from '../../src/rules/names/dns';
import { dnsNames } from '../../src/rules/names/dns-names';
import { envNames } from '../../src/rules/names/env-names';
import { labelSyntax } from '../../src/rules/names/label-syntax';
import { repeatedEnvName } from '../../src/rules/names/repeated-env-name';
import { uniqueContainerNames } from '../../src/rules/names/unique-container-names';

const named = (...names: unknown[]) => pod(`containers: ${JSON.stringify(names.map((name) => ({ name, image: 'shop/web:1.0' })))}`);

describe('unique-container-names', () => {
  test('reports each repetition, not the first use', () => {
    expect(fields(uniqueContainerNames, named('a', 'b', 'a', 'a'))).toEqual(['spec.containers[2].name', 'spec.containers[3].name']);
  });

  test('compares init containers with the others, and names the place of the first', () => {
    const object = pod(`
      initContainers: [{ name: app, image: "a:1" }]
      containers: [{ name: app, image: "b:1" }]`);
    expect(judge(uniqueContainerNames, object)).toEqual([
      { field: 'spec.containers[0].name', fact: '"app" is already the name of initContainers[0]' },
    ]);
  });

  test('gives the field path of the workload', () => {
    expect(fields(uniqueContainerNames, workload('CronJob', 'web', named('a', 'a').spec)))
      .toEqual(['spec.jobTemplate.spec.template.spec.containers[1].name']);
  });

  test('accepts different names, and leaves missing ones to dns-names', () => {
    expect(fields(uniqueContainerNames, named('a', 'b'))).toEqual([]);
    expect(fields(uniqueContainerNames, pod('containers: [{ image: "a:1" }, { image: "b:1" }]'))).toEqual([]);
  });

  test('does not apply to a pod of one container', () => {
    expect(fields(uniqueContainerNames, named('a'))).toBeUndefined();
  });

  test('reports every repetition, once each', () => {
    fc.assert(fc.property(fc.array(fc.constantFrom('a', 'b', 'c', 'constructor', '__proto__'), { minLength: 2 }), (names) => {
      expect(fields(uniqueContainerNames, named(...names))).toHaveLength(names.length - new Set(names).size);
    }));
  });
});

describe('dns-names', () => {
  test.each([
    ['capitals and "_"', 'My_App', '"My_App" is no RFC 1123 label (lower case letters, digits and "-"); did you mean "my-app"?'],
    ['a hyphen at an end', '-app-', '"-app-" is no RFC 1123 label (lower case letters, digits and "-"); did you mean "app"?'],
    ['a dot', 'app.config', '"app.config" is no RFC 1123 label (lower case letters, digits and "-"); did you mean "app-config"?'],
    ['nothing that could stay', '___', '"___" is no RFC 1123 label (lower case letters, digits and "-")'],
    ['a number', 5, '"5" is not a string'],
    ['no name', undefined, '"" is no name, and one is required'],
    ['an empty name', '', '"" is no name, and one is required'],
  ])('refuses a container with %s', (_, name, fact) => {
    expect(judge(dnsNames, named(name))).toEqual([{ field: 'spec.containers[0].name', fact }]);
  });

  test('accepts 63 characters, refuses 64 and proposes the first 63', () => {
    expect(fields(dnsNames, named('a'.repeat(63)))).toEqual([]);
    expect(facts(dnsNames, named('a'.repeat(64)))).toEqual([expect.stringMatching(/has 64 characters and may have 63; did you mean "a{63}"\?$/)]);
  });

  test('refuses a volume name with a dot, as cdk8s-plus makes of a ConfigMap with one', () => {
    const object = pod('{ volumes: [{ name: data }, { name: configmap-app.v1 }], containers: [{ name: web, image: "a:1" }] }');
    expect(fields(dnsNames, object)).toEqual(['spec.volumes[1].name']);
  });

  test.each([
    ['Pod', 253], ['Deployment', 253], ['StatefulSet', 52], ['Job', 63], ['CronJob', 52],
  ])('accepts a %s name of %d characters and none longer', (kind, limit) => {
    const object = (name: string) => kind === 'Pod' ? { ...named('web'), metadata: { name } } : workload(kind, name);
    expect(fields(dnsNames, object('a'.repeat(limit)))).toEqual([]);
    expect(fields(dnsNames, object('a'.repeat(limit + 1)))).toEqual(['metadata.name']);
  });

  test('refuses a StatefulSet whose pods could not carry its name with the hash of a revision in a label', () => {
    expect(facts(dnsNames, workload('StatefulSet', 'a'.repeat(53)))).toEqual([expect.stringMatching(/has 53 characters and may have 52; did you mean "a{52}"\?$/)]);
  });

  test('accepts dots in the name of an object, but not of a StatefulSet', () => {
    expect(fields(dnsNames, workload('Deployment', 'my.app'))).toEqual([]);
    expect(facts(dnsNames, workload('StatefulSet', 'my.app'))).toEqual([expect.stringContaining('did you mean "my-app"?')]);
  });

  test('proposes a subdomain for the object', () => {
    expect(facts(dnsNames, workload('Deployment', 'Shop..My_App.-'))).toEqual([expect.stringContaining('did you mean "shop.my-app"?')]);
  });

  test('leaves a generated name alone', () => {
    expect(fields(dnsNames, { ...named('web'), metadata: { generateName: 'web-' } })).toEqual([]);
  });

  test('proposes only valid names', () => {
    fc.assert(fc.property(fc.oneof(fc.string({ maxLength: 400 }), fc.stringMatching(/^[A-Z_.-]{0,300}$/)), fc.integer({ min: 1, max: 253 }), (text, limit) => {
      expect(toLabel(text, limit) === '' || isLabel(toLabel(text, limit), limit)).toBe(true);
      expect(toSubdomain(text, limit) === '' || isSubdomain(toSubdomain(text, limit), limit)).toBe(true);
    }));
  });
});

describe('env-names', () => {
  const withEnv = (...names: unknown[]) => webPod(`env: ${JSON.stringify(names.map((name) => ({ name, value: '1' })))}`);

  test.each([
    ['an equals sign', 'a=b', '"a=b" has "=" or a character that is not printable ASCII; did you mean "a_b"?'],
    ['a letter outside of ASCII', 'é', '"é" has "=" or a character that is not printable ASCII'],
    ['no name', undefined, '"" is no name, and one is required'],
    ['a number', 1, '"1" is not a string'],
  ])('refuses %s', (_, name, fact) => {
    expect(judge(envNames, withEnv('OK', name))).toEqual([{ field: 'spec.containers[0].env[1].name', fact }]);
  });

  test('accepts what Kubernetes 1.32 and later accept: any printable name', () => {
    expect(fields(envNames, withEnv('PATH', 'my.env-name', '_1', '1PASSWORD', 'Logging:Level'))).toEqual([]);
  });

  test('does not apply to a pod without environment variables', () => {
    expect(fields(envNames, named('web'))).toBeUndefined();
  });
});

describe('dns-names of service accounts', () => {
  const withAccount = (name: string) => pod(`{ serviceAccountName: ${name}, containers: [{ name: web, image: "web:1" }] }`);

  test('refuses what is no subdomain', () => {
    expect(judge(dnsNames, withAccount('Bad_SA'))).toEqual([
      { field: 'spec.serviceAccountName', fact: '"Bad_SA" is no RFC 1123 subdomain (lower case letters, digits, "-" and "."); did you mean "bad-sa"?' },
    ]);
    expect(facts(dnsNames, withAccount('5'))).toEqual(['"5" is not a string']);
  });

  test.each(['a.b', '""', 'null'])('accepts %s', (name) => {
    expect(fields(dnsNames, withAccount(name))).toEqual([]);
  });
});

describe('label-syntax', () => {
  const labelled = (labels: object, annotations?: object) => ({ kind: 'Pod', metadata: { name: 'web', labels, annotations }, spec: {} });
  const long = 'x'.repeat(64);

  test.each([['my shop', 'my-shop'], ['-a', 'a'], ['a/b', 'a-b'], ['é', undefined]])('refuses the value %j', (value, meant) => {
    expect(judge(labelSyntax, labelled({ team: value }))).toEqual([{
      field: 'metadata.labels[team]',
      fact: `"${value}" is no label value (letters, digits, "-", "_" and ".", with a letter or digit at both ends)${meant ? `; did you mean "${meant}"?` : ''}`,
    }]);
  });

  test('refuses a value of 64 characters', () => {
    expect(facts(labelSyntax, labelled({ team: long }))).toEqual([`"${long}" has 64 characters and may have 63`]);
  });

  test.each(['a b', '', 'x.com/', long, 'é', 'a/b/c', '/a'])('refuses the key %j of a label and of an annotation', (key) => {
    expect(fields(labelSyntax, labelled({ [key]: 'x' }, { [key]: 'x' }))).toEqual(['metadata.labels', 'metadata.annotations']);
  });

  test('refuses capitals before the "/", but not in an annotation', () => {
    expect(judge(labelSyntax, labelled({ 'X.com/a': 'x' }, { 'X.com/a': 'x' }))).toEqual([
      { field: 'metadata.labels', fact: '"X.com/a" is no key: what stands before "/" is no RFC 1123 subdomain' },
    ]);
  });

  test.each(['', 'a.b_c-D', 'x'.repeat(63), null, 5])('accepts the value %j, or leaves it to text-values', (value) => {
    expect(fields(labelSyntax, labelled({ 'x.com/A_b': value }, { a: 'any\ntext' }))).toEqual([]);
  });

  test('looks at the templates of pods and jobs', () => {
    const deployment = workload('Deployment', 'web');
    deployment.spec.template.metadata.labels = { a: 'b c' };
    expect(fields(labelSyntax, deployment)).toEqual(['spec.template.metadata.labels[a]']);
    const job = workload('CronJob', 'web');
    job.spec.jobTemplate.metadata = { labels: { a: 'b c' } };
    job.spec.jobTemplate.spec.template.metadata.labels = { a: 'b c' };
    expect(fields(labelSyntax, job)).toEqual(['spec.jobTemplate.metadata.labels[a]', 'spec.jobTemplate.spec.template.metadata.labels[a]']);
  });

  test('does not apply without labels and annotations', () => {
    expect(fields(labelSyntax, { kind: 'Pod', metadata: { labels: [] }, spec: {} })).toBeUndefined();
    expect(fields(labelSyntax, { kind: 'Pod', spec: {} })).toBeUndefined();
  });
});

describe('repeated-env-name', () => {
  test('reports each repetition in a container, with the place of the first', () => {
    const object = webPod('{ env: [{ name: A, value: "1" }, { name: B }, { name: A, value: "2" }, { name: A, valueFrom: { secretKeyRef: { name: s, key: k } } }] }');
    expect(judge(repeatedEnvName, object)).toEqual([
      { field: 'spec.containers[0].env[2].name', fact: '"A" is already the name of env[0]' },
      { field: 'spec.containers[0].env[3].name', fact: '"A" is already the name of env[0]' },
    ]);
  });

  test('accepts one name in two containers, and a value that adds to the one before it', () => {
    expect(fields(repeatedEnvName, pod('containers: [{ name: a, env: [{ name: A }, { name: B }] }, { name: b, env: [{ name: A }, { name: B }] }]'))).toEqual([]);
    expect(fields(repeatedEnvName, webPod('{ env: [{ name: A, value: "-x" }, { name: A, value: "$(A) -y" }] }'))).toEqual([]);
  });

  test('reports a value that only repeats the one before it', () => {
    expect(fields(repeatedEnvName, webPod('{ env: [{ name: A, value: "-x" }, { name: A, value: "$(A)" }] }'))).toEqual(['spec.containers[0].env[1].name']);
  });

  test('does not apply to pods in which no container has two variables', () => {
    expect(fields(repeatedEnvName, webPod('{ env: [{ name: A }] }'))).toBeUndefined();
  });
});

import { existsSync, readdirSync, readFileSync } from 'fs';
import { join, parse as parsePath } from 'path';
import { isDeepStrictEqual } from 'util';
import * as fc from 'fast-check';
import { parseAllDocuments } from 'yaml';
import { brokenRules, findingsIn, judge, pod, RULES_OF_EXAMPLES, webPod } from './judge';
import { isObject } from '../../src/manifest/json';
import { KubernetesVersion, targetOf } from '../../src/manifest/kubernetes-version';
import { podTemplateOf } from '../../src/manifest/pod-template';
import { ALL_RULES } from '../../src/rules';
import { checkObject, Checks } from '../../src/rules/engine';
import { Finding, FindingsError, renderFinding, renderWarnings } from '../../src/rules/finding';
import { COMPARED, FREE, FREE_TEXTS, Place } from '../../src/rules/free-texts';
import { Makes } from '../../src/rules/makes';
import { ObjectRule, PodRule, Severity } from '../../src/rules/rule';

const rulesFolder = join(__dirname, '../../src/rules');
const twoOfOneName = pod('containers: [{ name: app, image: "a:1" }, { name: app, image: "b:1" }]');

describe('findings', () => {
  test('say where and what, why, what to do and where to read on', () => {
    const [finding] = checkObject(twoOfOneName, () => 'shop/Web', RULES_OF_EXAMPLES.filter(({ id }) => id === 'unique-container-names'));
    expect(renderFinding(finding)).toBe([
      'shop/Web: spec.containers[1].name: "app" is already the name of containers[0]  [unique-container-names]',
      '  why: the API server rejects a pod with two containers of one name',
      '  fix: give one of the two another `name`; cdk8s-plus calls every container without one "main"',
      '  see: docs/rules/unique-container-names.md',
    ].join('\n'));
  });

  test('are one error together, with their number', () => {
    const finding = checkObject(twoOfOneName, () => 'shop/Web', RULES_OF_EXAMPLES)[0];
    expect(new FindingsError([finding]).message).toBe(renderFinding(finding));
    const error = new FindingsError([finding, finding]);
    expect(error.message).toBe(`2 findings; no manifest was written\n\n${renderFinding(finding)}\n\n${renderFinding(finding)}`);
    expect(error.name).toBe('FindingsError');
    expect(error.findings).toEqual([finding, finding]);
  });

  test('that only warn name ten places of a rule, and how many more there are', () => {
    const finding = { ...checkObject(twoOfOneName, () => 'shop/Web', RULES_OF_EXAMPLES)[0], ruleId: 'a-test' };
    const [text, ...others] = renderWarnings(Array.from({ length: 12 }, (_, index) => ({ ...finding, place: `shop/Web${index}` })));
    expect(others).toEqual([]);
    expect(text.match(/^warning: shop\/Web\d+: /gm)).toHaveLength(10);
    expect(text).toMatch(/\nwarning: and 2 more {2}\[a-test\]\n {2}why: .*\n {2}fix: .*\n {2}see: docs\/rules\/a-test\.md\n$/);
  });

  test('carry the fix of the case where it differs from that of the rule', () => {
    const rule = { ...ALL_RULES[0], check: () => [{ field: 'spec', fact: 'a', fix: 'do this' }, { field: 'spec', fact: 'b' }] };
    expect(checkObject(twoOfOneName, () => 'shop/Web', [rule]).map(({ fix }) => fix)).toEqual(['do this', rule.fix]);
  });

  test.each([
    ['defaulted-probe-port', '{ name: a, ports: [{ containerPort: 8080 }], livenessProbe: { tcpSocket: { port: 80 } } }'],
    ['mounted-volume-exists', '{ name: a, volumeMounts: [{ name: none, mountPath: /a }] }'],
    ['field-of-newer-kubernetes', '{ name: a, restartPolicyRules: [{}] }'],
    ['privilege-escalation', '{ name: a }'],
  ])('of %s in tens of thousands of containers are all found', (id, container) => {
    const object = pod(`containers: [${container}]`);
    object.spec.containers = new Array(30_000).fill(object.spec.containers[0]);
    object.spec.volumes = Array.from({ length: 30_000 }, (_, index) => ({ name: `v${index}` }));
    expect(checkObject(object, () => 'shop/Web', ALL_RULES.filter((rule) => rule.id === id))).toHaveLength(30_000);
  });

  test.each([
    ['repeated-port', 'ports', () => ({ containerPort: 80 }), 199_999],
    ['unresolved-variable', 'env', (index: number) => ({ name: `A${index}`, value: `$(B${index})` }), 200_000],
  ])('of %s in one list of hundreds of thousands are all found', (id, list, element, expected) => {
    const object = pod('containers: [{ name: a }]');
    object.spec.containers[0][list] = Array.from({ length: 200_000 }, (_, index) => element(index));
    expect(checkObject(object, () => 'shop/Web', ALL_RULES.filter((rule) => rule.id === id))).toHaveLength(expected);
  });

  test('come from every rule, in the order of the rules', () => {
    const object = pod('containers: [{ name: app, image: b }, { name: app, image: "b:1", ports: [{ containerPort: 0 }] }]');
    expect(brokenRules(object)).toEqual(['unique-container-names', 'port-range']);
  });

  test('of something that is missing need the whole app', () => {
    const rules = ALL_RULES.filter((rule): rule is ObjectRule => 'needsWholeApp' in rule);
    expect(rules.map(({ id }) => id)).toEqual(['named-target-port', 'unused-service-account-token', 'budget-selects-nothing', 'service-selects-nothing', 'missing-governing-service', 'autoscaler-scales-nothing']);
    for (const rule of rules) {
      const found = [true, false].map((complete) => {
        const checks = new Checks([rule]);
        parseAllDocuments(rule.bad).forEach((document) => checks.add(document.toJS(), () => 'shop/Web'));
        return checks.findings(complete).length;
      });
      expect(found).toEqual([1, 0]);
    }
  });

  test('are about the objects as they are when the findings are asked for', () => {
    const objects = [1, 2, 3].map(() => pod('containers: [{ name: web, image: "web:1", ports: [{ containerPort: 80 }] }]'));
    const checks = new Checks(ALL_RULES.filter(({ id }) => id === 'port-range'));
    objects.forEach((object) => checks.add(object, () => 'shop/Web'));
    objects[2].spec.containers[0].ports[0].containerPort = 99_999;
    expect(checks.findings().map(({ fact }) => fact)).toEqual(['"99999" is not a whole number from 1 to 65535']);
  });

  test.each([
    ['an object without a pod', { kind: 'Service', spec: { ports: [] } }],
    ['a kind that every object inherits', { kind: 'constructor', spec: {} }],
    ['a workload without a template', { kind: 'Deployment', spec: {} }],
    ['no object at all', null],
  ])('are none for %s', (_, object) => {
    expect(checkObject(object, () => 'shop/Web')).toEqual([]);
  });
});

describe('the examples', () => {
  const folder = join(__dirname, '../../examples');
  const examples = readdirSync(folder).filter((name) => existsSync(join(folder, name, 'expected.k8s.yaml')));

  test.each(examples)('have no findings, of whatever severity: %s', (name) => {
    const manifest = readFileSync(join(folder, name, 'expected.k8s.yaml'), 'utf8');
    expect(parseAllDocuments(manifest).length).toBeGreaterThan(0);
    expect(findingsIn(manifest).map(({ ruleId, object, field }) => `${ruleId}: ${object.metadata.name}: ${field}`)).toEqual([]);
  });
});

describe('the manifests that show a rule on a node', () => {
  const folder = join(__dirname, '../kubernetes/rules');

  test.each(readdirSync(folder).map((file) => parsePath(file).name))('break it where they are called bad, and only there: %s', (id) => {
    const found = findingsIn(readFileSync(join(folder, `${id}.yaml`), 'utf8')).filter(({ ruleId }) => ruleId === id);
    expect(found.length).toBeGreaterThan(0);
    expect(found.map(({ object }) => object.metadata.name).filter((name) => !name.startsWith(`${id}-bad`))).toEqual([]);
  });

  test.each(readdirSync(folder).map((file) => parsePath(file).name))('are told of on the page of the rule: %s', (id) => {
    expect(ALL_RULES.find((rule) => rule.id === id)?.seen).toBeDefined();
  });
});

describe('the set of rules', () => {
  const files = readdirSync(rulesFolder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap((folder) => readdirSync(join(rulesFolder, folder.name)).map((file) => join(folder.name, file)));

  test('has each id once', () => {
    expect(new Set(ALL_RULES.map(({ id }) => id)).size).toBe(ALL_RULES.length);
  });

  test('has every rule that a file holds, and no other', () => {
    const withRule = files.filter((file) => readFileSync(join(rulesFolder, file), 'utf8').match(/: (?:Pod|Object|Waiver)Rule = \{/));
    expect(withRule.map((file) => parsePath(file).name).sort()).toEqual(ALL_RULES.map(({ id }) => id).sort());
  });

  test('has a test of its topic for every rule', () => {
    const topics = new Set(files.map((file) => parsePath(file).dir));
    expect([...topics].filter((topic) => !existsSync(join(__dirname, `${topic}.test.ts`)))).toEqual([]);
  });

  describe.each(ALL_RULES.map((rule) => [rule.id, rule] as const))('%s', (id, rule) => {
    test('has an id in kebab-case', () => {
      expect(id).toMatch(/^[a-z]+(-[a-z]+)+$/);
    });

    test('explains itself in the house style', () => {
      expect(rule.summary).toMatch(/^[A-Z][^\n]*\.$/);
      expect(rule.why).toMatch(/^(?:[a-z]|API )[^\n]*[^.\s]$/);
      expect(rule.fix).toMatch(/^[a-z][^\n]*[^.\s]$/);
      expect(rule.notApplicable).toMatch(/^[a-z][^\n]*[^.\s]$/);
      expect(rule.source).toMatch(/^https:\/\/[^\s]+$/);
      expect(Object.values(Severity)).toContain(rule.severity);
      expect(rule.seen ?? 'Seen on Kubernetes 1.33.13.').toMatch(/^[A-Z][^\n]* \d+\.\d+[^\n]*[^.]\.$/);
    });

    const target = targetOf(rule.examplesFor);
    const errorsOfOthers = (yaml: string) => findingsIn(yaml, ALL_RULES, target).filter(({ ruleId, severity }) => ruleId !== id && severity === Severity.ERROR);
    const own = (yaml: string) => findingsIn(yaml, ALL_RULES, target).filter(({ ruleId }) => ruleId === id);

    test('refuses its bad example, once, and no other rule refuses it', () => {
      expect(own(rule.bad).length).toBe(1);
      expect(errorsOfOthers(rule.bad).filter(({ ruleId }) => rule.id !== 'expired-waiver' || ruleId !== 'port-clash')).toEqual([]);
    });

    test('states a fact with the offending value in double quotes', () => {
      expect(own(rule.bad)[0].fact).toMatch(/^"[^"\n]*" [^A-Z.].*[^.]$/);
    });

    test('accepts its good example, and no other rule refuses it', () => {
      expect(own(rule.good)).toEqual([]);
      expect(errorsOfOthers(rule.good)).toEqual([]);
    });

    test('applies to its good example', () => {
      const looked = parseAllDocuments(rule.good).map((document) => document.toJS()).filter((object) => 'check' in rule ? judge(rule, object, target) : true);
      expect(looked.length).toBeGreaterThan(0);
    });
  });
});

describe('hostile manifests', () => {
  const junk = fc.oneof(
    fc.constantFrom(null, undefined, true, '', 'x', 'a b', 0, -1, 1.5, 1e21, NaN, [], {}, [null], [[]], { name: {} }, '127.0.0.1', '/', 'Always'),
    fc.jsonValue({ maxDepth: 2 }),
    // An object with a `toString` of its own cannot be made a string.
    fc.constant({ toString: 1, valueOf: 1 }),
  );
  const orJunk = <T>(value: fc.Arbitrary<T>) => fc.oneof({ weight: 6, arbitrary: value as fc.Arbitrary<unknown> }, { weight: 1, arbitrary: junk });
  const object = (shape: { [key: string]: fc.Arbitrary<unknown> }) =>
    fc.record(Object.fromEntries(Object.entries(shape).map(([key, value]) => [key, orJunk(value)])), { requiredKeys: [] });
  const list = (item: fc.Arbitrary<unknown>) => fc.array(orJunk(item), { maxLength: 3 });

  const name = fc.constantFrom('web', 'proxy', 'data', 'http');
  const text = fc.constantFrom('c0rrect', '$(A)', 'postgres://a:b@c', '-----BEGIN PRIVATE KEY-----', 'password=c0rrect');
  const port = fc.constantFrom(80, 8080, 15432, 70000, 'http', '80');
  const number = fc.constantFrom(0, -1, 1000, 420);
  const action = object({ port, host: name, path: fc.constantFrom('/', '/quitquitquit', '/drain?inboundonly') });
  const word = fc.constantFrom('sh', '-c', 'sleep 60; nginx -s quit', 'kill -TERM 1', 'nc -z 127.0.0.1 8080', 'curl http://db.example:80/', 'pg_isready -h',
    'tail -F a | cat', 'tail', '-F', '/logs/a.log', '/opt/stream_logs.py', 'redis-server', '--url=http://web.data.svc:80');
  const probe = object({
    httpGet: action, tcpSocket: action, grpc: action,
    exec: object({ command: list(word) }), sleep: object({ seconds: number }), successThreshold: port, periodSeconds: port,
    timeoutSeconds: port, initialDelaySeconds: port, failureThreshold: number,
  });
  const path = fc.constantFrom('/var/lib/postgresql/data', '/tmp', '/data', '/data/', '/data/more', 'data', '/', '/a:b');
  const amount = fc.constantFrom('1', '64Mi', '64MB', '-1', 2);
  const items = object({ items: list(object({ path, mode: number })), defaultMode: number });
  const profile = object({ type: fc.constantFrom('Localhost', 'RuntimeDefault'), localhostProfile: path });
  const securityContext = object({
    runAsUser: number,
    runAsNonRoot: fc.boolean(),
    supplementalGroups: list(number),
    privileged: fc.boolean(),
    readOnlyRootFilesystem: fc.boolean(),
    fsGroup: number,
    allowPrivilegeEscalation: fc.boolean(),
    capabilities: object({ add: list(fc.constant('CAP_SYS_ADMIN')), drop: list(fc.constant('ALL')) }),
    seccompProfile: profile,
    appArmorProfile: profile,
    procMount: name,
    seLinuxOptions: object({ type: name, user: name, role: name }),
    windowsOptions: object({ hostProcess: fc.boolean() }),
    sysctls: list(object({ name })),
  });
  const amountsOf = object({ 'cpu': amount, 'memory': amount, 'ephemeral-storage': amount });
  const resources = object({ requests: amountsOf, limits: amountsOf });
  const claim = object({ accessModes: list(fc.constantFrom('ReadWriteOnce', 'ReadWriteMany')), volumeMode: fc.constant('Block') });
  const container = object({
    name,
    image: fc.constantFrom('web:1', 'web', 'web@sha256:1', 'fluent/fluentd:v1', 'gcr.io/distroless/static:nonroot', 'docker.io/library/postgres:17', 'istio/proxyv2:1', 'nginxinc/nginx-unprivileged:1'),
    restartPolicy: fc.constant('Always'),
    ports: list(object({ containerPort: port, hostPort: port, name, protocol: name })),
    env: list(object({ name: fc.constantFrom('WEB_HOST', 'WEB_PORT', 'PATH', 'web', 'DB_PASSWORD'), value: fc.oneof(text, fc.constantFrom('127.0.0.1', '15432', 'http://localhost:8080/', '$(PATH)$$(WEB_PORT)')), valueFrom: object({ secretKeyRef: object({ name }) }) })),
    envFrom: list(object({ prefix: name })),
    command: list(word),
    args: list(fc.oneof(word, text)),
    securityContext,
    livenessProbe: probe,
    readinessProbe: probe,
    startupProbe: probe,
    lifecycle: object({ postStart: probe, preStop: probe }),
    volumeMounts: list(object({ name, mountPath: path, subPath: path, subPathExpr: path, readOnly: fc.boolean() })),
    resources,
  });
  const spec = object({
    containers: list(container),
    initContainers: list(container),
    volumes: list(object({
      name,
      emptyDir: object({ sizeLimit: amount, medium: fc.constantFrom('', 'Memory', 'HugePages') }),
      configMap: fc.oneof(items, object({ name })),
      secret: object({ secretName: name }),
      persistentVolumeClaim: object({ claimName: name }),
      ephemeral: object({ volumeClaimTemplate: object({ metadata: object({ name }), spec: claim }) }),
      projected: object({ sources: list(object({ secret: items })) }),
    })),
    resources,
    overhead: amountsOf,
    ephemeralContainers: list(container),
    hostNetwork: fc.boolean(),
    dnsPolicy: name,
    topologySpreadConstraints: list(object({ minDomains: number, whenUnsatisfiable: name, labelSelector: object({ matchLabels: object({ a: name }) }) })),
    shareProcessNamespace: fc.boolean(),
    hostUsers: fc.boolean(),
    os: object({ name: fc.constantFrom('windows', 'linux') }),
    hostAliases: list(object({ ip: name, hostnames: list(name) })),
    serviceAccountName: name,
    securityContext: fc.oneof(securityContext, object({ runAsUser: number, sysctls: list(object({ name: fc.constant('net.ipv4.ip_unprivileged_port_start'), value: port })) })),
    terminationGracePeriodSeconds: fc.constantFrom(0, -1, 30, 1000),
    activeDeadlineSeconds: number,
    restartPolicy: fc.constantFrom('Never', 'OnFailure'),
  });
  const strategy = object({ type: fc.constantFrom('Recreate', 'RollingUpdate'), rollingUpdate: object({ maxSurge: fc.constantFrom(0, 1, '50%'), maxUnavailable: fc.constantFrom(0, 1, 'x%') }) });
  const metric = object({ name: fc.constantFrom('cpu', 'memory'), container: name, target: object({ type: fc.constantFrom('Utilization', 'Value') }) });
  const metadata = object({
    name, labels: object({ 'a': name, 'b c': name }), annotations: object({
      'pod-patterns/listeners': fc.constantFrom('web=127.0.0.1:15432,proxy=*:8080', '=:,==', 'a=b'),
      'pod-patterns/scales-separately': name,
      'pod-patterns/released-by': fc.constantFrom('web=a,proxy=b', '=', 'web'),
      'container.apparmor.security.beta.kubernetes.io/web': name,
      'kubectl.kubernetes.io/default-container': name,
      'proxy.istio.io/config': fc.constant('terminationDrainDuration: 60s'),
      'waive.pod-patterns/readiness-probe': name,
      'waive.pod-patterns/liveness-probe': name,
      'pod-patterns/qos': fc.constantFrom('Guaranteed', 'best', 'Burstable'),
    }),
  });
  const manifest = fc.oneof(
    object({ kind: fc.constant('Pod'), metadata, spec }),
    object({ kind: fc.constantFrom('Deployment', 'StatefulSet'), metadata, spec: object({ template: object({ metadata, spec }), volumeClaimTemplates: list(object({ metadata, spec: claim })), strategy, replicas: number }) }),
    object({ kind: fc.constant('Job'), metadata, spec: object({ template: object({ metadata, spec }), activeDeadlineSeconds: number }) }),
    object({ kind: fc.constant('CronJob'), metadata, spec: object({ jobTemplate: object({ spec: object({ template: object({ metadata, spec }) }) }) }) }),
    junk,
  );

  const selector = fc.oneof(object({ a: name }), object({ matchLabels: object({ a: name }), matchExpressions: list(object({ key: name, operator: fc.constantFrom('In', 'Exists'), values: list(name) })) }));
  const share = fc.constantFrom(0, 1, '0%', '100%', '50%');
  const others = fc.oneof(
    object({ kind: fc.constant('ConfigMap'), metadata, immutable: fc.boolean(), data: object({ 'PASSWORD': text, 'a.properties': text, 'a': text, 'settings.json': fc.constantFrom('{"inputs":["/logs/a.log"]}', '{"inputs":[1]}', '[]', '{') }) }),
    object({ kind: fc.constant('ServiceAccount'), metadata, automountServiceAccountToken: fc.boolean() }),
    object({
      kind: fc.constantFrom('RoleBinding', 'ClusterRoleBinding'), metadata,
      subjects: list(object({ kind: fc.constantFrom('ServiceAccount', 'Group'), name: fc.constantFrom('default', 'system:serviceaccounts:a'), namespace: name })),
    }),
    object({
      kind: fc.constant('Service'),
      metadata,
      spec: object({ selector, publishNotReadyAddresses: fc.boolean(), ports: list(object({ name, port, targetPort: port, protocol: fc.constantFrom('TCP', 'UDP') })) }),
    }),
    object({ kind: fc.constant('PodDisruptionBudget'), metadata, spec: object({ selector, minAvailable: share, maxUnavailable: share, unhealthyPodEvictionPolicy: name }) }),
    object({
      kind: fc.constant('HorizontalPodAutoscaler'), metadata,
      spec: object({
        minReplicas: number, scaleTargetRef: object({ kind: fc.constantFrom('Deployment', 'StatefulSet'), name }),
        metrics: list(object({ type: fc.constantFrom('Resource', 'ContainerResource'), resource: metric, containerResource: metric })),
        targetCPUUtilizationPercentage: number,
      }),
    }),
    object({ kind: fc.constant('PersistentVolumeClaim'), metadata, spec: claim }),
    object({
      kind: fc.constantFrom('Deployment', 'StatefulSet'), metadata,
      spec: object({
        selector, replicas: number, template: object({ metadata, spec }),
        strategy: object({ type: name, rollingUpdate: object({ maxUnavailable: share, maxSurge: share }) }),
      }),
    }),
  );

  test('never make a rule throw that looks at several, and are not changed', () => {
    fc.assert(fc.property(fc.array(fc.oneof(manifest, others), { maxLength: 4 }), fc.boolean(), (values, complete) => {
      const before = structuredClone(values);
      const checks = new Checks();
      values.forEach((value) => checks.add(value, () => 'shop/Web'));
      const findings = checks.findings(complete);
      expect(findings.filter(({ field, fact }) => !/^(?:spec|metadata|data|binaryData|stringData|immutable|type|template)(?:[.[]|$)/.test(field) || !fact.startsWith('"'))).toEqual([]);
      expect(isDeepStrictEqual(structuredClone(values), before)).toBe(true);
    }), { numRuns: 1000 });
  });

  test('have nothing to find for a rule that waits for keys where none of these occurs', () => {
    const waiting = ALL_RULES.filter((rule): rule is PodRule => 'check' in rule && rule.keys !== undefined);
    const every = { ...waiting[0], keys: waiting.flatMap(({ keys = [] }) => keys), check: () => [] };
    const rest = [every, ...waiting.map((rule) => ({ ...rule, keys: undefined }))];
    fc.assert(fc.property(manifest, (value) => {
      expect(checkObject(value, () => 'shop/Web', rest)).toEqual(checkObject(value, () => 'shop/Web', waiting));
    }), { numRuns: 2000 });
  });

  const without = (value: any, keys: readonly string[]): any => Array.isArray(value) ? value.map((inner) => without(inner, keys))
    : isObject(value) ? Object.fromEntries(Object.entries(value).filter(([key]) => !keys.includes(key)).map(([key, inner]) => [key, without(inner, keys)])) : value;

  test('have nothing to find in objects with a pod for a rule about several objects from which its keys were taken', () => {
    const waiting = ALL_RULES.filter((rule): rule is ObjectRule => 'checkObject' in rule && rule.keys !== undefined);
    expect(waiting.length).toBeGreaterThan(5);
    for (const rule of waiting) {
      const examples = [rule, ...ALL_RULES].flatMap(({ bad, good }) => [bad, good]).map((yaml) => parseAllDocuments(yaml).map((document) => document.toJS()));
      for (const objects of examples) {
        const checks = new Checks([{ ...rule, keys: undefined }]);
        objects.forEach((value) => checks.add(podTemplateOf(value) ? without(value, rule.keys!) : value, () => 'shop/Web'));
        expect(checks.findings()).toEqual([]);
      }
    }
  });

  test('have nothing to find for a rule from which its keys were taken', () => {
    const waiting = ALL_RULES.filter((rule): rule is PodRule => 'check' in rule && rule.keys !== undefined);
    const examples = ALL_RULES.flatMap(({ bad, good }) => [bad, good]).flatMap((yaml) => parseAllDocuments(yaml).map((document) => document.toJS()));
    // What mounts and volumes may say to each other is too much for chance.
    const place = fc.record({ name: fc.constantFrom('a', 'b'), mountPath: fc.constantFrom('/a', '/a/b', '/a/b/c') });
    const mount = fc.oneof(place, fc.tuple(place, fc.record({ subPath: name })).map(([one, other]) => ({ ...one, ...other })));
    const volume = (named: string) => fc.constantFrom('emptyDir', 'configMap', 'secret', 'projected', 'downwardAPI', 'hostPath').map((kind) => ({ name: named, [kind]: {} }));
    const mounted = fc.tuple(fc.array(mount, { minLength: 2, maxLength: 3 }), volume('a'), volume('b'))
      .map(([volumeMounts, ...volumes]) => ({ kind: 'Pod', spec: { containers: [{ name: 'web', image: 'web:1', volumeMounts }], volumes } }));
    for (const rule of waiting) {
      fc.assert(fc.property(fc.oneof(mounted, fc.constantFrom(...examples)), (value) => {
        expect(checkObject(without(value, rule.keys!), () => 'shop/Web', [{ ...rule, keys: undefined }])).toEqual([]);
      }), { numRuns: 150 });
    }
  });

  type Texts = readonly (string | undefined)[];

  /** The same with other texts, where these are set: in free places, or anywhere. */
  function withTexts(value: any, texts: Texts, place: Place, next = { index: 0 }): any {
    if (typeof value === 'string') {
      return place.isFree ? texts[next.index++ % texts.length] ?? value : value;
    }
    if (Array.isArray(value)) {
      return value.map((inner) => withTexts(inner, texts, place, next));
    }
    const inside = (key: string) => place === FREE ? FREE : place.fields.get(key) ?? COMPARED;
    return isObject(value) ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withTexts(inner, texts, inside(key), next)])) : value;
  }

  /** The same with another name for one of the fields, wherever it is. */
  const renamed = (value: any, at: number, to: string, next = { index: 0 }): any => Array.isArray(value) ? value.map((inner) => renamed(inner, at, to, next))
    : isObject(value) ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [next.index++ === at ? to : key, renamed(inner, at, to, next)])) : value;

  test('are judged as if they were alone, whatever objects of their make came before', () => {
    const kept = fc.array(fc.constant(undefined), { minLength: 1, maxLength: 30 });
    const other = fc.oneof(text, word, path, amount.map(String), fc.constantFrom('', 'A b', 'postgres:17', 'web', '127.0.0.1', '0', 'true', '25%', 'IfNotPresent', 'sleep 99', 'web=127.0.0.1:80'));
    const inFreePlaces = fc.tuple(fc.array(other, { minLength: 1, maxLength: 5 }), fc.constant(FREE_TEXTS));
    const anywhere = fc.tuple(fc.tuple(kept, other, kept).map(([before, changed, after]) => [...before, changed, ...after]), fc.constant(FREE));
    const changes: fc.Arbitrary<[Texts, Place]> = fc.oneof({ arbitrary: inFreePlaces, weight: 3 }, { arbitrary: anywhere, weight: 1 });
    const examples = ALL_RULES.flatMap(({ bad, good }) => [bad, good]).flatMap((yaml) => parseAllDocuments(yaml).map((document) => document.toJS()));
    const some = fc.oneof(manifest, others, fc.constantFrom(...examples));
    // A field of any name may stand anywhere, also one that holds free texts elsewhere.
    const strange = fc.tuple(some, fc.nat(60), fc.constantFrom('image', 'value', 'name', 'secret', 'metadata', 'selector', 'command')).map(([value, at, key]) => renamed(value, at, key));
    const targets = fc.constantFrom(undefined, targetOf(KubernetesVersion.V1_28), targetOf(KubernetesVersion.V1_37));
    const rules = ALL_RULES.filter((rule) => 'check' in rule || ('checkObject' in rule && rule.looksAtMakeOnly));
    const said = ({ ruleId, field, fact, fix }: Finding) => `${ruleId} ${field} ${fact} ${fix}`;
    let ofOneMake = 0;
    fc.assert(fc.property(fc.oneof(some, strange), changes, targets, (value, [texts, places], target) => {
      const another = withTexts(value, texts, places);
      const all = [value, another, value, another, value, another].map((one) => structuredClone(one));
      const together = new Checks(rules);
      all.forEach((one) => together.add(one, () => 'shop/Web', { target }));
      const alone = all.flatMap((one) => checkObject(structuredClone(one), () => 'shop/Web', rules, target));
      expect(together.findings(false).map(said)).toEqual(alone.map(said));
      const makes = new Makes<object>();
      const [, , first, second] = [value, another, value, another].map((one) => makes.of(one, () => one));
      ofOneMake += first === second ? 1 : 0;
    }), { numRuns: 1500 });
    expect(ofOneMake).toBeGreaterThan(500);
  });

  test('are read in a time that grows with their size only', () => {
    const many = <T>(make: (index: number) => T) => Array.from({ length: 3000 }, (_, index) => make(index));
    const value = webPod('{}');
    const ports = many(() => ({ containerPort: 80, name: 'http' }));
    const volumeMounts = many((index) => ({ name: `v${index}`, mountPath: '/a'.repeat(index % 50) + `/${index}` }));
    value.spec.containers.push(...many((index) => ({ name: `c${index % 9}`, image: 'web:1', ports: [{ containerPort: 80 }] })), { ports, volumeMounts });
    value.spec.volumes = many((index) => ({ name: `v${index}`, [index % 2 ? 'configMap' : 'emptyDir']: index % 4 ? {} : { medium: 'Memory', sizeLimit: '1Ki' } }));
    // Of this process: a machine that is busy with other things takes longer.
    const start = process.cpuUsage();
    checkObject(value, () => 'shop/Web');
    const { user, system } = process.cpuUsage(start);
    expect((user + system) / 1000).toBeLessThan(1000);
  });

  test('of an app whose pods share their first label are read in a time that grows with their number only', () => {
    const labels = (index: number) => ({ instance: 'shop', name: `web${index}` });
    const objects = Array.from({ length: 3000 }, (_, index) => [
      { kind: 'Deployment', metadata: { name: `web${index}` }, spec: { selector: { matchLabels: labels(index) }, template: { metadata: { labels: labels(index) }, spec: { containers: [{}] } } } },
      { kind: 'Service', metadata: { name: `web${index}` }, spec: { selector: labels(index), ports: [{ port: 80 }] } },
      { kind: 'PodDisruptionBudget', metadata: { name: `web${index}` }, spec: { maxUnavailable: 1, selector: { matchLabels: labels(index) } } },
    ]).flat();
    const checks = new Checks(ALL_RULES.filter((rule) => 'checkObject' in rule));
    objects.forEach((one) => checks.add(one, () => 'shop/Web'));
    const start = process.cpuUsage();
    const findings = checks.findings();
    renderWarnings(findings);
    const { user, system } = process.cpuUsage(start);
    expect(findings.length).toBeGreaterThan(3000);
    expect((user + system) / 1000).toBeLessThan(1500);
  });
});

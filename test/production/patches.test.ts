import { ApiObject, App, Chart, Duration, JsonPatch, Lazy, Testing } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { KubernetesVersion, PodDefaults, ProductionPod, ProductionReady, Sidecar } from '../../src';

const image = 'registry.example/web:1.0.0';

beforeEach(() => jest.spyOn(process.stderr, 'write').mockReturnValue(true));
afterEach(() => jest.restoreAllMocks());

function newPod(): ProductionPod {
  return new ProductionPod(new Chart(new App(), 'shop'), 'Web', {
    app: {
      image, portNumber: 8080,
      liveness: kplus.Probe.fromHttpGet('/healthz'),
      readiness: kplus.Probe.fromHttpGet('/readyz'),
    },
    writablePaths: ['/tmp'],
  });
}

/** The manifest of a pattern pod with these patches. */
function patched(...patches: JsonPatch[]): any {
  const pod = newPod();
  ApiObject.of(pod).addJsonPatch(...patches);
  return manifestOf(pod);
}

function manifestOf(pod: kplus.AbstractPod): any {
  return Testing.synth(Chart.of(pod))[0];
}

/** What a path of JSON pointer shape leads to. */
function at(manifest: any, path: string): any {
  return path.split('/').slice(1).reduce((value, key) => value?.[key.replace(/~1/g, '/')], manifest);
}

const APP = '/spec/containers/0';

describe('a patch puts fields into the manifest that cdk8s-plus-28 does not know:', () => {
  test.each<[string, unknown]>([
    [`${APP}/lifecycle`, { preStop: { sleep: { seconds: 7 } } }],
    [`${APP}/lifecycle`, { stopSignal: 'SIGUSR1' }],
    ['/spec/hostUsers', false],
    ['/spec/resources', { limits: { cpu: '1', memory: '1Gi' } }],
    ['/spec/securityContext/appArmorProfile', { type: 'RuntimeDefault' }],
    [`${APP}/securityContext/appArmorProfile`, { type: 'RuntimeDefault' }],
    [`${APP}/livenessProbe`, { grpc: { port: 9000 } }],
    ['/spec/hostnameOverride', 'web'],
    ['/spec/securityContext/supplementalGroupsPolicy', 'Strict'],
    ['/spec/volumes/-', { name: 'model', image: { reference: 'registry.example/model:1' } }],
  ])('%s %j', (path, value) => {
    const pod = newPod();
    pod.with(new PodDefaults({ kubernetesVersion: KubernetesVersion.V1_35, featureGates: ['ContainerStopSignals'] }));
    ApiObject.of(pod).addJsonPatch(JsonPatch.add(path, value));
    const manifest = manifestOf(pod);
    expect(path.endsWith('-') ? manifest.spec.volumes.at(-1) : at(manifest, path)).toEqual(value);
  });
});

describe('a patch is written in the words of Kubernetes:', () => {
  test.each<[string, unknown]>([
    [`${APP}/resources/requests/cpu`, '77m'],
    [`${APP}/resources/limits`, { cpu: '1', memory: '1Gi' }],
    [`${APP}/livenessProbe/httpGet/port`, 8081],
    [`${APP}/readinessProbe`, { httpGet: { path: '/', port: 'http' } }],
    ['/spec/volumes/0/emptyDir/sizeLimit', '5Mi'],
    ['/spec/hostPID', true],
    ['/spec/setHostnameAsFQDN', true],
  ])('%s %j', (path, value) => {
    expect(at(withPort(path, value), path)).toEqual(value);
  });

  /** A named port must exist, or a check refuses the pod. */
  function withPort(path: string, value: unknown): any {
    return patched(JsonPatch.add(`${APP}/ports/0/name`, 'http'), JsonPatch.add(path, value));
  }
});

describe('a patch may be written in the words of cdk8s\'s typed objects:', () => {
  const quantity = kplus.k8s.Quantity.fromString('77m');
  const port = kplus.k8s.IntOrString.fromNumber(8081);

  test.each<[string, string, unknown, unknown]>([
    ['a box around a quantity', `${APP}/resources/requests/cpu`, { value: '77m' }, '77m'],
    ['boxes inside a value', `${APP}/resources`, { limits: { cpu: { value: '1' }, memory: { value: '1Gi' } } }, { limits: { cpu: '1', memory: '1Gi' } }],
    ['a box around a port', `${APP}/livenessProbe/httpGet/port`, { value: 8081 }, 8081],
    ['a Quantity', `${APP}/resources/requests/cpu`, quantity, '77m'],
    ['an IntOrString', `${APP}/livenessProbe`, { tcpSocket: { port } }, { tcpSocket: { port: 8081 } }],
    ['a Lazy value', '/spec/priorityClassName', Lazy.any({ produce: () => 'high' }), 'high'],
    ['a Lazy value inside a value', '/spec/nodeSelector', { disk: Lazy.any({ produce: () => 'ssd' }) }, { disk: 'ssd' }],
  ])('%s', (_, path, value, expected) => {
    expect(at(patched(JsonPatch.add(path, value)), path)).toEqual(expected);
  });

  test.each([
    ['hostPid', 'hostPID'], ['hostIpc', 'hostIPC'], ['setHostnameAsFqdn', 'setHostnameAsFQDN'],
  ])('the field %s', (spelling, field) => {
    const manifest = patched(JsonPatch.add(`/spec/${spelling}`, true));
    expect(manifest.spec[field]).toBe(true);
    expect(manifest.spec).not.toHaveProperty(spelling);
  });

  test('a field inside a value', () => {
    const manifest = patched(JsonPatch.add('/spec/volumes/-', { name: 'info', downwardApi: { items: [] } }), JsonPatch.replace(`${APP}/ports/0`, { containerPort: 8080, hostIp: '10.0.0.1' }));
    expect(manifest.spec.volumes.at(-1)).toEqual({ name: 'info', downwardAPI: { items: [] } });
    expect(manifest.spec.containers[0].ports[0]).toEqual({ containerPort: 8080, hostIP: '10.0.0.1' });
  });

  test('in the paths of every operation', () => {
    const manifest = patched(
      JsonPatch.add('/spec/hostPid', true), JsonPatch.copy('/spec/hostPid', '/spec/hostIpc'), JsonPatch.test('/spec/hostIpc', true),
      JsonPatch.move('/spec/hostPid', '/spec/hostNetwork'), JsonPatch.remove('/spec/setHostnameAsFqdn'),
    );
    expect(manifest.spec).toMatchObject({ hostIPC: true, hostNetwork: true });
    expect(manifest.spec).not.toHaveProperty('hostPID');
    expect(manifest.spec).not.toHaveProperty('setHostnameAsFQDN');
  });
});

describe('a patch leaves words of the user as they are:', () => {
  test.each<[string, string, unknown]>([
    ['a label called like a field', '/metadata/labels/hostIp', 'x'],
    ['labels among other metadata', '/metadata', { name: 'web', labels: { hostPid: 'a', podIp: 'b' } }],
    ['a label called value', '/metadata/labels', { value: 'x' }],
    ['annotations called like fields', '/metadata/annotations', { hostIp: 'x', podIp: 'y' }],
    ['a node selector called value', '/spec/nodeSelector', { value: 'ssd' }],
    ['a variable', `${APP}/env`, [{ name: 'A', value: 'x' }]],
    ['a key with a slash', '/metadata/annotations/example.com~1hostIp', 'x'],
    ['text that looks like a field', '/spec/hostname', 'hostIp'],
    ['a request header', `${APP}/livenessProbe/httpGet/httpHeaders`, [{ name: 'X', value: '1' }]],
  ])('%s', (_, path, value) => {
    expect(at(patched(JsonPatch.add(path, value)), path)).toEqual(value);
  });
});

describe('the patch of the user has the last word:', () => {
  const filled = [
    '/spec/securityContext/seccompProfile', '/spec/securityContext/runAsNonRoot', '/spec/enableServiceLinks', '/spec/terminationGracePeriodSeconds',
    `${APP}/terminationMessagePolicy`, `${APP}/securityContext/allowPrivilegeEscalation`, `${APP}/securityContext/readOnlyRootFilesystem`,
    `${APP}/securityContext/runAsNonRoot`, `${APP}/securityContext/runAsUser`, `${APP}/securityContext/runAsGroup`,
    `${APP}/securityContext/capabilities`, `${APP}/livenessProbe/terminationGracePeriodSeconds`,
    `${APP}/resources/limits/ephemeral-storage`, `${APP}/resources/requests/ephemeral-storage`,
    '/spec/volumes/0/emptyDir/sizeLimit', '/metadata/annotations/kubectl.kubernetes.io~1default-container',
  ];

  test.each(filled)('a removal of the filled %s', (path) => {
    expect(at(patched(), path)).toBeDefined();
    expect(at(patched(JsonPatch.remove(path)), path)).toBeUndefined();
  });

  test.each<[string, unknown]>([
    [`${APP}/securityContext/runAsUser`, 7], [`${APP}/securityContext/runAsNonRoot`, false], [`${APP}/terminationMessagePolicy`, 'File'],
    ['/spec/terminationGracePeriodSeconds', 3], ['/spec/securityContext/seccompProfile', { type: 'Unconfined' }],
    [`${APP}/securityContext/capabilities/drop`, []],
  ])('a replacement of the filled %s by %j', (path, value) => {
    expect(at(patched(JsonPatch.replace(path, value)), path)).toEqual(value);
  });

  test('a removal of preStop that preStopSleep wrote', () => {
    const pod = new ProductionPod(new Chart(new App(), 'shop'), 'Web', { app: { image }, livenessDeclined: 'x', readinessDeclined: 'x', preStopSleep: Duration.seconds(5) });
    ApiObject.of(pod).addJsonPatch(JsonPatch.remove(`${APP}/lifecycle`));
    expect(manifestOf(pod).spec.containers[0]).not.toHaveProperty('lifecycle');
  });

  test('and a check of the result: a removal does not escape it', () => {
    expect(() => patched(JsonPatch.remove(`${APP}/image`))).toThrow(/^shop\/Web: spec\.containers\[0\]\.image: /);
  });
});

describe('one line has one meaning', () => {
  const line = (pod: kplus.AbstractPod) => ApiObject.of(pod).addJsonPatch(
    JsonPatch.add('/spec/template/spec/containers/0/resources/requests/cpu', '77m'), JsonPatch.add('/spec/template/spec/hostUsers', false));

  test.each<[string, (pod: kplus.Deployment) => void]>([
    ['before ProductionReady', (pod) => {
      line(pod);
      pod.with(new ProductionReady());
    }],
    ['after ProductionReady', (pod) => {
      pod.with(new ProductionReady());
      line(pod);
    }],
    ['before a part is bound', (pod) => {
      line(pod);
      pod.with(new Sidecar({ image }));
    }],
    ['before ProductionReady on the chart', (pod) => {
      line(pod);
      Chart.of(pod).with(new ProductionReady());
    }],
  ])('%s', (_, apply) => {
    const pod = new kplus.Deployment(new Chart(new App(), 'shop'), 'Web', { containers: [{ image }] });
    apply(pod);
    const spec = manifestOf(pod).spec.template.spec;
    expect(spec.containers[0].resources.requests.cpu).toBe('77m');
    expect(spec.hostUsers).toBe(false);
  });

  test('when a chart under ProductionReady has the pod later', () => {
    const chart = new Chart(new App(), 'shop');
    chart.with(new ProductionReady());
    const pod = new kplus.Deployment(chart, 'Web', { containers: [{ image }] });
    line(pod);
    expect(manifestOf(pod).spec.template.spec.hostUsers).toBe(false);
  });

  test('at every rendering', () => {
    const pod = newPod();
    ApiObject.of(pod).addJsonPatch(JsonPatch.add('/spec/tolerations', [{ key: 'a' }]), JsonPatch.add('/spec/tolerations/-', { key: 'b' }));
    const first = manifestOf(pod);
    expect(first.spec.tolerations).toEqual([{ key: 'a' }, { key: 'b' }]);
    expect(manifestOf(pod)).toEqual(first);
  });

  test('and the values of a patch are still the caller\'s own', () => {
    const value = Object.freeze({ limits: Object.freeze({ cpu: Object.freeze({ value: '1' }) }) });
    expect(patched(JsonPatch.add(`${APP}/resources`, value)).spec.containers[0].resources.limits.cpu).toBe('1');
    expect(value).toEqual({ limits: { cpu: { value: '1' } } });
  });
});

describe('patches run in their order', () => {
  test('the last one wins', () => {
    expect(patched(JsonPatch.add('/spec/hostname', 'a'), JsonPatch.replace('/spec/hostname', 'b')).spec.hostname).toBe('b');
  });

  test('those before the hook come before those after it', () => {
    const pod = new kplus.Pod(new Chart(new App(), 'shop'), 'Web', { containers: [{ image }] });
    ApiObject.of(pod).addJsonPatch(JsonPatch.add('/spec/hostname', 'before'));
    pod.with(new ProductionReady());
    ApiObject.of(pod).addJsonPatch(JsonPatch.test('/spec/hostname', 'before'), JsonPatch.add('/spec/hostname', 'after'));
    expect(manifestOf(pod).spec.hostname).toBe('after');
  });
});

describe('a patch that fails names construct, operation and path', () => {
  test.each<[string, string, JsonPatch]>([
    ['add', '/spec/nowhere/deep/x', JsonPatch.add('/spec/nowhere/deep/x', 1)],
    ['test', '/spec/hostname', JsonPatch.test('/spec/hostname', 'other')],
    ['copy', '/spec/b/c', JsonPatch.copy('/spec/hostname', '/spec/b/c')],
  ])('"%s" at "%s"', (operation, path, patch) => {
    expect(() => patched(patch)).toThrow(`shop/Web: JSON patch "${operation}" at "${path}" failed: `);
    expect(() => patched(patch)).toThrow(/\n {2}why: .*\n {2}fix: /);
  });

  test('and the message fits on a screen, however large the pod is', () => {
    let message = '';
    try {
      patched(JsonPatch.test('/spec/hostname', 'other'));
    } catch (error) {
      message = (error as Error).message;
    }
    expect(message.length).toBeLessThan(600);
  });
});

describe('an object that holds no pod is patched as cdk8s does it', () => {
  const render = (production: boolean) => {
    const chart = new Chart(new App(), 'shop');
    const config = new kplus.ConfigMap(chart, 'Config', { data: { a: 'b' } });
    const custom = new ApiObject(chart, 'Custom', { apiVersion: 'example.com/v1', kind: 'Thing', spec: {} });
    const service = new kplus.Service(chart, 'Service', { selector: kplus.Pods.all(chart, 'All'), ports: [{ port: 80 }] });
    ApiObject.of(config).addJsonPatch(JsonPatch.add('/data', { value: 'x' }));
    custom.addJsonPatch(JsonPatch.add('/spec/box', { value: 5 }), JsonPatch.add('/spec/hostIp', 'x'));
    ApiObject.of(service).addJsonPatch(JsonPatch.add('/spec/clusterIp', 'None'), JsonPatch.add('/spec/ports/0/targetPort', { value: 8080 }));
    if (production) {
      chart.with(new ProductionReady());
    }
    return Testing.synth(chart);
  };

  test('also in a chart under ProductionReady', () => {
    expect(render(true)).toEqual(render(false));
  });
});

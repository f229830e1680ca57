import { ApiObject, App, Chart, Cron, Duration, JsonPatch, Lazy, Size, Testing } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { Ambassador, AmbassadorPod, Fluentd, KubernetesVersion, LogRotation, LogStream, PodDefaults, ProductionPod, ProductionPodProps, ProductionReady, SharedDirectory, Sidecar, SidecarPod } from '../../src';

const image = 'registry.example/web:1.0.0';
const native = kplus.ContainerRestartPolicy.ALWAYS;
const declined = { livenessDeclined: 'a test', readinessDeclined: 'a test' };

beforeEach(() => jest.spyOn(process.stderr, 'write').mockReturnValue(true));
afterEach(() => jest.restoreAllMocks());

/** A pod whose app has these further props. */
function podWith(app: Partial<kplus.ContainerProps> = {}, props: Partial<ProductionPodProps> = {}): ProductionPod {
  return new ProductionPod(new Chart(new App(), 'shop'), 'Web', { app: { image, ...app }, ...declined, ...props });
}

function specOf(pod: kplus.AbstractPod): any {
  const object = Testing.synth(Chart.of(pod)).find(({ metadata }) => metadata.name === pod.name);
  return object.spec.template?.spec ?? object.spec;
}

function appOf(pod: kplus.AbstractPod): any {
  return specOf(pod).containers[0];
}

/** What synth says; empty where it accepts the pod. */
function complaintOf(make: () => kplus.AbstractPod): string {
  try {
    specOf(make());
    return '';
  } catch (error) {
    return (error as Error).message;
  }
}

const fieldPath = (path: string) => path.replace(/[.[\]]/g, '\\$&');

/** A clear error names the construct, the field and a rule or, at the line itself, the fix. */
function expectRefusal(make: () => kplus.AbstractPod, field: string, rule = '[a-z-]+'): void {
  expect(complaintOf(make)).toMatch(new RegExp(`^shop/Web: ${fieldPath(field)}.*  \\[${rule}\\]\\n  why: .*\\n  fix: .*\\n  see: docs/rules/${rule}\\.md$`, 'm'));
}

/** What works on some clusters, or may: the manifest is written, and standard error says the construct, the field and the rule. */
function expectWarning(make: () => kplus.AbstractPod, field: string, rule: string): void {
  expect(complaintOf(make)).toBe('');
  const said = jest.mocked(process.stderr.write).mock.calls.map(([text]) => String(text)).join('');
  expect(said).toMatch(new RegExp(`^warning: shop/Web: ${fieldPath(field)}.*  \\[${rule}\\]$`, 'm'));
}

describe('silent defaults of cdk8s-plus, mended:', () => {
  test('`portNumber` brings a startup probe that gives two minutes instead of 30 seconds', () => {
    expect(appOf(podWith({ portNumber: 8080 })).startupProbe).toEqual({ tcpSocket: { port: 8080 }, failureThreshold: 60, periodSeconds: 2 });
  });

  test('`port`, the old name, is treated like `portNumber`', () => {
    expect(appOf(podWith({ port: 8080 })).startupProbe).toEqual({ tcpSocket: { port: 8080 }, failureThreshold: 60, periodSeconds: 2 });
  });

  test('`portNumber` of a part brings no startup probe, which would keep the app from ever starting', () => {
    const pod = podWith({}, { parts: [new Sidecar({ image, portNumber: 9000 })] });
    expect(specOf(pod).initContainers[0]).toMatchObject({ ports: [{ containerPort: 9000 }] });
    expect(specOf(pod).initContainers[0]).not.toHaveProperty('startupProbe');
  });

  test('`portNumber` of a plain init container brings its port and no probe, which the API server refuses', () => {
    const pod = podWith();
    pod.addInitContainer({ name: 'init', image, portNumber: 9000 });
    expect(specOf(pod).initContainers[0]).toMatchObject({ ports: [{ containerPort: 9000 }] });
    expect(specOf(pod).initContainers[0]).not.toHaveProperty('startupProbe');
  });

  test('`portNumber` of a native sidecar of the user\'s own brings the patient startup probe', () => {
    const pod = podWith();
    pod.addInitContainer({ name: 'proxy', image, portNumber: 9000, restartPolicy: native });
    expect(specOf(pod).initContainers[0].startupProbe).toMatchObject({ failureThreshold: 60, periodSeconds: 2 });
  });

  test('containers without resources get small ones: app, parts, init containers and late ones', () => {
    const pod = podWith({}, { parts: [new Sidecar({ image })], initContainers: [{ name: 'init', image }] });
    pod.addContainer({ name: 'late', image });
    const spec = specOf(pod);
    expect([...spec.initContainers, ...spec.containers].map(({ resources }) => resources.requests.cpu)).toEqual(['250m', '25m', '250m', '250m']);
  });

  test('a container that is attached, not added, gets no 1 CPU either', () => {
    const pod = podWith();
    pod.attachContainer(new kplus.Container({ name: 'late', image }));
    expect(specOf(pod).containers[1].resources.requests).toMatchObject({ cpu: '250m', memory: '256Mi' });
  });

  test('a container that is attached, not added, gets two minutes to open its port', () => {
    const pod = podWith();
    pod.attachContainer(new kplus.Container({ name: 'late', image, portNumber: 9000 }));
    expect(specOf(pod).containers[1].startupProbe).toMatchObject({ failureThreshold: 60 });
  });

  test.each([
    ['probes', { liveness: kplus.Probe.fromHttpGet('/'), readiness: kplus.Probe.fromTcpSocket() }],
    ['handlers', { lifecycle: { preStop: kplus.Handler.fromHttpGet('/') } }],
  ])('%s without a port go to the one port that `ports` declares, not to 80', (_, app) => {
    const json = JSON.stringify(appOf(podWith({ ports: [{ number: 8080 }], ...app }, 'liveness' in app ? { livenessDeclined: undefined, readinessDeclined: undefined } : {})));
    expect(json).toContain('"port":8080');
    expect(json).not.toContain('"port":80}');
  });

  test('probes go to the one TCP port beside a UDP port', () => {
    const pod = podWith({ ports: [{ number: 53, protocol: kplus.Protocol.UDP }, { number: 8080 }], readiness: kplus.Probe.fromHttpGet('/') }, { readinessDeclined: undefined });
    expect(appOf(pod).readinessProbe.httpGet.port).toBe(8080);
  });

  test('probes of a container that is attached are reported where they go to 80 by default', () => {
    expectWarning(() => {
      const pod = podWith();
      pod.attachContainer(new kplus.Container({ name: 'late', image, ports: [{ number: 8080 }], readiness: kplus.Probe.fromHttpGet('/') }));
      return pod;
    }, 'spec.containers[1].readinessProbe', 'defaulted-probe-port');
  });

  test('a root user that is asked for at the pod reaches containers that say nothing', () => {
    expect(appOf(podWith({}, { securityContext: { ensureNonRoot: false, user: 0 } })).securityContext.runAsNonRoot).toBe(false);
  });

  test('an app that needs to write finds a directory: writablePaths', () => {
    expect(appOf(podWith({}, { writablePaths: ['/tmp'] })).volumeMounts).toEqual([{ mountPath: '/tmp', name: 'writable-tmp' }]);
  });

  test('a privileged container does not forbid escalation, which the API server refuses together', () => {
    expect(appOf(podWith({ securityContext: { privileged: true, ensureNonRoot: false } })).securityContext).not.toHaveProperty('allowPrivilegeEscalation', false);
  });

  test('a pod passes Pod Security restricted: capabilities dropped and seccomp profile set', () => {
    const spec = specOf(podWith());
    expect([spec.containers[0].securityContext.capabilities.drop, spec.securityContext.seccompProfile.type]).toEqual([['ALL'], 'RuntimeDefault']);
  });

  test('a spread Deployment with a part has each anti-affinity term once, at every synth', () => {
    const pod = new kplus.Deployment(new Chart(new App(), 'shop'), 'Web', { containers: [{ image }], spread: true });
    pod.with(new Sidecar({ image }));
    specOf(pod);
    expect(specOf(pod).affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution).toHaveLength(2);
  });
});

describe('lists and maps of the caller stay the caller\'s:', () => {
  test('two apps made of one props object do not share later mounts and variables', () => {
    const app = { image, volumeMounts: [], envVariables: {} };
    const [first, second] = [podWith(app), podWith(app)];
    first.app.mount('/x', kplus.Volume.fromEmptyDir(first, 'X', 'x', { sizeLimit: Size.mebibytes(1) }));
    first.app.env.addVariable('X', kplus.EnvValue.fromValue('1'));
    expect(appOf(second)).not.toHaveProperty('volumeMounts');
    expect(appOf(second)).not.toHaveProperty('env');
    expect(app).toEqual({ image, volumeMounts: [], envVariables: {} });
  });

  test('two containers added from one props object do not share them either', () => {
    const pod = podWith();
    const props = { image, volumeMounts: [], envVariables: {} };
    const first = pod.addContainer({ ...props, name: 'a' });
    pod.addContainer({ ...props, name: 'b' });
    first.env.addVariable('X', kplus.EnvValue.fromValue('1'));
    first.mount('/x', kplus.Volume.fromEmptyDir(pod, 'X', 'x', { sizeLimit: Size.mebibytes(1) }));
    expect(specOf(pod).containers[2]).not.toHaveProperty('env');
    expect(specOf(pod).containers[2]).not.toHaveProperty('volumeMounts');
  });

  test('two plain Deployments made of one container do not share what a part adds', () => {
    const web = { image, volumeMounts: [], envVariables: {} };
    const [first, second] = [1, 2].map(() => new kplus.Deployment(new Chart(new App(), 'shop'), 'Web', { containers: [web] }));
    first.with(new Ambassador({ image, localPort: 1, reads: [SharedDirectory.onDisk('/d', { sizeLimit: Size.mebibytes(1) })] }));
    expect(appOf(second)).not.toHaveProperty('volumeMounts');
    expect(appOf(second)).not.toHaveProperty('env');
  });
});

describe('patches do not vanish:', () => {
  const app = '/spec/containers/0';

  test.each<[string, string, unknown]>([
    ['a plain quantity', `${app}/resources/requests/cpu`, '77m'], ['a plain port', `${app}/readinessProbe/httpGet/port`, 9000],
    ['hostPID', '/spec/hostPID', true], ['setHostnameAsFQDN', '/spec/setHostnameAsFQDN', true], ['appArmorProfile', `${app}/securityContext/appArmorProfile`, { type: 'RuntimeDefault' }],
    ['resources of the pod', '/spec/resources', { limits: { cpu: '1' } }], ['preStop.sleep', `${app}/lifecycle`, { preStop: { sleep: { seconds: 5 } } }],
  ])('%s', (_, path, value) => {
    const pod = podWith({ portNumber: 8080, readiness: kplus.Probe.fromHttpGet('/') }, { readinessDeclined: undefined });
    pod.with(new PodDefaults({ kubernetesVersion: KubernetesVersion.V1_34 }));
    ApiObject.of(pod).addJsonPatch(JsonPatch.add(path, value));
    expect(path.slice(1).split('/').reduce((json, key) => json[key], { spec: specOf(pod) } as any)).toEqual(value);
  });

  test('a Lazy value in a patch is resolved, not written as {"producer":{}}', () => {
    const pod = podWith();
    ApiObject.of(pod).addJsonPatch(JsonPatch.add('/spec/priorityClassName', Lazy.any({ produce: () => 'high' })));
    expect(specOf(pod).priorityClassName).toBe('high');
  });
});

describe('names, refused at synth with a rule:', () => {
  const container = (props: Partial<kplus.ContainerProps>) => () => podWith({}, { containers: [{ image, ...props }] });

  test('two containers without a name, both called main', () => {
    expectRefusal(() => podWith({}, { containers: [{ image }, { image }] }), 'spec.containers[2].name: "main"', 'unique-container-names');
  });

  test('an init container of the app\'s name', () => {
    expectRefusal(() => podWith({}, { initContainers: [{ name: 'app', image }] }), 'spec.containers[0].name: "app"', 'unique-container-names');
  });

  test('one Container attached twice', () => {
    expectRefusal(() => {
      const pod = podWith();
      pod.attachContainer(pod.app);
      return pod;
    }, 'spec.containers[1].name: "app"', 'unique-container-names');
  });

  test('an unnamed init container after one that is called init-1', () => {
    expectRefusal(() => podWith({}, { initContainers: [{ name: 'init-1', image }, { image }] }), 'spec.initContainers[1].name: "init-1"', 'unique-container-names');
  });

  test('a part of the app\'s name', () => {
    expectRefusal(() => podWith({}, { parts: [new Sidecar({ name: 'app', image })] }), 'spec.containers[0].name: "app"', 'unique-container-names');
  });

  test.each(['My_App', 'x'.repeat(64)])('container name %s', (name) => {
    expectRefusal(container({ name }), `spec.containers[1].name: "${name}"`, 'dns-names');
  });

  test('a volume name with an underscore', () => {
    expectRefusal(() => {
      const pod = podWith();
      pod.app.mount('/x', kplus.Volume.fromEmptyDir(pod, 'V', 'My_Vol'));
      return pod;
    }, 'spec.volumes[0].name: "My_Vol"', 'dns-names');
  });

  test.each<[string, (pod: kplus.Pod) => kplus.Volume]>([
    ['ConfigMap', (pod) => kplus.Volume.fromConfigMap(pod, 'V', kplus.ConfigMap.fromConfigMapName(pod, 'C', 'app.config.v1'))],
    ['Secret', (pod) => kplus.Volume.fromSecret(pod, 'V', kplus.Secret.fromSecretName(pod, 'C', 'app.config.v1'))],
  ])('a volume that is named after a %s with dots', (kind, make) => {
    expectRefusal(() => {
      const pod = podWith();
      pod.app.mount('/x', make(pod));
      return pod;
    }, `spec.volumes[0].name: "${kind.toLowerCase()}-app.config.v1"`, 'dns-names');
  });

  test('a volume name that cdk8s-plus cuts at 63 characters, after a "-"', () => {
    expectRefusal(() => {
      const pod = podWith();
      pod.app.mount('/x', kplus.Volume.fromEmptyDir(pod, 'V', `${'x'.repeat(62)}-y`));
      return pod;
    }, 'spec.volumes[0].name', 'dns-names');
  });

  test('a construct id with an underscore, which the object is named after', () => {
    expect(complaintOf(() => new ProductionPod(new Chart(new App(), 'shop'), 'My_Pod', { app: { image }, ...declined }))).toMatch(/^shop\/My_Pod: metadata\.name: .*\[dns-names\]/);
  });

  test('a service account with an underscore', () => {
    expectRefusal(() => {
      const chart = new Chart(new App(), 'shop');
      return new ProductionPod(chart, 'Web', { app: { image }, ...declined, serviceAccount: kplus.ServiceAccount.fromServiceAccountName(chart, 'A', 'Bad_SA') });
    }, 'spec.serviceAccountName: "Bad_SA"');
  });

  test('a label value with a blank', () => {
    expectRefusal(() => podWith({}, { metadata: { labels: { team: 'my shop' } } }), 'metadata.labels');
  });

  test('an env name with "="', () => {
    expectRefusal(() => podWith({ envVariables: { 'a=b': kplus.EnvValue.fromValue('1') } }), 'spec.containers[0].env[0].name: "a=b"', 'env-names');
  });

  test('no image, where the pod is made', () => {
    expect(complaintOf(() => podWith({ image: '' }))).toMatch(/^shop\/Web: spec\.containers\[0\]\.image: "" is no image/);
  });

  test.each(['a b', ' web:1'])('image %j', (bad) => {
    expectRefusal(() => podWith({ image: bad }), 'spec.containers[0].image', 'image-name');
  });
});

describe('ports, refused at synth with a rule:', () => {
  test('70000', () => {
    expectRefusal(() => podWith({ portNumber: 70000 }), 'spec.containers[0].ports[0].containerPort: "70000"', 'port-range');
  });

  test('`portNumber: 0`, which cdk8s-plus drops in silence', () => {
    expect(complaintOf(() => podWith({ portNumber: 0 }))).toMatch(/^shop\/Web: .*[pP]ort.*"0".*[^]*why: [^]*fix: /);
  });

  test('`port: 0` in a probe', () => {
    expectRefusal(() => podWith({ portNumber: 8080, readiness: kplus.Probe.fromTcpSocket({ port: 0 }) }, { readinessDeclined: undefined }), 'spec.containers[0].readinessProbe', 'port-range');
  });

  test('a name of 20 characters', () => {
    expectRefusal(() => podWith({ ports: [{ number: 8080, name: 'prometheus-metrics-1' }] }), 'spec.containers[0].ports[0].name: "prometheus-metrics-1"', 'port-names');
  });

  test('two containers that listen on one port', () => {
    expectRefusal(() => podWith({ portNumber: 8080 }, { containers: [{ name: 'b', image, portNumber: 8080 }] }), 'spec.containers[1].ports[0].containerPort: "8080/TCP"', 'port-clash');
  });

  test('two containers that take one port of the node', () => {
    expectRefusal(() => podWith({ ports: [{ number: 1, hostPort: 80 }] }, { containers: [{ name: 'b', image, ports: [{ number: 2, hostPort: 80 }] }] }), 'spec.containers[1].ports[0].hostPort');
  });

  test('but only reported: a probe without a port in a container of several', () => {
    expectWarning(() => podWith({ ports: [{ number: 8080, name: 'a' }, { number: 8081, name: 'b' }], readiness: kplus.Probe.fromHttpGet('/') }, { readinessDeclined: undefined }),
      'spec.containers[0].readinessProbe.httpGet.port: "80"', 'defaulted-probe-port');
  });

  test('an ambassador on the port of its app', () => {
    expectRefusal(() => new AmbassadorPod(new Chart(new App(), 'shop'), 'Web', { app: { image, portNumber: 8080 }, ambassador: new Ambassador({ image, localPort: 8080 }) }), '', 'port-clash');
  });
});

describe('mounts, refused at synth with a rule:', () => {
  const mount = (path: string, options: kplus.MountOptions = {}, then?: (pod: ProductionPod, volume: kplus.Volume) => void) => () => {
    const pod = podWith();
    const volume = kplus.Volume.fromEmptyDir(pod, 'V', 'v', { sizeLimit: Size.mebibytes(1) });
    pod.app.mount(path, volume, options);
    then?.(pod, volume);
    return pod;
  };

  test('two at one path', () => {
    expectRefusal(mount('/x', {}, (pod, volume) => pod.app.mount('/x/', volume)), 'spec.containers[0].volumeMounts[1].mountPath: "/x/"', 'mount-path-collision');
  });

  test.each(['', '/'])('at %j', (path) => {
    expectRefusal(mount(path), `spec.containers[0].volumeMounts[0].mountPath: "${path}"`, 'valid-mount-path');
  });

  test('with a sub path that leaves the volume', () => {
    expectRefusal(mount('/x', { subPath: '../x' }), 'spec.containers[0].volumeMounts[0].subPath: "../x"');
  });

  test('with two kinds of sub path', () => {
    expectRefusal(mount('/x', { subPath: 'a', subPathExpr: '$(B)' }), 'spec.containers[0].volumeMounts[0].subPath');
  });

  test('in a directory that is read-only', () => {
    expectRefusal(mount('/x', { readOnly: true }, (pod) => pod.app.mount('/x/y', kplus.Volume.fromEmptyDir(pod, 'W', 'w'))), 'spec.containers[0].volumeMounts[1].mountPath: "/x/y"', 'mount-below-read-only');
  });

  test('of an emptyDir with a size limit of zero, which means no limit', () => {
    expectRefusal(() => {
      const pod = podWith();
      pod.app.mount('/x', kplus.Volume.fromEmptyDir(pod, 'V', 'v', { sizeLimit: Size.mebibytes(0) }));
      return pod;
    }, 'spec.volumes[0].emptyDir.sizeLimit: "0Mi"');
  });

  test('of a ConfigMap with a mode that is none', () => {
    expectRefusal(() => {
      const pod = podWith();
      pod.app.mount('/x', kplus.Volume.fromConfigMap(pod, 'V', kplus.ConfigMap.fromConfigMapName(pod, 'C', 'config'), { defaultMode: 999 }));
      return pod;
    }, 'spec.volumes[0].configMap.defaultMode: "999"');
  });
});

describe('amounts, refused at synth with a rule:', () => {
  const resources = (given: kplus.ContainerResources) => () => podWith({ resources: given });

  test('a request above its limit', () => {
    expectRefusal(resources({ cpu: { request: kplus.Cpu.millis(500), limit: kplus.Cpu.millis(100) } }), 'spec.containers[0].resources.requests[cpu]: "500m"', 'requests-within-limits');
  });

  test.each([['-5m', kplus.Cpu.millis(-5)], ['NaN', kplus.Cpu.units(NaN)]])('%s CPU', (text, limit) => {
    expectRefusal(resources({ cpu: { limit } }), `spec.containers[0].resources.limits[cpu]: "${text}"`, 'valid-quantities');
  });

  test('a memory limit of zero, which no process fits into', () => {
    expectRefusal(resources({ memory: { limit: Size.mebibytes(0) } }), 'spec.containers[0].resources.limits[memory]: "0Mi"');
  });
});

describe('probes and handlers, refused at synth with a rule:', () => {
  const probe = (liveness: kplus.Probe) => () => podWith({ portNumber: 8080, liveness }, { livenessDeclined: undefined });

  test('a liveness probe that must succeed twice', () => {
    expectRefusal(probe(kplus.Probe.fromHttpGet('/', { successThreshold: 2 })), 'spec.containers[0].livenessProbe.successThreshold: "2"');
  });

  test('a probe without a command', () => {
    expectRefusal(probe(kplus.Probe.fromCommand([])), 'spec.containers[0].livenessProbe');
  });

  test('but only reported: a probe of another host, which Pod Security refuses from 1.34 on', () => {
    expectWarning(probe(kplus.Probe.fromTcpSocket({ host: '10.0.0.1' })), 'spec.containers[0].livenessProbe.tcpSocket.host: "10.0.0.1"', 'probe-of-other-host');
  });

  test('lifecycle handlers of a plain init container', () => {
    expectRefusal(() => podWith({}, { initContainers: [{ name: 'init', image, lifecycle: { preStop: kplus.Handler.fromCommand(['true']) } }] }), 'spec.initContainers[0].lifecycle');
  });

  test('a preStop wait that is longer than the grace period that was chosen', () => {
    expectRefusal(() => podWith({}, { preStopSleep: Duration.seconds(60), terminationGracePeriod: Duration.seconds(30) }), 'spec.containers[0].lifecycle.preStop.sleep.seconds: "60"');
  });
});

describe('security, refused at synth with a rule:', () => {
  const security = (securityContext: kplus.ContainerSecurityContextProps) => () => podWith({ securityContext });

  test('a seccomp profile of the node without its name', () => {
    expectRefusal(security({ seccompProfile: { type: kplus.SeccompProfileType.LOCALHOST } }), 'spec.containers[0].securityContext.seccompProfile');
  });

  test('user -1', () => {
    expectRefusal(security({ user: -1 }), 'spec.containers[0].securityContext.runAsUser: "-1"');
  });

  test('user 0 where root is forbidden: the container would never start', () => {
    expectRefusal(security({ user: 0 }), 'spec.containers[0].securityContext.runAsUser: "0"');
  });
});

describe('values of untyped callers, refused at synth with a rule:', () => {
  test('a number as a variable', () => {
    expectRefusal(() => podWith({ envVariables: { A: kplus.EnvValue.fromValue(5 as any) } }), 'spec.containers[0].env[0].value: "5"');
  });

  test('a number as an argument', () => {
    expectRefusal(() => podWith({ args: [5 as any] }), 'spec.containers[0].args[0]: "5"');
  });

  test('a number as an annotation', () => {
    expectRefusal(() => podWith({}, { metadata: { annotations: { a: 5 as any } } }), 'metadata.annotations');
  });

  test('a host alias that is no address', () => {
    expectRefusal(() => podWith({}, { hostAliases: [{ ip: 'db', hostnames: ['db'] }] }), 'spec.hostAliases[0].ip: "db"');
  });
});

describe('oddities that are accepted as they are, because Kubernetes has a meaning for them:', () => {
  test.each<[string, () => kplus.AbstractPod]>([
    ['thresholds and periods of zero: the default', () => podWith(
      { portNumber: 1, liveness: kplus.Probe.fromHttpGet('/', { failureThreshold: 0, periodSeconds: Duration.seconds(0) }) }, { livenessDeclined: undefined })],
    ['a variable of the process that is not set: empty, unless it is required', () => podWith({ envVariables: { A: kplus.EnvValue.fromProcess('NOBODY_SETS_THIS') } })],
    ['a working directory that is relative: to that of the image', () => podWith({ workingDir: 'app' })],
    ['empty lists and maps', () => podWith({ command: [], args: [], lifecycle: {}, securityContext: { capabilities: {} } })],
    ['half a CPU thousandth: rounded up', () => podWith({ resources: { cpu: { request: kplus.Cpu.millis(0.5) } } })],
    ['a label that cdk8s-plus writes itself', () => podWith({}, { metadata: { labels: { 'cdk8s.io/metadata.addr': 'mine' } } })],
  ])('%s', (_, make) => {
    expect(complaintOf(make)).toBe('');
  });

  test('a list of dropped capabilities that is empty stays empty: it was chosen', () => {
    expect(appOf(podWith({ securityContext: { capabilities: { drop: [] } } })).securityContext.capabilities.drop).toEqual([]);
  });
});

describe('workloads of cdk8s-plus with a part, on which the same traps are set:', () => {
  test('a CronJob keeps its restart policy and ends: the helper is a native sidecar', () => {
    const job = new kplus.CronJob(new Chart(new App(), 'shop'), 'Web', { containers: [{ image, securityContext: { user: 5 } }], schedule: Cron.daily() });
    job.with(new LogStream({ files: ['/log/a.log'] }));
    const [spec] = Testing.synth(Chart.of(job)).filter(({ kind }) => kind === 'CronJob').map((object) => object.spec.jobTemplate.spec.template.spec);
    expect([spec.restartPolicy, spec.initContainers.map(({ restartPolicy }: any) => restartPolicy)]).toEqual(['Never', ['Always', 'Always']]);
  });

  test('a Deployment with the silent startup probe gets the patient one under ProductionReady', () => {
    const pod = new kplus.Deployment(new Chart(new App(), 'shop'), 'Web', { containers: [{ image, portNumber: 8080 }] });
    pod.with(new ProductionReady());
    expect(appOf(pod).startupProbe.failureThreshold).toBe(60);
  });

  test('children of a pod called Default, Resource or Service do not mislead cdk8s', () => {
    const pod = new kplus.Deployment(new Chart(new App(), 'shop'), 'Web', { containers: [{ image, portNumber: 8080 }] });
    ['default', 'resource', 'service'].forEach((name, index) => pod.with(new Fluentd({ name, tail: ['/log/a.log'], rotation: LogRotation.byApp(), healthPort: 24000 + index })));
    pod.exposeViaService({ ports: [{ port: 80, targetPort: 8080 }] });
    expect(specOf(pod).initContainers.map(({ name }: any) => name)).toEqual(['default', 'resource', 'service']);
  });

  test('a pattern pod in a chart with a mixin on everything is filled once', () => {
    const chart = new Chart(new App(), 'shop');
    const pod = new SidecarPod(chart, 'Web', { app: { image }, sidecar: new Sidecar({ image, reads: [SharedDirectory.inMemory('/d', { sizeLimit: Size.mebibytes(64) })] }) });
    const before = specOf(pod);
    chart.with(new ProductionReady());
    expect(specOf(pod)).toEqual(before);
  });
});

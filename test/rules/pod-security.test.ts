import { spawnSync } from 'child_process';
import { existsSync, readdirSync, readFileSync } from 'fs';
import { join } from 'path';
import { App, Chart, Cron, Duration, Testing } from 'cdk8s';
import * as fc from 'fast-check';
import { parseAllDocuments } from 'yaml';
import { fields, findingsIn, judge, pod, webPod, workload } from './judge';
import { AmbassadorPod, Fluentd, FluentdOutput, HAProxy, PodDefaults, ProductionCronJob, ProductionDeployment, SidecarPod, Upstream } from '../../src';
import { KubernetesVersion, targetOf } from '../../src/manifest/kubernetes-version';
import { ALL_RULES } from '../../src/rules';
import { checkObject } from '../../src/rules/engine';
import { addedCapabilities } from '../../src/rules/pod-security/added-capabilities';
import { apparmorDisabled } from '../../src/rules/pod-security/apparmor-disabled';
import { customSelinuxOptions } from '../../src/rules/pod-security/custom-selinux-options';
import { dropAllCapabilities } from '../../src/rules/pod-security/drop-all-capabilities';
import { hostNamespaces } from '../../src/rules/pod-security/host-namespaces';
import { hostOfProbe } from '../../src/rules/pod-security/host-of-probe';
import { hostPorts } from '../../src/rules/pod-security/host-ports';
import { privilegeEscalation } from '../../src/rules/pod-security/privilege-escalation';
import { privilegedContainer } from '../../src/rules/pod-security/privileged-container';
import { restrictedVolumeTypes } from '../../src/rules/pod-security/restricted-volume-types';
import { rootUser } from '../../src/rules/pod-security/root-user';
import { runAsNonRoot } from '../../src/rules/pod-security/run-as-non-root';
import { seccompProfile } from '../../src/rules/pod-security/seccomp-profile';
import { unmaskedProc } from '../../src/rules/pod-security/unmasked-proc';
import { unsafeSysctls } from '../../src/rules/pod-security/unsafe-sysctls';
import { windowsHostProcess } from '../../src/rules/pod-security/windows-host-process';
import { Pack, PodRule } from '../../src/rules/rule';
import { itWith } from '../support/programs';

const RULES = ALL_RULES.filter(({ pack }) => pack === Pack.RESTRICTED);
const VERSIONS = Object.values(KubernetesVersion);
const [OLDEST, NEWEST] = [KubernetesVersion.V1_28, KubernetesVersion.V1_37];
const own = (context: string) => webPod(`securityContext: ${context}`);
const ofPod = (context: string) => pod(`{ securityContext: ${context}, containers: [{ name: web, image: "web:1" }] }`);
const context = 'spec.containers[0].securityContext';

/** What the API server's plugin calls a control, and our rules for it. */
const CONTROLS: { readonly [reason: string]: PodRule[] } = {
  'allowPrivilegeEscalation != false': [privilegeEscalation],
  'forbidden AppArmor profile': [apparmorDisabled],
  'unrestricted capabilities': [dropAllCapabilities, addedCapabilities],
  'host namespaces': [hostNamespaces],
  'hostPort': [hostPorts],
  'probe or lifecycle host': [hostOfProbe],
  'privileged': [privilegedContainer],
  'procMount': [unmaskedProc],
  'restricted volume types': [restrictedVolumeTypes],
  'runAsNonRoot != true': [runAsNonRoot],
  'runAsUser=0': [rootUser],
  'seLinuxOptions': [customSelinuxOptions],
  'seccompProfile': [seccompProfile],
  'forbidden sysctls': [unsafeSysctls],
  'hostProcess': [windowsHostProcess],
};

describe('the rules of Pod Security', () => {
  /** Nearly always what is allowed: of pods that break everything nothing is learnt. */
  const mostly = <T>(good: T, ...others: unknown[]) =>
    fc.oneof({ weight: 24, arbitrary: fc.constant<unknown>(good) }, { weight: 2, arbitrary: fc.constantFrom(...others) });
  const record = (shape: { [key: string]: fc.Arbitrary<unknown> }) => fc.record(shape);
  const none = undefined;
  const orNone = (value: fc.Arbitrary<unknown>) => fc.oneof({ weight: 3, arbitrary: fc.constantFrom<unknown>(none, none, none, null) }, { weight: 1, arbitrary: value });
  const profile = (type: fc.Arbitrary<unknown>) => record({ type });
  const seccomp = profile(mostly('RuntimeDefault', 'Localhost', 'Unconfined', '', none, null, 'runtime/default'));
  const common = {
    seLinuxOptions: orNone(record({
      type: mostly(none, 'container_t', 'container_engine_t', 'container_kvm_t', 'spc_t', '', null),
      user: mostly(none, '', 'system_u', null), role: mostly(none, '', 'system_r', null), level: mostly(none, 's0'),
    })),
    appArmorProfile: orNone(profile(mostly('RuntimeDefault', 'Localhost', 'Unconfined', none, ''))),
    windowsOptions: orNone(record({ hostProcess: mostly(none, true, false, null) })),
    runAsUser: mostly(none, 0, 1000, null),
  };
  const ofContainers = fc.oneof({ weight: 1, arbitrary: fc.constantFrom<unknown>(none, null, {}) }, {
    weight: 40,
    arbitrary: record({
      ...common,
      seccompProfile: orNone(seccomp),
      runAsNonRoot: mostly(none, true, false, null),
      allowPrivilegeEscalation: mostly(false, true, none, null),
      privileged: mostly(none, true, false, null),
      procMount: mostly(none, 'Default', 'Unmasked', '', null),
      capabilities: mostly<unknown>({ drop: ['ALL'] },
        none, null, {}, { drop: null }, { drop: ['all'] }, { drop: ['NET_RAW', 'ALL'], add: null }, { drop: ['ALL'], add: ['NET_BIND_SERVICE'] },
        { drop: ['ALL'], add: ['NET_BIND_SERVICE', 'CHOWN'] }, { add: ['CAP_NET_BIND_SERVICE'] }, { drop: ['ALL'], add: ['SYS_ADMIN'] }),
    }),
  });
  const action = record({ port: fc.constant(80), host: mostly(none, '', '127.0.0.1', 'db.example', null) });
  const probe = orNone(fc.oneof(record({ httpGet: action }), record({ tcpSocket: action }), fc.constant({ grpc: { port: 80 } }), fc.constant({ exec: { command: ['a'] } })));
  const container = record({
    name: fc.constantFrom('web', 'a'),
    restartPolicy: fc.constantFrom(none, 'Always'),
    securityContext: ofContainers,
    livenessProbe: probe, readinessProbe: probe, startupProbe: probe,
    lifecycle: orNone(record({ postStart: probe.map(withoutGrpc), preStop: probe.map(withoutGrpc) })),
    ports: orNone(fc.array(record({ containerPort: fc.constant(80), hostPort: mostly(none, 0, 80, null) }), { maxLength: 2 })),
  });
  const source = mostly<object>({ emptyDir: {} },
    {}, { emptyDir: null }, { configMap: { name: 'a' } }, { csi: { driver: 'a' } }, { downwardAPI: {} }, { ephemeral: {} }, { image: { reference: 'a:1' } }, { projected: { sources: [] } },
    { persistentVolumeClaim: { claimName: 'a' } }, { secret: { secretName: 'a' } }, { hostPath: { path: '/' } }, { emptyDir: {}, hostPath: { path: '/' } }, { emptyDir: null, nfs: { server: 'a', path: '/' } },
    { gcePersistentDisk: { pdName: 'a' } }, { awsElasticBlockStore: { volumeID: 'a' } }, { gitRepo: { repository: 'a' } }, { iscsi: {} }, { glusterfs: {} }, { rbd: {} }, { flexVolume: {} },
    { cinder: {} }, { cephfs: {} }, { flocker: {} }, { fc: {} }, { azureFile: {} }, { vsphereVolume: {} }, { quobyte: {} }, { azureDisk: {} },
    { photonPersistentDisk: {} }, { portworxVolume: {} }, { scaleIO: {} }, { storageos: {} });
  const sysctl = mostly('net.ipv4.ping_group_range', 'kernel.shm_rmid_forced', 'net.ipv4.ip_local_port_range', 'net.ipv4.tcp_syncookies', 'net.ipv4.ip_unprivileged_port_start',
    'net.ipv4.ip_local_reserved_ports', 'net.ipv4.tcp_keepalive_time', 'net.ipv4.tcp_fin_timeout', 'net.ipv4.tcp_keepalive_intvl', 'net.ipv4.tcp_keepalive_probes', 'net.ipv4.tcp_rmem',
    'net.ipv4.tcp_wmem', 'net.ipv4.tcp_slow_start_after_idle', 'net.ipv4.tcp_notsent_lowat', 'net.core.somaxconn', '', none, null);
  const annotated = (key: string) => fc.constantFrom('runtime/default', 'localhost/a', '', 'unconfined', 'docker/default', null).map((value) => ({ [key]: value }));
  const host = mostly(none, false, true, null);
  const anyPod = record({
    metadata: orNone(record({
      annotations: orNone(fc.oneof(...['container.apparmor.security.beta.kubernetes.io/web', 'container.apparmor.security.beta.kubernetes.io/', 'seccomp.security.alpha.kubernetes.io/pod', 'a']
        .map(annotated))),
    })),
    spec: record({
      os: orNone(record({ name: fc.constantFrom('windows', 'linux') })),
      hostUsers: orNone(fc.boolean()),
      hostNetwork: host, hostPID: host, hostIPC: host,
      securityContext: fc.oneof({ weight: 1, arbitrary: fc.constantFrom<unknown>(none, null, {}) }, {
        weight: 40,
        arbitrary: record({
          ...common,
          runAsNonRoot: mostly(true, false, none, null),
          seccompProfile: fc.oneof({ weight: 20, arbitrary: seccomp }, { weight: 1, arbitrary: fc.constantFrom<unknown>(none, null) }),
          sysctls: orNone(fc.array(record({ name: sysctl, value: fc.constant('1') }), { maxLength: 2 })),
        }),
      }),
      volumes: orNone(fc.array(source.map((type) => ({ name: 'a', ...type as object })), { maxLength: 2 })),
      initContainers: orNone(fc.array(container, { maxLength: 2 })),
      containers: fc.oneof({ weight: 30, arbitrary: fc.array(container, { minLength: 1, maxLength: 2 }) }, { weight: 1, arbitrary: fc.constantFrom(none, null, []) }),
      ephemeralContainers: orNone(fc.array(container, { maxLength: 1 })),
    }),
  });

  const program = process.env.POD_SECURITY ?? 'pod-security';
  const withProgram = process.env.POD_SECURITY ? test : itWith('pod-security');
  const PODS = 4000;
  const reasons = Object.keys(CONTROLS).sort();
  const sorted = (verdict: string) => verdict.replace('AppArmor profiles', 'AppArmor profile').split('; ').sort().join('; ');

  for (const version of VERSIONS) {
    withProgram(`find what the plugin of the API server finds, control by control, in any pod for Kubernetes ${version}: ${PODS} of them`, () => {
      const lines = fc.sample(anyPod, PODS).map((value) => JSON.stringify(value));
      const { stdout, stderr, error } = spawnSync(program, [`v${version}`], { input: lines.join('\n'), encoding: 'utf8', maxBuffer: 2 ** 26 });
      expect([error, stderr]).toEqual([undefined, '']);
      const verdicts = stdout.split('\n').slice(0, -1);
      expect(verdicts).toHaveLength(PODS);
      const wrong = lines.flatMap((line, index) => {
        const object = { apiVersion: 'v1', kind: 'Pod', ...JSON.parse(line) };
        const found = reasons.filter((reason) => CONTROLS[reason].some((rule) => (fields(rule, object, targetOf(version)) ?? []).length > 0)).join('; ');
        const verdict = sorted(verdicts[index]);
        return found === verdict ? [] : [{ found, verdict, line }];
      });
      expect(wrong.length > 0 ? wrong[0] : undefined).toBeUndefined();
      // Enough of each for the answers to mean something.
      expect(verdicts.filter((verdict) => verdict === '').length).toBeGreaterThan(PODS / 20);
      const neverRefused = reasons.filter((reason) => !verdicts.some((verdict) => sorted(verdict).split('; ').includes(reason)));
      expect(neverRefused).toEqual(Number(version.slice(2)) < 34 ? ['probe or lifecycle host'] : []);
    });
  }

  test('are those of the pack, and no other', () => {
    expect(Object.values(CONTROLS).flat().map(({ id }) => id).sort()).toEqual(RULES.map(({ id }) => id).sort());
  });
});

/** No lifecycle handler has gRPC. */
function withoutGrpc(handler: any): unknown {
  return handler?.grpc ? null : handler;
}

describe('a finding of Pod Security', () => {
  test.each<[PodRule, string, any, KubernetesVersion, string[]]>([
    [hostNamespaces, 'each namespace', pod('{ hostNetwork: true, hostPID: true, hostIPC: true, containers: [] }'), OLDEST, ['spec.hostNetwork', 'spec.hostPID', 'spec.hostIPC']],
    [hostPorts, 'each port', webPod('ports: [{ containerPort: 80 }, { containerPort: 81, hostPort: 81 }]'), OLDEST, ['spec.containers[0].ports[1].hostPort']],
    [hostOfProbe, 'each probe', webPod('{ livenessProbe: { tcpSocket: { host: a } }, lifecycle: { preStop: { httpGet: { host: b } } } }'), KubernetesVersion.V1_34,
      ['spec.containers[0].livenessProbe.tcpSocket.host', 'spec.containers[0].lifecycle.preStop.httpGet.host']],
    [restrictedVolumeTypes, 'each volume, with its type', pod('{ volumes: [{ emptyDir: {} }, { nfs: {} }, { hostPath: {} }], containers: [] }'), OLDEST, ['spec.volumes[1].nfs', 'spec.volumes[2].hostPath']],
    [privilegedContainer, 'the container', own('{ privileged: true }'), OLDEST, [`${context}.privileged`]],
    [privilegeEscalation, 'a container without a context', pod('containers: [{ name: web }]'), OLDEST, [`${context}.allowPrivilegeEscalation`]],
    [dropAllCapabilities, 'the container', own('{ capabilities: { drop: [all] } }'), OLDEST, [`${context}.capabilities.drop`]],
    [addedCapabilities, 'each capability', own('{ capabilities: { add: [NET_BIND_SERVICE, CHOWN, KILL] } }'), OLDEST, [`${context}.capabilities.add[1]`, `${context}.capabilities.add[2]`]],
    [runAsNonRoot, 'the container that nobody tells', own('{}'), OLDEST, [`${context}.runAsNonRoot`]],
    [runAsNonRoot, 'the pod alone that allows root to all', ofPod('{ runAsNonRoot: false }'), OLDEST, ['spec.securityContext.runAsNonRoot']],
    [rootUser, 'the pod', ofPod('{ runAsUser: 0 }'), OLDEST, ['spec.securityContext.runAsUser']],
    [seccompProfile, 'the container that nobody tells', own('{}'), OLDEST, [`${context}.seccompProfile`]],
    [seccompProfile, 'the pod alone that confines none', ofPod('{ seccompProfile: { type: Unconfined } }'), OLDEST, ['spec.securityContext.seccompProfile.type']],
    [apparmorDisabled, 'the container', own('{ appArmorProfile: { type: Unconfined } }'), OLDEST, [`${context}.appArmorProfile.type`]],
    [apparmorDisabled, 'the annotation', pod('containers: []', { 'container.apparmor.security.beta.kubernetes.io/web': 'unconfined' }), OLDEST,
      ['metadata.annotations[container.apparmor.security.beta.kubernetes.io/web]']],
    [customSelinuxOptions, 'each option', ofPod('{ seLinuxOptions: { type: spc_t, user: a, role: b, level: s0 } }'), OLDEST, ['type', 'user', 'role'].map((name) => `spec.securityContext.seLinuxOptions.${name}`)],
    [unmaskedProc, 'the container', own('{ procMount: Unmasked }'), NEWEST, [`${context}.procMount`]],
    [unsafeSysctls, 'each parameter', ofPod('{ sysctls: [{ name: net.ipv4.tcp_syncookies }, { name: kernel.sem }] }'), NEWEST, ['spec.securityContext.sysctls[1].name']],
    [windowsHostProcess, 'the pod', ofPod('{ windowsOptions: { hostProcess: true } }'), OLDEST, ['spec.securityContext.windowsOptions.hostProcess']],
  ])('of $id names %s', (rule, _, object, version, expected) => {
    expect(fields(rule, object, targetOf(version))).toEqual(expected);
  });

  test.each([['Deployment', 'spec.template.'], ['CronJob', 'spec.jobTemplate.spec.template.']])('names the path in a %s', (kind, prefix) => {
    const object = workload(kind, 'web', pod('{ hostPID: true, containers: [{ name: web }], ephemeralContainers: [{ name: debug, securityContext: { runAsUser: 0 } }] }').spec);
    expect(fields(hostNamespaces, object)).toEqual([`${prefix}spec.hostPID`]);
    expect(fields(rootUser, object)).toEqual([`${prefix}spec.ephemeralContainers[0].securityContext.runAsUser`]);
    const template = kind === 'CronJob' ? object.spec.jobTemplate.spec.template : object.spec.template;
    template.metadata.annotations = { 'container.apparmor.security.beta.kubernetes.io/web': 'unconfined' };
    expect(fields(apparmorDisabled, object)).toEqual([`${prefix}metadata.annotations[container.apparmor.security.beta.kubernetes.io/web]`]);
  });

  test('says from which version on a kernel parameter is safe', () => {
    const object = ofPod('{ sysctls: [{ name: net.ipv4.tcp_rmem }] }');
    expect(judge(unsafeSysctls, object, targetOf(KubernetesVersion.V1_31))).toEqual([{
      field: 'spec.securityContext.sysctls[0].name', fact: '"net.ipv4.tcp_rmem" is a safe kernel parameter from Kubernetes 1.32 on, and the target is 1.31',
    }]);
    expect(fields(unsafeSysctls, object, targetOf(KubernetesVersion.V1_32))).toEqual([]);
  });

  test('is a warning: an API server accepts such a pod where nothing enforces the standard', () => {
    expect(RULES.filter(({ severity }) => severity !== 'warning')).toEqual([]);
  });
});

describe('what the library makes', () => {
  const folder = join(__dirname, '../../examples');
  const examples = readdirSync(folder).filter((name) => existsSync(join(folder, name, 'expected.k8s.yaml')));

  test.each(VERSIONS)('is restricted in the examples, by the rules of Kubernetes %s', (version) => {
    const manifests = examples.map((name) => readFileSync(join(folder, name, 'expected.k8s.yaml'), 'utf8'));
    expect(manifests.flatMap((manifest) => findingsIn(manifest, RULES, targetOf(version)))).toEqual([]);
    expect(manifests.flatMap((manifest) => parseAllDocuments(manifest)).length).toBeGreaterThan(examples.length);
  });

  test.each(VERSIONS)('is restricted when it is made for Kubernetes %s', (kubernetesVersion) => {
    const chart = new Chart(new App(), 'shop');
    chart.with(new PodDefaults({ kubernetesVersion }));
    const app = { image: 'shop/web:1.0', portNumber: 8080 };
    const tail = ['/var/log/web/web.log'];
    const declined = { livenessDeclined: 'a test', readinessDeclined: 'a test' };
    new SidecarPod(chart, 'Sidecar', { app, sidecar: new Fluentd({ tail, output: FluentdOutput.stdout() }) });
    new AmbassadorPod(chart, 'Ambassador', { app, ambassador: new HAProxy({ upstreams: [Upstream.tcp('db', 'db.example.com', 5432)] }) });
    new ProductionDeployment(chart, 'Deployment', { app, ...declined });
    new ProductionCronJob(chart, 'CronJob', { app: { image: 'shop/report:1.0' }, schedule: Cron.hourly(), activeDeadline: Duration.minutes(30) });
    const pods = Testing.synth(chart);
    expect(pods.flatMap((object) => checkObject(object, () => 'shop', RULES, targetOf(kubernetesVersion)))).toEqual([]);
  });
});

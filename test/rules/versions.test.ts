import { facts, fields, judge, pod, webPod, workload } from './judge';
import { KubernetesVersion, targetOf } from '../../src/manifest/kubernetes-version';
import { Feature, FEATURES, hasGate } from '../../src/rules/versions/features';
import { fieldOfNewerKubernetes as rule } from '../../src/rules/versions/field-of-newer-kubernetes';

const VERSIONS = Object.values(KubernetesVersion);

/** An object with one field of the table and nothing else of it, and where that field lies. */
function objectWith(path: string): { object: any; field: string } {
  const [, root = 'Pod', keys, values = 'x'] = /^(?:(\w+):)?([^=]+)(?:=(.+))?$/.exec(path)!;
  const object: any = root === 'Pod' ? pod('containers: []') : workload(root, 'web', pod('containers: []').spec);
  const segments = keys.split('.').map((segment) => ({ key: segment.replace('[]', '').split('|')[0], isList: segment.endsWith('[]') }));
  const value = values.split('|')[0];
  let holder = object.spec;
  segments.forEach(({ key, isList }, index) => {
    const inner = index === segments.length - 1 ? (value === 'false' ? false : value) : {};
    holder[key] = isList ? [inner] : inner;
    holder = isList ? holder[key][0] : holder[key];
  });
  return { object, field: ['spec', ...segments.map(({ key, isList }) => (isList ? `${key}[0]` : key))].join('.') };
}

/** The version with this number after the dot. */
function minor(version: number): KubernetesVersion {
  return VERSIONS.find((candidate) => candidate === `1.${version}`)!;
}

function gatesMissingIn(version: KubernetesVersion): string[] {
  return FEATURES.filter((feature) => fields(rule, objectWith(feature.paths[0]).object, targetOf(version))!.length > 0).map(({ gate }) => gate);
}

describe('field-of-newer-kubernetes', () => {
  const rows = FEATURES.flatMap((feature) => feature.paths.map((path): [string, Feature, string] => [feature.gate, feature, path]));

  describe.each(rows)('%s', (gate, feature, path) => {
    const { object, field } = objectWith(path);

    test(`refuses ${path} in every version that does not have it, and in no other`, () => {
      const refused = VERSIONS.filter((version) => fields(rule, object, targetOf(version))!.includes(field));
      expect(refused).toEqual(VERSIONS.filter((version) => feature.on === undefined || Number(version.slice(2)) < feature.on));
    });

    test('accepts it with its gate, from the first API that has the field', () => {
      const [before, first] = [feature.known - 1, feature.known].map((version) => minor(version));
      expect(fields(rule, object, targetOf(first, [gate]))).not.toContain(field);
      expect(before === undefined || fields(rule, object, targetOf(before, [gate]))!.includes(field)).toBe(true);
    });
  });

  // What API servers of 1.28.15, 1.33.13 and 1.37.2 dropped or refused; claim templates of a StatefulSet lose theirs in the claim.
  const NEVER = [
    'CrossNamespaceVolumeDataSource', 'ContainerStopSignals', 'TaintTolerationComparisonOperators', 'GenericWorkload', 'WorkloadWithJob', 'EvictionRequestAPI',
    'EmptyDirVolumeMode', 'H2CContainerProbe', 'GRPCContainerProbeTLS', 'VolumeBindMountOptions', 'AtomicWriteVolumeUserFields',
  ];
  const NOT_IN_33 = [
    'PodLevelResources', 'DynamicResourceAllocation', 'VolumeAttributesClass', 'ImageVolume', 'ContainerRestartRules', 'EnvFiles', 'HostnameOverride',
    'RestartAllContainersOnContainerExits', 'ClusterTrustBundleProjection', 'PodCertificateRequest', 'MaxUnavailableStatefulSet', ...NEVER,
  ];

  test('knows what API servers were measured to drop', () => {
    expect(gatesMissingIn(KubernetesVersion.V1_37)).toEqual(NEVER);
    expect(gatesMissingIn(KubernetesVersion.V1_33)).toEqual(NOT_IN_33);
    expect(gatesMissingIn(KubernetesVersion.V1_28)).toEqual(FEATURES.map(({ gate }) => gate));
  });

  test('finds a field in the second key of an alternative and in the second element of a list', () => {
    const object = pod('{ initContainers: [{ name: a }, { name: b, lifecycle: { preStop: { sleep: { seconds: 5 } } } }], containers: [] }');
    expect(fields(rule, object, targetOf(KubernetesVersion.V1_29))).toEqual(['spec.initContainers[1].lifecycle.preStop.sleep']);
  });

  test('leaves an empty list, of which a server that drops it loses nothing', () => {
    const spec = '{ resourceClaims: [], containers: [{ name: web, restartPolicyRules: [], resources: { claims: [] } }] }';
    expect(fields(rule, pod(spec))).toEqual(['spec.containers[0].restartPolicyRules']);
    expect(fields(rule, pod('{ resourceClaims: [{ name: gpu }], containers: [{ name: web }] }'))).toEqual(['spec.resourceClaims']);
  });

  test('finds every field, inside of one that is missing too', () => {
    const object = webPod('{ lifecycle: { preStop: { sleep: { seconds: 0 } } }, securityContext: { procMount: Unmasked } }');
    expect(fields(rule, object, targetOf(KubernetesVersion.V1_29))!.sort()).toEqual([
      'spec.containers[0].lifecycle.preStop.sleep', 'spec.containers[0].lifecycle.preStop.sleep.seconds', 'spec.containers[0].securityContext.procMount',
    ]);
  });

  test.each([
    ['users of the host', 'hostUsers: true'], ['a default that is written out', 'containers: [{ name: web, securityContext: { procMount: Default } }]'],
    ['a mount that is not recursive', 'containers: [{ name: web, volumeMounts: [{ name: a, recursiveReadOnly: Disabled }] }]'],
    ['a toleration of old', 'tolerations: [{ operator: Exists }]'], ['a field that is null', 'resources: null'],
    ['an object where a value stands otherwise', 'initContainers: [{ name: a, restartPolicy: { a: b } }]'],
  ])('accepts a value that means the same everywhere: %s', (_, spec) => {
    expect(fields(rule, pod(spec), targetOf(KubernetesVersion.V1_28))).toEqual([]);
  });

  test('prints the path of the pod in a workload, and of the job in a CronJob', () => {
    const object = workload('CronJob', 'web', pod('{ containers: [], hostnameOverride: web }').spec);
    object.spec.jobTemplate.spec.managedBy = 'example.com/x';
    expect(fields(rule, object, targetOf(KubernetesVersion.V1_31))).toEqual([
      'spec.jobTemplate.spec.template.spec.hostnameOverride', 'spec.jobTemplate.spec.managedBy',
    ]);
  });

  test('names the version that brings a field, the one that was asked for, and what to do', () => {
    const object = pod('{ containers: [], resources: { limits: { cpu: 1 } } }');
    expect(facts(rule, object, targetOf(KubernetesVersion.V1_32))).toEqual(['"resources" needs Kubernetes 1.34, and the target is 1.32']);
    expect(judge(rule, object, targetOf(KubernetesVersion.V1_32))![0].fix).toBe('if your clusters are newer, say so: new PodDefaults({ kubernetesVersion: '
      + 'KubernetesVersion.V1_34 }), or --target 1.34 of the command; if they have the gate on, say that: featureGates: [\'PodLevelResources\']; otherwise give resources to the containers');
    expect(judge(rule, object, targetOf(KubernetesVersion.V1_31))![0].fix).not.toContain('featureGates');
  });

  test('refuses the addresses of a node by their old spelling in no version, by the newer one in 1.28', () => {
    const object = (fieldPath: string) => webPod(`{ env: [{ name: NODE, valueFrom: { fieldRef: { fieldPath: ${fieldPath} } } }] }`);
    expect(fields(rule, object('status.hostIP'), targetOf(KubernetesVersion.V1_28))).toEqual([]);
    expect(facts(rule, object('status.hostIPs'), targetOf(KubernetesVersion.V1_28))).toEqual(['"status.hostIPs" needs Kubernetes 1.29, and the target is 1.28']);
  });

  test('says of a field that is off everywhere which gate it needs', () => {
    const object = webPod('{ lifecycle: { stopSignal: SIGUSR1 } }');
    expect(facts(rule, object, targetOf(KubernetesVersion.V1_37))).toEqual([
      '"SIGUSR1" needs the feature gate ContainerStopSignals, which no version up to 1.37 has on by default',
    ]);
  });

  test('takes 1.33 where nobody names a version', () => {
    const broken = FEATURES.filter(({ paths }) => fields(rule, objectWith(paths[0]).object)!.length > 0);
    expect(broken.map(({ gate }) => gate)).toEqual(gatesMissingIn(KubernetesVersion.V1_33));
  });
});

describe('a feature', () => {
  test('is there from the version that has it on, before that only with its gate, and never before its field', () => {
    const { V1_28, V1_29, V1_30 } = KubernetesVersion;
    const gate = 'PodLifecycleSleepAction';
    expect([V1_28, V1_29, V1_30].map((version) => hasGate(targetOf(version), gate))).toEqual([false, false, true]);
    expect([V1_28, V1_29, V1_30].map((version) => hasGate(targetOf(version, [gate]), gate))).toEqual([false, true, true]);
  });
});

import { ApiObject, App, Chart, Cron, Duration, JsonPatch, Size, Testing } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import {
  ClaimRetention, HAProxy, LogRotation, LogStream, ProductionCronJob, ProductionDaemonSet, ProductionDeployment, ProductionDeploymentProps, ProductionJob,
  ProductionStatefulSet, Sidecar, SpreadPolicy, Upstream,
} from '../../src';

const image = 'registry.example/web:1.0.0';
const app = { image, portNumber: 8080, liveness: kplus.Probe.fromHttpGet('/healthz'), readiness: kplus.Probe.fromHttpGet('/readyz') };

let chart: Chart;
beforeEach(() => {
  chart = new Chart(new App(), 'shop', { namespace: 'shop' });
});

const deploy = (props: Partial<ProductionDeploymentProps> = {}) => new ProductionDeployment(chart, 'Web', { app, ...props });
const objects = (kind: string): any[] => Testing.synth(chart).filter((object) => object.kind === kind);
const specOf = (kind: string): any => objects(kind)[0].spec;
const podOf = (kind: string): any => specOf(kind).template.spec;
const named = (pod: any, name: string) => [...pod.initContainers ?? [], ...pod.containers].find((container) => container.name === name);

describe('a production deployment', () => {
  test('has two replicas, and never takes a pod away before its successor was ready for five seconds', () => {
    deploy();
    expect(specOf('Deployment')).toMatchObject({
      replicas: 2, minReadySeconds: 5, progressDeadlineSeconds: 600, revisionHistoryLimit: 3,
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
    });
  });

  test('keeps what its props say', () => {
    deploy({
      replicas: 7, minReady: Duration.seconds(0), progressDeadline: Duration.seconds(60), revisionHistoryLimit: 0, strategy: kplus.DeploymentStrategy.recreate(),
    });
    expect(specOf('Deployment')).toMatchObject({
      replicas: 7, minReadySeconds: 0, progressDeadlineSeconds: 60, revisionHistoryLimit: 0, strategy: { type: 'Recreate' },
    });
    expect(specOf('Deployment').strategy.rollingUpdate).toBeUndefined();
  });

  test('makes nothing but itself and its disruption budget where nothing else is asked for', () => {
    deploy();
    expect(Testing.synth(chart).map(({ kind }) => kind)).toEqual(['Deployment', 'PodDisruptionBudget']);
  });

  test('writes reasons on the object, not on the template, where they would roll the pods', () => {
    new ProductionDeployment(chart, 'Web', { app: { image }, livenessDeclined: 'a worker', readinessDeclined: 'no traffic', replicas: 1, redundancyDeclined: ' one queue ' });
    const [{ metadata, spec }] = objects('Deployment');
    expect(metadata.annotations).toEqual({
      'waive.pod-patterns/liveness-probe': 'a worker',
      'waive.pod-patterns/readiness-probe': 'no traffic',
      'waive.pod-patterns/several-replicas': 'one queue',
    });
    expect(Object.keys(spec.template.metadata.annotations)).toEqual(['kubectl.kubernetes.io/default-container']);
    expect(spec.replicas).toBe(1);
  });

  test('is written with equal bytes twice', () => {
    deploy({ service: {}, spread: true, autoscaling: { maxReplicas: 4 }, parts: [new LogStream({ files: ['/log/a.log'] })] });
    expect(JSON.stringify(Testing.synth(chart))).toBe(JSON.stringify(Testing.synth(chart)));
  });
});

describe('the pod of a production workload', () => {
  test('has the app first, and fills every container of the props like a pattern pod', () => {
    const deployment = deploy({ containers: [{ name: 'beside', image, portNumber: 9000 }], initContainers: [{ name: 'before', image, portNumber: 9001 }], writablePaths: ['/tmp'] });
    const pod = podOf('Deployment');
    expect(deployment.app).toBe(deployment.containers[0]);
    expect(pod.containers.map(({ name }: any) => name)).toEqual(['app', 'beside']);
    expect(pod.containers[1]).toMatchObject({
      resources: { requests: { cpu: '250m', memory: '256Mi' } }, startupProbe: { failureThreshold: 60, periodSeconds: 2 }, securityContext: { runAsUser: 1000, capabilities: { drop: ['ALL'] } },
    });
    expect(pod.initContainers[0].startupProbe).toBeUndefined();
    expect(pod.initContainers[0].ports).toEqual([{ containerPort: 9001 }]);
    expect(pod.volumes).toEqual([{ name: 'writable-tmp', emptyDir: { sizeLimit: '64Mi' } }]);
  });

  test.each([
    ['Deployment', () => deploy()],
    ['StatefulSet', () => new ProductionStatefulSet(chart, 'Web', { app })],
    ['DaemonSet', () => new ProductionDaemonSet(chart, 'Web', { app })],
    ['Job', () => new ProductionJob(chart, 'Web', { app, activeDeadline: Duration.hours(1) })],
  ])('of a %s treats containers that are added later like those of the props, without a note', (kind, make) => {
    const note = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
    const workload = make();
    const later = workload.addContainer({ name: 'later', image, ports: [{ number: 9000 }], readiness: kplus.Probe.fromHttpGet('/') });
    workload.addInitContainer({ name: 'native', image, portNumber: 9001, restartPolicy: kplus.ContainerRestartPolicy.ALWAYS });
    workload.attachContainer(new kplus.Container({ name: 'attached', image, resources: { cpu: { request: kplus.Cpu.millis(10) }, memory: { limit: Size.mebibytes(16) } } }));
    const pod = podOf(kind);
    expect(later.name).toBe('later');
    expect(named(pod, 'later')).toMatchObject({ resources: { limits: { memory: '512Mi' } }, readinessProbe: { httpGet: { port: 9000 } }, securityContext: { runAsUser: 1000 } });
    expect(named(pod, 'native').startupProbe).toMatchObject({ failureThreshold: 60 });
    expect(named(pod, 'attached').securityContext).toMatchObject({ runAsUser: 1000, capabilities: { drop: ['ALL'] } });
    expect(note.mock.calls.flat().filter((text) => !String(text).startsWith('warning: '))).toEqual([]);
    note.mockRestore();
  });

  test('treats them so for callers that look methods up in the constructor, as the jsii runtime does', () => {
    const deployment = deploy();
    const Class = deployment.constructor as unknown as typeof ProductionDeployment;
    Class.prototype.addContainer.call(deployment, { name: 'later', image, portNumber: 9000 });
    expect(Class.name).toBe('ProductionDeployment');
    expect(named(podOf('Deployment'), 'later')).toMatchObject({ resources: { limits: { memory: '512Mi' } }, startupProbe: { failureThreshold: 60 } });
  });

  test('binds its parts in start order and shares their directories with the app', () => {
    const proxy = new HAProxy({ upstreams: [Upstream.tcp('db', '10.0.0.1', 5432)] });
    deploy({ parts: [new Sidecar({ image, startAfter: [proxy] }), proxy, new LogStream({ files: ['/var/log/web/a.log'], rotation: LogRotation.byApp() })] });
    const pod = podOf('Deployment');
    expect(pod.initContainers.map(({ name }: any) => name)).toEqual(['haproxy', 'sidecar', 'log-stream']);
    expect(pod.containers[0].volumeMounts).toContainEqual({ mountPath: '/var/log/web', name: 'shared-var-log-web' });
    expect(pod.containers[0].env.map(({ name }: any) => name)).toContain('DB_HOST');
  });

  test('leaves what its author may be root where the pod allows it', () => {
    deploy({ securityContext: { ensureNonRoot: false } });
    expect(podOf('Deployment').containers[0].securityContext.runAsNonRoot).toBe(false);
  });

  test('of a part that is bound later is filled too', () => {
    deploy().with(new LogStream({ files: ['/log/a.log'], rotation: LogRotation.byApp() }));
    expect(named(podOf('Deployment'), 'log-stream').securityContext).toMatchObject({ runAsUser: 1000 });
  });
});

describe('the wait before TERM', () => {
  const preStop = () => podOf('Deployment').containers[0].lifecycle?.preStop;

  test('is ten seconds behind a Service, and part of the grace period', () => {
    deploy({ service: {}, drain: Duration.seconds(40) });
    expect(preStop()).toEqual({ sleep: { seconds: 10 } });
    expect(podOf('Deployment').terminationGracePeriodSeconds).toBe(55);
  });

  test.each<[string, Partial<ProductionDeploymentProps>, object | undefined]>([
    ['is absent without a Service', {}, undefined],
    ['is absent where the Service is switched off', { service: { enabled: false } }, undefined],
    ['can be switched off', { service: {}, preStopSleep: Duration.seconds(0) }, undefined],
    ['can be chosen', { preStopSleep: Duration.seconds(3) }, { sleep: { seconds: 3 } }],
    ['gives way to a hook of the app', { service: {}, app: { ...app, lifecycle: { preStop: kplus.Handler.fromCommand(['/stop']) } } }, { exec: { command: ['/stop'] } }],
  ])('%s', (_, props, expected) => {
    deploy(props);
    expect(preStop()).toEqual(expected);
  });
});

describe('the Service of a deployment', () => {
  test('leads to the app\'s port by its number, with the protocol that the container declares', () => {
    const { service } = deploy({ app: { ...app, portNumber: undefined, ports: [{ number: 5353, protocol: kplus.Protocol.UDP }] }, service: {} });
    expect(specOf('Service')).toMatchObject({ type: 'ClusterIP', ports: [{ port: 5353, targetPort: 5353, protocol: 'UDP' }] });
    expect(service!.port).toBe(5353);
    expect(specOf('Service').selector).toEqual(specOf('Deployment').selector.matchLabels);
  });

  test('leads to ports of native sidecars and of containers that are added later', () => {
    const deployment = deploy({
      parts: [new Sidecar({ image, portNumber: 9090 })],
      service: { ports: [{ name: 'web', port: 80, targetPort: 8080 }, { name: 'metrics', port: 9090 }, { name: 'late', port: 7000 }] },
    });
    deployment.addContainer({ name: 'late', image, portNumber: 7000 });
    expect(specOf('Service').ports.map(({ targetPort }: any) => targetPort)).toEqual([8080, 9090, 7000]);
  });

  test('has the name, annotations and source ranges that were asked for', () => {
    deploy({ service: { serviceType: kplus.ServiceType.LOAD_BALANCER, loadBalancerSourceRanges: ['10.0.0.0/8'], metadata: { name: 'web', annotations: { a: 'b' } } } });
    expect(objects('Service')[0]).toMatchObject({ metadata: { name: 'web', namespace: 'shop', annotations: { a: 'b' } }, spec: { type: 'LoadBalancer', loadBalancerSourceRanges: ['10.0.0.0/8'] } });
  });

  test('stands behind an Ingress for one host, with TLS', () => {
    const { ingress, service } = deploy({ service: {}, ingress: { host: 'shop.example.com', path: '/a', className: 'nginx', tlsSecret: kplus.Secret.fromSecretName(chart, 'Tls', 'tls') } });
    expect(specOf('Ingress')).toMatchObject({
      ingressClassName: 'nginx',
      rules: [{ host: 'shop.example.com', http: { paths: [{ path: '/a', pathType: 'Prefix', backend: { service: { name: service!.name, port: { number: 8080 } } } }] } }],
      tls: [{ hosts: ['shop.example.com'], secretName: 'tls' }],
    });
    expect(ingress).toBeInstanceOf(kplus.Ingress);
  });

  test('does not end when the deployment lies in a namespace of its own', () => {
    deploy({ metadata: { namespace: 'other' }, service: {}, ingress: { host: 'a.b' }, autoscaling: { maxReplicas: 3 } });
    expect(Testing.synth(chart).map(({ metadata }) => metadata.namespace)).toEqual(Array(5).fill('other'));
  });
});

describe('the autoscaler of a deployment', () => {
  test('looks at the CPU of the app alone, and replicas are left out of the deployment', () => {
    deploy({ autoscaling: { maxReplicas: 9 }, parts: [new Sidecar({ image })] });
    expect(specOf('Deployment')).not.toHaveProperty('replicas');
    expect(objects('HorizontalPodAutoscaler')[0]).toMatchObject({
      apiVersion: 'autoscaling/v2',
      spec: {
        minReplicas: 2, maxReplicas: 9, scaleTargetRef: { kind: 'Deployment' },
        metrics: [{ type: 'ContainerResource', containerResource: { name: 'cpu', container: 'app', target: { type: 'Utilization', averageUtilization: 70 } } }],
        behavior: { scaleDown: { stabilizationWindowSeconds: 300, policies: [{ type: 'Percent', value: 50, periodSeconds: 60 }] } },
      },
    });
  });

  test('looks at memory alone where only memory is named', () => {
    deploy({ autoscaling: { maxReplicas: 9, memoryUtilization: 80, scaleDownStabilization: Duration.minutes(1) } });
    expect(specOf('HorizontalPodAutoscaler').metrics.map(({ containerResource }: any) => containerResource.name)).toEqual(['memory']);
    expect(specOf('HorizontalPodAutoscaler').behavior.scaleDown.stabilizationWindowSeconds).toBe(60);
  });

  test('may be one of the user\'s own', () => {
    new kplus.HorizontalPodAutoscaler(chart, 'Own', { target: deploy(), maxReplicas: 4 });
    expect(specOf('Deployment')).not.toHaveProperty('replicas');
  });
});

test('null for an option of the autoscaler, as other languages pass it, is as good as none', () => {
  deploy({ autoscaling: { maxReplicas: 5, cpuUtilization: null, memoryUtilization: null } as any });
  expect(specOf('HorizontalPodAutoscaler').metrics.map(({ containerResource }: any) => containerResource.name)).toEqual(['cpu']);
});

describe('the disruption budget', () => {
  test('lets one pod of the workload be evicted at a time, and one that is not ready always', () => {
    deploy();
    expect(specOf('PodDisruptionBudget')).toEqual({
      maxUnavailable: 1, unhealthyPodEvictionPolicy: 'AlwaysAllow', selector: specOf('Deployment').selector,
    });
  });

  test('takes a share', () => {
    deploy({ disruptionBudget: { maxUnavailable: kplus.PercentOrAbsolute.percent(25) } });
    expect(specOf('PodDisruptionBudget').maxUnavailable).toBe('25%');
  });

  test('follows a selector that is chosen later', () => {
    const labels = { app: 'web' };
    deploy({ select: false, podMetadata: { labels } }).select(kplus.LabelSelector.of({ labels }));
    expect(specOf('PodDisruptionBudget').selector).toEqual({ matchLabels: labels });
    expect(podOf('Deployment').topologySpreadConstraints[0].labelSelector).toEqual({ matchLabels: labels });
  });

  test('can be switched off', () => {
    deploy({ disruptionBudget: { enabled: false } });
    expect(objects('PodDisruptionBudget')).toEqual([]);
  });
});

describe('the topology spread', () => {
  const constraints = (kind = 'Deployment') => podOf(kind).topologySpreadConstraints;

  test('prefers other nodes and zones, each revision of a deployment for itself', () => {
    deploy();
    const { matchLabels } = specOf('Deployment').selector;
    const common = { labelSelector: { matchLabels }, matchLabelKeys: ['pod-template-hash'], maxSkew: 1, whenUnsatisfiable: 'ScheduleAnyway' };
    expect(constraints()).toEqual([{ ...common, topologyKey: 'kubernetes.io/hostname' }, { ...common, topologyKey: 'topology.kubernetes.io/zone' }]);
    expect(podOf('Deployment').affinity.podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution).toEqual([
      { weight: 100, podAffinityTerm: { labelSelector: { matchLabels }, topologyKey: 'kubernetes.io/hostname' } },
    ]);
  });

  test('counts all pods of a StatefulSet, which are replaced one by one', () => {
    new ProductionStatefulSet(chart, 'Db', { app });
    expect(constraints('StatefulSet').map((constraint: any) => constraint.matchLabelKeys)).toEqual([undefined, undefined]);
  });

  test('can be demanded of nodes and left out for zones', () => {
    deploy({ topologySpread: { hosts: SpreadPolicy.REQUIRED, zones: SpreadPolicy.NONE } });
    expect(constraints()).toMatchObject([{ topologyKey: 'kubernetes.io/hostname', whenUnsatisfiable: 'DoNotSchedule' }]);
  });

  test.each<[string, Partial<ProductionDeploymentProps>]>([
    ['switched off', { topologySpread: { enabled: false } }],
    ['left out for both', { topologySpread: { hosts: SpreadPolicy.NONE, zones: SpreadPolicy.NONE } }],
  ])('writes nothing where it is %s', (_, props) => {
    deploy(props);
    expect(podOf('Deployment')).not.toHaveProperty('topologySpreadConstraints');
    expect(podOf('Deployment')).not.toHaveProperty('affinity');
  });

  test('gives way to anti-affinity and patches of the author', () => {
    const deployment = deploy({ spread: true });
    const own = [{ maxSkew: 2, topologyKey: 'rack', whenUnsatisfiable: 'DoNotSchedule' }];
    ApiObject.of(deployment).addJsonPatch(JsonPatch.add('/spec/template/spec/topologySpreadConstraints', own));
    expect(constraints()).toEqual(own);
    expect(podOf('Deployment').affinity.podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution).toBeUndefined();
    expect(podOf('Deployment').affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution).toHaveLength(2);
  });
});

test('`spread: true` is warned of: an update that adds a pod first may find no node for it', () => {
  const said = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  deploy({ spread: true });
  Testing.synth(chart);
  const text = said.mock.calls.flat().join('');
  said.mockRestore();
  expect(text).toMatch(/^warning: shop\/Web: spec\.strategy\.rollingUpdate\.maxUnavailable: "0" .*\[update-without-room\]$/m);
});

describe('a production StatefulSet', () => {
  const volumeClaimTemplates = [{ name: 'data', path: '/data', size: Size.gibibytes(10) }];

  test('has one replica, a headless Service, a budget, and no wait before TERM', () => {
    new ProductionStatefulSet(chart, 'Db', { app });
    expect(specOf('StatefulSet')).toMatchObject({ replicas: 1, minReadySeconds: 5, revisionHistoryLimit: 3, serviceName: objects('Service')[0].metadata.name });
    expect(specOf('Service').clusterIP).toBe('None');
    expect(specOf('PodDisruptionBudget').selector).toEqual(specOf('StatefulSet').selector);
    expect(podOf('StatefulSet').containers[0].lifecycle).toBeUndefined();
  });

  test('gives each pod storage that its app can write, and parts can read', () => {
    new ProductionStatefulSet(chart, 'Db', {
      app: { ...app, securityContext: { user: 70, group: 71 } },
      volumeClaimTemplates: [{ ...volumeClaimTemplates[0], storageClassName: 'fast' }],
      claimRetention: { whenScaled: ClaimRetention.DELETE },
      parts: [new LogStream({ files: ['/data/log/a.log'], rotation: LogRotation.byApp() })],
    });
    const pod = podOf('StatefulSet');
    expect(specOf('StatefulSet')).toMatchObject({
      volumeClaimTemplates: [{ metadata: { name: 'data' }, spec: { accessModes: ['ReadWriteOnce'], storageClassName: 'fast', resources: { requests: { storage: '10Gi' } } } }],
      persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Delete' },
    });
    expect(pod.volumes.map(({ name }: any) => name)).not.toContain('data');
    expect(named(pod, 'app').volumeMounts).toEqual([{ name: 'data', mountPath: '/data' }]);
    expect(named(pod, 'log-stream').volumeMounts).toContainEqual({ name: 'data', mountPath: '/data', readOnly: true });
    expect(pod.securityContext).toMatchObject({ fsGroup: 71, fsGroupChangePolicy: 'OnRootMismatch' });
  });

  test('leaves a group and a policy that were chosen', () => {
    new ProductionStatefulSet(chart, 'Db', { app, volumeClaimTemplates, securityContext: { fsGroup: 5, fsGroupChangePolicy: kplus.FsGroupChangePolicy.ALWAYS } });
    expect(podOf('StatefulSet').securityContext).toMatchObject({ fsGroup: 5, fsGroupChangePolicy: 'Always' });
    expect(podOf('StatefulSet')).not.toHaveProperty('volumes');
  });

  test('names the ports of its Service where there are several, which Kubernetes demands', () => {
    new ProductionStatefulSet(chart, 'Db', { app: { ...app, ports: [{ number: 53, protocol: kplus.Protocol.UDP }, { number: 9000, name: 'admin' }] } });
    expect(specOf('Service').ports.map(({ name }: any) => name)).toEqual(['tcp-8080', 'udp-53', 'admin']);
  });

  test('takes a Service of the user\'s own for an app without a port', () => {
    const service = new kplus.Service(chart, 'Own', { clusterIP: 'None', ports: [{ port: 1 }] });
    const set = new ProductionStatefulSet(chart, 'Db', { app: { image }, livenessDeclined: 'a', readinessDeclined: 'b', service });
    expect(set.service).toBe(service);
  });
});

test('a generated port name of a headless Service that somebody took for another port is another one', () => {
  new ProductionStatefulSet(chart, 'Dns', { app: { ...app, portNumber: undefined, ports: [{ number: 53 }, { number: 54, name: 'tcp-53' }] } as any });
  expect(specOf('Service').ports.map(({ name }: any) => name)).toEqual(['port-tcp-53', 'tcp-53']);
});

describe('a production DaemonSet', () => {
  test('updates one node after another, and has no budget', () => {
    new ProductionDaemonSet(chart, 'Node', { app });
    expect(specOf('DaemonSet')).toMatchObject({ minReadySeconds: 5, revisionHistoryLimit: 3, updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1 } } });
    expect(objects('PodDisruptionBudget')).toEqual([]);
    expect(podOf('DaemonSet')).not.toHaveProperty('topologySpreadConstraints');
  });

  test('takes a share of the nodes', () => {
    new ProductionDaemonSet(chart, 'Node', { app, maxUnavailable: kplus.PercentOrAbsolute.percent(10), minReadySeconds: 0 });
    expect(specOf('DaemonSet')).toMatchObject({ minReadySeconds: 0, updateStrategy: { rollingUpdate: { maxUnavailable: '10%' } } });
  });
});

describe('a production Job', () => {
  const ignored = { rules: [{ action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] }] };

  test('demands no probes and no deadline of an app that runs alone, and does not count evictions', () => {
    new ProductionJob(chart, 'Task', { app: { image } });
    expect(specOf('Job')).toMatchObject({ backoffLimit: 3, podFailurePolicy: ignored, template: { spec: { restartPolicy: 'Never' } } });
    expect(specOf('Job')).not.toHaveProperty('ttlSecondsAfterFinished');
  });

  test('counts evictions where its pod is restarted in place, which the API server wants', () => {
    new ProductionJob(chart, 'Task', { app: { image }, restartPolicy: kplus.RestartPolicy.ON_FAILURE, backoffLimit: 0 });
    expect(specOf('Job').backoffLimit).toBe(0);
    expect(specOf('Job')).not.toHaveProperty('podFailurePolicy');
  });

  test('never restarts where a policy is given and undefined', () => {
    new ProductionJob(chart, 'Task', { app: { image }, restartPolicy: undefined });
    expect(podOf('Job').restartPolicy).toBe('Never');
  });

  test('runs by a schedule, one at a time, also when it could not start for five minutes', () => {
    new ProductionCronJob(chart, 'Task', { app: { image }, schedule: Cron.hourly(), activeDeadline: Duration.minutes(30), parts: [new Sidecar({ image })] });
    expect(specOf('CronJob')).toMatchObject({
      concurrencyPolicy: 'Forbid', startingDeadlineSeconds: 300, successfulJobsHistoryLimit: 3, failedJobsHistoryLimit: 1,
      jobTemplate: { spec: { activeDeadlineSeconds: 1800, backoffLimit: 3, podFailurePolicy: ignored } },
    });
    expect(named(specOf('CronJob').jobTemplate.spec.template.spec, 'sidecar').restartPolicy).toBe('Always');
  });
});

test('lists and maps of the caller stay the caller\'s', () => {
  const ports = [{ name: 'web', port: 80, targetPort: 8080 }];
  const props = { app: { ...app, envVariables: {}, volumeMounts: [] }, containers: [], volumes: [], service: { ports } };
  const deployment = new ProductionDeployment(chart, 'Web', props);
  deployment.app.env.addVariable('A', kplus.EnvValue.fromValue('b'));
  deployment.service!.bind(81, { name: 'b', targetPort: 8080 });
  deployment.addContainer({ name: 'b', image });
  expect(props).toMatchObject({ app: { envVariables: {}, volumeMounts: [] }, containers: [] });
  expect(ports).toHaveLength(1);
});

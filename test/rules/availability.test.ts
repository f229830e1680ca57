import { judge, judgeAmong, pod, workload } from './judge';
import { DEFAULT_TARGET } from '../../src/manifest/kubernetes-version';
import { isSelectedBy } from '../../src/manifest/labels';
import { Manifests } from '../../src/manifest/manifests';
import { autoscalerScalesNothing } from '../../src/rules/availability/autoscaler-scales-nothing';
import { barePod } from '../../src/rules/availability/bare-pod';
import { budgetBlocksDrains } from '../../src/rules/availability/budget-blocks-drains';
import { budgetNeedsScale } from '../../src/rules/availability/budget-needs-scale';
import { budgetSelectsNothing } from '../../src/rules/availability/budget-selects-nothing';
import { contradictoryNumbers } from '../../src/rules/availability/contradictory-numbers';
import { minDomainsOfSoftSpread } from '../../src/rules/availability/min-domains-of-soft-spread';
import { missingGoverningService } from '../../src/rules/availability/missing-governing-service';
import { oneBudgetForAPod } from '../../src/rules/availability/one-budget-for-a-pod';
import { overlappingSelectors } from '../../src/rules/availability/overlapping-selectors';
import { replicasBesideAutoscaler } from '../../src/rules/availability/replicas-beside-autoscaler';
import { selectorMatchesTemplate } from '../../src/rules/availability/selector-matches-template';
import { serviceSelectsNothing } from '../../src/rules/availability/service-selects-nothing';
import { severalReplicas } from '../../src/rules/availability/several-replicas';
import { spreadCountsOwnPods } from '../../src/rules/availability/spread-counts-own-pods';
import { updateTakesAllPods } from '../../src/rules/availability/update-takes-all-pods';
import { updateWithoutRoom } from '../../src/rules/availability/update-without-room';

const labels = { app: 'web' };
const deployment = (spec: any = {}, podSpec: any = {}, name = 'web', own: any = labels) => ({
  apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name },
  spec: { selector: { matchLabels: own }, template: { metadata: { labels: own }, spec: { containers: [{ name: 'web', image: 'web:1' }], ...podSpec } }, ...spec },
});
const autoscaler = (spec: any = {}) => ({
  kind: 'HorizontalPodAutoscaler', metadata: { name: 'scaler' }, spec: { scaleTargetRef: { kind: 'Deployment', name: 'web' }, ...spec },
});
const scaledObject = (spec: any = {}) => ({ apiVersion: 'keda.sh/v1alpha1', kind: 'ScaledObject', metadata: { name: 'queue' }, spec: { scaleTargetRef: { name: 'web' }, ...spec } });
const budget = (spec: any, name = 'budget') => ({ kind: 'PodDisruptionBudget', metadata: { name }, spec: { selector: { matchLabels: labels }, ...spec } });
const factsOf = (found?: { fact: string }[]) => found?.map(({ fact }) => fact);

describe('bare-pod', () => {
  test('finds a Pod of its own, and no workload', () => {
    expect(judge(barePod, pod('containers: []'))).toEqual([{ field: 'metadata.name', fact: '"web" is a Pod that no workload makes' }]);
    expect(judge(barePod, workload('Deployment', 'web'))).toEqual([]);
  });

  test.each([
    ['one that ends', pod('{ restartPolicy: Never, containers: [] }')],
    ['a hook of Helm', { ...pod('containers: []'), metadata: { annotations: { 'helm.sh/hook': 'test' } } }],
    ['a pod with an owner', { ...pod('containers: []'), metadata: { ownerReferences: [{ kind: 'ReplicaSet' }] } }],
    ['a static pod', { ...pod('containers: []'), metadata: { annotations: { 'kubernetes.io/config.source': 'file' } } }],
  ])('does not apply to %s', (_, object) => {
    expect(judge(barePod, object)).toBeUndefined();
  });
});

describe('several-replicas', () => {
  test.each([
    ['no number', {}, [], ['"1" is the number of its pods']],
    ['one', { replicas: 1 }, [], ['"1" is the number of its pods']],
    ['two', { replicas: 2 }, [], []],
    ['none: it is switched off', { replicas: 0 }, [], []],
    ['an autoscaler of at least two', {}, [autoscaler({ minReplicas: 2 })], []],
    ['an autoscaler that may leave one', {}, [autoscaler({})], ['"1" is the fewest number of pods that the autoscaler "scaler" keeps']],
    ['an autoscaler of another workload', {}, [autoscaler({ scaleTargetRef: { kind: 'StatefulSet', name: 'web' }, minReplicas: 2 })], ['"1" is the number of its pods']],
  ])('judges %s', (_, spec, others, expected) => {
    expect(factsOf(judgeAmong(severalReplicas, deployment(spec), others))).toEqual(expected);
  });

  test('advises a change of the autoscaler, where one chooses the number', () => {
    expect(judgeAmong(severalReplicas, deployment(), [autoscaler({})])!.map(({ fix }) => fix)).toEqual([expect.stringMatching(/^set `minReplicas: 2`/)]);
    expect(judgeAmong(severalReplicas, deployment(), [])!.map(({ fix }) => fix)).toEqual([undefined]);
  });

  test.each([[{}, []], [{ minReplicaCount: 2 }, []], [{ minReplicaCount: 1 }, ['"1" is the fewest number of pods that the autoscaler "queue" keeps']]])(
    'takes a ScaledObject of KEDA with %j for an autoscaler', (spec, expected) => {
      expect(factsOf(judgeAmong(severalReplicas, deployment(), [scaledObject(spec)]))).toEqual(expected);
    });

  test('does not apply where a second pod could not run beside the first', () => {
    expect(judgeAmong(severalReplicas, deployment({ strategy: { type: 'Recreate' } }), [])).toBeUndefined();
    expect(judgeAmong(severalReplicas, deployment({}, { volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }] }), [])).toBeUndefined();
  });

  test.each(['redis:8', 'registry.example/bitnami/postgresql:17', 'shop/user-db:1'])('does not apply to %s: a second pod would hold other data', (image) => {
    expect(judgeAmong(severalReplicas, deployment({}, { containers: [{ name: 'db', image }] }), [])).toBeUndefined();
  });
});

describe('replicas-beside-autoscaler', () => {
  test('finds a number that every apply sets back, and not 0, which switches the autoscaler off', () => {
    expect(judgeAmong(replicasBesideAutoscaler, deployment({ replicas: 3 }), [autoscaler()])).toEqual([{ field: 'spec.replicas', fact: '"3" is chosen by the autoscaler "scaler" too' }]);
    expect(judgeAmong(replicasBesideAutoscaler, deployment({ replicas: 0 }), [autoscaler()])).toEqual([]);
    expect(judgeAmong(replicasBesideAutoscaler, deployment({ replicas: 3 }), [])).toBeUndefined();
    expect(judgeAmong(replicasBesideAutoscaler, deployment({ replicas: 3 }), [{ ...autoscaler(), metadata: { name: 'scaler', namespace: 'other' } }])).toBeUndefined();
  });
});

test('replicas-beside-autoscaler finds the number that a ScaledObject of KEDA chooses', () => {
  expect(factsOf(judgeAmong(replicasBesideAutoscaler, deployment({ replicas: 3 }), [scaledObject()]))).toEqual(['"3" is chosen by the autoscaler "queue" too']);
  expect(judgeAmong(replicasBesideAutoscaler, deployment({ replicas: 3 }), [scaledObject({ scaleTargetRef: { kind: 'StatefulSet', name: 'web' } })])).toBeUndefined();
});

describe('update-takes-all-pods', () => {
  const update = (maxUnavailable: unknown, replicas = 4) =>
    factsOf(judgeAmong(updateTakesAllPods, deployment({ replicas, strategy: { rollingUpdate: { maxUnavailable } } }), []));

  test.each([['100%', 4, ['"100%" is all of 4 pods']], [4, 4, ['"4" is all of 4 pods']], ['99%', 4, []], [3, 4, []], [undefined, 4, []], [1, 1, undefined]])(
    'judges %s of %s', (value, replicas, expected) => {
      expect(update(value, replicas)).toEqual(expected);
    });
});

describe('update-without-room', () => {
  const apart = (selector: any = labels) => ({ affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: selector } }] } } });
  const judged = (maxUnavailable: unknown, spec: any) =>
    factsOf(judgeAmong(updateWithoutRoom, deployment({ replicas: 3, strategy: { rollingUpdate: { maxUnavailable } } }, spec), []));

  test('finds pods that may not lie side by side, and ports of the node', () => {
    expect(judged(0, apart())).toEqual(['"0" takes no old pod first, and no two of its pods may share a "kubernetes.io/hostname"']);
    expect(judged('10%', apart())).toEqual(['"10%" takes no old pod first, and no two of its pods may share a "kubernetes.io/hostname"']);
    expect(judged(0, { containers: [{ name: 'web', ports: [{ hostPort: 80 }] }] })).toEqual(['"0" takes no old pod first, and one pod only can have the port "80" of a node']);
  });

  test('leaves alone what takes a pod first, and what keeps others away', () => {
    expect(judged(1, apart())).toBeUndefined();
    expect(judged(undefined, apart())).toBeUndefined();
    expect(judged(0, apart({ app: 'other' }))).toEqual([]);
  });
});

describe('budget-blocks-drains', () => {
  const judged = (spec: any, replicas: number | undefined, others: any[] = []) =>
    factsOf(judgeAmong(budgetBlocksDrains, budget(spec), [...replicas === undefined ? [] : [deployment({ replicas })], ...others]));

  test.each([
    [{ minAvailable: 2 }, 2, ['"2" of 2 pods lets none go']],
    [{ minAvailable: 1 }, 2, []],
    [{ minAvailable: '100%' }, undefined, ['"100%" lets no pod go']],
    // Rounded up: half of one pod is one pod.
    [{ minAvailable: '50%' }, 1, ['"50%" of 1 pods lets none go']],
    [{ minAvailable: '50%' }, 2, []],
    [{ minAvailable: '51%' }, 2, ['"51%" of 2 pods lets none go']],
    [{ maxUnavailable: 0 }, 5, ['"0" of 5 pods lets none go']],
    [{ maxUnavailable: '0%' }, undefined, ['"0%" lets no pod go']],
    [{ maxUnavailable: '1%' }, 2, []],
    [{ minAvailable: 5 }, undefined, []],
    [{}, 2, undefined],
  ])('judges %j of %s pods', (spec, replicas, expected) => {
    expect(judged(spec, replicas)).toEqual(expected);
  });

  test('counts the fewest pods of an autoscaler, and the pods of all workloads that it selects', () => {
    expect(judged({ minAvailable: 2 }, 5, [autoscaler({ minReplicas: 2 })])).toEqual(['"2" of 2 pods lets none go']);
    expect(judged({ minAvailable: 2 }, 2, [deployment({ replicas: 2 }, {}, 'more')])).toEqual([]);
  });
});

describe('budgets and Services that select nothing', () => {
  test.each([
    ['budget-selects-nothing', budgetSelectsNothing, budget({ maxUnavailable: 1 })],
    ['service-selects-nothing', serviceSelectsNothing, { kind: 'Service', metadata: { name: 'web' }, spec: { selector: labels } }],
  ])('%s', (_, rule, object) => {
    const other = deployment({}, {}, 'other', { app: 'other' });
    expect(judgeAmong(rule, object, [other])?.map(({ field }) => field)).toEqual(['spec.selector']);
    expect(judgeAmong(rule, object, [other, deployment()])).toEqual([]);
    expect(judgeAmong(rule, object, [])).toBeUndefined();
    // Its operator makes pods that no manifest shows.
    expect(judgeAmong(rule, object, [other, { apiVersion: 'monitoring.coreos.com/v1', kind: 'Prometheus' }])).toBeUndefined();
    const harmless = [
      { apiVersion: 'monitoring.coreos.com/v1', kind: 'ServiceMonitor' }, scaledObject(), { apiVersion: 'cert-manager.io/v1', kind: 'Certificate' },
      { apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition', spec: { group: 'cert-manager.io' } },
    ];
    expect(judgeAmong(rule, object, [other, ...harmless])).toHaveLength(1);
    expect(judgeAmong(rule, object, [{ ...other, metadata: { name: 'other', namespace: 'elsewhere' } }])).toBeUndefined();
  });

  test.each([[{}], [{ selector: {} }], [{ selector: labels, type: 'ExternalName' }]])('do not apply to a Service with %j', (spec) => {
    expect(judgeAmong(serviceSelectsNothing, { kind: 'Service', metadata: { name: 'web' }, spec }, [deployment({}, {}, 'other', { app: 'other' })])).toBeUndefined();
  });
});

test('a Service of one pod of a StatefulSet is not taken for one that selects nothing', () => {
  const service = (selector: any) => ({ kind: 'Service', metadata: { name: 'web' }, spec: { selector } });
  const byName = { 'statefulset.kubernetes.io/pod-name': 'web-0' };
  expect(judgeAmong(serviceSelectsNothing, service({ ...labels, ...byName }), [deployment()])).toEqual([]);
  expect(judgeAmong(serviceSelectsNothing, service(byName), [deployment()])).toBeUndefined();
});

describe('budget-needs-scale', () => {
  const job = workload('Job', 'report');
  job.spec.template.metadata = { labels };

  test('finds what the controller cannot count', () => {
    expect(factsOf(judgeAmong(budgetNeedsScale, budget({ maxUnavailable: 1 }), [job]))).toEqual(['"1" is meant for pods of Job "report", which has no number of replicas']);
    expect(judgeAmong(budgetNeedsScale, budget({ minAvailable: '50%' }), [job])).toHaveLength(1);
    expect(judgeAmong(budgetNeedsScale, budget({ minAvailable: 1 }), [job])).toBeUndefined();
    expect(judgeAmong(budgetNeedsScale, budget({ maxUnavailable: 1 }), [deployment()])).toEqual([]);
  });
});

test('one-budget-for-a-pod finds the second budget only, and an empty selector selects all pods', () => {
  const [first, second] = [budget({ maxUnavailable: 1 }, 'first'), budget({ maxUnavailable: 1, selector: {} }, 'second')];
  const app = new Manifests([first, second, deployment()]);
  expect(oneBudgetForAPod.checkObject({ object: first, app, target: DEFAULT_TARGET })).toEqual([]);
  expect(factsOf(oneBudgetForAPod.checkObject({ object: second, app, target: DEFAULT_TARGET }))).toEqual(['"" selects pods of Deployment "web", as "first" does']);
});

describe('selectors of workloads', () => {
  test.each([
    [{ matchLabels: { app: 'web' } }, true],
    [{ matchLabels: { app: 'web', tier: 'front' } }, false],
    [{ matchExpressions: [{ key: 'app', operator: 'In', values: ['web', 'api'] }] }, true],
    [{ matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['web'] }] }, false],
    [{ matchExpressions: [{ key: 'tier', operator: 'DoesNotExist' }, { key: 'app', operator: 'Exists' }] }, true],
    [{ matchExpressions: [{ key: 'app', operator: 'Gt', values: ['1'] }] }, false],
    [{}, true],
  ])('%j selects a pod with app=web: %s', (selector, expected) => {
    expect(isSelectedBy(selector, labels)).toBe(expected);
    const found = judgeAmong(selectorMatchesTemplate, deployment({ selector }), []);
    expect(found).toHaveLength(expected ? 0 : 1);
  });

  test('are refused with both sets of labels', () => {
    expect(factsOf(judgeAmong(selectorMatchesTemplate, deployment({ selector: { matchLabels: { app: 'shop' } } }), [])))
      .toEqual(['"app=shop" does not select its pods, which are labelled "app=web"']);
  });

  test('overlap where they select pods of another workload or a Pod of its own, not those of a Job', () => {
    const judged = (other: any) => factsOf(judgeAmong(overlappingSelectors, deployment(), [other]))!.map((fact) => fact.replace(/.*selects/, ''));
    expect(judged(deployment({}, {}, 'api'))).toEqual([' the pods of Deployment "api" too']);
    expect(judged({ ...pod('containers: []'), metadata: { name: 'lone', labels } })).toEqual([' the pods of Pod "lone" too']);
    expect(judged(deployment({}, {}, 'api', { app: 'api' }))).toEqual([]);
    const job = workload('Job', 'report');
    job.spec.template.metadata = { labels };
    expect(judged(job)).toEqual([]);
    // The same object twice, as in two variants of a manifest.
    expect(judged(deployment())).toEqual([]);
  });
});

test('spread-counts-own-pods finds constraints for other pods, and leaves those without a selector', () => {
  const withSpread = (labelSelector?: unknown) =>
    judge(spreadCountsOwnPods, deployment({}, { topologySpreadConstraints: [{ labelSelector }] }))?.map(({ field }) => field);
  expect(withSpread({ matchLabels: { app: 'other' } })).toEqual(['spec.template.spec.topologySpreadConstraints[0].labelSelector']);
  expect(withSpread({ matchLabels: labels })).toEqual([]);
  expect(withSpread()).toEqual([]);
  expect(judge(spreadCountsOwnPods, deployment())).toBeUndefined();
});

test.each([
  [3, 'ScheduleAnyway', ['"3" stands beside "ScheduleAnyway"']],
  [0, 'DoNotSchedule', ['"0" is not above 0']],
  [3, 'DoNotSchedule', []],
  [undefined, 'ScheduleAnyway', []],
])('min-domains-of-soft-spread judges %s with %s', (minDomains, whenUnsatisfiable, expected) => {
  const object = deployment({}, { topologySpreadConstraints: [{ minDomains, whenUnsatisfiable }] });
  expect(factsOf(judge(minDomainsOfSoftSpread, object))).toEqual(expected);
});

describe('contradictory-numbers', () => {
  const rolling = (kind: string, rollingUpdate: any) => ({ kind, spec: { [kind === 'Deployment' ? 'strategy' : 'updateStrategy']: { rollingUpdate } } });

  test.each<[any, string[] | undefined]>([
    [rolling('Deployment', { maxSurge: 0, maxUnavailable: '0%' }), ['"0%" takes no pod away, and `maxSurge` ("0") adds none']],
    [rolling('Deployment', { maxSurge: 0 }), []],
    [rolling('Deployment', { maxUnavailable: 0 }), []],
    [{ kind: 'Deployment', spec: {} }, undefined],
    [rolling('DaemonSet', { maxSurge: 1 }), ['"1" takes pods away, and `maxSurge` ("1") adds some: a DaemonSet does one of the two']],
    [rolling('DaemonSet', { maxUnavailable: 0 }), ['"0" takes no pod away, and `maxSurge` ("0") adds none']],
    [rolling('DaemonSet', { maxSurge: '10%', maxUnavailable: 0 }), []],
    [rolling('DaemonSet', {}), []],
    [budget({ minAvailable: 1, maxUnavailable: '20%' }), ['"20%" is a second bound beside `minAvailable` ("1")']],
    [budget({ minAvailable: null, maxUnavailable: 1 }), []],
    [autoscaler({ minReplicas: 20, maxReplicas: 12 }), ['"12" is less than `minReplicas` ("20")']],
    [autoscaler({ maxReplicas: 0 }), ['"0" is less than `minReplicas` ("1")']],
    [autoscaler({ minReplicas: 0, maxReplicas: 1 }), []],
  ])('judges %j', (object, expected) => {
    expect(factsOf(judgeAmong(contradictoryNumbers, object, []))).toEqual(expected);
  });
});

describe('missing-governing-service', () => {
  const set = (spec: any) => ({ ...workload('StatefulSet', 'db'), spec: { ...workload('StatefulSet', 'db').spec, template: deployment().spec.template, ...spec } });
  const service = (name: string, spec: any = {}) => ({ kind: 'Service', metadata: { name }, spec: { selector: labels, ...spec } });

  test('reports a name that no Service has, and names the only headless Service of the pods', () => {
    expect(judgeAmong(missingGoverningService, set({ serviceName: 'db' }), [service('db-ro'), service('db-headless', { clusterIP: 'None' })])).toEqual([
      { field: 'spec.serviceName', fact: '"db" is no Service of the app; did you mean "db-headless"?' },
    ]);
    expect(factsOf(judgeAmong(missingGoverningService, set({ serviceName: 'db' }), [service('db-ro')]))).toEqual(['"db" is no Service of the app']);
  });

  test('accepts the name of a Service, headless or not, with a selector or without', () => {
    expect(judgeAmong(missingGoverningService, set({ serviceName: 'db' }), [service('db')])).toEqual([]);
    expect(judgeAmong(missingGoverningService, set({ serviceName: 'db' }), [service('db-ro'), service('db', { selector: undefined })])).toEqual([]);
  });

  test.each([
    ['a StatefulSet without a name of a Service', set({}), [service('db-ro')]],
    ['an app without a Service for the pods, which may be elsewhere with the other', set({ serviceName: 'db' }), [service('shop', { selector: { app: 'shop' } })]],
    ['custom resources that may make Services', set({ serviceName: 'db' }), [service('db-ro'), { apiVersion: 'shop.example/v1', kind: 'Shop' }]],
    ['what is no StatefulSet inside', { kind: 'StatefulSet', spec: 'db' }, [service('db-ro')]],
  ])('does not apply to %s', (_, object, others) => {
    expect(judgeAmong(missingGoverningService, object, others)).toBeUndefined();
  });
});

describe('autoscaler-scales-nothing', () => {
  const measuring = (container: string) => autoscaler({ metrics: [{ type: 'Resource' }, { type: 'ContainerResource', containerResource: { name: 'cpu', container } }] });

  test('reports a workload that is not among the manifests, and names the only one of its kind', () => {
    expect(judgeAmong(autoscalerScalesNothing, autoscaler(), [deployment({}, {}, 'shop')])).toEqual([
      { field: 'spec.scaleTargetRef.name', fact: '"web" is no Deployment of the app; did you mean "shop"?' },
    ]);
    expect(factsOf(judgeAmong(autoscalerScalesNothing, scaledObject(), [deployment({}, {}, 'shop'), deployment({}, {}, 'cart')])))
      .toEqual(['"web" is no Deployment of the app']);
  });

  test('reports a workload of that name in another namespace, and of another kind', () => {
    const elsewhere = { ...deployment(), metadata: { name: 'web', namespace: 'other' } };
    expect(judgeAmong(autoscalerScalesNothing, autoscaler(), [elsewhere, deployment({}, {}, 'a'), deployment({}, {}, 'b')])).toHaveLength(1);
    expect(judgeAmong(autoscalerScalesNothing, autoscaler(), [workload('StatefulSet', 'web')])).toHaveLength(1);
  });

  test('reports a measured container that the pods do not have', () => {
    expect(judgeAmong(autoscalerScalesNothing, measuring('app'), [deployment()])).toEqual([
      { field: 'spec.metrics[1].containerResource.container', fact: '"app" is no container of Deployment "web"' },
    ]);
    expect(judgeAmong(autoscalerScalesNothing, measuring('web'), [deployment()])).toEqual([]);
  });

  test('accepts a workload of the app, also of KEDA, which means a Deployment where it names no kind', () => {
    expect(judgeAmong(autoscalerScalesNothing, autoscaler(), [deployment()])).toEqual([]);
    expect(judgeAmong(autoscalerScalesNothing, scaledObject(), [deployment()])).toEqual([]);
  });

  test.each([
    ['custom resources that may make workloads', autoscaler(), [deployment({}, {}, 'shop'), { apiVersion: 'shop.example/v1', kind: 'Shop' }]],
    ['targets of other kinds', autoscaler({ scaleTargetRef: { kind: 'Rollout', name: 'web' } }), [deployment()]],
    ['a target that is missing', { kind: 'HorizontalPodAutoscaler', spec: {} }, [deployment()]],
    ['a namespace without pods', autoscaler(), []],
  ])('does not apply to %s', (_, object, others) => {
    expect(judgeAmong(autoscalerScalesNothing, object, others)).toBeUndefined();
  });
});

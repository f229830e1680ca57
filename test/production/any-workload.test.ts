import { spawnSync } from 'child_process';
import { join } from 'path';
import { ApiObject, App, Chart, Cron, Duration, Helm, Include, Testing } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import * as fc from 'fast-check';
import {
  Adapter, Ambassador, CsvColumn, Fluentd, HAProxy, JsonToCsv, LogStream, MetricsAdapter, PodPart, ProductionReady, Sidecar, Upstream,
} from '../../src';
import { isInstalled, itWith } from '../support/programs';

const image = 'registry.example/web:1.0.0';
const HELLO = join(__dirname, '../../examples/hardened-chart');
const WORKLOADS = ['Pod', 'Deployment', 'StatefulSet', 'DaemonSet', 'Job', 'CronJob'] as const;
type Kind = typeof WORKLOADS[number];

/** The app; its user bounds the logs that it writes. */
const APP: kplus.ContainerProps = { name: 'web', image, portNumber: 8080, securityContext: { user: 1000 } };

/** One part of every class, made anew for each pod. */
const PARTS: { [name: string]: () => PodPart } = {
  Fluentd: () => new Fluentd({ tail: ['/log/a.log'] }),
  LogStream: () => new LogStream({ files: ['/log/a.log'] }),
  Sidecar: () => new Sidecar({ image }),
  Adapter: () => new Adapter({ image, portNumber: 9001 }),
  JsonToCsv: () => new JsonToCsv({ input: ['/log/a.jsonl'], columns: [CsvColumn.of('id')] }),
  MetricsAdapter: () => new MetricsAdapter({ image, metricsPort: 9113 }),
  Ambassador: () => new Ambassador({ image, localPort: 15432 }),
  HAProxy: () => new HAProxy({ upstreams: [Upstream.http('catalog', 'catalog.shop.svc.cluster.local', 80)] }),
};

function newChart(): Chart {
  return new Chart(new App(), 'shop');
}

/** A workload of cdk8s-plus; a task has a deadline, as its ambassador demands. */
function workload(kind: Kind, chart: Chart, containers: kplus.ContainerProps[], id = 'Web'): kplus.AbstractPod {
  const activeDeadline = Duration.minutes(30);
  switch (kind) {
    case 'Pod': return new kplus.Pod(chart, id, { containers });
    case 'Deployment': return new kplus.Deployment(chart, id, { containers });
    // Without containers it cannot make its own Service.
    case 'StatefulSet': return new kplus.StatefulSet(chart, id, {
      containers, service: new kplus.Service(chart, `${id}Service`, { ports: [{ port: 8080 }] }),
    });
    case 'DaemonSet': return new kplus.DaemonSet(chart, id, { containers });
    case 'Job': return new kplus.Job(chart, id, { containers, activeDeadline });
    case 'CronJob': return new kplus.CronJob(chart, id, { containers, activeDeadline, schedule: Cron.daily() });
  }
}

/** The ways in which a part and its app come together. */
const WAYS: { [way: string]: (kind: Kind, chart: Chart, parts: PodPart[], id?: string) => kplus.AbstractPod } = {
  'with(), after the app': (kind, chart, parts, id) => {
    const pod = workload(kind, chart, [APP], id);
    pod.with(...parts, new ProductionReady());
    return pod;
  },
  'bind(), after the app': (kind, chart, parts, id) => {
    const pod = workload(kind, chart, [APP], id);
    pod.with(new ProductionReady());
    parts.forEach((part) => part.bind(pod));
    return pod;
  },
  'with(), before the app and others': (kind, chart, parts, id) => {
    const pod = workload(kind, chart, [], id);
    pod.with(new ProductionReady(), ...parts);
    addLater(pod);
    return pod;
  },
  'bind(), before the app and others': (kind, chart, parts, id) => {
    const pod = workload(kind, chart, [], id);
    parts.forEach((part) => part.bind(pod));
    addLater(pod);
    pod.with(new ProductionReady());
    return pod;
  },
};

function addLater(pod: kplus.AbstractPod): void {
  pod.addContainer(APP);
  pod.addContainer({ name: 'beside', image });
  pod.addInitContainer({ name: 'before', image });
  pod.attachContainer(new kplus.Container({ name: 'attached', image }));
}

/** The pod spec of each object that has one. */
function specsIn(objects: any[]): any[] {
  return objects.filter(({ kind }) => WORKLOADS.includes(kind)).map(({ spec }) => (spec.jobTemplate?.spec ?? spec).template?.spec ?? spec);
}

const containersOf = (spec: any): any[] => [...spec.initContainers ?? [], ...spec.containers];

/** What Pod Security demands at its level restricted, container by container. */
const RESTRICTED = {
  allowPrivilegeEscalation: false, runAsNonRoot: true, capabilities: { drop: ['ALL'] },
};

/** Asks Kubernetes' own validation and Pod Security; answers what is not accepted, or not restricted. */
function refusals(objects: any[]): string[] {
  const input = objects.map((object) => JSON.stringify(object)).join('\n---\n');
  const { stdout, error } = spawnSync(process.env.APICHECK ?? 'apicheck', { input, encoding: 'utf8', maxBuffer: 2 ** 26 });
  expect(error).toBeUndefined();
  const verdicts = stdout.split('\n').filter((line) => line !== '');
  expect(verdicts).toHaveLength(objects.length);
  // It knows no objects of three kinds that hold a pod: PodTemplate, ReplicationController and ReplicaSet.
  return verdicts.filter((line) => !line.endsWith(': not validated')).filter((line) => !isAccepted(line)
    || (WORKLOADS.some((kind) => line.startsWith(`${kind}/`)) && !line.includes('[PSS restricted: pass]')));
}

function isAccepted(verdict: string): boolean {
  return /^\w+\/\S+: VALID/.test(verdict);
}

const withApicheck = process.env.APICHECK ? test : itWith('apicheck');

beforeEach(() => {
  // Replacements of silent defaults are reported there.
  jest.spyOn(process.stderr, 'write').mockReturnValue(true);
});
afterEach(() => jest.restoreAllMocks());

describe.each(WORKLOADS)('a %s of cdk8s-plus', (kind) => {
  test.each(Object.keys(PARTS))('takes a %s in every way: a native sidecar, and every container restricted', (name) => {
    for (const way of Object.keys(WAYS)) {
      const chart = newChart();
      const part = PARTS[name]();
      WAYS[way](kind, chart, [part]);
      const [spec] = specsIn(Testing.synth(chart));
      expect({ way, policy: spec.initContainers.find((container: any) => container.name === part.name)?.restartPolicy }).toEqual({ way, policy: 'Always' });
      expect(spec.containers[0].name).toBe('web');
      expect(spec.securityContext.seccompProfile).toEqual({ type: 'RuntimeDefault' });
      containersOf(spec).forEach((container) => expect(container).toMatchObject({ securityContext: RESTRICTED, terminationMessagePolicy: 'FallbackToLogsOnError' }));
    }
  });

  test('takes all parts at once, each once, whichever way they come', () => {
    const names = Object.values(WAYS).map((way) => {
      const chart = newChart();
      way(kind, chart, Object.values(PARTS).map((make) => make()));
      return specsIn(Testing.synth(chart))[0].initContainers.map((container: any) => container.name).filter((name: string) => name !== 'before').sort();
    });
    expect(names[0]).toHaveLength(Object.keys(PARTS).length + 1);
    expect(names).toEqual(names.map(() => names[0]));
  });
});

withApicheck('every part on every workload, in every way, is accepted by the validation of Kubernetes and by Pod Security restricted', () => {
  const chart = newChart();
  let pods = 0;
  for (const kind of WORKLOADS) {
    for (const way of Object.values(WAYS)) {
      for (const parts of [...Object.values(PARTS).map((make) => [make]), Object.values(PARTS)]) {
        way(kind, chart, parts.map((make) => make()), `W${pods++}`);
      }
    }
  }
  const objects = Testing.synth(chart);
  expect(specsIn(objects)).toHaveLength(pods);
  expect(refusals(objects)).toEqual([]);
});

describe('any parts on any workload', () => {
  const plan = fc.record({
    kind: fc.constantFrom(...WORKLOADS),
    way: fc.constantFrom(...Object.keys(WAYS)),
    parts: fc.shuffledSubarray(Object.keys(PARTS)),
  });
  type Plan = { kind: Kind; way: string; parts: string[] };
  const build = (chart: Chart, { kind, way, parts }: Plan, id?: string) => WAYS[way](kind, chart, parts.map((name) => PARTS[name]()), id);
  const render = (pod: Plan): any[] => {
    const chart = newChart();
    build(chart, pod);
    return Testing.synth(chart);
  };

  test('are written with equal bytes twice', () => {
    fc.assert(fc.property(plan, (pod) => {
      const chart = newChart();
      build(chart, pod);
      const first = JSON.stringify(Testing.synth(chart));
      expect(JSON.stringify(Testing.synth(chart))).toBe(first);
      expect(JSON.stringify(render(pod))).toBe(first);
    }), { numRuns: 40 });
  });

  test('are the same containers in whichever order they are bound, and start in that order', () => {
    const names = (pod: Plan) => containersOf(specsIn(render(pod))[0]).map(({ name }) => name);
    fc.assert(fc.property(plan, (pod) => {
      const known = pod.parts.map((name) => PARTS[name]().name);
      const reversed = names({ ...pod, parts: [...pod.parts].reverse() });
      expect([...reversed].sort()).toEqual([...names(pod)].sort());
      expect(names(pod).filter((name) => known.includes(name))).toEqual(known);
      expect(reversed.filter((name) => known.includes(name))).toEqual([...known].reverse());
    }), { numRuns: 40 });
  });

  const PODS = 150;

  withApicheck(`are accepted by the validation of Kubernetes and by Pod Security restricted: ${PODS} of them`, () => {
    const chart = newChart();
    fc.sample(plan, PODS).forEach((pod, index) => build(chart, pod, `W${index}`));
    expect(refusals(Testing.synth(chart))).toEqual([]);
  });
});

describe('a whole chart under ProductionReady', () => {
  const rawSpec = (restartPolicy?: string) => ({
    ...(restartPolicy && { restartPolicy }),
    containers: [{ name: 'web', image }],
    initContainers: [{ name: 'agent', image, restartPolicy: 'Always' }, { name: 'before', image }],
  });
  const labels = { app: 'raw' };
  const template = (restartPolicy?: string) => ({ metadata: { labels }, spec: rawSpec(restartPolicy) });
  const selector = { matchLabels: labels };
  const RAW: any[] = [
    { apiVersion: 'v1', kind: 'Pod', spec: rawSpec() },
    { apiVersion: 'v1', kind: 'PodTemplate', template: template() },
    { apiVersion: 'v1', kind: 'ReplicationController', spec: { selector: labels, template: template() } },
    { apiVersion: 'apps/v1', kind: 'ReplicaSet', spec: { selector, template: template() } },
    { apiVersion: 'apps/v1', kind: 'Deployment', spec: { selector, template: template() } },
    { apiVersion: 'apps/v1', kind: 'StatefulSet', spec: { selector, serviceName: 'raw', template: template() } },
    { apiVersion: 'apps/v1', kind: 'DaemonSet', spec: { selector, template: template() } },
    { apiVersion: 'batch/v1', kind: 'Job', spec: { template: template('Never') } },
    { apiVersion: 'batch/v1', kind: 'CronJob', spec: { schedule: '0 0 * * *', jobTemplate: { spec: { template: template('OnFailure') } } } },
  ];

  /** Every kind of raw object, one of the L1 classes, an included file, and a workload of cdk8s-plus, made before and after the settings. */
  function mixed(settings: ProductionReady): Chart {
    const chart = newChart();
    RAW.slice(0, 4).forEach((object) => new ApiObject(chart, `Raw${object.kind}`, structuredClone(object)));
    chart.with(settings);
    RAW.slice(4).forEach((object) => new ApiObject(chart, `Raw${object.kind}`, structuredClone(object)));
    new kplus.k8s.KubeDeployment(chart, 'L1', { spec: { selector, template: { metadata: { labels }, spec: { containers: [{ name: 'web', image }] } } } });
    new Include(chart, 'Hello', { url: join(HELLO, 'rendered.yaml') });
    workload('Deployment', chart, [APP], 'Ours').with(PARTS.Fluentd());
    return chart;
  }

  const podsIn = (objects: any[]) => objects
    .map((object) => object.template?.spec ?? (object.spec?.jobTemplate?.spec ?? object.spec)?.template?.spec ?? (object.kind === 'Pod' ? object.spec : undefined))
    .filter((spec) => spec !== undefined);

  test('gets what cannot break it in every pod that somebody else wrote, and nothing else', () => {
    const foreign = podsIn(Testing.synth(mixed(new ProductionReady()))).filter((spec) => spec.containers[0].name === 'web' && !spec.volumes);
    expect(foreign).toHaveLength(RAW.length + 1);
    for (const spec of foreign) {
      expect(spec.securityContext).toEqual({ seccompProfile: { type: 'RuntimeDefault' } });
      expect(spec).not.toHaveProperty('enableServiceLinks');
      expect(spec).not.toHaveProperty('terminationGracePeriodSeconds');
      containersOf(spec).forEach((container) => {
        expect(container).toMatchObject({ image, terminationMessagePolicy: 'FallbackToLogsOnError' });
        expect(container.securityContext).toEqual({ allowPrivilegeEscalation: false });
        expect(container).not.toHaveProperty('resources');
      });
    }
  });

  test('is restricted in every container on `force`, with a user', () => {
    const pods = podsIn(Testing.synth(mixed(new ProductionReady({ force: true, user: 1000 }))));
    expect(pods).toHaveLength(RAW.length + 3);
    pods.flatMap(containersOf).forEach((container) => expect(container.securityContext).toMatchObject(RESTRICTED));
  });

  test.each([{}, { force: true, user: 1000 }])('is written with equal bytes twice: %p', (props) => {
    const chart = mixed(new ProductionReady(props));
    expect(JSON.stringify(Testing.synth(chart))).toBe(JSON.stringify(Testing.synth(chart)));
  });

  withApicheck('is accepted by the validation of Kubernetes, and on `force` by Pod Security restricted', () => {
    const careful = refusals(Testing.synth(mixed(new ProductionReady())));
    expect(careful.filter((line) => !isAccepted(line))).toEqual([]);
    expect(careful.length).toBeGreaterThan(0);
    expect(refusals(Testing.synth(mixed(new ProductionReady({ force: true, user: 1000 }))))).toEqual([]);
  });

  // Helm is no package of Debian: where it is absent, a program that knows its answer stands in.
  test('is filled as if its Helm chart had been included, where cdk8s runs Helm', () => {
    const helmExecutable = isInstalled('helm') ? 'helm' : join(__dirname, '../support/helm-stand-in');
    const [helm, include] = [
      (chart: Chart) => new Helm(chart, 'Hello', { chart: join(HELLO, 'chart'), releaseName: 'web', namespace: 'shop', helmExecutable }),
      (chart: Chart) => new Include(chart, 'Hello', { url: join(HELLO, 'rendered.yaml') }),
    ].map((make) => {
      const chart = newChart();
      chart.with(new ProductionReady({ force: true, user: 101 }));
      make(chart);
      return Testing.synth(chart).map((object) => JSON.stringify(object)).sort();
    });
    expect(helm).toEqual(include);
  });
});

import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { inspect } from 'util';
import { ApiObject, App, Chart, JsonPatch, Testing, YamlOutputType } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { parseAllDocuments } from 'yaml';
import { Fluentd, LogRotation, ProductionPod, ProductionReady, Sidecar, Waiver } from '../../src';
import { ALL_RULES } from '../../src/rules';
import { Rule, Severity } from '../../src/rules/rule';

const image = 'registry.example/web:1.0.0';
const declined = { livenessDeclined: 'a test', readinessDeclined: 'a test' };
const folders: string[] = [];
let said: string[] = [];

beforeEach(() => {
  said = [];
  jest.spyOn(process.stderr, 'write').mockImplementation((text) => said.push(String(text)) > 0);
});
afterEach(() => {
  jest.restoreAllMocks();
  folders.splice(0).forEach((folder) => rmSync(folder, { recursive: true, force: true }));
});

function newApp(yamlOutputType?: YamlOutputType): App {
  const folder = mkdtempSync(join(tmpdir(), 'synth-'));
  folders.push(folder);
  return new App({ outdir: join(folder, 'dist'), yamlOutputType });
}

/** Everything that an app wrote, by file name. */
function written(app: App): { [file: string]: string } {
  const files = existsSync(app.outdir) ? readdirSync(app.outdir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()) : [];
  return Object.fromEntries(files.map((entry) => [entry.name, readFileSync(join(entry.parentPath, entry.name), 'utf8')]));
}

function newPod(scope: Chart, id = 'Web', app: Partial<kplus.ContainerProps> = {}): ProductionPod {
  const pod = new ProductionPod(scope, id, { app: { image, ...app }, ...declined });
  pod.with(new Waiver('bare-pod', { reason: 'a test' }));
  return pod;
}

function messageOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('nothing was thrown');
}

/** Adds a rule for the time of an action. */
function withRule<T>(rule: Partial<Rule>, action: () => T): T {
  const rules = ALL_RULES as Rule[];
  rules.push({ ...rules[0], id: 'a-test', severity: Severity.WARNING, check: () => [{ field: 'spec', fact: '"x" is a test' }], ...rule });
  try {
    return action();
  } finally {
    rules.pop();
  }
}

const OUTPUTS = ['FILE_PER_APP', 'FILE_PER_CHART', 'FILE_PER_RESOURCE', 'FOLDER_PER_CHART_FILE_PER_RESOURCE'] as const;

describe('an app with findings', () => {
  const broken = (type?: YamlOutputType) => {
    const app = newApp(type);
    newPod(new Chart(app, 'one'), 'Web', { image: 'web', name: 'Bad_Name' });
    newPod(new Chart(app, 'two'), 'Api', { image: 'api:latest' });
    new kplus.ConfigMap(new Chart(app, 'three'), 'Config', { data: { a: 'b' } });
    return app;
  };

  test.each(OUTPUTS)('writes no file with %s', (type) => {
    const app = broken(YamlOutputType[type]);
    expect(() => app.synth()).toThrow('3 findings');
    expect(written(app)).toEqual({});
  });

  test.each([['synth', (app: App) => app.synth()], ['synthYaml', (app: App) => app.synthYaml()]])('reports all of them, of all charts, in one error: %s', (_, synth) => {
    const message = messageOf(() => synth(broken()));
    expect(message).toMatch(/^3 findings; no manifest was written\n\none\/Web: /);
    expect(message.match(/^(one|two)\/\w+: spec\S+/gm)!.sort()).toEqual([
      'one/Web: spec.containers[0].image:', 'one/Web: spec.containers[0].name:', 'two/Api: spec.containers[0].image:',
    ]);
  });

  test('begins its message with the finding itself where it is the only one', () => {
    const app = newApp();
    newPod(new Chart(app, 'shop'), 'Web', { image: 'web' });
    expect(messageOf(() => app.synth())).toMatch(
      /^shop\/Web: spec\.containers\[0\]\.image: "web" has no tag, which means latest {2}\[image-tag\]\n {2}why: .*\n {2}fix: .*\n {2}see: docs\/rules\/image-tag\.md$/);
  });

  test('throws an error that tools can tell from others, with the findings as data', () => {
    const app = broken();
    let thrown: any;
    try {
      app.synth();
    } catch (error) {
      thrown = error;
    }
    expect(thrown.name).toBe('FindingsError');
    expect(thrown.findings).toHaveLength(3);
    expect(thrown.findings[0]).toMatchObject({ place: 'one/Web', severity: 'error' });
    // What nobody catches Node prints with the enumerable properties: the message would be lost above whole manifests.
    expect(inspect(thrown)).not.toContain('apiVersion');
  });

  test('reports the same at the next attempt, and writes once it is mended', () => {
    const app = newApp();
    const pod = newPod(new Chart(app, 'shop'), 'Web', { image: 'web' });
    expect(messageOf(() => app.synth())).toBe(messageOf(() => app.synth()));
    ApiObject.of(pod).addJsonPatch(JsonPatch.replace('/spec/containers/0/image', 'web:1'));
    app.synth();
    expect(Object.keys(written(app))).toEqual(['shop.k8s.yaml']);
  });

  test('is named by the construct that the user wrote: workloads, raw objects, nested scopes', () => {
    const app = newApp();
    const chart = new Chart(app, 'shop');
    chart.with(new ProductionReady());
    new kplus.Deployment(new Chart(chart, 'Inner'), 'Api', { containers: [{ image: 'api' }] });
    new ApiObject(chart, 'Raw', { apiVersion: 'v1', kind: 'Pod', spec: { automountServiceAccountToken: false, containers: [{ name: 'a', image: 'raw' }] } });
    expect(messageOf(() => app.synth()).match(/^shop\S+ spec\S+/gm)!.sort()).toEqual([
      'shop/Inner/Api: spec.template.spec.containers[0].image:', 'shop/Raw: spec.containers[0].image:',
    ]);
  });
});

describe('Testing.synth', () => {
  test('reports the chart that it is given, and no other', () => {
    const app = new App();
    const [good, bad] = [new Chart(app, 'good'), new Chart(app, 'bad')];
    newPod(good);
    newPod(bad, 'Web', { image: 'web' });
    expect(Testing.synth(good)).toHaveLength(1);
    expect(messageOf(() => Testing.synth(bad))).toMatch(/^bad\/Web: spec\.containers\[0\]\.image: "web" has no tag/);
  });

  test('gives what App.synth writes', () => {
    const app = newApp();
    const chart = new Chart(app, 'shop');
    newPod(chart).with(new Fluentd({ tail: ['/log/a.log'] }));
    app.synth();
    expect(parseAllDocuments(written(app)['shop.k8s.yaml']).map((document) => document.toJS())).toEqual(Testing.synth(chart));
  });
});

describe('an app', () => {
  const full = (type?: YamlOutputType) => {
    const app = newApp(type);
    const chart = new Chart(app, 'shop');
    newPod(chart).with(new Fluentd({ tail: ['/log/a.log'] }));
    new kplus.Deployment(new Chart(app, 'other'), 'Api', { containers: [{ image }] })
      .with(new Fluentd({ tail: ['/log/a.log'], rotation: LogRotation.byApp() }), new ProductionReady());
    return app;
  };

  test.each(OUTPUTS)('is written with equal bytes twice with %s', (type) => {
    const app = full(YamlOutputType[type]);
    app.synth();
    const first = written(app);
    app.synth();
    expect(Object.keys(first).length).toBeGreaterThan(0);
    expect(written(app)).toEqual(first);
    const again = full(YamlOutputType[type]);
    again.synth();
    expect(written(again)).toEqual(first);
  });

  test.each<[string, (pod: kplus.Deployment) => void]>([
    ['a part', (pod) => pod.with(new Sidecar({ image }))],
    ['ProductionReady', (pod) => pod.with(new ProductionReady())],
  ])('is written with equal bytes twice where a Deployment with %s is spread', (_, apply) => {
    const app = newApp();
    const pod = new kplus.Deployment(new Chart(app, 'shop'), 'Web', { containers: [{ image }], spread: true });
    apply(pod);
    const first = app.synthYaml();
    expect(app.synthYaml()).toBe(first);
    expect(first.match(/topologyKey: kubernetes\.io\/hostname/g)).toHaveLength(1);
    expect(first.match(/topologyKey: topology\.kubernetes\.io\/zone/g)).toHaveLength(1);
  });

  test('renders each of its objects once', () => {
    const app = newApp();
    const chart = new Chart(app, 'shop');
    newPod(chart);
    let count = 0;
    const custom = new ApiObject(chart, 'Raw', { apiVersion: 'v1', kind: 'ConfigMap' });
    const toJson = custom.toJson.bind(custom);
    custom.toJson = () => {
      count++;
      return toJson();
    };
    app.synth();
    expect(count).toBe(1);
  });

  test('writes what was added after an earlier synth', () => {
    const app = newApp();
    const chart = new Chart(app, 'shop');
    const pod = newPod(chart);
    app.synth();
    pod.addContainer({ name: 'late', image });
    new kplus.ConfigMap(chart, 'Late', { data: { a: 'b' } });
    app.synth();
    expect(written(app)['shop.k8s.yaml']).toMatch(/name: late\n[^]*kind: ConfigMap/);
  });
});

describe('warnings', () => {
  test('are said once for each app, on standard error, and stop nothing', () => {
    withRule({}, () => {
      const apps = [newApp(), newApp()];
      apps.forEach((app) => newPod(new Chart(app, 'shop')));
      apps.forEach((app) => {
        app.synth();
        app.synth();
        app.synthYaml();
      });
      expect(said).toEqual(Array(2).fill(expect.stringMatching(/^warning: shop\/Web: spec: "x" is a test {2}\[a-test\]\n {2}why: .*\n {2}fix: .*\n {2}see: docs\/rules\/a-test\.md\n$/)));
      expect(Object.keys(written(apps[1]))).toEqual(['shop.k8s.yaml']);
    });
  });

  test('are part of the error where there is one', () => {
    withRule({}, () => {
      const app = newApp();
      newPod(new Chart(app, 'shop'), 'Web', { image: 'web' });
      expect(messageOf(() => app.synth())).toMatch(/^shop\/Web: .*\[image-tag\][^]*\n\nwarning: shop\/Web: .*\[a-test\]/);
      expect(said).toEqual([]);
    });
  });

  test('are different for different pods', () => {
    withRule({}, () => {
      const chart = new Chart(newApp(), 'shop');
      newPod(chart, 'A');
      newPod(chart, 'B');
      Testing.synth(chart);
      expect(said.join('').match(/^warning: shop\/./gm)).toEqual(['warning: shop/A', 'warning: shop/B']);
    });
  });

  test('of replaced defaults are said to the next app of the process too', () => {
    for (const _ of [1, 2]) {
      const chart = new Chart(newApp(), 'replaced');
      new kplus.Pod(chart, 'Web', { containers: [{ image }] }).with(new ProductionReady());
      Testing.synth(chart);
      Testing.synth(chart);
    }
    expect(said.filter((text) => text.startsWith('note: replaced/Web: spec.containers[0].resources: '))).toHaveLength(2);
  });
});

describe('what does not use the library', () => {
  test('an app is not touched', () => {
    const app = newApp();
    const chart = new Chart(app, 'shop');
    const pod = new kplus.Pod(chart, 'Web', { containers: [{ image: 'web' }] });
    expect([app, chart, ApiObject.of(pod)].map((construct) => Object.getPrototypeOf(construct))).toEqual([App.prototype, Chart.prototype, kplus.k8s.KubePod.prototype]);
    expect([app, chart, ApiObject.of(pod)].flatMap((construct) => ['synth', 'synthYaml', 'toJson'].filter((method) => Object.hasOwn(construct, method)))).toEqual([]);
    app.synth();
    expect(written(app)['shop.k8s.yaml']).toContain('image: web\n');
  });

  test('a pod beside ours is neither filled nor checked', () => {
    const plain = (chart: Chart) => new kplus.Pod(chart, 'Plain', { containers: [{ name: 'Bad_Name', image: 'web' }] });
    const alone = new Chart(new App(), 'shop');
    plain(alone);
    const shared = new Chart(newApp(), 'shop');
    plain(shared);
    newPod(shared);
    expect(Testing.synth(shared)[0]).toEqual(Testing.synth(alone)[0]);
  });

  test('an object without a pod is written as before', () => {
    const config = (chart: Chart) => new kplus.Service(chart, 'Service', { selector: kplus.Pods.all(chart, 'All'), ports: [{ port: 80 }] });
    const alone = new Chart(new App(), 'shop');
    config(alone);
    const shared = new Chart(newApp(), 'shop');
    shared.with(new ProductionReady());
    config(shared);
    expect(Testing.synth(shared)).toEqual(Testing.synth(alone));
  });
});

describe('errors of cdk8s itself still arrive', () => {
  test('of node.addValidation, and no file is written', () => {
    const app = newApp();
    const pod = newPod(new Chart(app, 'shop'));
    pod.node.addValidation({ validate: () => ['not on a Friday'] });
    expect(messageOf(() => app.synth())).toMatch(/^Validation failed with the following errors:\n {2}\[shop\/Web\] not on a Friday/);
    expect(written(app)).toEqual({});
  });

  test('of a serialization, with the path of the construct', () => {
    const app = newApp();
    const pod = newPod(new Chart(app, 'shop'));
    pod.attachContainer(new kplus.Container({ name: 'late', image, restartPolicy: kplus.ContainerRestartPolicy.ALWAYS }));
    expect(messageOf(() => app.synth())).toContain('shop/Web');
    expect(written(app)).toEqual({});
  });

  test('and leave the app as it was: the next synth works', () => {
    const app = newApp();
    const pod = newPod(new Chart(app, 'shop'));
    let fails = true;
    pod.node.addValidation({ validate: () => fails ? ['no'] : [] });
    expect(() => app.synth()).toThrow();
    fails = false;
    app.synth();
    expect(Object.keys(written(app))).toEqual(['shop.k8s.yaml']);
  });
});

import { ApiObject, App, Chart, JsonPatch, Testing, Yaml } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { GoldenRules, NetworkIsolation, Pack, PodDefaults, ProductionPod, ProductionReady, Sidecar, SidecarPod, Waiver } from '../../src';

let said: string;
beforeEach(() => {
  said = '';
  jest.spyOn(process.stderr, 'write').mockImplementation((text) => {
    said += text;
    return true;
  });
});
afterEach(() => jest.restoreAllMocks());

const clash = (name: string) => ({ name, image: 'web:1', ports: [{ containerPort: 80 }] });
const rawPod = (chart: Chart, id = 'Raw', containers: unknown[] = [clash('a'), clash('b')]) =>
  new ApiObject(chart, id, { apiVersion: 'v1', kind: 'Pod', spec: { containers } });
const annotationsOf = (json: any) => json.metadata?.annotations;
const messageOf = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    return (error as Error).message;
  }
  return '';
};

describe('GoldenRules', () => {
  test('check every pod of a chart, also those that cdk8s-plus did not make and those that come later', () => {
    const chart = new Chart(Testing.app(), 'shop');
    rawPod(chart, 'Before');
    chart.with(new GoldenRules({ packs: [Pack.GOLDEN] }));
    rawPod(chart, 'After');
    expect(messageOf(() => Testing.synth(chart))).toMatch(/^2 findings[^]*shop\/Before: [^]*\[port-clash\][^]*shop\/After: [^]*\[port-clash\]/);
  });

  test('leave a chart alone that did not ask for them', () => {
    const app = Testing.app();
    new Chart(app, 'checked').with(new GoldenRules());
    const other = new Chart(app, 'other');
    rawPod(other);
    expect(() => Testing.synth(other)).not.toThrow();
    expect(() => app.synthYaml()).not.toThrow();
  });

  test('change no manifest', () => {
    const objects = (withRules: boolean) => {
      const chart = new Chart(Testing.app(), 'shop');
      new kplus.Deployment(chart, 'Web', { containers: [{ image: 'web:1', portNumber: 80 }] });
      rawPod(chart, 'Raw', [clash('a')]);
      if (withRules) {
        chart.with(new GoldenRules());
      }
      return Yaml.stringify(...Testing.synth(chart));
    };
    expect(objects(true)).toBe(objects(false));
  });

  test('select the rules of their packs, and the nearest choice holds', () => {
    const app = Testing.app();
    const chart = new Chart(app, 'shop');
    app.with(new GoldenRules({ packs: [Pack.VALID] }));
    rawPod(chart);
    expect(() => Testing.synth(chart)).not.toThrow();
    chart.with(new GoldenRules({ packs: [Pack.GOLDEN] }));
    expect(messageOf(() => Testing.synth(chart))).toContain('[port-clash]');
  });

  test('check objects whose name or namespace a patch has changed', () => {
    const chart = new Chart(Testing.app(), 'shop');
    chart.with(new GoldenRules({ packs: [Pack.PRODUCTION] }));
    for (const [id, patch] of [['Name', JsonPatch.replace('/metadata/name', 'other')], ['Namespace', JsonPatch.add('/metadata/namespace', 'other')]] as const) {
      new ApiObject(chart, id, { apiVersion: 'v1', kind: 'ConfigMap', data: { PASSWORD: 'correct-horse' } }).addJsonPatch(patch);
    }
    Testing.synth(chart);
    expect(said.match(/^warning: shop\/\w+: data\[PASSWORD\]/gm)).toEqual(['warning: shop/Name: data[PASSWORD]', 'warning: shop/Namespace: data[PASSWORD]']);
  });

  test('name the construct of each of several objects of one name', () => {
    const chart = new Chart(Testing.app(), 'shop');
    chart.with(new GoldenRules({ packs: [Pack.PRODUCTION] }));
    for (const id of ['One', 'Two']) {
      new ApiObject(chart, id, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'same' }, data: { PASSWORD: 'correct-horse' } });
    }
    Testing.synth(chart);
    expect(said.match(/^warning: shop\/\w+/gm)).toEqual(['warning: shop/One', 'warning: shop/Two']);
  });

  test('look into a List that was included, and waive what is in it', () => {
    const chart = new Chart(Testing.app(), 'shop');
    chart.with(new GoldenRules({ packs: [Pack.GOLDEN] }));
    const item = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web' }, spec: { containers: [clash('a'), clash('b')] } };
    new ApiObject(chart, 'Both', { apiVersion: 'v1', kind: 'List', items: [item, { ...item, metadata: undefined }] } as any);
    expect(messageOf(() => Testing.synth(chart))).toMatch(/^2 findings[^]*shop\/Both: items\[0\]: spec\.containers\[1\][^]*shop\/Both: items\[1\]: spec\.containers\[1\]/);
    chart.with(new Waiver('port-clash', { reason: 'addresses of their own' }));
    const [{ items }] = Testing.synth(chart);
    expect(items.map(annotationsOf)).toEqual(Array(2).fill({ 'waive.pod-patterns/port-clash': 'addresses of their own' }));
  });

  test('of no pack are refused', () => {
    expect(() => new GoldenRules({ packs: [] })).toThrow('GoldenRules: packs: "[]" selects no rule');
    expect(() => new GoldenRules({ packs: ['gold' as Pack] })).toThrow('GoldenRules: packs: "gold" is not a Pack\n  why: no rule would be checked for it');
  });

  test.each<[string, new (...args: any[]) => unknown]>([
    ['GoldenRules', GoldenRules], ['ProductionReady', ProductionReady], ['PodDefaults', PodDefaults], ['NetworkIsolation', NetworkIsolation],
  ])('%s made like a construct, which would do nothing, is refused', (name, mixin) => {
    expect(() => new mixin(new Chart(Testing.app(), 'shop'), 'Rules')).toThrow(`${name}: props: "shop" is a construct\n  why: it is made without a scope and an id`);
  });

  test('hold pods with a bound part to nothing that only production asks', () => {
    const chart = new Chart(Testing.app(), 'shop');
    new kplus.Pod(chart, 'Web', { containers: [{ image: 'web' }] }).with(new Sidecar({ name: 'helper', image: 'helper:1' }));
    expect(() => Testing.synth(chart)).not.toThrow();
    const ready = new Chart(Testing.app(), 'shop');
    new SidecarPod(ready, 'Web', { app: { image: 'web' }, sidecar: new Sidecar({ name: 'helper', image: 'helper:1' }) });
    expect(messageOf(() => Testing.synth(ready))).toContain('[image-tag]');
  });
});

describe('a Waiver', () => {
  const waiver = () => new Waiver('port-clash', { reason: ' each has an address of its own ' });
  const key = 'waive.pod-patterns/port-clash';

  test('on a pod is an annotation of the pod, and its finding is none', () => {
    const chart = new Chart(Testing.app(), 'shop');
    const pod = rawPod(chart);
    pod.with(waiver(), new GoldenRules({ packs: [Pack.GOLDEN] }));
    const [json] = Testing.synth(chart);
    expect(annotationsOf(json)).toEqual({ [key]: 'each has an address of its own' });
    expect(said).not.toContain('port-clash');
  });

  test('on a workload is an annotation of the object, not of the template', () => {
    const chart = new Chart(Testing.app(), 'shop');
    new kplus.Deployment(chart, 'Web', { containers: [{ image: 'web:1' }] }).with(waiver());
    const [json] = Testing.synth(chart);
    expect(annotationsOf(json)).toEqual({ [key]: 'each has an address of its own' });
    expect(annotationsOf(json.spec.template)).toBeUndefined();
  });

  test('on a chart or an app is an annotation of every object that needs it, and of no other', () => {
    const app = Testing.app();
    const chart = new Chart(app, 'shop');
    app.with(waiver(), new GoldenRules({ packs: [Pack.GOLDEN] }));
    rawPod(chart, 'Clash');
    rawPod(chart, 'Fine', [clash('a')]);
    expect(Testing.synth(chart).map(annotationsOf)).toEqual([{ [key]: 'each has an address of its own' }, undefined]);
    expect(app.synthYaml().match(/waive\.pod-patterns/g)).toHaveLength(1);
  });

  test('of the object itself is not overwritten by that of its chart', () => {
    const chart = new Chart(Testing.app(), 'shop');
    chart.with(waiver(), new GoldenRules({ packs: [Pack.GOLDEN] }));
    rawPod(chart).with(new Waiver('port-clash', { reason: 'its own', until: '2027-01-31' }));
    expect(Testing.synth(chart).map(annotationsOf)).toEqual([{ [key]: 'its own (until 2027-01-31)' }]);
  });

  test('alone asks for no check', () => {
    const chart = new Chart(Testing.app(), 'shop');
    chart.with(new Waiver('image-tag', { reason: 'built on the node' }));
    rawPod(chart);
    expect(() => Testing.synth(chart)).not.toThrow();
  });

  test('of a chart is written also where synthesis holds nothing to the rule, for those who check the manifest later', () => {
    const chart = new Chart(Testing.app(), 'shop');
    chart.with(waiver(), new Waiver('image-tag', { reason: 'built on the node' }));
    rawPod(chart);
    new kplus.Deployment(chart, 'Web', { containers: [{ image: 'web', portNumber: 80 }] });
    new kplus.Pod(chart, 'Bound', { containers: [{ image: 'web' }] }).with(new Sidecar({ name: 'helper', image: 'helper:1' }));
    const written = Testing.synth(chart).map((json) => [json.kind, Object.keys(annotationsOf(json) ?? {}).filter((name) => name.startsWith('waive.'))]);
    expect(written).toEqual([['Pod', [key]], ['Deployment', ['waive.pod-patterns/image-tag']], ['Pod', ['waive.pod-patterns/image-tag']]]);
  });

  test('that is over still holds at synth, whose output does not depend on the clock', () => {
    const chart = new Chart(Testing.app(), 'shop');
    rawPod(chart).with(new GoldenRules({ packs: [Pack.GOLDEN] }), new Waiver('port-clash', { reason: 'old', until: '2001-01-01' }));
    expect(() => Testing.synth(chart)).not.toThrow();
  });

  test.each([
    ['an unknown rule', () => new Waiver('port-clsh', { reason: 'x' }), 'ruleId: "port-clsh" is not the id of a rule'],
    ['a rule about waivers', () => new Waiver('unused-waiver', { reason: 'x' }), 'ruleId: "unused-waiver" is a rule about waivers'],
    ['no reason', () => new Waiver('port-clash', { reason: '  ' }), 'reason: "" is empty'],
    ['no options', () => new Waiver('port-clash', undefined as any), 'reason: "" is empty'],
    ['an end that is no day', () => new Waiver('port-clash', { reason: 'x', until: '31.1.2027' }), 'until: "31.1.2027" is not a day'],
    ['a reason that ends like an end', () => new Waiver('port-clash', { reason: 'off (until spring)' }), 'reason: "off (until spring)" ends like'],
  ])('refuses %s', (_, make, message) => {
    expect(make).toThrow(message);
  });
});

test('a declined probe of a ProductionPod is a waiver that says why', () => {
  const chart = new Chart(new App(), 'shop');
  new ProductionPod(chart, 'Worker', { app: { image: 'worker:1' }, livenessDeclined: 'it ends by itself', readinessDeclined: 'no traffic' } as any);
  expect(annotationsOf(Testing.synth(chart)[0])).toMatchObject({ 'waive.pod-patterns/liveness-probe': 'it ends by itself' });
});

import { Chart, Testing } from 'cdk8s';
import { KubernetesVersion, Pack, Sidecar, SidecarPod, Waiver } from '../../src';
import { podMatchers } from '../../src/jest';

expect.extend(podMatchers);

const pod = (port: number, annotations = {}) => ({
  apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web', annotations },
  spec: { containers: [{ name: 'a', image: 'a:1', ports: [{ containerPort: 80 }] }, { name: 'b', image: 'b:1', ports: [{ containerPort: port }] }] },
});
const packs = [Pack.VALID];
const golden = { packs: [Pack.GOLDEN] };
const failure = (run: () => void) => {
  try {
    run();
  } catch (error) {
    return (error as Error).message;
  }
  return '';
};

describe('the matchers', () => {
  test('find nothing in manifests that break no rule, and say so where one was expected', () => {
    expect([pod(81)]).toHaveNoPodFindings({ packs });
    expect(failure(() => expect([pod(81)]).not.toHaveNoPodFindings({ packs }))).toBe('expected a finding, and there is none');
  });

  test('name the object, field, reason and fix of a finding that was not expected', () => {
    expect(failure(() => expect(pod(0)).toHaveNoPodFindings({ packs })))
      .toMatch(/^expected no finding, and there are 1:\n\nPod\/web: spec\.containers\[1\]\.ports\[0\]\.containerPort: "0" .*\[port-range\]\n {2}why: .*\n {2}fix: /);
  });

  test('find a rule, in an object and at a field where these are named', () => {
    expect(pod(80)).toHavePodFinding('port-clash');
    expect([pod(80)]).toHavePodFinding('port-clash', { name: 'web', field: 'spec.containers[1].ports[0].containerPort' });
    expect([pod(80)]).not.toHavePodFinding('port-clash', { name: 'shop' });
    expect([pod(80)]).not.toHavePodFinding('port-clash', { field: 'spec.containers[0].ports[0].containerPort' });
    expect([pod(80)]).not.toHavePodFinding('port-clash', {}, { packs });
    expect(failure(() => expect(pod(81)).toHavePodFinding('port-range', { name: 'web', field: 'spec' }, { packs })))
      .toBe('expected a finding of port-range in web at spec (docs/rules/port-range.md)\n\nthere is none at all');
  });

  test('look into a List', () => {
    expect({ apiVersion: 'v1', kind: 'List', items: [pod(81), { kind: 'PodList', items: [pod(80)] }] }).toHavePodFinding('port-clash', { name: 'web' });
  });

  test('do not call a waiver unused whose rule looks for what may be elsewhere', () => {
    const annotations = { 'waive.pod-patterns/service-selects-nothing': 'an operator labels its pods' };
    expect({ apiVersion: 'v1', kind: 'Service', metadata: { name: 'web', annotations }, spec: { selector: { app: 'web' } } }).toHaveNoPodFindings();
  });

  test('do not find what is waived', () => {
    expect([pod(80, { 'waive.pod-patterns/port-clash': 'one of them is off' })]).not.toHavePodFinding('port-clash', {}, golden);
  });

  test('refuse the id of no rule, and what is no manifest: such a test could not fail', () => {
    expect(() => expect([pod(80)]).not.toHavePodFinding('port-clsh')).toThrow('"port-clsh" is not the id of a rule');
    expect(() => expect([]).toHaveNoPodFindings()).toThrow('need manifests');
    expect(() => expect('Pod').toHaveNoPodFindings()).toThrow('need manifests');
  });

  test('hold manifests to the version of the clusters', () => {
    const chart = new Chart(Testing.app(), 'shop');
    new SidecarPod(chart, 'Web', { app: { image: 'web:1' }, sidecar: new Sidecar({ name: 'helper', image: 'helper:1' }) })
      .with(new Waiver('image-tag', { reason: 'a test' }));
    const objects = Testing.synth(chart);
    expect(objects).toHaveNoPodFindings({ packs });
    expect(objects).toHavePodFinding('field-of-newer-kubernetes', {}, { packs, kubernetesVersion: KubernetesVersion.V1_28 });
  });
});

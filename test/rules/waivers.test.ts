import { findingsIn, webPod } from './judge';
import { reportOn } from '../../src/rules/report';
import { Pack } from '../../src/rules/rule';
import { applyWaivers, formatWaiver, isDay, waiversOf } from '../../src/rules/waivers/waivers';

const clash = (annotations: { [key: string]: unknown }) => {
  const object = webPod('{ ports: [{ containerPort: 80 }] }');
  object.spec.containers.push({ name: 'other', image: 'other:1', ports: [{ containerPort: 80 }] });
  object.metadata.annotations = annotations;
  return object;
};
const report = (object: any, options: { packs?: Pack[]; today?: string } = {}) =>
  reportOn([{ object, place: 'shop/Web' }], { packs: [Pack.VALID, Pack.GOLDEN], today: '2026-06-15', ...options });
const openIds = (object: any, options = {}) => report(object, options).open.map(({ ruleId }) => ruleId)
  .filter((id) => id === 'port-clash' || id.endsWith('-waiver'));

describe('a waiver', () => {
  test('takes its finding out, and says with which reason', () => {
    const { waived } = report(clash({ 'waive.pod-patterns/port-clash': ' one of them is off ' }));
    expect(openIds(clash({ 'waive.pod-patterns/port-clash': 'one of them is off' }))).toEqual([]);
    expect(waived.map(({ finding, reason, until }) => [finding.ruleId, reason, until])).toEqual([['port-clash', 'one of them is off', undefined]]);
  });

  test('holds on its last day and not on the next', () => {
    const object = clash({ 'waive.pod-patterns/port-clash': 'one of them is off (until 2026-06-15)' });
    expect(openIds(object)).toEqual([]);
    expect(report(object).waived[0].until).toBe('2026-06-15');
    expect(openIds(object, { today: '2026-06-16' })).toEqual(['port-clash', 'expired-waiver']);
  });

  test('that is over still holds where nobody tells the day, so that synthesis does not depend on the clock', () => {
    const object = clash({ 'waive.pod-patterns/port-clash': 'one of them is off (until 2001-01-01)' });
    const findings = report(object, { today: '2000-01-01' }).waived.map(({ finding }) => finding);
    expect(applyWaivers(findings)).toMatchObject({ open: [], waived: [{ reason: 'one of them is off' }] });
  });

  test.each([
    ['an empty reason', ''],
    ['a reason of blanks', '  '],
    ['an end alone', '(until 2027-01-31)'],
    ['an end that is no day', 'soon (until 2027-02-30)'],
    ['a number', 5],
    ['nothing', null],
  ])('with %s waives nothing, and is a finding', (_, value) => {
    expect(openIds(clash({ 'waive.pod-patterns/port-clash': value }))).toEqual(['port-clash', 'malformed-waiver']);
  });

  test('that finds nothing to waive is a finding, at its annotation', () => {
    const object = webPod('{}', { 'waive.pod-patterns/port-clash': 'one of them is off' });
    expect(report(object).open.filter(({ ruleId }) => ruleId === 'unused-waiver')).toMatchObject([
      { field: 'metadata.annotations[waive.pod-patterns/port-clash]', fact: '"port-clash" finds nothing in this object', place: 'shop/Web' },
    ]);
  });

  test('of an unknown rule is a finding', () => {
    expect(openIds(webPod('{}', { 'waive.pod-patterns/port-clsh': 'one of them is off' }))).toEqual(['unused-waiver']);
  });

  test('of a rule that was not asked for is left alone', () => {
    const object = webPod('{}', { 'waive.pod-patterns/image-tag': 'it is built on the node' });
    expect(openIds(object)).toEqual([]);
    expect(openIds(object, { packs: [Pack.GOLDEN, Pack.PRODUCTION] })).toEqual(['unused-waiver']);
  });

  test('is not judged where the pack of its rules was not asked for', () => {
    expect(openIds(webPod('{}', { 'waive.pod-patterns/port-clash': '' }), { packs: [Pack.RESTRICTED] })).toEqual([]);
  });

  test('on the template of a workload is none: an edited reason would roll its pods', () => {
    const { spec } = clash({});
    const object = { kind: 'Deployment', metadata: { name: 'web' }, spec: { template: { metadata: { annotations: { 'waive.pod-patterns/port-clash': 'x' } }, spec } } };
    expect(openIds(object)).toEqual(['port-clash']);
  });

  test('waives errors and warnings of its own rule only', () => {
    expect(findingsIn(`
kind: Pod
metadata: { name: web, annotations: { waive.pod-patterns/port-range: "no" } }
spec: { containers: [{ name: web, image: "a:1", ports: [{ containerPort: 80 }] }, { name: other, image: "a:1", ports: [{ containerPort: 80 }] }] }
`).map(({ ruleId }) => ruleId)).toEqual(expect.arrayContaining(['port-clash', 'unused-waiver']));
  });

  test('is read as it is written', () => {
    expect(waiversOf({ metadata: { annotations: { 'waive.pod-patterns/port-clash': formatWaiver('a (b)', '2027-01-31') } } }))
      .toEqual([{ ruleId: 'port-clash', reason: 'a (b)', until: '2027-01-31', field: 'metadata.annotations[waive.pod-patterns/port-clash]' }]);
  });
});

test.each([['2024-02-29', true], ['2023-02-29', false], ['2027-1-31', false], ['2027-13-01', false], ['tomorrow', false], ['9999-12-31', true]])(
  'whether %s is a day: %s', (text, isOne) => expect(isDay(text)).toBe(isOne));

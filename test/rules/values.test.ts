import { brokenRules, fields, judge, webPod, workload } from './judge';
import { textValues } from '../../src/rules/values/text-values';

describe('text-values', () => {
  test.each([
    ['env: [{ name: A, value: "1" }, { name: B, value: 5 }]', 'env[1].value', '"5" is a number, not a string'],
    ['args: [a, true]', 'args[1]', '"true" is a flag, not a string'],
    ['command: [[a]]', 'command[0]', '"["a"]" is a list, not a string'],
    ['args: -v', 'args', '"-v" is not a list'],
    ['env: [{ name: A, value: { a: 1 } }]', 'env[0].value', '"{"a":1}" is an object, not a string'],
    ['livenessProbe: { exec: { command: [5] } }', 'livenessProbe.exec.command[0]', '"5" is a number, not a string'],
    ['lifecycle: { preStop: { exec: { command: [sleep, 5] } } }', 'lifecycle.preStop.exec.command[1]', '"5" is a number, not a string'],
  ])('refuses %s', (container, field, fact) => {
    expect(judge(textValues, webPod(`{ ${container} }`))).toEqual([{ field: `spec.containers[0].${field}`, fact }]);
  });

  test('refuses labels and annotations that are no text, on the template too', () => {
    const object = workload('Deployment', 'web');
    object.metadata.annotations = { a: 5, b: null, c: '5' };
    object.spec.template.metadata.labels = { d: false };
    expect(fields(textValues, object)).toEqual(['metadata.annotations[a]', 'spec.template.metadata.labels[d]']);
  });

  test('accepts text, what is null, and values from elsewhere', () => {
    const container = '{ env: [{ name: A, value: "" }, { name: B, value: null }, { name: C, valueFrom: {} }], args: [a, null], command: null }';
    expect(brokenRules(webPod(container))).toEqual([]);
  });

  test('leaves a probe command that is no list to one-handler-action', () => {
    expect(brokenRules(webPod('{ livenessProbe: { exec: { command: ls } } }'))).toEqual(['one-handler-action']);
  });
});

import { KubernetesVersion, targetOf } from '../../src/manifest/kubernetes-version';
import { hasGate } from '../../src/rules/versions/features';

describe('a feature', () => {
  test('is there from the version that has it on, before that only with its gate, and never before its field', () => {
    const { V1_28, V1_29, V1_30 } = KubernetesVersion;
    const gate = 'PodLifecycleSleepAction';
    expect([V1_28, V1_29, V1_30].map((version) => hasGate(targetOf(version), gate))).toEqual([false, false, true]);
    expect([V1_28, V1_29, V1_30].map((version) => hasGate(targetOf(version, [gate]), gate))).toEqual([false, true, true]);
  });
});

import { isRule, podFindings, PodFindingsOptions } from './findings';
import { pageOf, renderFinding } from '../rules/finding';

/** What a matcher answers to jest. */
interface MatcherResult {
  readonly pass: boolean;
  readonly message: () => string;
}

/** Which finding is expected. */
export interface ExpectedFinding {
  /** Field path as kubectl prints it. */
  readonly field?: string;
  /** `metadata.name` of the object. */
  readonly name?: string;
}

/** The types of the matchers; R is what a matcher of `expect` returns. */
export interface PodMatchers<R> {
  /** The manifests break no rule of the packs. */
  toHaveNoPodFindings(options?: PodFindingsOptions): R;
  /** The manifests break a rule, at a place where one is named. */
  toHavePodFinding(ruleId: string, expected?: ExpectedFinding, options?: PodFindingsOptions): R;
}

/**
 * Matchers for tests of manifests, as `Testing.synth(chart)` returns them, or of any list of objects:
 *
 *     import { podMatchers } from 'cdk8s-pod-patterns/lib/jest';
 *     expect.extend(podMatchers);
 *
 *     expect(Testing.synth(chart)).toHaveNoPodFindings();
 *     expect(manifests).toHavePodFinding('port-clash', { field: 'spec.containers[1].ports[0].containerPort' });
 *
 * The global `expect` of `@types/jest` has their types. To the one of `@jest/globals` a file of types gives them:
 *
 *     import type { PodMatchers } from 'cdk8s-pod-patterns/lib/jest';
 *     declare module 'expect' {
 *       interface Matchers<R> extends PodMatchers<R> {}
 *     }
 *
 * Waived findings are none. Synthesis refuses errors itself; what is left for tests are warnings, and manifests that others wrote.
 */
export const podMatchers = {
  /** The manifests break no rule of the packs. */
  toHaveNoPodFindings(manifests: unknown, options?: PodFindingsOptions): MatcherResult {
    const findings = podFindings(manifests, options);
    return {
      pass: findings.length === 0,
      message: () => findings.length === 0
        ? 'expected a finding, and there is none'
        : `expected no finding, and there are ${findings.length}:\n\n${findings.map(renderFinding).join('\n\n')}`,
    };
  },

  /** The manifests break a rule, at a place where one is named. */
  toHavePodFinding(manifests: unknown, ruleId: string, expected: ExpectedFinding = {}, options?: PodFindingsOptions): MatcherResult {
    if (!isRule(ruleId)) {
      throw new Error(`"${ruleId}" is not the id of a rule: docs/rules/README.md lists them`);
    }
    const findings = podFindings(manifests, options);
    const pass = findings.some((finding) => finding.ruleId === ruleId
      && (expected.field === undefined || expected.field === finding.field)
      && (expected.name === undefined || expected.name === finding.object.metadata?.name));
    const wanted = [ruleId, expected.name && `in ${expected.name}`, expected.field && `at ${expected.field}`].filter(Boolean).join(' ');
    return {
      pass,
      message: () => `expected ${pass ? 'no finding' : 'a finding'} of ${wanted} (${pageOf(ruleId)})\n\n`
        + `${findings.map(renderFinding).join('\n\n') || 'there is none at all'}`,
    };
  },
};

export type { PodFindingsOptions } from './findings';

declare global {
  // eslint-disable-next-line @typescript-eslint/no-namespace
  namespace jest {
    // eslint-disable-next-line @typescript-eslint/no-unused-vars
    interface Matchers<R, T = {}> extends PodMatchers<R> {}
  }
}

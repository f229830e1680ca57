import { graceOf } from './grace';
import { handlersOf } from './handlers';
import { runsBesideOthers } from '../../manifest/containers';
import { isObject } from '../../manifest/json';
import { quote } from '../quote';
import { Pack, PodRule, RuleFinding, Severity } from '../rule';

/** Waits that the kubelet would cut off. */
export const sleepWithinGracePeriod: PodRule = {
  id: 'sleep-within-grace-period',
  severity: Severity.ERROR,
  pack: Pack.VALID,
  looksAtMakeOnly: true,
  keys: ['sleep'],
  summary: 'A lifecycle handler sleeps for a whole number of seconds, at most for `terminationGracePeriodSeconds`.',
  why: 'the API server rejects a longer sleep: the container would be killed while it waits, and never get its TERM signal',
  fix: 'raise `terminationGracePeriodSeconds` above the sleep and the time that the container needs to end, or sleep less',
  source: 'https://kubernetes.io/docs/concepts/containers/container-lifecycle-hooks/#hook-handler-implementations',
  notApplicable: 'to pods without a sleep in a lifecycle handler',
  bad: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  containers:
    - name: web
      image: "shop/web:1.0"
      lifecycle: { preStop: { sleep: { seconds: 60 } } }
`,
  good: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  terminationGracePeriodSeconds: 90
  containers:
    - name: web
      image: "shop/web:1.0"
      lifecycle: { preStop: { sleep: { seconds: 60 } } }
`,
  seen: 'The API server of Kubernetes 1.33.13 refused the bad example with `spec.containers[0].lifecycle.preStop.sleep: Invalid value: 60: must be non-negative and less than terminationGracePeriodSeconds (30)` and accepted the good one.',
  check({ template, containers }) {
    let found: RuleFinding[] | undefined;
    for (const { container, json, path } of handlersOf(containers)) {
      if (!isObject(json.sleep) || !runsBesideOthers(container)) {
        continue;
      }
      found ??= [];
      const seconds = json.sleep.seconds;
      const problem = seconds === undefined || seconds === null ? undefined : problemOf(seconds, graceOf(template));
      if (problem) {
        found.push({ field: `${path}.sleep.seconds`, fact: `${quote(seconds)} ${problem}` });
      }
    }
    return found;
  },
};

function problemOf(seconds: unknown, grace: number): string | undefined {
  if (typeof seconds !== 'number' || !Number.isInteger(seconds)) {
    return 'is not a whole number';
  }
  if (seconds < 0) {
    return 'is negative';
  }
  return seconds > grace ? `is more than the grace period of ${grace} seconds` : undefined;
}

import { graceOf } from './grace';
import { HOOKS } from './handlers';
import { ContainerRole, runsBesideOthers } from '../../manifest/containers';
import { preStopSeconds } from '../../manifest/exec';
import { isObject, JsonObject } from '../../manifest/json';
import { Pack, PodRule, RuleFinding, Severity } from '../rule';

const [, PRE_STOP] = HOOKS;

/** Waits after which nothing is left of the grace period. */
export const preStopWithinGracePeriod: PodRule = {
  id: 'pre-stop-within-grace-period',
  severity: Severity.WARNING,
  pack: Pack.GOLDEN,
  looksAtMakeOnly: true,
  keys: ['preStop'],
  summary: 'A preStop handler that waits leaves the container some of `terminationGracePeriodSeconds`.',
  why: 'the grace period runs from the start of preStop: a wait that is as long as it leaves the container two seconds between TERM and KILL, and native sidecars no time of their own',
  fix: 'raise `terminationGracePeriodSeconds` to the wait, and the time that the container needs to end, and that of each native sidecar; or wait less',
  source: 'https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination',
  notApplicable: 'to pods without a preStop handler that shows how long it waits, and to a `sleep` action that sleep-within-grace-period finds too long',
  bad: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  containers:
    - name: web
      image: "shop/web:1.0"
      lifecycle: { preStop: { exec: { command: [sleep, "60"] } } }
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
      lifecycle: { preStop: { exec: { command: [sleep, "60"] } } }
`,
  seen: 'On Kubernetes 1.33.13 with a preStop of 10 seconds and a grace period of 10 the app got TERM and was killed (status 137) 12 seconds after the deletion, before the four seconds that it needed were over. With a grace period of 20 it ended with status 0.',
  check({ template, containers }) {
    let found: RuleFinding[] | undefined;
    for (const container of containers) {
      if (!isObject(container.json.lifecycle) || !runsBesideOthers(container)) {
        continue;
      }
      const seconds = preStopSeconds(container.json);
      if (seconds > 0) {
        found ??= [];
        const grace = graceOf(template);
        const isFound = seconds === grace || (seconds > grace && !sleeps(container.json));
        // Nothing to lose: the author asks for an end at once.
        if (isFound && grace > 0) {
          found.push({ field: `${container.path}.lifecycle.${PRE_STOP}`, fact: factOf(seconds, grace, container.role) });
        }
      }
    }
    return found;
  },
};

function sleeps(container: JsonObject): boolean {
  return isObject(container.lifecycle[PRE_STOP].sleep);
}

function factOf(seconds: number, grace: number, role: ContainerRole): string {
  const whose = role === ContainerRole.NATIVE_SIDECAR ? ' of a native sidecar' : '';
  return `"${seconds} s" of waiting in the preStop${whose} leave nothing of the grace period of ${grace} seconds`;
}

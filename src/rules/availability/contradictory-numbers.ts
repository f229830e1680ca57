import { amountOf } from './replicas';
import { isObject, JsonObject } from '../../manifest/json';
import { kindOf } from '../../manifest/kinds';
import { quote } from '../quote';
import { ObjectRule, Pack, RuleFinding, Severity } from '../rule';

/** Numbers of pods of which one rules out the other. */
export const contradictoryNumbers: ObjectRule = {
  id: 'contradictory-numbers',
  severity: Severity.ERROR,
  pack: Pack.VALID,
  kinds: ['Deployment', 'DaemonSet', 'PodDisruptionBudget', 'HorizontalPodAutoscaler'],
  looksAtMakeOnly: true,
  summary: 'Numbers of pods do not rule each other out: an update may take a pod or add one, a budget has one bound, an autoscaler goes up.',
  why: 'the API server rejects the object: an update that may neither take a pod away nor add one cannot begin, a DaemonSet does only one of the two, and so does a budget with its bounds',
  fix: 'let an update take or add at least one pod (`maxUnavailable: 0` in a DaemonSet with `maxSurge`), leave a budget one of its bounds, and let `maxReplicas` be at least `minReplicas`',
  source: 'https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#rolling-update-deployment',
  notApplicable: 'to updates that replace all pods, or that wait for their pods to be deleted',
  bad: `
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: { name: web }
spec:
  minAvailable: 1
  maxUnavailable: 1
  unhealthyPodEvictionPolicy: AlwaysAllow
  selector: { matchLabels: { app: web } }
`,
  good: `
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: { name: web }
spec:
  maxUnavailable: 1
  unhealthyPodEvictionPolicy: AlwaysAllow
  selector: { matchLabels: { app: web } }
`,
  seen: 'The API server of Kubernetes 1.33.13 refused the bad example with `minAvailable and maxUnavailable cannot be both set` and accepted the good one.',
  checkObject({ object }) {
    return isObject(object.spec) ? JUDGES[kindOf(object)](object.spec) : undefined;
  },
};

const JUDGES: { readonly [kind: string]: (spec: JsonObject) => RuleFinding[] | undefined } = {
  Deployment: ({ strategy }) => judgeDeployment(strategy),
  DaemonSet: ({ updateStrategy }) => judgeDaemonSet(updateStrategy),
  PodDisruptionBudget: ({ minAvailable, maxUnavailable }) => isSet(minAvailable) && isSet(maxUnavailable)
    ? [{ field: 'spec.maxUnavailable', fact: `${quote(maxUnavailable)} is a second bound beside \`minAvailable\` (${quote(minAvailable)})` }]
    : [],
  HorizontalPodAutoscaler: ({ minReplicas, maxReplicas }) => typeof maxReplicas === 'number' && maxReplicas < (minReplicas ?? 1)
    ? [{ field: 'spec.maxReplicas', fact: `${quote(maxReplicas)} is less than \`minReplicas\` (${quote(minReplicas ?? 1)})` }]
    : [],
};

/** Where nothing is said a quarter of the pods is added or taken away. */
function judgeDeployment(strategy: unknown): RuleFinding[] | undefined {
  return judgeUpdate(strategy, 'spec.strategy', {}, false);
}

/** Where nothing is said one pod is taken away, and none is added. */
function judgeDaemonSet(strategy: unknown): RuleFinding[] | undefined {
  return judgeUpdate(strategy, 'spec.updateStrategy', { maxSurge: 0, maxUnavailable: 1 }, true);
}

function judgeUpdate(strategy: unknown, path: string, defaults: JsonObject, doesOneOnly: boolean): RuleFinding[] | undefined {
  if (!isObject(strategy) || !isObject(strategy.rollingUpdate)) {
    return undefined;
  }
  const maxSurge = strategy.rollingUpdate.maxSurge ?? defaults.maxSurge;
  const maxUnavailable = strategy.rollingUpdate.maxUnavailable ?? defaults.maxUnavailable;
  const field = `${path}.rollingUpdate.maxUnavailable`;
  if (isZero(maxSurge) && isZero(maxUnavailable)) {
    return [{ field, fact: `${quote(maxUnavailable)} takes no pod away, and \`maxSurge\` (${quote(maxSurge)}) adds none` }];
  }
  return doesOneOnly && !isZero(maxSurge) && !isZero(maxUnavailable)
    ? [{ field, fact: `${quote(maxUnavailable)} takes pods away, and \`maxSurge\` (${quote(maxSurge)}) adds some: a DaemonSet does one of the two` }]
    : [];
}

function isSet(value: unknown): boolean {
  return value !== undefined && value !== null;
}

function isZero(value: unknown): boolean {
  return amountOf(value, 100, Math.ceil) === 0;
}

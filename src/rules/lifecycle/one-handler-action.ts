import { Handler, handlersOf, PROBES } from './handlers';
import { isObject, JsonObject } from '../../manifest/json';
import { Pack, PodRule, RuleFinding, Severity } from '../rule';

const OF_BOTH = ['exec', 'httpGet', 'tcpSocket'];

const OF_PROBES = [...OF_BOTH, 'grpc'];

const OF_HOOKS = [...OF_BOTH, 'sleep'];

/** Probes and handlers that do nothing, or more than one thing. */
export const oneHandlerAction: PodRule = {
  id: 'one-handler-action',
  severity: Severity.ERROR,
  pack: Pack.VALID,
  looksAtMakeOnly: true,
  keys: ['livenessProbe', 'readinessProbe', 'startupProbe', 'lifecycle'],
  summary: 'A probe or lifecycle handler has exactly one action, and an exec action has a command.',
  why: 'the API server rejects a handler without an action, with two of them, and an exec without a command',
  fix: 'keep one of `exec`, `httpGet` and `tcpSocket`, or of `grpc` in a probe and `sleep` in a lifecycle handler',
  source: 'https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#Probe',
  notApplicable: 'to pods without probes and lifecycle handlers',
  bad: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  containers:
    - name: web
      image: "shop/web:1.0"
      livenessProbe: { exec: { command: [] } }
`,
  good: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  containers:
    - name: web
      image: "shop/web:1.0"
      livenessProbe: { exec: { command: [/bin/check] } }
`,
  seen: 'The API server of Kubernetes 1.33.13 refused the bad example with `spec.containers[0].livenessProbe.exec.command: Required value` and accepted the good one.',
  check({ containers }) {
    let found: RuleFinding[] | undefined;
    for (const handler of handlersOf(containers)) {
      found ??= [];
      const finding = findingOf(handler);
      if (finding) {
        found.push(finding);
      }
    }
    return found;
  },
};

function findingOf({ json, path, kind }: Handler): RuleFinding | undefined {
  const actions = actionsOf(json, PROBES.includes(kind) ? OF_PROBES : OF_HOOKS);
  if (actions.length !== 1) {
    return { field: path, fact: actions.length === 0 ? '"" is no action, and one is required' : `"${actions.join('", "')}" are ${actions.length} actions instead of one` };
  }
  const command = json.exec?.command;
  return actions[0] === 'exec' && !(Array.isArray(command) && command.length > 0)
    ? { field: `${path}.exec.command`, fact: '"" is no command, and one is required' }
    : undefined;
}

function actionsOf(json: JsonObject, known: readonly string[]): string[] {
  const actions: string[] = [];
  for (let index = 0; index < known.length; index++) {
    if (isObject(json[known[index]])) {
      actions.push(known[index]);
    }
  }
  return actions;
}

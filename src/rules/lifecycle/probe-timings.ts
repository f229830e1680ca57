import { Handler, handlersOf, PROBES } from './handlers';
import { quote } from '../quote';
import { Pack, PodRule, RuleFinding, Severity } from '../rule';

const COUNTS = ['initialDelaySeconds', 'timeoutSeconds', 'periodSeconds', 'successThreshold', 'failureThreshold'];

/** Numbers of a probe that the API server rejects. */
export const probeTimings: PodRule = {
  id: 'probe-timings',
  severity: Severity.ERROR,
  pack: Pack.VALID,
  looksAtMakeOnly: true,
  keys: ['livenessProbe', 'readinessProbe', 'startupProbe'],
  summary: 'Times and thresholds of a probe are whole numbers from 0; liveness and startup probes succeed at the first success.',
  why: 'the API server rejects negative numbers, a `successThreshold` other than 1 for liveness and startup, a grace period of the probe below 1, and any for readiness',
  fix: 'leave the field out to get the default of Kubernetes, or correct the number',
  source: 'https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/#configure-probes',
  notApplicable: 'to pods without probes',
  bad: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  containers:
    - name: web
      image: "shop/web:1.0"
      livenessProbe: { tcpSocket: { port: 8080 }, successThreshold: 2 }
`,
  good: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  containers:
    - name: web
      image: "shop/web:1.0"
      livenessProbe: { tcpSocket: { port: 8080 }, failureThreshold: 2 }
`,
  seen: 'The API server of Kubernetes 1.33.13 refused the bad example with `spec.containers[0].livenessProbe.successThreshold: Invalid value: 2: must be 1` and accepted the good one.',
  check({ containers }) {
    let found: RuleFinding[] | undefined;
    for (const handler of handlersOf(containers)) {
      if (PROBES.includes(handler.kind)) {
        found ??= [];
        judge(handler, found);
      }
    }
    return found;
  },
};

const NUMBERS = [...COUNTS, 'terminationGracePeriodSeconds'];

function judge(probe: Handler, found: RuleFinding[]): void {
  for (let index = 0; index < NUMBERS.length; index++) {
    const name = NUMBERS[index];
    const value = probe.json[name];
    const problem = value === undefined || value === null ? undefined : problemOf(name, value, probe.kind);
    if (problem) {
      found.push({ field: `${probe.path}.${name}`, fact: `${quote(value)} ${problem}` });
    }
  }
}

function problemOf(name: string, value: unknown, kind: string): string | undefined {
  if (typeof value !== 'number' || !Number.isInteger(value)) {
    return 'is not a whole number';
  }
  if (name === 'terminationGracePeriodSeconds') {
    if (kind === 'readinessProbe') {
      return 'is not allowed: a readiness probe ends nothing';
    }
    return value < 1 ? 'is less than 1' : undefined;
  }
  if (value < 0) {
    return 'is negative';
  }
  // The API server makes 1 of 0 before it looks.
  return name === 'successThreshold' && value > 1 && kind !== 'readinessProbe' ? `is not 1, as a ${kind} requires` : undefined;
}

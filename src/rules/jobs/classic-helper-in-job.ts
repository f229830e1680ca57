import { isMeantToEnd } from './tasks';
import { ContainerRole } from '../../manifest/containers';
import { textOf } from '../../manifest/json';
import { programOf } from '../images/program';
import { quote } from '../quote';
import { Pack, PodRule, RuleFinding, Severity } from '../rule';

/**
 * Images whose program runs until it gets a signal. Not those that another container can end over the network, such as
 * Envoy (`/quitquitquit`), the Cloud SQL proxy or Redis.
 */
const SERVERS = ['fluentd', 'fluent-bit', 'filebeat', 'promtail', 'haproxy', 'nginx', 'nginx-unprivileged'];

/** Arguments with which such a program ends by itself. */
const ENDS = /(?:once|exit|dry-run|version|help|check)\b/i;

/** Regular containers that keep a Job running when its work is done. */
export const classicHelperInJob: PodRule = {
  id: 'classic-helper-in-job',
  severity: Severity.WARNING,
  pack: Pack.GOLDEN,
  summary: 'A helper in a Job, or in a Pod that is meant to end, is a native sidecar.',
  why: 'a regular container that runs for ever keeps the pod running when the others have ended: the Job never completes, and a CronJob that forbids concurrent runs never runs again',
  fix: 'move it to `initContainers` with `restartPolicy: Always`: the kubelet ends it after the regular containers; it needs Kubernetes 1.29',
  source: 'https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/#jobs-with-sidecar-containers',
  notApplicable: 'to pods that are started again when they end; images that it does not know to run for ever, and containers that another one may end, it leaves alone',
  bad: `
apiVersion: batch/v1
kind: Job
metadata: { name: report }
spec:
  template:
    spec:
      restartPolicy: Never
      containers:
        - { name: report, image: "shop/report:1.0" }
        - { name: logs, image: "fluent/fluentd:v1.19.3-2.2" }
`,
  good: `
apiVersion: batch/v1
kind: Job
metadata: { name: report }
spec:
  template:
    spec:
      restartPolicy: Never
      initContainers:
        - { name: logs, image: "fluent/fluentd:v1.19.3-2.2", restartPolicy: Always }
      containers:
        - { name: report, image: "shop/report:1.0" }
`,
  seen: 'On Kubernetes 1.33.13 the Job of the bad example was active half a minute after its work had ended; the good one was Complete after 19 seconds, of which its work took 5.',
  check({ template, containers }) {
    if (!isMeantToEnd(template)) {
      return undefined;
    }
    const regular = containers.filter(({ role }) => role === ContainerRole.REGULAR);
    // One container alone is the work itself; in a shared process namespace another one may send the signal.
    const mayHang = regular.length > 1 && template.spec.shareProcessNamespace !== true;
    const found: RuleFinding[] = [];
    for (const { json, path } of mayHang ? regular : []) {
      if (SERVERS.includes(programOf(json.image)) && !json.command && !(Array.isArray(json.args) && json.args.some((arg) => ENDS.test(textOf(arg))))) {
        found.push({ field: `${path}.image`, fact: `${quote(json.image)} runs for ever, in a regular container of a pod that is meant to end` });
      }
    }
    return found;
  },
};

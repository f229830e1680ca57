import { isDeadline, jobOf } from './tasks';
import { ContainerRole } from '../../manifest/containers';
import { isObject } from '../../manifest/json';
import { listenersOf } from '../../manifest/listeners';
import { isLoopback } from '../network/loopback';
import { Pack, PodRule, RuleSubject, Severity } from '../rule';

/** Jobs that may wait for their own proxy for ever. */
export const jobDeadline: PodRule = {
  id: 'job-deadline',
  severity: Severity.WARNING,
  pack: Pack.PRODUCTION,
  looksAtMakeOnly: true,
  summary: 'A Job whose app needs a native sidecar to start has `activeDeadlineSeconds`.',
  why: 'a native sidecar whose startup probe fails, or whose image cannot be pulled, is tried for ever: the app never starts, no pod fails, so `backoffLimit` counts nothing and the Job stays active; a CronJob that forbids concurrent runs never runs again',
  fix: 'say how long the Job may take: `activeDeadline: Duration.minutes(30)` of the kplus.Job or CronJob, `activeDeadlineSeconds` in a manifest',
  source: 'https://kubernetes.io/docs/concepts/workloads/controllers/job/#job-termination-and-cleanup',
  notApplicable: 'to anything but Jobs and CronJobs, and to those whose native sidecars have no startup probe and do not listen for the app on localhost',
  bad: `
apiVersion: batch/v1
kind: Job
metadata: { name: report }
spec:
  template:
    spec:
      restartPolicy: Never
      initContainers:
        - name: proxy
          image: "shop/proxy:1.0"
          restartPolicy: Always
          startupProbe: { exec: { command: [nc, -z, 127.0.0.1, "5432"] } }
      containers:
        - { name: report, image: "shop/report:1.0" }
`,
  good: `
apiVersion: batch/v1
kind: Job
metadata: { name: report }
spec:
  activeDeadlineSeconds: 1800
  template:
    spec:
      restartPolicy: Never
      initContainers:
        - name: proxy
          image: "shop/proxy:1.0"
          restartPolicy: Always
          startupProbe: { exec: { command: [nc, -z, 127.0.0.1, "5432"] } }
      containers:
        - { name: report, image: "shop/report:1.0" }
`,
  seen: 'On Kubernetes 1.33.13 with a sidecar that never started the Job of the bad example was active with no failed pod, while the sidecar was restarted again and again. With a deadline of 20 seconds the Job had failed (DeadlineExceeded) after 24.',
  check(subject) {
    const job = jobOf(subject.template);
    const needed = job && neededSidecar(subject);
    if (job === undefined || needed === undefined) {
      return undefined;
    }
    // A pod with a deadline of its own fails when it is over, and then the Job counts it.
    return isDeadline(job.spec.activeDeadlineSeconds) || isDeadline(subject.template.spec.activeDeadlineSeconds)
      ? []
      : [{ field: `${job.path}.activeDeadlineSeconds`, fact: `"" is no deadline, and the app does not start without "${needed}"` }];
  },
};

/** The name of the first native sidecar that the app waits for, or that listens for it on localhost. */
function neededSidecar({ template, containers }: RuleSubject): string | undefined {
  const native = containers.filter(({ role }) => role === ContainerRole.NATIVE_SIDECAR);
  const local = native.length === 0 ? [] : listenersOf(template, containers).filter(({ address }) => isLoopback(address));
  return native.find(({ name, json }) => isObject(json.startupProbe) || local.some(({ container }) => container === name))?.name;
}

import { jobOf } from '../jobs/tasks';
import { quote } from '../quote';
import { ObjectRule, Pack, Severity } from '../rule';

/** Restart policies that the workload around the pod does not take. */
export const restartPolicy: ObjectRule = {
  id: 'restart-policy',
  severity: Severity.ERROR,
  pack: Pack.VALID,
  kinds: ['Job', 'CronJob', 'Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'ReplicationController'],
  looksAtMakeOnly: true,
  summary: 'The pod of a Job says `restartPolicy: Never` or `OnFailure`, and that of any other workload `Always` or nothing.',
  why: 'the API server rejects the workload: a Job whose containers start again whenever they have ended would never end, and the other workloads are there to run for ever',
  fix: 'write `restartPolicy: Never`, where each try gets a pod of its own, or `OnFailure` into the pod of a Job, and remove the field elsewhere',
  source: 'https://kubernetes.io/docs/concepts/workloads/controllers/job/#pod-template',
  notApplicable: 'to bare Pods, which take all three',
  bad: `
apiVersion: batch/v1
kind: Job
metadata: { name: report }
spec:
  template:
    spec: { containers: [{ name: report, image: "shop/report:1.0" }] }
`,
  good: `
apiVersion: batch/v1
kind: Job
metadata: { name: report }
spec:
  template:
    spec: { restartPolicy: Never, containers: [{ name: report, image: "shop/report:1.0" }] }
`,
  seen: 'The API server of Kubernetes 1.33.13 refused the bad example with `spec.template.spec.restartPolicy: Required value: valid values: "OnFailure", "Never"` and accepted the good one.',
  checkObject({ object, app }) {
    const template = app.templateOf(object);
    if (!template) {
      return undefined;
    }
    const policy = template.spec.restartPolicy ?? '';
    const ends = jobOf(template) !== undefined;
    const allowed = ends ? ['Never', 'OnFailure'] : ['', 'Always'];
    return allowed.includes(policy)
      ? []
      : [{ field: `${template.path}.restartPolicy`, fact: `${quote(policy)} is ${ends ? 'neither Never nor OnFailure, and a Job takes no other' : `not Always, and a ${object.kind} takes no other`}` }];
  },
};

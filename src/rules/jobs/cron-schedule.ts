import { problemOfSchedule } from './cron';
import { isObject } from '../../manifest/json';
import { quote } from '../quote';
import { ObjectRule, Pack, RuleFinding, Severity } from '../rule';

/** Schedules that Kubernetes cannot read, and dates that never come. */
export const cronSchedule: ObjectRule = {
  id: 'cron-schedule',
  severity: Severity.ERROR,
  pack: Pack.VALID,
  kinds: ['CronJob'],
  looksAtMakeOnly: true,
  summary: 'The schedule of a CronJob can be read, names a date that comes, and leaves the time zone to `timeZone`.',
  why: 'the API server rejects a schedule that its parser cannot read, and a time zone in it; a 30 February it accepts, and no Job is ever made',
  fix: 'write five fields (minute, hour, day of the month, month, day of the week from 0, Sunday, to 6), without seconds and without the `L`, `W` and `#` of other schedulers, and the time zone as `timeZone: Europe/Zurich`',
  source: 'https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#schedule-syntax',
  notApplicable: 'to CronJobs without a schedule; whether a time zone exists is not looked up',
  bad: `
apiVersion: batch/v1
kind: CronJob
metadata: { name: report }
spec:
  schedule: "0 3 * * 7"
  jobTemplate:
    spec:
      template:
        spec: { restartPolicy: Never, containers: [{ name: report, image: "shop/report:1.0" }] }
`,
  good: `
apiVersion: batch/v1
kind: CronJob
metadata: { name: report }
spec:
  schedule: "0 3 * * 0"
  jobTemplate:
    spec:
      template:
        spec: { restartPolicy: Never, containers: [{ name: report, image: "shop/report:1.0" }] }
`,
  seen: 'The API server of Kubernetes 1.33.13 refused the bad example with `spec.schedule: Invalid value: "0 3 * * 7": end of range (7) above maximum (6): 7` and accepted the good one. It accepted `* * 30 2 *` too, of which no Job was made, with the event `InvalidSchedule: … time difference between two schedules is less than 1 second`, while `* * * * *` ran within a minute.',
  checkObject({ object: { spec } }) {
    const { schedule, timeZone } = isObject(spec) ? spec : {} as { [field: string]: unknown };
    if (typeof schedule !== 'string') {
      return undefined;
    }
    const problem = problemOfSchedule(schedule);
    const found: RuleFinding[] = problem === undefined ? [] : [{ field: 'spec.schedule', fact: `${quote(schedule)} ${problem}` }];
    if (timeZone === '' || typeof timeZone === 'string' && timeZone.toLowerCase() === 'local') {
      found.push({ field: 'spec.timeZone', fact: `${quote(timeZone)} is no time zone` });
    }
    return found;
  },
};

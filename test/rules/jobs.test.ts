import * as fc from 'fast-check';
import { parse } from 'yaml';
import { facts, fields, judge, judgeAmong, pod, webPod, workload } from './judge';
import { classicHelperInJob } from '../../src/rules/jobs/classic-helper-in-job';
import { problemOfSchedule } from '../../src/rules/jobs/cron';
import { cronSchedule } from '../../src/rules/jobs/cron-schedule';
import { jobDeadline } from '../../src/rules/jobs/job-deadline';
import { verdictsOn, withApicheck } from '../support/apicheck';

describe('classic-helper-in-job', () => {
  const beside = (helper: string, more = '') => parse(`{ restartPolicy: Never, ${more} containers: [{ name: report, image: "shop/report:1.0" }, { name: helper, ${helper} }] }`);
  const job = (helper: string, more?: string) => workload('Job', 'report', beside(helper, more));

  test.each(['fluent/fluentd:v1.19.3-2.2', 'registry.example:5000/mirror/fluent-bit@sha256:0123456789012345678901234567890123', 'haproxy:3.2', 'nginxinc/nginx-unprivileged:1.30.4'])(
    'warns of %s beside the work', (image) => {
      expect(judge(classicHelperInJob, job(`image: "${image}"`))).toEqual([
        { field: 'spec.template.spec.containers[1].image', fact: `"${image}" runs for ever, in a regular container of a pod that is meant to end` },
      ]);
    });

  test.each([
    ['image: "busybox:1.37", command: [tail, -F, /logs/a.log]', 'command', 'tail -F /logs/a.log'],
    ['image: "busybox:1.37", args: [sleep, infinity]', 'args', 'sleep infinity'],
    ['image: "busybox:1.37", command: [sh, -c, "touch /logs/a; exec tail -n+1 -f /logs/a"]', 'command', 'sh -c touch /logs/a; exec tail -n+1 -f /logs/a'],
    ['image: "busybox:1.37", command: [sh, -c, "while true; do date; sleep 5; done"]', 'command', 'sh -c while true; do date; sleep 5; done'],
    ['image: "gcr.io/cloud-sql-connectors/cloud-sql-proxy:2.14.1", args: [--port=5432]', 'image', 'gcr.io/cloud-sql-connectors/cloud-sql-proxy:2.14.1'],
    ['image: "fluent/fluent-bit:4.0", command: [/fluent-bit/bin/fluent-bit, -c, /fluent-bit/etc/healthcheck.conf]', 'image', 'fluent/fluent-bit:4.0'],
    ['image: "registry.k8s.io/git-sync/git-sync:v4.4.0"', 'image', 'registry.k8s.io/git-sync/git-sync:v4.4.0'],
  ])('warns of a container with %s', (helper, field, shown) => {
    expect(judge(classicHelperInJob, job(helper))).toEqual([
      { field: `spec.template.spec.containers[1].${field}`, fact: `"${shown}" runs for ever, in a regular container of a pod that is meant to end` },
    ]);
  });

  test('looks at CronJobs, and at Pods that are not always started again', () => {
    expect(fields(classicHelperInJob, workload('CronJob', 'report', beside('image: "nginx:1"')))).toEqual(['spec.jobTemplate.spec.template.spec.containers[1].image']);
    expect(fields(classicHelperInJob, { ...pod('{}'), spec: beside('image: "nginx:1"') })).toEqual(['spec.containers[1].image']);
  });

  test.each([
    ['an image that it does not know', 'image: "shop/nginx-exporter:1"', ''],
    ['a proxy that the app may end over the network', 'image: "gcr.io/cloud-sql-connectors/cloud-sql-proxy:2.14.1", args: [--quitquitquit]', ''],
    ['a proxy whose environment lets the app end it', 'image: "cloud-sql-proxy:2.14.1", env: [{ name: CSQL_PROXY_QUITQUITQUIT, value: "true" }]', ''],
    ['one pull of a repository', 'image: "git-sync:v4", args: [--one-time]', ''],
    ['a loop that ends', 'image: "a:1", command: [sh, -c, "while true; do test -e /done && exit 0; sleep 1; done"]', ''],
    ['a program that is followed as long as another runs', 'image: "a:1", command: [sh, -c, "tail -f --pid=7 /logs/a"]', ''],
    ['a command of its own', 'image: "nginx:1", command: [sh, -c, "nginx & wait-for-report; nginx -s quit"]', ''],
    ['arguments with which it ends', 'image: "elastic/filebeat:8.1.0", args: ["--once"]', ''],
    ['a shared process namespace', 'image: "nginx:1"', 'shareProcessNamespace: true,'],
  ])('says nothing of %s', (_, helper, more) => {
    expect(fields(classicHelperInJob, job(helper, more))).toEqual([]);
  });

  test('says nothing of the only container, nor of a native sidecar', () => {
    expect(fields(classicHelperInJob, workload('Job', 'report', parse('{ containers: [{ name: a, image: "nginx:1" }] }')))).toEqual([]);
    const spec = parse('{ initContainers: [{ name: logs, image: "fluentd:1", restartPolicy: Always }], containers: [{ name: a, image: "a:1" }, { name: b, image: "b:1" }] }');
    expect(fields(classicHelperInJob, workload('Job', 'report', spec))).toEqual([]);
  });

  test('does not apply to pods that are started again', () => {
    const spec = parse('{ containers: [{ name: a, image: "a:1" }, { name: b, image: "nginx:1" }] }');
    expect(fields(classicHelperInJob, workload('Deployment', 'web', spec))).toBeUndefined();
    expect(fields(classicHelperInJob, { ...webPod('{}'), spec })).toBeUndefined();
  });
});

describe('job-deadline', () => {
  const withSidecar = (sidecar: string, more = '') => parse(`{ restartPolicy: Never, ${more} initContainers: [{ name: proxy, image: "proxy:1", ${sidecar} }], containers: [{ name: report, image: "a:1" }] }`);
  const GATED = 'restartPolicy: Always, startupProbe: { tcpSocket: { port: 1 } }';
  const listening = (object: any) => {
    object.spec.template.metadata.annotations = { 'pod-patterns/listeners': 'proxy=127.0.0.1:15432,other=*:80' };
    return object;
  };

  test('demands one where a native sidecar has a startup probe', () => {
    expect(judge(jobDeadline, workload('Job', 'report', withSidecar(GATED)))).toEqual([
      { field: 'spec.activeDeadlineSeconds', fact: '"" is no deadline, and the app does not start without "proxy"' },
    ]);
    expect(fields(jobDeadline, workload('CronJob', 'report', withSidecar(GATED)))).toEqual(['spec.jobTemplate.spec.activeDeadlineSeconds']);
  });

  test('demands one where a native sidecar listens for the app on localhost', () => {
    expect(facts(jobDeadline, listening(workload('Job', 'report', withSidecar('restartPolicy: Always'))))).toHaveLength(1);
  });

  test.each([[0], [null], [-5], ['60']])('takes %j for none', (seconds) => {
    const object = workload('Job', 'report', withSidecar(GATED));
    object.spec.activeDeadlineSeconds = seconds;
    expect(fields(jobDeadline, object)).toHaveLength(1);
  });

  test('accepts that of the Job, and that of its pod', () => {
    const object = workload('CronJob', 'report', withSidecar(GATED));
    object.spec.jobTemplate.spec.activeDeadlineSeconds = 60;
    expect(fields(jobDeadline, object)).toEqual([]);
    expect(fields(jobDeadline, workload('Job', 'report', withSidecar(GATED, 'activeDeadlineSeconds: 60,')))).toEqual([]);
  });

  test.each([
    ['a log agent, which the app does not need', workload('Job', 'report', withSidecar('restartPolicy: Always'))],
    ['a plain init container, whose failures count', workload('Job', 'report', withSidecar('startupProbe: { tcpSocket: { port: 1 } }'))],
    ['a listener that no native sidecar has', listening(workload('Job', 'report', withSidecar('ports: []')))],
    ['a Deployment', workload('Deployment', 'web', withSidecar(GATED))],
    ['a Pod', { ...pod('{}'), spec: withSidecar(GATED) }],
  ])('does not apply to %s', (_, object) => {
    expect(fields(jobDeadline, object)).toBeUndefined();
  });
});

describe('cron-schedule', () => {
  const cronJob = (spec: object) => ({ apiVersion: 'batch/v1', ...workload('CronJob', 'report'), spec: { ...workload('CronJob', 'report').spec, ...spec } });

  test.each([
    ['0 3 * * 7', 'has "7" for the day of the week, which is from 0 to 6; did you mean 0?'],
    ['0 24 * * *', 'has "24" for the hour, which is from 0 to 23'],
    ['0 0 0 * * *', 'has 6 fields and needs 5: minute, hour, day of the month, month, day of the week'],
    ['', 'has 0 fields and needs 5: minute, hour, day of the month, month, day of the week'],
    ['0 0 L * *', 'has "L" for the day of the month, which is no number'],
    ['0 0 * * mon-fir', 'has "fir" for the day of the week, which is no number and none of sun, mon, tue, wed, thu, fri, sat'],
    ['0 0 * * fri-mon', 'has "fri-mon" for the day of the week, which ends before it starts'],
    ['*/0 * * * *', 'has "*/0" for the minute, with a step of 0'],
    ['1-2-3 * * * *', 'has "1-2-3" for the minute, with too many "-"'],
    ['TZ=UTC 0 3 * * *', 'names a time zone, and a schedule has none'],
    ['@dayly', 'is none of "@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly", "@every 1h30m"'],
    ['@Daily', 'is none of "@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly", "@every 1h30m"; did you mean "@daily"?'],
    ['0 0 30 2 *', 'never comes: no month that it names has such a day'],
    ['0 0 31 feb,apr,jun,sep,nov *', 'never comes: no month that it names has such a day'],
  ])('refuses "%s"', (schedule, fact) => {
    expect(judgeAmong(cronSchedule, cronJob({ schedule }), [])).toEqual([{ field: 'spec.schedule', fact: `"${schedule}" ${fact}` }]);
  });

  test.each(['*/5 * * * *', '0 3 * * SUN', '0 0 29 2 *', '0 0 31 2 1', '5,10-20/2 0-6 ? JAN-dec *', '0/15 * * * *', '@every 1h30m', '@hourly', ' 0  3 * * * '])(
    'accepts "%s"', (schedule) => {
      expect(judgeAmong(cronSchedule, cronJob({ schedule, timeZone: 'Europe/Zurich' }), [])).toEqual([]);
    });

  test.each(['', 'Local'])('refuses the time zone "%s"', (timeZone) => {
    expect(judgeAmong(cronSchedule, cronJob({ schedule: '@daily', timeZone }), [])).toEqual([{ field: 'spec.timeZone', fact: `"${timeZone}" is no time zone` }]);
  });

  test('leaves a schedule that is no text to value-types', () => {
    expect(judgeAmong(cronSchedule, cronJob({ schedule: 5 }), [])).toBeUndefined();
    expect(judgeAmong(cronSchedule, { apiVersion: 'batch/v1', kind: 'CronJob' }, [])).toBeUndefined();
  });

  const number = fc.integer({ min: 0, max: 62 }).map(String);
  const bound = fc.oneof({ weight: 6, arbitrary: number }, { weight: 2, arbitrary: fc.constantFrom('*', '?', 'jan', 'SUN', 'sat', 'L', '', '+3', '-1', '05') });
  const range = fc.oneof(bound, fc.tuple(bound, bound).map((ends) => ends.join('-')));
  const part = fc.oneof({ weight: 3, arbitrary: range }, { weight: 1, arbitrary: fc.tuple(range, bound).map((both) => both.join('/')) });
  const cronField = fc.oneof(fc.constant('*'), part, fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => parts.join(',')));
  const schedules = fc.oneof(
    { weight: 8, arbitrary: fc.array(cronField, { minLength: 5, maxLength: 5 }).map((parts) => parts.join(' ')) },
    { weight: 1, arbitrary: fc.array(cronField, { minLength: 4, maxLength: 6 }).map((parts) => parts.join(' ')) },
    { weight: 1, arbitrary: fc.constantFrom('@every 1h', '@every 1.5h3s', '@every 0', '@every', '@every h', '@every -5m', '@weekly', '@week', 'CRON_TZ=UTC @daily', '\t0 0 1 1 *') },
  );
  withApicheck('agrees with the API server on any schedule, except that one which never comes is no schedule', () => {
    const many = fc.sample(schedules, 5000);
    const verdicts = verdictsOn(many.map((schedule) => cronJob({ schedule })));
    const judged = many.map((schedule, index) => ({ schedule, isRefused: verdicts[index].includes('- spec.schedule: '), problem: problemOfSchedule(schedule) }));
    expect(judged.filter(({ isRefused }) => !isRefused).length).toBeGreaterThan(200);
    expect(judged.filter(({ isRefused, problem }) => isRefused !== (problem !== undefined && !problem.startsWith('never comes')))).toEqual([]);
  });

  test('says that a schedule never comes when no day of eight years is one of its days, and only then', () => {
    const small = fc.constantFrom('*', '28', '29', '30', '31', '30,31', '*/2', ',');
    const month = fc.constantFrom('*', '2', '4', '2,4', '1-2', 'feb', '*/2', ',');
    const weekday = fc.constantFrom('*', '1', 'mon-fri', ',', '?');
    const firstDay = Date.UTC(2024, 0, 1);
    const numbers = (text: string, least: number, most: number) => new Set(Array.from({ length: most - least + 1 }, (_, index) => least + index)
      .filter((value) => text.split(',').some((one) => one === '*' || one === '?' || one === '*/2' && (value - least) % 2 === 0 || one === String(value)
        || one === 'feb' && value === 2 || one === '1-2' && value <= 2 || one === 'mon-fri' && value >= 1 && value <= 5)));
    fc.assert(fc.property(small, month, weekday, (day, ofMonth, ofWeek) => {
      const [days, months, weekdays] = [numbers(day, 1, 31), numbers(ofMonth, 1, 12), numbers(ofWeek, 0, 6)];
      const isStar = [day, ofWeek].some((text) => text === '*' || text === '?');
      const comes = Array.from({ length: 8 * 366 }, (_, index) => new Date(firstDay + index * 86_400_000)).some((date) => {
        const [isDay, isWeekday] = [days.has(date.getUTCDate()), weekdays.has(date.getUTCDay())];
        return months.has(date.getUTCMonth() + 1) && (isStar ? isDay && isWeekday : isDay || isWeekday);
      });
      expect(problemOfSchedule(`0 0 ${day} ${ofMonth} ${ofWeek}`) === undefined).toBe(comes);
    }), { numRuns: 400 });
  });
});

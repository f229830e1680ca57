import { parse } from 'yaml';
import { facts, fields, judge, pod, webPod, workload } from './judge';
import { classicHelperInJob } from '../../src/rules/jobs/classic-helper-in-job';
import { jobDeadline } from '../../src/rules/jobs/job-deadline';

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

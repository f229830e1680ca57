// Jobs and CronJobs with helpers end, and the helpers have read the last line; a Job whose proxy never starts fails at its deadline.
import { check, part, report, seconds } from '../lib/check.mjs';
import { create, get, kubectl, secondsSince, until } from '../lib/kubectl.mjs';
import { app } from '../lib/manifests.mjs';

const LINES = 1000;

const condition = ({ status }, type) => (status?.conditions ?? []).find((candidate) => candidate.type === type && candidate.status === 'True');

/** Waits until a Job has a condition; resolves to the Job. */
async function ended(namespace, name, type, timeoutSeconds) {
  let job;
  await until(`${type} of job ${name}`, async () => {
    job = await get(namespace, 'job', name);
    return condition(job, type);
  }, timeoutSeconds);
  return job;
}

/** The only pod of a Job, after its end. */
async function podOfJob(namespace, job) {
  return (await get(namespace, 'pods', '-l', `batch.kubernetes.io/job-name=${job}`)).items[0];
}

async function hasAllLines(namespace, pod, container) {
  const log = await kubectl(['-n', namespace, 'logs', pod, '-c', container]);
  const lines = new Set(log.match(/line-\d{4}/g) ?? []);
  report(lines.size === LINES && lines.has(`line-${LINES * 2 - 1}`), `${pod.replace(/-[^-]*$/, '')}: ${container} has every line, the last one too`, `${lines.size} of ${LINES}`);
}

async function completes(namespace, name, readers, timeoutSeconds) {
  const { status } = await ended(namespace, name, 'Complete', timeoutSeconds);
  const { metadata, status: pod } = await podOfJob(namespace, name);
  const helpers = pod.initContainerStatuses.map(({ name: helper, state }) => `${helper} ${state.terminated ? `exit ${state.terminated.exitCode}` : 'still there'}`);
  const took = (Date.parse(status.completionTime) - Date.parse(status.startTime)) / 1000;
  report(pod.phase === 'Succeeded' && status.succeeded === 1, `${name}: the Job completes, its helpers ended by the kubelet`, `after ${seconds(took)}; ${helpers.join(', ')}`);
  for (const reader of readers) {
    await hasAllLines(namespace, metadata.name, reader);
  }
}

async function cronJob(namespace) {
  let first;
  await until('a run of the CronJob', async () => {
    first = (await get(namespace, 'jobs')).items.find(({ metadata }) => metadata.ownerReferences?.[0].kind === 'CronJob');
    return first;
  }, 90);
  await completes(namespace, first.metadata.name, ['log-stream'], 60);
  await kubectl(['-n', namespace, 'delete', 'cronjob', 'every-minute']);
}

async function stuck(namespace, begin) {
  const job = await ended(namespace, 'stuck', 'Failed', 60);
  const { reason } = condition(job, 'Failed');
  report(reason === 'DeadlineExceeded', 'a Job whose proxy cannot be pulled fails at its deadline', `${reason} after ${seconds(secondsSince(begin))}; failed pods: ${job.status.failed ?? 0}`);
}

await check('tasks', async (namespace) => {
  const begin = Date.now();
  await create(namespace, await app('tasks', namespace));
  await part('a Job with helpers completes', () => completes(namespace, 'report', ['log-stream', 'fluentd'], 90));
  await part('a Job whose proxy never starts fails', () => stuck(namespace, begin));
  await part('the Job of a CronJob completes', () => cronJob(namespace));
});

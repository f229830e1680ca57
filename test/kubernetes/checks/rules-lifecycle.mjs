// What the node does with manifests that break the rules for start, end, probes and Jobs, and with their mended versions.
import { get, sleep } from '../lib/kubectl.mjs';
import { expect, rules } from '../lib/rules.mjs';

const terminatedAfter = ({ startedAt, finishedAt }) => (Date.parse(finishedAt) - Date.parse(startedAt)) / 1000;

/** A native sidecar that never counts as started, so that the app after it never starts; and one that does. */
async function appNeverStarts(node, sidecar, bad, good) {
  await node.ready(good);
  const { exitCode } = await node.restarted(bad, sidecar);
  await node.until(`${bad}: second restart`, () => node.container(bad, sidecar).restartCount > 1);
  expect(!node.container(bad).state?.running && node.container(bad).restartCount === 0, 'the app of the bad one has started');
  const event = node.event(bad, 'Startup probe failed') ?? node.event(bad, 'BackOff');
  return [
    `the app waits (${node.container(bad).state.waiting.reason}) while "${sidecar}" is restarted (${node.container(bad, sidecar).restartCount} times, status ${exitCode}); ${event}`,
    'the app runs',
  ];
}

async function job(node, name) {
  const { status } = await get(node.namespace, 'job', name);
  const finished = status.conditions?.find(({ type, status: is }) => ['Complete', 'Failed'].includes(type) && is === 'True');
  return { ...status, finished, seconds: finished && (Date.parse(finished.lastTransitionTime) - Date.parse(status.startTime)) / 1000 };
}

async function endOfBoth(node, bad, good, name) {
  await Promise.all([bad, good].map((pod) => node.until(`${pod}: running`, () => node.container(pod).state?.running)));
  await sleep(3000);
  return Promise.all([bad, good].map((pod) => node.end(pod, name)));
}

const ended = ({ exitCode, seconds }) => `ended with status ${exitCode}, ${seconds} s after the deletion`;

await rules('rules-lifecycle', {
  'start-order-deadlock': (node, bad, good) => appNeverStarts(node, 'proxy', bad, good),
  'start-waits-for-upstream': (node, bad, good) => appNeverStarts(node, 'proxy', bad, good),
  'init-needs-later-container': (node, bad, good) => appNeverStarts(node, 'migrate', bad, good),
  'probe-of-log-agent': async (node, bad, good) => {
    const [ofBad] = await appNeverStarts(node, 'logs', bad, good).catch((error) => [String(error)]);
    expect(!ofBad.startsWith('Error'), ofBad);
    return [ofBad, 'the app runs'];
  },
  'classic-helper-in-job': async (node, bad, good) => {
    const { finished, seconds } = await node.until('the good Job', async () => {
      const state = await job(node, good);
      return state.finished && state;
    });
    await node.until('the end of the report', () => node.container(bad, 'report').state?.terminated);
    await sleep(30_000);
    const { active, finished: ofBad } = await job(node, bad);
    expect(active === 1 && !ofBad && finished.type === 'Complete', JSON.stringify([active, ofBad, finished]));
    return ['half a minute after the end of its work still active', `${finished.type} after ${seconds} s`];
  },
  'job-deadline': async (node, bad, good) => {
    const { finished, seconds } = await node.until('the good Job', async () => {
      const state = await job(node, good);
      return state.finished && state;
    });
    await node.until('two restarts', () => node.container(bad, 'proxy').restartCount > 1);
    const { active, failed = 0, finished: ofBad } = await job(node, bad);
    expect(active === 1 && !ofBad && finished.reason === 'DeadlineExceeded', JSON.stringify([active, ofBad, finished]));
    return [
      `after ${node.container(bad, 'proxy').restartCount} restarts of the sidecar still active, ${failed} failed pods`,
      `${finished.type} (${finished.reason}) after ${seconds} s`,
    ];
  },
  'pre-stop-within-grace-period': async (node, bad, good) => {
    const [ofBad, ofGood] = await endOfBoth(node, bad, good);
    expect(ofBad.exitCode === 137 && ofGood.exitCode === 0, JSON.stringify([ofBad, ofGood]));
    return [ofBad, ofGood].map((end) => `${end.message}, ${ended(end)}`);
  },
  'pre-stop-ends-sidecar': async (node, bad, good) => {
    await Promise.all([node.ready(bad), node.ready(good)]);
    await sleep(2000);
    const said = (await Promise.all([node.end(bad), node.end(good)])).map(({ message = '' }) => message);
    const failed = said.map((text) => Number(/(\d+) failed/.exec(text)[1]));
    expect(failed[0] > 0 && failed[1] === 0, said.join('; '));
    return said.map((text) => `requests of the app after TERM: ${text}`);
  },
  'cron-schedule': async (node, bad, good) => {
    const { lastScheduleTime } = await node.until(`${good}: a run`, async () => {
      const { status } = await get(node.namespace, 'cronjob', good);
      return status.lastScheduleTime && status;
    });
    const { status } = await get(node.namespace, 'cronjob', bad);
    expect(!status.lastScheduleTime && node.pods(bad).length === 0, `a run at ${status.lastScheduleTime}`);
    return [`accepted; no run while the other had one; ${node.event(bad, '') ?? 'no event says why'}`, `first run ${lastScheduleTime}`];
  },
  'command-without-program': async (node, bad, good) => {
    const [ofBad, ofGood] = await endOfBoth(node, bad, good);
    expect(ofBad.exitCode === 0 && ofBad.seconds < 3 && ofGood.exitCode === 0 && ofGood.seconds >= 4, JSON.stringify([ofBad, ofGood]));
    return [`${await node.eventOf(bad, 'PreStop')}; ${ended(ofBad)}`, ended(ofGood)];
  },
  'shell-as-first-process': async (node, bad, good) => {
    const [ofBad, ofGood] = await endOfBoth(node, bad, good);
    expect(ofBad.exitCode === 137 && ofBad.seconds >= 10 && ofGood.exitCode === 0 && ofGood.seconds <= 4, JSON.stringify([ofBad, ofGood]));
    return [ended(ofBad), ended(ofGood)];
  },
  'liveness-grace-period': async (node, bad, good) => {
    const [ofBad, ofGood] = await Promise.all([bad, good].map((pod) => node.restarted(pod)));
    expect(terminatedAfter(ofBad) >= 70 && terminatedAfter(ofGood) < 25, JSON.stringify([ofBad, ofGood]));
    return [ofBad, ofGood].map((end) => `ended with status ${end.exitCode} ${terminatedAfter(end)} s after its start`);
  },
  'tcp-lifecycle-handler': async (node, bad, good) => {
    await node.ready(good);
    await node.until(`${bad}: two restarts`, () => node.container(bad).restartCount > 1);
    return [`${await node.eventOf(bad, 'PostStart')}; restarted ${node.container(bad).restartCount} times`, 'runs, no restart'];
  },
  'killed-while-starting': async (node, bad, good) => {
    await node.ready(good);
    const { exitCode, ...end } = await node.restarted(bad);
    await node.until(`${bad}: second restart`, () => node.container(bad).restartCount > 1);
    expect(node.container(good).restartCount === 0, 'a restart of the good one');
    return [`killed ${terminatedAfter(end)} s after its start (status ${exitCode}), restarted ${node.container(bad).restartCount} times; ${node.event(bad, 'Killing')}`, 'ready, no restart'];
  },
  'restart-before-unready': async (node, bad, good) => {
    await Promise.all([node.ready(bad), node.ready(good)]);
    await node.until(`${good}: not ready`, () => !node.isReady(good));
    await node.ready(good);
    expect(node.container(bad).restartCount > 0 && node.container(good).restartCount === 0, 'not as the rule says');
    return [`restarted ${node.container(bad).restartCount} times; ${node.event(bad, 'Killing')}`, 'not ready, then ready again, no restart'];
  },
  'timeout-within-period': async (node, bad, good) => {
    const [ofBad, ofGood] = await Promise.all([bad, good].map((pod) => node.restarted(pod)));
    expect(terminatedAfter(ofBad) > 2 * terminatedAfter(ofGood), JSON.stringify([ofBad, ofGood]));
    return [ofBad, ofGood].map((end) => `killed ${terminatedAfter(end)} s after its start`);
  },
});

// What evictions, updates and Services do where manifests break the rules for availability, and where these are mended.
import { get, kubectl, sleep } from '../lib/kubectl.mjs';
import { expect, rules } from '../lib/rules.mjs';

/** Waits until the controller has counted the pods of a budget; resolves to the status of the budget. */
function counted(node, name, good = () => true) {
  return node.until(`${name}: a status`, async () => {
    const { metadata, status = {} } = await get(node.namespace, 'poddisruptionbudget', name);
    return status.observedGeneration === metadata.generation && good(status) && status;
  });
}

/** An eviction that is refused, and one that is not. */
async function evictions(node, bad, good, refusal) {
  await counted(node, good, ({ expectedPods }) => expectedPods === 2);
  const [ofBad, ofGood] = [await node.evict(bad), await node.evict(good)];
  expect(ofBad.includes(refusal) && ofGood === 'evicted', `${ofBad}; ${ofGood}`);
  return [ofBad, ofGood];
}

const bothReady = (node, bad, good) => Promise.all([bad, good].map((prefix) =>
  node.until(`${prefix}: two ready pods`, () => node.pods(prefix).filter(({ metadata }) => node.isReady(metadata.name)).length === 2)));

const readyPods = (node, prefix) => node.pods(prefix).filter(({ metadata }) => node.isReady(metadata.name)).length;

/** Starts an update of a Deployment. */
function update(node, deployment, change) {
  const patch = { spec: { template: { spec: { containers: [{ name: 'web', ...change }] } } } };
  return kubectl(['-n', node.namespace, 'patch', 'deployment', deployment, '-p', JSON.stringify(patch)]);
}

await rules('rules-availability', {
  'budget-blocks-drains': async (node, bad, good) => {
    await bothReady(node, bad, good);
    await counted(node, bad, ({ currentHealthy }) => currentHealthy === 2);
    await counted(node, good, ({ disruptionsAllowed }) => disruptionsAllowed === 1);
    return evictions(node, bad, good, 'disruption budget');
  },
  'one-budget-for-a-pod': async (node, bad, good) => {
    await bothReady(node, bad, good);
    await counted(node, good, ({ disruptionsAllowed }) => disruptionsAllowed === 1);
    return evictions(node, bad, good, 'more than one');
  },
  'budget-needs-scale': async (node, bad, good) => {
    await node.ready(bad);
    await counted(node, good, ({ disruptionsAllowed }) => disruptionsAllowed === 1);
    const { conditions } = await counted(node, bad, (status) => status.conditions?.some(({ reason }) => reason === 'SyncFailed'));
    const [ofBad, ofGood] = await evictions(node, bad, good, 'disruption budget');
    return [`${conditions[0].reason}: ${conditions[0].message}; ${ofBad}`, ofGood];
  },
  'unhealthy-pods-evictable': async (node, bad, good) => {
    await Promise.all([bad, good].map((prefix) => node.until(`${prefix}: crashes`, () => node.pods(prefix).some(({ status }) =>
      status.phase === 'Running' && status.containerStatuses[0].restartCount > 1))));
    await counted(node, bad, ({ expectedPods }) => expectedPods === 2);
    return evictions(node, bad, good, 'disruption budget');
  },
  'update-takes-all-pods': async (node, bad, good) => {
    await bothReady(node, bad, good);
    await Promise.all([bad, good].map((deployment) => update(node, deployment, { command: ['false'] })));
    await sleep(30_000);
    const [ofBad, ofGood] = [readyPods(node, bad), readyPods(node, good)];
    expect(ofBad === 0 && ofGood === 2, `${ofBad}; ${ofGood}`);
    return [ofBad, ofGood].map((count) => `${count} of 2 pods are ready half a minute after an update to a program that fails`);
  },
  'update-without-room': async (node, bad, good) => {
    await Promise.all([bad, good].map((prefix) => node.until(`${prefix}: ready`, () => readyPods(node, prefix) === 1)));
    await Promise.all([bad, good].map((deployment) => update(node, deployment, { env: [{ name: 'VERSION', value: '2' }] })));
    await kubectl(['-n', node.namespace, 'rollout', 'status', `deployment/${good}`, '--timeout=60s']);
    const event = await node.eventOf(bad, 'FailedScheduling');
    expect(node.pods(bad).some(({ status }) => status.phase === 'Pending'), 'no pod of the bad one is pending');
    return [event, 'rolled out'];
  },
  'service-selects-nothing': async (node, bad, good) => {
    await node.until('an answer', async () => await node.connect(good, 80) === 'connected');
    const answer = await node.connect(bad, 80);
    expect(answer !== 'connected', answer);
    return [answer, 'connected'];
  },
  'readiness-probe': async (node, bad, good) => {
    await node.ready(bad);
    expect(!node.isReady(good), 'the good one is ready at once');
    await sleep(2000);
    const answer = await node.connect(bad, 80);
    await node.ready(good);
    await sleep(2000);
    const later = await node.connect(good, 80);
    expect(answer.includes('refused') && later === 'connected', `${answer}; ${later}`);
    return [`ready at once, through its Service: ${answer}`, `ready when it listens, through its Service: ${later}`];
  },
  'liveness-probe': async (node, bad, good) => {
    await node.restarted(good);
    await sleep(30_000);
    expect(node.container(bad).restartCount === 0 && !node.isReady(bad), 'the bad one is ready or was restarted');
    return ['not ready half a minute later, no restart', `restarted; ${node.event(good, 'Killing')}`];
  },
  'bare-pod': async (node, bad, good) => {
    await node.ready(bad);
    await node.until(`${good}: ready`, () => readyPods(node, good) === 2);
    const evicted = [await node.evict(bad), await node.evict(good)];
    await sleep(10_000);
    expect(evicted.every((answer) => answer === 'evicted') && node.pods(bad).length === 0 && readyPods(node, good) === 2, evicted.join());
    return [`${node.pods(bad).length} pods ten seconds after the eviction`, `${readyPods(node, good)} pods ten seconds after the eviction of one`];
  },
});

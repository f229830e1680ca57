// What the Eviction API answers for pods under budgets that break the rules for availability, and for their mended versions.
import { get } from '../lib/kubectl.mjs';
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
});

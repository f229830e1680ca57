// What evictions, updates and Services do where manifests break the rules for availability, and where these are mended.
import { get, kubectl, sleep } from '../lib/kubectl.mjs';
import { pair } from '../lib/manifests.mjs';
import { expect, rules } from '../lib/rules.mjs';
import { withNodes } from '../lib/scheduler.mjs';

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

/** Evicts a pod; resolves to the fewest pods that are ready until all are so again, and to how long fewer were. */
async function duringEviction(node, prefix, pods) {
  const begin = Date.now();
  const answer = await node.evict(prefix);
  let fewest = pods;
  let lastMissing = begin;
  await node.until(`${prefix}: ready again`, () => {
    const ready = readyPods(node, prefix);
    fewest = Math.min(fewest, ready);
    lastMissing = ready < pods ? Date.now() : lastMissing;
    return fewest < pods && ready === pods;
  }, 60);
  return { answer, fewest, seconds: Math.round((lastMissing - begin) / 1000) };
}

const replicasOf = async (node, deployment) => (await get(node.namespace, 'deployment', deployment)).spec.replicas;

/** Applies an object; resolves to the error, if there is one. */
async function applied(node, object, ...how) {
  try {
    await kubectl(['-n', node.namespace, 'apply', ...how, '-f', '-'], { input: JSON.stringify(object) });
    return undefined;
  } catch (error) {
    return /Apply failed .*/.exec(error.message)?.[0] ?? error.message;
  }
}

/** How many pods lie on each node that has some. */
function placed(node, prefix) {
  const names = node.pods(prefix).map(({ spec }) => spec.nodeName).filter(Boolean);
  return [...new Set(names)].map((name) => names.filter((other) => other === name).length);
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
    return [await node.refused(bad), 'connected'];
  },
  'missing-governing-service': async (node, bad, good) => {
    await Promise.all([node.ready(bad), node.ready(good)]);
    const ofGood = await node.until('a name in the DNS', async () => (await node.connect(`${good}-0.missing-governing-service`, 8080)) === 'connected');
    const ofBad = await node.connect(`${bad}-0.${bad}`, 8080);
    expect(ofGood && /not known|resolution/.test(ofBad), ofBad);
    return [ofBad, 'connected by the name of the pod'];
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
  'several-replicas': async (node, bad, good) => {
    await Promise.all([node.until(`${bad}: ready`, () => readyPods(node, bad) === 1), bothReady(node, good, good)]);
    await counted(node, good, ({ disruptionsAllowed }) => disruptionsAllowed === 1);
    const [ofBad, ofGood] = await Promise.all([duringEviction(node, bad, 1), duringEviction(node, good, 2)]);
    expect(ofBad.fewest === 0 && ofGood.fewest === 1, JSON.stringify([ofBad, ofGood]));
    return [`${ofBad.answer}; no pod is ready for ${ofBad.seconds} s`, `${ofGood.answer}; one pod is ready all the time`];
  },
  'replicas-beside-autoscaler': async (node, bad, good) => {
    const scaled = (name) => node.until(`${name}: scaled`, async () => await replicasOf(node, name) === 3);
    await Promise.all([scaled(bad), scaled(good)]);
    const [ofBad, ofGood] = (await pair('replicas-beside-autoscaler')).filter(({ kind }) => kind === 'Deployment');
    const [conflict, none] = [await applied(node, ofBad, '--server-side'), await applied(node, ofGood, '--server-side')];
    await Promise.all([applied(node, ofBad), applied(node, ofGood)]);
    const begin = Date.now();
    const left = [await replicasOf(node, bad), await replicasOf(node, good)];
    await scaled(bad);
    const seconds = Math.round((Date.now() - begin) / 1000);
    delete ofBad.spec.replicas;
    await applied(node, ofBad);
    const removed = await replicasOf(node, bad);
    expect(left.join() === '1,3' && removed === 1 && conflict && !none, [...left, removed, conflict, none].join('; '));
    return [
      `of 3 replicas an apply leaves ${left[0]}, until the autoscaler sets 3 again after ${seconds} s; after that, one without the field sets ${removed}; server-side: ${conflict}`,
      `of 3 replicas an apply leaves ${left[1]}, also server-side`,
    ];
  },
  'autoscaler-scales-nothing': async (node, bad, good) => {
    await node.until(`${good}: scaled`, () => readyPods(node, good) === 2);
    const event = await node.eventOf(bad, 'FailedGetScale');
    expect(await replicasOf(node, bad) === 1, 'the bad one is scaled');
    return [`1 pod, ${event}`, '2 pods, as minReplicas says'];
  },
  'budget-selects-nothing': async (node, bad, good) => {
    await bothReady(node, bad, good);
    await counted(node, good, ({ disruptionsAllowed }) => disruptionsAllowed === 1);
    const { expectedPods } = await counted(node, bad);
    const answers = await Promise.all([bad, good].map((prefix) =>
      Promise.all(node.pods(prefix).map(({ metadata }) => node.evict(metadata.name)))));
    const [ofBad, ofGood] = answers.map((each) => each.filter((answer) => answer === 'evicted').length);
    expect(expectedPods === 0 && ofBad === 2 && ofGood === 1, JSON.stringify([expectedPods, answers]));
    return [`expectedPods ${expectedPods}; both pods are evicted at the same time`, `one is evicted; the other: ${answers[1].find((answer) => answer !== 'evicted')}`];
  },
  'overlapping-selectors': async (node, bad, good) => {
    await Promise.all([bad, good].map((prefix) => node.until(`${prefix}: four ready pods`, () => readyPods(node, prefix) === 4)));
    const selected = await Promise.all([bad, good].map(async (name) => {
      const { status } = JSON.parse(await kubectl(['get', '--raw', `/apis/apps/v1/namespaces/${node.namespace}/deployments/${name}/scale`]));
      return (await get(node.namespace, 'pods', '-l', status.selector)).items.length;
    }));
    await Promise.all([bad, good].map((name) => kubectl(['-n', node.namespace, 'delete', 'deployment', `${name}-worker`, '--cascade=orphan'])));
    await sleep(10_000);
    const [ofBad, ofGood] = [readyPods(node, `${bad}-worker`), readyPods(node, `${good}-worker`)];
    expect(selected.join() === '4,2' && ofBad === 0 && ofGood === 2, JSON.stringify([selected, ofBad, ofGood]));
    return [[ofBad, 0], [ofGood, 1]].map(([left, index]) =>
      `an autoscaler of the first counts ${selected[index]} pods; of the second, deleted with --cascade=orphan, ${left} of 2 pods are left`);
  },
  'spread-counts-own-pods': (node, bad, good) => withNodes(node.namespace, 'spread-counts-own-pods', {
    large: { cpu: '64', memory: '256Gi' }, small: { cpu: '8', memory: '32Gi' },
  }, async () => {
    // Some were placed before the scheduler knew both nodes: all are made again when these are gone.
    const scale = (replicas) => kubectl(['-n', node.namespace, 'scale', 'deployments', bad, good, `--replicas=${replicas}`]);
    await scale(0);
    await node.until('no pods', () => [bad, good].every((prefix) => node.pods(prefix).length === 0));
    await sleep(3000);
    await scale(4);
    await Promise.all([bad, good].map((prefix) => node.until(`${prefix}: placed`, () => placed(node, prefix).reduce((sum, count) => sum + count, 0) === 4)));
    const [ofBad, ofGood] = [placed(node, bad), placed(node, good)];
    expect(ofBad.join() === '4' && ofGood.join() === '2,2', `${ofBad}; ${ofGood}`);
    return [ofBad, ofGood].map((counts) => `of 4 pods ${counts.join(' and ')} on a node`);
  }),
});

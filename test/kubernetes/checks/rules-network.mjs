// What the node does with manifests that break the network rules, and with their mended versions.
import { get, sleep } from '../lib/kubectl.mjs';
import { expect, rules } from '../lib/rules.mjs';

const NEVER_SECONDS = 45;

/** A readiness probe that fails for ever, and one that succeeds. */
async function neverReady(node, bad, good, event) {
  await node.ready(good);
  await node.until(`${bad}: started`, () => node.pods(bad)[0]?.status.phase === 'Running');
  await sleep(NEVER_SECONDS * 1000);
  expect(!node.isReady(bad), `${bad} is ready`);
  return [`not ready after ${NEVER_SECONDS} s; ${node.event(bad, event)}`, 'ready'];
}

const address = (node, pod) => node.pods(pod)[0].status.podIP;

await rules('rules-network', {
  'port-clash': async (node, bad, good) => {
    await node.ready(good);
    const name = await node.until('restart', () => ['web', 'metrics'].find((each) => node.container(bad, each).restartCount > 1));
    const { exitCode } = node.container(bad, name).lastState.terminated;
    const log = await node.logged(bad, 'in use', name);
    expect(['web', 'metrics'].every((each) => node.container(good, each).restartCount === 0), 'a restart of the good one');
    return [`container "${name}" ends with status ${exitCode} and "${log}", restarted ${node.container(bad, name).restartCount} times`, 'both containers run, no restart'];
  },
  'named-probe-port': (node, bad, good) => neverReady(node, bad, good, 'Unhealthy'),
  'defaulted-probe-port': (node, bad, good) => neverReady(node, bad, good, 'refused'),
  'probe-of-loopback-listener': (node, bad, good) => neverReady(node, bad, good, 'refused'),
  'probe-of-other-host': async (node, bad, good) => {
    await Promise.all([node.ready(bad), node.ready(good)]);
    const [ofBad, ofGood] = await Promise.all([bad, good].map((pod) => node.connect(address(node, pod), 8080)));
    expect(ofBad.includes('refused') && ofGood === 'connected', `${ofBad}; ${ofGood}`);
    return [`ready while nothing listens in the pod: ${ofBad}`, `ready, and answers: ${ofGood}`];
  },
  'open-ambassador': async (node, bad, good) => {
    await Promise.all([node.ready(bad), node.ready(good)]);
    const [ofBad, ofGood] = await Promise.all([bad, good].map((pod) => node.connect(address(node, pod), 15432)));
    expect(ofBad === 'connected' && ofGood.includes('refused'), `${ofBad}; ${ofGood}`);
    return [`another pod is ${ofBad}`, `another pod gets ${ofGood}`];
  },
  'low-port-without-root': async (node, bad, good) => {
    await node.ready(good);
    const { exitCode } = await node.restarted(bad);
    expect(await node.connect(address(node, good), 80) === 'connected', 'the good one does not answer');
    return [`ends with status ${exitCode} and "${await node.logged(bad, 'ermission')}"`, 'listens on port 80'];
  },
  'unresolved-variable': async (node, bad, good) => {
    const values = await Promise.all([bad, good].map((pod) => node.logged(pod, 'postgres')));
    expect(values[0].includes('$(DB_HOST)') && !values[1].includes('$'), values.join('; '));
    return values.map((value) => `the value is ${value}`);
  },
  'host-network-names': async (node, bad, good) => {
    const found = await node.logged(good, '10.', 'agent');
    const { exitCode } = await node.restarted(bad, 'agent');
    return [`ends with status ${exitCode} and "${await node.logged(bad, 'gaierror', 'agent')}"`, `the name is found: ${found}`];
  },
  'service-of-loopback-listener': async (node, bad, good) => {
    await Promise.all([node.ready(bad), node.ready(good)]);
    await node.until('an answer through the Service', async () => await node.connect(good, 80) === 'connected');
    const answer = await node.connect(bad, 80);
    expect(answer.includes('refused'), answer);
    return [`through the Service: ${answer}`, 'through the Service: connected'];
  },
  'named-target-port': async (node, bad, good) => {
    await Promise.all([node.ready(bad), node.ready(good)]);
    await node.until('an answer through the Service', async () => await node.connect(good, 80) === 'connected');
    const { items } = await get(node.namespace, 'endpointslices', '-l', `kubernetes.io/service-name=${bad}`);
    const ports = items.flatMap((slice) => slice.ports ?? []);
    const answer = await node.refused(bad);
    expect(ports.length === 0, JSON.stringify(ports));
    return [`${items.length} EndpointSlice with ${ports.length} ports; through the Service: ${answer}`, 'through the Service: connected'];
  },
  'ambiguous-target-port': async (node, bad, good) => {
    await Promise.all([node.ready(bad), node.ready(good)]);
    const [ofBad, ofGood] = await Promise.all([bad, good].map(async (service) => {
      const { items } = await get(node.namespace, 'endpointslices', '-l', `kubernetes.io/service-name=${service}`);
      return items.flatMap((slice) => slice.ports ?? []).map(({ port }) => port).join();
    }));
    expect(ofBad === '8080' && ofGood === '8081', `${ofBad}; ${ofGood}`);
    return [`the EndpointSlice has port ${ofBad}, of the first container, and neither 8081 nor 8082`, `the EndpointSlice has port ${ofGood}`];
  },
});

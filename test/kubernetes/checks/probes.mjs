// Liveness restarts, readiness takes the pod out of its Service, and the memory limit kills: each its own container.
import { check, part, report, seconds } from '../lib/check.mjs';
import { create, exec, get, ready, restarted, statuses, until } from '../lib/kubectl.mjs';
import { app, example, podOf, service } from '../lib/manifests.mjs';

async function liveness(namespace, pod) {
  const name = pod.metadata.name;
  const grace = pod.spec.terminationGracePeriodSeconds;
  await ready(namespace, name);
  await exec(namespace, name, 'app', ['touch', '/tmp/hang']);
  const took = await until('a restart', async () => (await statuses(namespace, name)).app.restartCount > 0, grace + 60);
  report(took < 25, 'liveness restarts an app that hangs and ignores TERM', `after ${seconds(took)}; the grace period is ${grace} s`);
  const back = await until('readiness', async () => (await statuses(namespace, name)).app.ready, 60);
  report(back < 30, 'and it is ready again', `${seconds(back)} later`);
}

async function readiness(namespace) {
  const objects = await example('production-pod', namespace);
  const pod = podOf(objects);
  const { name, labels } = pod.metadata;
  await create(namespace, [...objects, service('web', 8080, labels)]);
  await ready(namespace, name);
  const served = async () => {
    const { items } = await get(namespace, 'endpointslices', '-l', 'kubernetes.io/service-name=web');
    return items.flatMap(({ endpoints }) => endpoints ?? []).some(({ conditions }) => conditions.ready);
  };
  const into = await until('an endpoint', served);
  await exec(namespace, name, 'nginx', ['touch', '/tmp/draining']);
  const out = await until('no endpoint', async () => !(await served()));
  await exec(namespace, name, 'nginx', ['rm', '/tmp/draining']);
  const again = await until('an endpoint', served);
  report(!await restarted(namespace, name), 'readiness takes the pod out of its Service and back, without a restart',
    `in after ${seconds(into)}, out after ${seconds(out)}, in again after ${seconds(again)}`);
}

async function memory(namespace, pod) {
  const name = pod.metadata.name;
  const killed = (container) => [container.state, container.lastState].map((state) => state.terminated?.reason).includes('OOMKilled');
  const took = await until('OOMKilled', async () => killed((await statuses(namespace, name)).app), 90);
  const all = Object.entries(await statuses(namespace, name));
  const others = all.filter(([container]) => container !== 'app');
  report(others.length > 0 && others.every(([, container]) => container.restartCount === 0 && container.state.running),
    'over its memory limit the app is OOMKilled, and no other container', `after ${seconds(took)}; ${others.map(([container]) => container).join(' and ')} run on`);
}

await check('probes', async (namespace) => {
  const objects = await app('probes', namespace);
  await create(namespace, objects);
  await Promise.all([
    part('liveness', () => liveness(namespace, podOf(objects, 'hangs'))),
    part('readiness', () => readiness(namespace)),
    part('memory', () => memory(namespace, podOf(objects, 'hog'))),
  ]);
});

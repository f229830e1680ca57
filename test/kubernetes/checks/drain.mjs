// Two hundred lines that the app writes when it is told to stop all arrive at the output of the helper, native or regular.
import { check, part, report, seconds } from '../lib/check.mjs';
import { create, deletePod, follow, ready, sleep } from '../lib/kubectl.mjs';
import { app } from '../lib/manifests.mjs';

const LINES = 200;

await check('drain', async (namespace) => {
  const objects = await app('drain', namespace);
  await create(namespace, objects);
  const pods = objects.filter(({ kind }) => kind === 'Pod');
  await Promise.all(pods.map(({ metadata }) => ready(namespace, metadata.name)));
  await sleep(5000);

  for (const pod of pods) {
    const name = pod.metadata.name;
    await part(`${name}: the last lines arrive`, async () => {
      const output = follow(namespace, name, name.replace(/-(native|regular)$/, ''));
      await sleep(500);
      const grace = pod.spec.terminationGracePeriodSeconds;
      const took = await deletePod(namespace, name);
      await output.ended;
      const arrived = new Set(output.lines.flatMap(({ text }) => text.match(/last-\d+/g) ?? []));
      report(arrived.size === LINES, `${name}: the lines that the app writes on TERM arrive`, `${arrived.size} of ${LINES}`);
      report(took < grace - 1, `${name}: ends within its grace period`, `${seconds(took)} of ${grace} s`);
    });
  }
});

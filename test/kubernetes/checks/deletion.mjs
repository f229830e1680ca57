// Every example ends well before its grace period does.
import { check, part, report, seconds } from '../lib/check.mjs';
import { create, deletePod, ready } from '../lib/kubectl.mjs';
import { EXAMPLES, example, podOf } from '../lib/manifests.mjs';

await check('deletion', async (namespace) => {
  const pods = await Promise.all(EXAMPLES.map(async (name) => {
    const objects = await example(name, namespace);
    await create(namespace, objects);
    const pod = podOf(objects);
    await ready(namespace, pod.metadata.name);
    return { name, pod };
  }));
  for (const { name, pod } of pods) {
    await part(`${name} ends within its grace period`, async () => {
      const grace = pod.spec.terminationGracePeriodSeconds;
      const took = await deletePod(namespace, pod.metadata.name);
      report(took < grace - 1, `${name} ends within its grace period`, `${seconds(took)} of ${grace} s`);
    });
  }
});

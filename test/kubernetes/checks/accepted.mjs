// Every example is created where Pod Security *restricted* is enforced, as of today and as of Kubernetes 1.28, and becomes ready.
import { check, part, report, seconds } from '../lib/check.mjs';
import { create, ready, restarted } from '../lib/kubectl.mjs';
import { EXAMPLES, example, podOf } from '../lib/manifests.mjs';

for (const version of ['latest', 'v1.28']) {
  await check('accepted', async (namespace) => {
    await Promise.all(EXAMPLES.map((name) => part(`${name} is accepted`, async () => {
      const objects = await example(name, namespace);
      await create(namespace, objects);
      const pod = podOf(objects).metadata.name;
      const took = await ready(namespace, pod);
      const again = await restarted(namespace, pod);
      report(!again, `${name} is accepted (restricted ${version}) and becomes ready`,
        [`ready after ${seconds(took)}`, again].filter(Boolean).join(', '));
    })));
  }, { version });
}

// What the node makes of containers that break the rules for images, resources, secrets and coupling, and of their mended versions.
import { exec, get, kubectl, sleep } from '../lib/kubectl.mjs';
import { pair } from '../lib/manifests.mjs';
import { expect, rules } from '../lib/rules.mjs';
import { withNodes } from '../lib/scheduler.mjs';

const PASSWORD = 'correct-horse-battery';

/** What somebody gets who may read pods and ConfigMaps, and no Secrets. */
async function readBy(node, user, ...what) {
  try {
    const text = await kubectl(['-n', node.namespace, `--as=${user}`, 'get', ...what, '-o', 'yaml']);
    return text.includes(PASSWORD) ? 'the password' : 'no password';
  } catch (error) {
    return /\(Forbidden\).*?(cannot \w+ resource "\w+")/.exec(error.message)?.[1] ?? error.message;
  }
}

/** A password that a reader finds, and one that only the app has. */
async function readPasswords(node, id, ofBad, ofGood) {
  await Promise.all([`${id}-bad`, `${id}-good`].map((pod) => node.logged(pod, PASSWORD)));
  const user = `${id}-reader`;
  const [read, ...rest] = [await readBy(node, user, ...ofBad), await readBy(node, user, ...ofGood), await readBy(node, user, 'secret', `${id}-good`)];
  expect(read === 'the password' && rest[0] === 'no password' && rest[1].includes('cannot get'), [read, ...rest].join('; '));
  return [`the reader of ${ofBad.join(' ')} finds ${read}`, `the reader of ${ofGood.join(' ')} finds ${rest.join(', and ')}; the app has it`];
}

/** The variables of a Deployment after an apply of it with these. */
async function appliedVariables(node, object, env, ...how) {
  const [container] = object.spec.template.spec.containers;
  container.env = env;
  await kubectl(['-n', node.namespace, 'apply', ...how, '-f', '-'], { input: JSON.stringify(object) });
  const { spec } = await get(node.namespace, 'deployment', object.metadata.name);
  return (spec.template.spec.containers[0].env ?? []).map(({ name, value }) => `${name}=${value}`).join(' ');
}

/** What a change of the last variable, and its removal, make of a Deployment. */
async function changes(node, object) {
  const { env } = object.spec.template.spec.containers[0];
  const server = await appliedVariables(node, object, env, '--server-side', '--dry-run=server').then(() => 'accepted', ({ message }) => message);
  await appliedVariables(node, object, env);
  const changed = await appliedVariables(node, object, [...env.slice(0, -1), { ...env.at(-1), value: 'trace' }]);
  return { server, changed, removed: await appliedVariables(node, object, env.slice(0, -1)) };
}

const nodeOf = (node, pod) => node.pods(pod)[0]?.spec.nodeName;

await rules('rules-containers', {
  'image-tag': async (node, bad, good) => {
    const [ofBad, ofGood] = (await Promise.all([bad, good].map((pod) => get(node.namespace, 'pod', pod)))).map(({ spec }) => spec.containers[0].imagePullPolicy);
    expect(ofBad === 'Always' && ofGood === 'IfNotPresent', `${ofBad}; ${ofGood}`);
    return [`imagePullPolicy is set to ${ofBad}`, `imagePullPolicy is set to ${ofGood}`];
  },
  'container-resources': async (node, bad, good) => {
    await node.logged(bad, 'taken');
    await node.until(`${good}: OOMKilled`, () => [node.container(good).state, node.container(good).lastState].some((state) => state?.terminated?.reason === 'OOMKilled'));
    await sleep(10_000);
    expect(node.container(bad).restartCount === 0, 'a restart of the bad one');
    const event = await withNodes(node.namespace, 'container-resources', { full: { cpu: '2', memory: '32Mi' } }, async () => {
      await node.until(`${bad}: placed`, () => nodeOf(node, `${bad}-placed`));
      return node.eventOf(`${good}-placed`, 'Insufficient memory');
    });
    return ['takes 200 MiB and runs on; placed on a node with 32Mi', `OOMKilled; not placed there: ${event}`];
  },
  'silent-default-resources': (node, bad, good) => withNodes(node.namespace, 'silent-default-resources', { small: { cpu: '2', memory: '16Gi' } }, async () => {
    await node.until(`${good}: placed`, () => nodeOf(node, good));
    return [await node.eventOf(bad, 'Insufficient cpu'), 'placed'];
  }),
  'repeated-env-name': async (node) => {
    const [ofBad, ofGood] = await Promise.all((await pair('repeated-env-name')).map((object) => changes(node, object)));
    expect(ofBad.changed.endsWith('LEVEL=debug PAGES=/srv/pages') && !ofBad.removed.includes('LEVEL') && ofBad.server.includes('duplicate entries'), JSON.stringify(ofBad));
    expect(ofGood.changed.includes('LEVEL=trace') && ofGood.removed === 'PAGES=/srv/pages' && ofGood.server === 'accepted', JSON.stringify(ofGood));
    return [ofBad, ofGood].map(({ server, changed, removed }) =>
      `after an apply of trace: ${changed}; after one without the last: ${removed}; server-side: ${/duplicate entries.*/.exec(server)?.[0] ?? server}`);
  },
  'quality-of-service': async (node, bad, good) => {
    const [ofBad, ofGood] = await Promise.all([bad, good].map(async (pod) => ({
      score: Number(await node.logged(pod, '')), qos: (await get(node.namespace, 'pod', pod)).status.qosClass,
    })));
    expect(ofBad.qos === 'Burstable' && ofGood.qos === 'Guaranteed' && ofBad.score > ofGood.score, JSON.stringify([ofBad, ofGood]));
    return [ofBad, ofGood].map(({ qos, score }) => `${qos}, oom_score_adj ${score}`);
  },
  'literal-secret': (node, bad, good) => readPasswords(node, 'literal-secret', ['pod', bad], ['pod', good]),
  'secret-in-config-map': (node, bad, good) => readPasswords(node, 'secret-in-config-map', ['configmap', bad], ['pod', good]),
  'unused-service-account-token': async (node, bad, good) => {
    const [ofBad, ofGood] = await Promise.all([bad, good].map((pod) => node.logged(pod, 'token')));
    expect(ofBad.includes('token True') && ofBad.includes(':default"') && /token False (?:401|403 .*anonymous)/.test(ofGood), `${ofBad}; ${ofGood}`);
    return [ofBad, ofGood];
  },
  'containers-share-nothing': async (node, bad, good) => {
    const event = await node.eventOf(bad, 'Evicted', 180);
    await node.eventOf(`${good}-mailer`, 'Evicted', 180);
    await node.until(`${bad}: the end of both`, () => node.container(bad).state?.terminated);
    await sleep(10_000);
    expect(node.container(good).state?.running, 'the good one does not run');
    return [`${event}; the container "web" has ended too`, 'the pod of "mailer" alone is evicted, that of "web" runs'];
  },
  'serves-different-clients': async (node, bad, good) => {
    await node.until('an answer', async () => await node.connect(good, 80) === 'connected');
    await node.until(`${bad}: "web" ready`, () => node.container(bad).ready);
    const answer = await node.refused(bad);
    expect(!node.container(bad, 'search').ready, '"search" is ready');
    return [`while "search" is not ready, the Service of "web": ${answer}`, 'while "search" is not ready, the Service of "web": connected'];
  },
  'single-log-file': async (node, bad, good) => {
    await Promise.all([node.logged(bad, '1000', 'log'), node.logged(good, '1000')]);
    const file = await exec(node.namespace, bad, 'web', ['cat', '/logs/access.log']);
    const [ofBad, ofGood] = await Promise.all([node.log(bad, 'log'), node.log(good)]);
    expect(file === ofBad && file === ofGood, 'other lines');
    return ['the lines are in the file on the node, and in the log of the helper', 'the same lines are in the log of the app'];
  },
});

// What the node does with manifests that break the rules for volumes, and some that it alone refuses, and with their mended versions.
import { exec, kubectl, sleep } from '../lib/kubectl.mjs';
import { expect, rules } from '../lib/rules.mjs';

/** A pod that is evicted for what it writes, and one that writes as much and stays. */
async function evicted(node, bad, good) {
  await Promise.all([node.logged(good, 'written'), node.eventOf(bad, 'Evicted', 180)]);
  await sleep(30_000);
  expect(node.container(good).state?.running, 'the good one does not run');
  return [node.event(bad, 'Evicted'), 'the same is written; half a minute later the pod runs'];
}

/** A container that the kubelet does not create. */
async function neverCreated(node, bad, good) {
  await node.ready(good);
  const { reason, message } = await node.until(`${bad}: an error`, () => {
    const waiting = node.container(bad).state?.waiting;
    return waiting?.message && waiting;
  });
  return [`${reason}: ${message}`, 'runs'];
}

const file = (node, pod, name, path) => exec(node.namespace, node.pods(pod)[0].metadata.name, name, ['cat', path]).then((text) => text.trim());

await rules('rules-volumes', {
  'mount-below-read-only': async (node, bad, good) => {
    const page = await node.logged(good, 'page');
    const event = await node.eventOf(bad, 'read-only file system');
    expect(!node.container(bad).started, 'the bad one has started');
    return [`${event}; restarted ${node.container(bad).restartCount} times`, `reads "${page}"`];
  },
  'unmounted-volume': async (node, bad, good) => {
    const [ofBad, ofGood] = await Promise.all([node.logged(bad, 'No such file'), node.logged(good, 'to: archive')]);
    return [`runs, though one of its ConfigMaps does not exist; ${ofBad}`, `reads "${ofGood}"`];
  },
  'mount-path-collision': async (node, bad, good) => {
    await Promise.all([node.ready(bad), node.ready(good)]);
    const [ofBad, ofGood] = (await Promise.all([node.log(bad), node.log(good)])).map((text) => ['page', 'cached'].filter((name) => text.includes(name)));
    expect(ofBad.length === 1 && ofGood.length === 2, `${ofBad}; ${ofGood}`);
    return [ofBad, ofGood].map((names) => `of the files "page" and "cached" of the two volumes sees ${names.join(' and ')}`);
  },
  'valid-mount-path': async (node, bad, good) => {
    const where = await node.logged(good, 'data');
    return [await node.eventOf(bad, 'failed to create containerd task'), `mounted at ${where}`];
  },
  'absolute-mount-path': async (node, bad, good) => {
    const [ofBad, ofGood, withColon] = await Promise.all([bad, good, `${bad}-colon`].map((name) => node.logged(name, 'data')));
    expect(ofBad === '/var/data' && ofGood === '/srv/var/data' && withColon === '/var:data', `${ofBad}, ${ofGood}, ${withColon}`);
    return [`mounted at ${ofBad}, and with a colon at ${withColon}`, `mounted at ${ofGood}`];
  },
  'missing-config-key': async (node, bad, good) => {
    const [ofVariable, ofGood] = await neverCreated(node, bad, good);
    return [`${ofVariable}; with the key in a volume: ${await node.eventOf(`${bad}-volume`, 'non-existent config key')}`, ofGood];
  },
  'value-types': async (node, bad, good) => {
    const [ofBad, ofGood] = await Promise.all([node.eventOf(bad, 'FailedMount'), node.logged(good, 'tmpfs')]);
    return [`medium: memory: ${ofBad}`, `medium: Memory: ${ofGood}`];
  },
  'missing-config-file': (node, bad, good) => Promise.all([node.logged(bad, 'Is a directory'), node.logged(good, 'the configuration')]),
  'octal-file-mode': async (node, bad, good) => {
    const [ofBad, ofGood] = await Promise.all([bad, good].map((pod) => node.logged(pod, 'root')));
    expect(ofBad === '670 of root' && ofGood === '440 of root', `${ofBad}; ${ofGood}`);
    return [ofBad, ofGood].map((mode) => `the mode of the file is ${mode}`);
  },
  'files-for-root-only': (node, bad, good) => Promise.all([node.logged(bad, 'Permission denied'), node.logged(good, 'not a key')]),
  'memory-volume-within-limit': async (node, bad, good) => {
    await node.logged(good, 'written');
    const reasons = new Set();
    await node.until(`${bad}: a third restart`, () => {
      const { state, lastState, restartCount } = node.container(bad);
      // The first end is shown for a moment only; those of the restarts say the same in their message.
      [state, lastState].map((each) => each?.terminated).filter(Boolean)
        .forEach(({ reason, message }) => reasons.add(message?.includes('OOM-killed') ? `${reason} (OOM-killed)` : reason));
      return restartCount > 2;
    });
    expect([...reasons].some((reason) => /OOM/.test(reason)) && node.container(good).restartCount === 0, [...reasons].join());
    return [`${[...reasons].join(', then ')}; restarted ${node.container(bad).restartCount} times`, 'writes the 60 MiB, no restart'];
  },
  'empty-dir-size-limit': async (node, bad, good) => {
    await node.logged(bad, 'written');
    const event = await node.eventOf(good, 'Evicted', 180);
    expect(node.container(bad).state?.running, 'the bad one does not run');
    return ['writes 200 MiB to the disk of the node and runs on', event];
  },
  'volumes-within-storage-limit': evicted,
  'unrotated-log-directory': evicted,
  'partial-storage-limits': evicted,
  'never-written-volume': async (node, bad, good) => {
    await node.logged(good, 'line', 'reader');
    const log = await node.logged(bad, 'ead-only');
    expect(!(await node.log(bad, 'reader')).split('\n').includes('line'), 'the reader of the bad one reads');
    return [`the app gets "${log}", the reader nothing`, 'the reader reads the lines of the app'];
  },
  'unread-volume': (node, bad, good) => Promise.all([node.logged(bad, 'No such file'), node.logged(good, 'the configuration')]),
  'several-volume-writers': async (node, bad, good) => {
    await Promise.all([node.logged(bad, 'done'), node.logged(good, 'done')]);
    const [ofBad, ofGood] = await Promise.all([node.log(bad), node.log(good)]);
    expect(!ofBad.includes('index') && ofGood.includes('ead-only'), `${ofBad}; ${ofGood}`);
    return ['the file of the other container is deleted', ofGood.split('\n')[0]];
  },
  'read-only-root-without-mount': async (node, bad, good) => {
    await node.ready(good);
    const { exitCode } = await node.restarted(bad);
    return [`ends with status ${exitCode} and "${await node.logged(bad, 'ead-only')}", restarted`, 'ready'];
  },
  'sub-path-of-config': async (node, bad, good) => {
    await Promise.all([node.ready(bad), node.ready(good)]);
    const begin = Date.now();
    const change = (kind, name, patch) => kubectl(['-n', node.namespace, 'patch', kind, name, '-p', JSON.stringify(patch)]);
    await change('configmap', 'sub-path-of-config', { data: { 'web.conf': 'new' } });
    await change('deployment', good, { spec: { template: { spec: { volumes: [{ name: 'config', configMap: { name: 'web-51b07e4c8f' } }] } } } });
    await kubectl(['-n', node.namespace, 'rollout', 'status', `deployment/${good}`, '--timeout=120s']);
    const rolled = Math.round((Date.now() - begin) / 1000);
    await sleep(3000);
    const ofGood = await file(node, good, 'web', '/etc/web/web.conf');
    await node.until('the whole mount', async () => await file(node, bad, 'whole', '/etc/web/web.conf') === 'new', 180);
    const updated = Math.round((Date.now() - begin) / 1000);
    await sleep(30_000);
    const ofBad = await file(node, bad, 'web', '/etc/web/web.conf');
    expect(ofBad === 'old' && ofGood === 'new', `${ofBad}; ${ofGood}`);
    return [
      `the mount of the whole ConfigMap has the new text after ${updated} s, that with subPath the old one half a minute later`,
      `a ConfigMap of another name rolls out in ${rolled} s, the new pod has the new text`,
    ];
  },
  'claim-without-group': async (node, bad, good) => {
    try {
      const [ofBad, ofGood] = await Promise.all([bad, good].map(async (pod) => {
        const folder = await node.logged(pod, '/data');
        return folder.includes('denied') ? folder : folder.split(/\s+/).slice(0, 4).join(' ');
      }));
      expect(ofBad.includes('Permission denied') && ofGood.endsWith(' 0 1000'), `${ofBad}; ${ofGood}`);
      return [ofBad, `writes; owners and rights of the volume are ${ofGood}`];
    } finally {
      const remove = (...what) => kubectl(['-n', node.namespace, 'delete', ...what, '--timeout=60s']);
      await remove('pods', bad, good);
      await remove('persistentvolumeclaims', bad, good);
      await remove('persistentvolumes', bad, good);
      await exec(node.namespace, 'claim-without-group-node', 'web', ['rm', '-rf', '/node/claim-without-group']);
    }
  },
  'limits-above-zero': async (node, bad, good) => {
    const [ofBad, ofGood] = await Promise.all([bad, good].map((pod) => node.logged(pod, '')));
    expect(ofGood === String(64 * 2 ** 20) && (ofBad === 'max' || Number(ofBad) > 2 ** 40), `${ofBad}; ${ofGood}`);
    return [`the memory limit of its cgroup is ${ofBad}`, `the memory limit of its cgroup is ${ofGood}`];
  },
  'mistaken-unit': async (node, bad, good) => {
    await node.ready(good);
    return [await node.eventOf(bad, 'FailedCreatePodSandBox'), 'runs'];
  },
  'root-where-forbidden': neverCreated,
  'image-name': neverCreated,
});

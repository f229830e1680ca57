// What the rules of the pack `valid` call refused is refused by the API server, and their good examples are accepted; where
// Pod Security *restricted* is enforced, it says of the bad examples of the pack `restricted` what it does not say of the good ones.
import { check, report } from '../lib/check.mjs';
import { dryRun, serverVersion } from '../lib/kubectl.mjs';
import { ruleExamples } from '../lib/manifests.mjs';

// Accepted by the API server: the check `rules-*` show what the node makes of them.
const LEFT_TO_THE_NODE = [
  'image-name', 'tcp-lifecycle-handler', 'valid-mount-path', 'mount-path-collision', 'limits-above-zero', 'mistaken-unit', 'root-where-forbidden',
  'missing-config-key',
];
// Keys that come twice are refused in a server-side apply only.
const APPLIED = ['repeated-port'];

// Enforced by a later API server.
const NEWER = ['host-of-probe'];

// What the rule's page quotes is compared where it was seen on this very version: messages change.
function quoted({ seen = '' }, version) {
  return seen.includes(`Kubernetes ${version} `) ? /`([^`]+)`/.exec(seen)?.[1] ?? 'a quotation' : '';
}

await check('refusals-valid', async (namespace) => {
  const version = await serverVersion();
  for (const rule of (await ruleExamples()).filter(({ pack }) => pack === 'valid')) {
    const how = APPLIED.includes(rule.id) ? ['apply', '--server-side'] : ['create'];
    const [bad, good] = await Promise.all([rule.bad, rule.good].map((yaml) => dryRun(namespace, how, yaml)));
    if (LEFT_TO_THE_NODE.includes(rule.id)) {
      report(bad.accepted && good.accepted, `${rule.id}: both examples are accepted, the node decides`);
    } else {
      report(!bad.accepted && good.accepted && bad.answer.includes(quoted(rule, version)), `${rule.id}: the bad example is refused, the good one accepted`,
        bad.answer.split('\n').filter((line) => line.trim())[0].slice(0, 240));
    }
  }
}, { level: 'privileged' });

await check('refusals-restricted', async (namespace) => {
  const version = await serverVersion();
  for (const rule of (await ruleExamples()).filter(({ id, pack }) => pack === 'restricted' && !NEWER.includes(id))) {
    const [bad, good] = await Promise.all([rule.bad, rule.good].map((yaml) => dryRun(namespace, ['create'], yaml)));
    const reason = quoted(rule, version);
    report(!bad.accepted && bad.answer.includes(reason) && (reason === '' || !good.answer.includes(reason)),
      `${rule.id}: Pod Security objects to the bad example, and not so to the good one`, reason);
  }
});

// Nodes without a machine: the scheduler places pods on them, and nothing starts there.
import { kubectl } from './kubectl.mjs';

const LABEL = 'pod-patterns/check';

/**
 * Runs a part of a check with such nodes, given by name and what pods may request on them, and removes them and what was placed there.
 * Only pods that ask for the label and tolerate the taint of this name come here; they want a grace period of 0, as nobody would report their end.
 */
export async function withNodes(namespace, id, amounts, body) {
  const names = Object.keys(amounts).map((name) => `${namespace}-${name}`);
  const nodes = Object.values(amounts).map((amount, index) => ({
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: names[index], labels: { [LABEL]: id, 'kubernetes.io/hostname': names[index] } },
    spec: { taints: [{ key: LABEL, effect: 'NoSchedule' }] },
    status: { allocatable: { pods: '20', ...amount }, capacity: { pods: '20', ...amount } },
  }));
  try {
    await kubectl(['create', '-f', '-'], { input: JSON.stringify({ apiVersion: 'v1', kind: 'List', items: nodes }) });
    return await body();
  } finally {
    await kubectl(['-n', namespace, 'delete', 'deployments,pods', '-l', `${LABEL}=${id}`, '--cascade=foreground', '--timeout=60s']);
    await kubectl(['delete', 'nodes', ...names, '--ignore-not-found']);
  }
}

import { spawnSync } from 'child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { START_SCRIPT } from '../../../src/parts/sidecars/fluentd/fluentd-config';

/** What a program called fluentd finds in its environment when the script starts it. */
function startedWith(podIp?: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'fluentd-'));
  try {
    writeFileSync(join(folder, 'fluentd'), '#!/bin/sh\necho "$POD_IP"\n', { mode: 0o755 });
    const script = START_SCRIPT.replace('/tmp/fluentd', join(folder, 'tmp'));
    const env = { PATH: `${folder}:${process.env.PATH}`, ...(podIp !== undefined && { POD_IP: podIp }) };
    return spawnSync('/bin/sh', ['-c', script], { encoding: 'utf8', env }).stdout.trim();
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test.each([
  ['an address of IPv4 as it is', '10.0.0.7', '10.0.0.7'],
  ['an address of IPv6 in brackets, as in a URL', 'fd00::7', '[fd00::7]'],
  ['nothing where the pod has not said its address', undefined, ''],
])('fluentd is given %s', (_, podIp, expected) => {
  expect(startedWith(podIp)).toBe(expected);
});

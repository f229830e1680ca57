/**
 * What a check of many manifests takes, from the start of the process to its end, against kube-score on the same file.
 *
 * Both take turns, so that a busy machine slows both, and the medians count. kube-score is that of the PATH, or of KUBE_SCORE.
 *
 *   npm run bench                    1,000 pods, 1,000 apps, 10,000 pods
 */
import { spawnSync } from 'child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { manifests } from './manifests';

const COMMAND = join(__dirname, '..', 'bin', 'cdk8s-pod-patterns');
const KUBE_SCORE = process.env.KUBE_SCORE ?? 'kube-score';

/** Milliseconds of a run; undefined where the program is not there or fails. */
function time(program: string, ...args: string[]): number | undefined {
  const start = performance.now();
  const { status } = spawnSync(program, args, { stdio: ['ignore', 'ignore', 'ignore'] });
  return status === 0 || status === 1 ? performance.now() - start : undefined;
}

function median(values: (number | undefined)[]): number | undefined {
  const sorted = values.filter((value) => value !== undefined).sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

const show = (value: number | undefined) => value === undefined ? 'not compared' : `${value.toFixed(0)} ms`;

function compare(what: 'pods' | 'apps', count: number, rounds: number, folder: string): void {
  const file = join(folder, `${what}-${count}.yaml`);
  writeFileSync(file, manifests(what, count));
  const times = Array.from({ length: rounds }, () => [time(process.execPath, COMMAND, 'check', file), time(KUBE_SCORE, 'score', file)]);
  const ours = median(times.map(([first]) => first));
  const other = median(times.map(([, second]) => second));
  const ratio = ours && other ? `, ${(other / ours).toFixed(1)} times ours` : '';
  console.log(`${String(count).padStart(6)} ${what}   check ${show(ours)}   kube-score ${show(other)}${ratio}`);
}

const scratch = mkdtempSync(join(tmpdir(), 'bench-'));
console.log(`\ncheck, from start to exit; node itself takes ${show(median(Array.from({ length: 7 }, () => time(process.execPath, '-e', '0'))))}`);
compare('pods', 1000, 7, scratch);
compare('apps', 1000, 5, scratch);
compare('pods', 10_000, 3, scratch);
rmSync(scratch, { recursive: true });

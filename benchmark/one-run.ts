/**
 * Builds and synthesizes so many pods in a process of its own, as `cdk8s synth` is one; prints milliseconds.
 *
 *   one-run.js plain 1000 12          once, in one way, pods of twelve makes: what a build pipeline pays
 *   one-run.js plain,ours 1000 12 8   eight times in turns: what it costs once the code is warm
 */
import { mkdtempSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { App, Chart } from 'cdk8s';

type Way = (chart: Chart, index: number, make: number) => void;

const [ways, pods, makes, rounds = '1'] = process.argv.slice(2);
const outdir = mkdtempSync(join(tmpdir(), 'bench-'));

/** Only the ways that are measured are loaded: a plain program does not have this package in memory. */
async function load(way: string): Promise<Way> {
  const module = await import(way === 'plain' ? './plain-pod.js' : './pattern-pod.js');
  return module.plainPod ?? module.patternPod;
}

/** Milliseconds in the rules, of the run that is under way. */
let inRules = 0;

/** Counts what the engine takes. Only what is measured is loaded: a plain program has no engine. */
async function timeRules(): Promise<void> {
  const { Checks } = await import('../lib/rules/engine.js');
  for (const name of ['add', 'findings'] as const) {
    const method: (...args: any[]) => any = Checks.prototype[name];
    Checks.prototype[name] = function (this: unknown, ...args: unknown[]) {
      const start = performance.now();
      try {
        return method.apply(this, args);
      } finally {
        inRules += performance.now() - start;
      }
    };
  }
}

function measure(make: Way): { build: number; synth: number; rules: number; process: number } {
  inRules = 0;
  const app = new App({ outdir });
  const chart = new Chart(app, 'bench', { disableResourceNameHashes: true });
  const start = performance.now();
  for (let index = 0; index < Number(pods); index++) {
    make(chart, index, index % Number(makes));
  }
  const built = performance.now();
  app.synth();
  const end = performance.now();
  return { build: built - start, synth: end - built, rules: inRules, process: end };
}

async function main(): Promise<void> {
  const made = await Promise.all(ways.split(',').map(load));
  if (ways.includes('ours')) {
    await timeRules();
  }
  const results = Array.from({ length: Number(rounds) }, () => made.map(measure));
  console.log(JSON.stringify(results));
  rmSync(outdir, { recursive: true });
}

void main();

/** One way, so many pods, in a process of its own, as `cdk8s synth` is one; prints milliseconds of build and synth. */
import { mkdtempSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { App, Chart } from 'cdk8s';

const [way, pods] = process.argv.slice(2);
const outdir = mkdtempSync(join(tmpdir(), 'bench-'));

// Only the way that is measured is loaded: a plain program does not have this package in memory.
void import(way === 'plain' ? './plain-pod.js' : './pattern-pod.js').then((module) => {
  const make: (chart: Chart, index: number) => void = module.plainPod ?? module.patternPod;
  const app = new App({ outdir });
  const chart = new Chart(app, 'bench', { disableResourceNameHashes: true });
  const start = performance.now();
  for (let index = 0; index < Number(pods); index++) {
    make(chart, index);
  }
  const built = performance.now();
  app.synth();
  const done = performance.now();
  console.log(JSON.stringify({ build: built - start, synth: done - built }));
  rmSync(outdir, { recursive: true });
});

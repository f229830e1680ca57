/**
 * What the library adds to building and synthesizing pods, against plain cdk8s-plus that writes the same manifest by hand.
 *
 * Both ways take turns, so that a busy machine slows both, and the median of the pairs counts. First each in a process of
 * its own, as `cdk8s synth` is one: there all code runs for the first time. Then in one process, when it is warm.
 *
 *   npm run bench                    100, 1,000 and 5,000 pods
 *   npm run bench -- --quick         100 and 1,000 pods, fewer rounds
 */
import { deepStrictEqual } from 'assert';
import { execFileSync } from 'child_process';
import { join } from 'path';
import { Chart, Testing, Yaml } from 'cdk8s';
import { buildSync } from 'esbuild';
import { patternPod } from './pattern-pod';
import { plainPod } from './plain-pod';

const BUILD = join(__dirname, '..', '.bench');

type Way = (chart: Chart, index: number, make: number) => void;

interface Timing {
  readonly build: number;
  readonly synth: number;
  readonly rules: number;
  /** From the start of the process, so with Node and the import of cdk8s-plus. */
  readonly process: number;
}

function run(ways: string, pods: number, makes: number, rounds = 1): Timing[][] {
  const args = [ways, pods, makes, rounds].map(String);
  return JSON.parse(execFileSync(process.execPath, [join(BUILD, 'one-run.js'), ...args], { encoding: 'utf8' }));
}

/** Compiled beforehand: a program that compiles as it runs would charge the source maps of the package to the package. */
function compile(): void {
  const entryPoints = ['one-run', 'plain-pod', 'pattern-pod'].map((name) => join(__dirname, `${name}.ts`));
  buildSync({ entryPoints, outdir: BUILD, format: 'cjs', platform: 'node' });
}

function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

/** Proves that both ways write the same before anything is timed. */
function checkSameManifest(): void {
  const render = (way: Way) => {
    const chart = new Chart(Testing.app(), 'bench', { disableResourceNameHashes: true });
    way(chart, 0, 0);
    return JSON.parse(JSON.stringify(Testing.synth(chart)));
  };
  deepStrictEqual(render(plainPod), render(patternPod));
  console.log(`both write the same ${Yaml.stringify(...render(patternPod)).split('\n').length} lines of YAML for each pod\n`);
}

interface Pair { readonly plain: Timing; readonly ours: Timing }

/** Of how many makes the pods of an app are. */
const FEW = 12;

function comparePods(pods: number, makes: number, rounds: number): void {
  const what = `${String(pods).padStart(5)} pods of ${String(makes).padStart(4)} makes,`;
  report(`${what} fresh`, Array.from({ length: rounds }, () => ({ plain: run('plain', pods, makes)[0][0], ours: run('ours', pods, makes)[0][0] })));
  // Some three thousand pods warm the code up.
  const first = Math.max(2, Math.ceil(3000 / pods));
  const warm = run('plain,ours', pods, makes, first + rounds).slice(first);
  report(`${what} warm`, warm.map(([plain, ours]) => ({ plain, ours })));
}

function report(what: string, pairs: Pair[]): void {
  const total = (timing: Timing) => timing.build + timing.synth;
  const ratio = median(pairs.map(({ plain, ours }) => total(ours) / total(plain)));
  const show = (way: 'plain' | 'ours') =>
    `${way} build ${median(pairs.map((p) => p[way].build)).toFixed(0).padStart(4)} ms, synth ${median(pairs.map((p) => p[way].synth)).toFixed(0).padStart(4)} ms`;
  const rules = median(pairs.map(({ plain, ours }) => ours.rules / total(plain)));
  const ofProcess = median(pairs.map(({ plain, ours }) => ours.rules / plain.process));
  const process = what.endsWith('fresh') ? ` (${(ofProcess * 100).toFixed(1)} % of the whole process)` : '';
  console.log(`${what}   ${show('plain')}   ${show('ours')}   addition ${((ratio - 1) * 100).toFixed(1)} %, of it rules ${(rules * 100).toFixed(1)} %${process}`);
}

/** Time to load a module, and classes of it, in a process of its own. */
function importTime(module: string, ...classes: string[]): number {
  const used = JSON.stringify(classes);
  const script = `const s=process.hrtime.bigint();const m=require(${JSON.stringify(module)});${used}.forEach((name)=>m[name]);console.log(Number(process.hrtime.bigint()-s)/1e6)`;
  return Number(execFileSync(process.execPath, ['-e', script], { encoding: 'utf8' }));
}

function compareImports(): void {
  const root = join(__dirname, '..');
  const pairs = Array.from({ length: 9 }, () => [importTime(require.resolve('cdk8s-plus-28')), importTime(join(root, 'lib', 'index.js'), 'Sidecar', 'SidecarPod')]);
  const plain = median(pairs.map(([first]) => first));
  const added = median(pairs.map(([first, second]) => second - first));
  console.log(`\nimport   cdk8s-plus-28 ${plain.toFixed(0)} ms, this package and a SidecarPod with it add ${added.toFixed(0)} ms`);
}

const quick = process.argv.includes('--quick');
checkSameManifest();
compile();
comparePods(100, FEW, 9);
comparePods(1000, FEW, 7);
// No two alike: what is known of one says nothing about another.
comparePods(1000, 1000, 7);
if (!quick) {
  comparePods(5000, FEW, 3);
}
compareImports();

/** What jsii leaves undone in `lib`: it copies TypeScript only, and puts a source map with all sources into each file. */
/* eslint-disable @typescript-eslint/no-require-imports */
import { cpSync, readdirSync, readFileSync, statSync, writeFileSync } from 'fs';
import { dirname, join } from 'path';
import { buildSync } from 'esbuild';

const ROOT = join(__dirname, '..');

/** The carried programs lie beside the code that carries them. */
function copyPrograms(): void {
  const isWanted = (path: string) => !path.includes('__pycache__') && (statSync(path).isDirectory() || path.endsWith('.py'));
  cpSync(join(ROOT, 'src', 'parts'), join(ROOT, 'lib', 'parts'), { recursive: true, filter: isWanted });
}

/** Two thirds of the bytes, read at each start of a user's app: without them the package is there a third sooner. */
function stripSourceMaps(): void {
  for (const name of readdirSync(join(ROOT, 'lib'), { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.js'))) {
    const file = join(ROOT, 'lib', name);
    const code = readFileSync(file, 'utf8');
    writeFileSync(file, code.replace(/^\/\/# sourceMappingURL=.*\n?/m, ''));
  }
}

/**
 * A program uses a few of the classes: each module is loaded when one of its classes is first asked for, as aws-cdk-lib does it.
 *
 * The last line is never run; it tells Node which names an ES module can import.
 */
function loadLazily(): void {
  const index = join(ROOT, 'lib', 'index.js');
  const modules = [...readFileSync(index, 'utf8').matchAll(/require\("(\.\/[^"]+)"\)/g)].map(([, path]) => path);
  const chosen = new Set(Object.keys(require(index)));
  const owners = new Map(modules.flatMap((path) => Object.keys(require(join(ROOT, 'lib', path))).map((name) => [name, path] as const)));
  const names = [...chosen].filter((name) => owners.has(name));
  writeFileSync(index, [
    '"use strict";',
    'Object.defineProperty(exports, "__esModule", { value: true });',
    'const lazily = (name, load) => Object.defineProperty(exports, name, { enumerable: true, configurable: true, get: () => load()[name] });',
    ...names.map((name) => `lazily("${name}", () => require("${owners.get(name)}"));`),
    `0 && (module.exports = { ${names.join(', ')} });`,
    '',
  ].join('\n'));
}

/** Whoever makes a pod loads all rules: as one file they are there in a third of the time of more than a hundred. */
function bundleRules(): void {
  buildSync({
    entryPoints: [join(ROOT, 'src', 'rules', 'index.ts')], outfile: join(ROOT, 'lib', 'rules', 'index.js'),
    bundle: true, platform: 'node', target: 'node20', format: 'cjs',
  });
}

/**
 * The package has no runtime dependency: the parser is copied into the one module that imports it.
 *
 * The command becomes a single file, which is there 30 ms sooner than the hundred that it is made of.
 */
function bundleCommand(): void {
  const parser = dirname(require.resolve('js-yaml/package.json'));
  const licence = readFileSync(join(parser, 'LICENSE'), 'utf8').trim();
  for (const name of ['input/yaml', 'command']) {
    buildSync({
      // From the sources: only there esbuild sees which half of the parser nobody calls.
      entryPoints: [join(ROOT, 'src', 'plugin', `${name}.ts`)], outfile: join(ROOT, 'lib', 'plugin', `${name}.js`),
      bundle: true, platform: 'node', target: 'node20', format: 'cjs', mainFields: ['module', 'main'],
      // V8 keeps an object that begins with a spread as a dictionary: with one as its state the parser takes twice the time.
      supported: { 'object-rest-spread': false },
      banner: { js: `/*! Contains js-yaml.\n\n${licence}\n*/` },
    });
  }
}

copyPrograms();
stripSourceMaps();
loadLazily();
bundleRules();
bundleCommand();

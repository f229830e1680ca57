import { existsSync, readdirSync } from 'fs';
import { join } from 'path';
import { cdk8s, javascript, JsonFile } from 'projen';

/** The example apps are found, not registered: a folder with a `cdk8s.yaml`. */
const examples = readdirSync('examples', { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && existsSync(join('examples', entry.name, 'cdk8s.yaml')))
  .map((entry) => entry.name)
  .sort();

const project = new cdk8s.ConstructLibraryCdk8s({
  name: 'cdk8s-pod-patterns',
  description: 'Multi-container pods as typed cdk8s constructs: sidecar, adapter, ambassador and production-ready pods that are secure, observable and resilient by construction.',
  author: 'cdk8s-pod-patterns maintainers',
  authorAddress: 'maintainers@cdk8s-pod-patterns.example',
  repositoryUrl: 'https://github.com/cdk8s-pod-patterns/cdk8s-pod-patterns.git',
  license: 'Apache-2.0',
  copyrightOwner: 'cdk8s-pod-patterns maintainers',
  copyrightPeriod: '2026',
  keywords: ['cdk8s', 'kubernetes', 'pod', 'sidecar', 'adapter', 'ambassador', 'multi-container'],
  defaultReleaseBranch: 'main',
  packageManager: javascript.NodePackageManager.NPM,
  projenrcTs: true,
  minNodeVersion: '20.16.0',

  // The oldest versions that have what is used: `Construct.with()` came with constructs 10.5.
  cdk8sVersion: '2.70.0',
  constructsVersion: '10.5.0',
  peerDeps: ['cdk8s-plus-28@^2.5.6'],
  jsiiVersion: '~6.0.0',
  typescriptVersion: '~6.0.0',
  devDeps: ['cdk8s-cli@^2', 'fast-check@^4', 'tsx@^4', 'yaml@^2', 'esbuild', 'js-yaml@^5'],
  bin: { 'cdk8s-pod-patterns': 'bin/cdk8s-pod-patterns' },

  publishToPypi: { distName: 'cdk8s-pod-patterns', module: 'cdk8s_pod_patterns' },
  publishToMaven: {
    javaPackage: 'io.github.cdk8spodpatterns',
    mavenGroupId: 'io.github.cdk8spodpatterns',
    mavenArtifactId: 'cdk8s-pod-patterns',
  },
  publishToGo: { moduleName: 'github.com/cdk8s-pod-patterns/cdk8s-pod-patterns-go' },

  // No release automation: it would write registry addresses into committed files.
  release: false,
  depsUpgrade: false,
  pullRequestTemplate: false,
  stale: false,
  githubOptions: { mergify: false, pullRequestLint: false },
  buildWorkflow: false,

  docgenFilePath: 'API.md',
  tsconfigDev: { include: ['examples/**/*.ts', 'projenrc/**/*.ts', 'scripts/**/*.ts', 'benchmark/**/*.ts'] },
  eslintOptions: { dirs: ['src'], devdirs: ['test', 'examples', 'scripts', 'benchmark'], commandOptions: { fix: false } },
  jestOptions: {
    // The default of projen rewrites snapshots on each run, so that none can fail.
    updateSnapshot: javascript.UpdateSnapshot.NEVER,
    passWithNoTests: false,
    junitReporting: false,
    jestConfig: {
      // Counting lines doubles the time; `npm run coverage` does it.
      collectCoverage: false,
      // Tests that run programs mostly wait; jest leaves one core idle, which on a machine of two is half of it.
      maxWorkers: '100%',
      // A busy machine makes tests slow, not wrong.
      testTimeout: 60_000,
      moduleNameMapper: { '^cdk8s-pod-patterns$': '<rootDir>/src/index.ts' },
    },
  },
  gitignore: ['/node_modules', '.jsii.tabl.json', 'examples/*/dist/', 'test-reports/', '*.tgz', '/coverage/', '__pycache__/', '/.bench/'],
});

project.npmignore?.addPatterns('/tsconfig.dev.json', '/examples/*/dist/', '/examples/tsconfig.json', '/benchmark/', '/scripts/', '/.ci/', '/.bench/', '/rosetta/', '.jsii.tabl.json', '__pycache__/');

// The next version misses packages of other platforms, which `npm ci` then finds missing in the lock file.
project.package.addPackageResolutions('unrs-resolver@1.12.2');

// --- what projen does not know of itself ------------------------------------

project.compileTask.exec('tsx scripts/finish-lib.ts');

// jsii and its tools print a page about Node 20 otherwise.
project.tasks.addEnvironment('JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION', '20');
// The CLI asks the registry for a newer version of itself, and says "undefined" where it gets no answer.
project.tasks.addEnvironment('CDK8S_CHECK_UPGRADE', 'false');

const rulePages = project.addTask('docs:rules', {
  description: 'Writes the page of every rule from the data of the rule',
  exec: 'tsx scripts/rule-pages.ts',
});
project.postCompileTask.spawn(rulePages);
const rosetta = project.addTask('docs:examples', {
  description: 'Compiles the examples in the doc comments and the README',
  exec: 'jsii-rosetta extract --strict --fail .',
});
project.postCompileTask.spawn(rosetta);

const synth = project.addTask('synth', { description: 'Synthesizes every example into examples/<name>/dist' });
for (const name of examples) {
  synth.exec('cdk8s synth', { cwd: `examples/${name}` });
}

const typecheck = project.addTask('typecheck', {
  description: 'Checks the types of everything that jsii does not compile',
  exec: 'tsc --noEmit -p tsconfig.dev.json',
});

// One command for everything: compile, generated files, types, lint, tests.
project.testTask.reset();
project.testTask.spawn(project.compileTask);
project.testTask.spawn(project.postCompileTask);
project.testTask.spawn(typecheck);
project.testTask.spawn(project.tasks.tryFind('eslint')!);
project.testTask.exec('jest --ci', { receiveArgs: true });

project.addTask('coverage', { description: 'The unit tests, and which lines they reach', exec: 'jest --ci --coverage', receiveArgs: true });
project.addTask('unit', { description: 'Only the unit tests', exec: 'jest --ci', receiveArgs: true });
const bench = project.addTask('bench', { description: 'Measures synthesis against plain cdk8s-plus, and the command against kube-score' });
bench.exec('node --import tsx benchmark/synth.ts', { receiveArgs: true });
bench.exec('node --import tsx benchmark/check.ts');
project.addTask('test:kubernetes', { description: 'Runs the examples on the cluster that KUBECONFIG points to', exec: 'bash test/kubernetes/run', receiveArgs: true });

// Outside of CI projen packs for every language; here each has its own task.
project.packageTask.reset();
project.packageTask.spawn(project.tasks.tryFind('package:js')!);

for (const language of ['java', 'go']) {
  project.addTask(`generate:${language}`, {
    description: `Generates the ${language} sources without compiling them`,
    exec: `jsii-pacmak --target ${language} --code-only`,
  });
}

new JsonFile(project, 'examples/tsconfig.json', {
  obj: {
    extends: '../tsconfig.json',
    compilerOptions: { rootDir: '..', noEmit: true, paths: { 'cdk8s-pod-patterns': ['../src/index.ts'] } },
    include: ['**/*.ts'],
  },
});
new JsonFile(project, 'tsconfig.dev.json', {
  obj: {
    extends: './tsconfig.json',
    compilerOptions: { rootDir: '.', noEmit: true, paths: { 'cdk8s-pod-patterns': ['./src/index.ts'] } },
    include: ['src/**/*.ts', 'test/**/*.ts', 'examples/**/*.ts', 'scripts/**/*.ts', 'benchmark/**/*.ts', 'projenrc/**/*.ts', '.projenrc.ts'],
    exclude: ['node_modules'],
  },
});

for (const folder of ['scripts', 'benchmark']) {
  new JsonFile(project, `${folder}/tsconfig.json`, { obj: { extends: '../tsconfig.dev.json', include: ['**/*.ts'] } });
}

/** A folder may import only the folders before it: the architecture, in one list. */
const folders = ['manifest', 'rules', 'production', 'parts', 'pods', 'workloads', 'plugin', 'jest'];
project.eslint?.addRules({
  'import/no-cycle': ['error'],
  'import/no-restricted-paths': ['error', {
    zones: folders.slice(0, -1).map((folder, index) => ({
      target: `./src/${folder}`,
      from: folders.slice(index + 1).map((later) => `./src/${later}`),
      message: 'A folder imports only the folders listed before it in ARCHITECTURE.md.',
    })),
  }],
  '@stylistic/object-property-newline': 'off',
  '@stylistic/max-len': ['error', { code: 170, ignoreUrls: true, ignoreStrings: true, ignoreTemplateLiterals: true, ignoreRegExpLiterals: true }],
});

// Examples import the package by its name.
project.tryFindObjectFile('.eslintrc.json')?.addOverride(
  'settings.import/resolver.typescript.project', ['./tsconfig.json', './tsconfig.dev.json', './examples/tsconfig.json']);

project.synth();

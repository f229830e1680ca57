import { spawn, spawnSync } from 'child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { buildSync } from 'esbuild';
import * as fc from 'fast-check';
import { checkSources } from '../../src/plugin/check';
import { sourceOf } from '../../src/plugin/input/sources';
import { Format, readCommandLine } from '../../src/plugin/options';
import { renderJson } from '../../src/plugin/output/json';
import { renderSarif } from '../../src/plugin/output/sarif';
import { renderText } from '../../src/plugin/output/text';
import { ALL_RULES } from '../../src/rules';
import { Pack } from '../../src/rules/rule';

const TODAY = '2026-01-31';

const pod = (annotations: string, second: string) => `apiVersion: v1
kind: Pod
metadata:
  name: web
  namespace: shop
  annotations: {${annotations}}
spec:
  containers:
    - name: app
      image: shop/app:1.0
      ports: [{ containerPort: 8080 }]
    - name: ${second}
      image: shop/helper:1.0
`;
const BROKEN = pod('', 'app');
const CLEAN = pod('', 'helper');
const WAIVED = pod('"waive.pod-patterns/unique-container-names": "the second is renamed later (until 9999-12-31)"', 'app');
const IDLE_WAIVER = pod('"waive.pod-patterns/port-clash": "no longer"', 'helper');

/** Rules of one pack, because the fixtures are as small as that pack lets them be. */
const check = (text: string, packs: Pack[] | undefined = [Pack.VALID]) => checkSources([sourceOf('all.yaml', Buffer.from(text))], { packs, today: TODAY });
const places = (text: string) => check(text).findings.map(({ finding, place }) => [finding.ruleId, place.line, place.item]);

describe('a check of manifests', () => {
  test('places each finding at the line of its field', () => {
    expect(places(`# Source: chart/web.yaml\n${CLEAN}---\n${BROKEN}`)).toEqual([['unique-container-names', 27, '']]);
  });

  test('says where in a List an object lies', () => {
    const items = [CLEAN, BROKEN].map((text) => `- ${text.trim().replace(/\n/g, '\n  ')}\n`).join('');
    expect(places(`apiVersion: v1\nkind: List\nitems:\n${items}`)).toEqual([['unique-container-names', 28, 'items[1]']]);
  });

  test('finds in JSON what it finds in YAML', () => {
    const json = JSON.stringify({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'Web' }, spec: { containers: [] } }, undefined, '\t');
    expect(places(json)).toEqual([['dns-names', 5, '']]);
  });

  test('counts kinds that no rule knows, and says nothing about them', () => {
    const { counts, findings } = check(`${CLEAN}---\napiVersion: example.com/v1\nkind: Pod\nspec: 5\n---\n# nothing\n`);
    expect(counts).toEqual({ files: 1, objects: 2, pods: 1, unknown: 1 });
    expect(findings).toEqual([]);
  });

  test('asks the rules of the packs that were named, and no others', () => {
    const found = (packs?: Pack[]) => checkSources([sourceOf('a', Buffer.from(BROKEN))], { packs, today: TODAY });
    const ids = (packs?: Pack[]) => found(packs).findings.map(({ finding }) => finding.ruleId);
    expect(ids([Pack.RESTRICTED])).not.toContain('unique-container-names');
    expect(ids([Pack.VALID, Pack.RESTRICTED])).toContain('unique-container-names');
    expect(ids()).toContain('unique-container-names');
    expect(found([Pack.VALID]).rules).toEqual(ALL_RULES.filter(({ pack }) => pack === Pack.VALID));
  });

  test('takes waived findings out, and reports a waiver that waives nothing', () => {
    expect(check(WAIVED).findings).toEqual([]);
    expect(check(WAIVED).waived).toEqual([expect.objectContaining({ reason: 'the second is renamed later', until: '9999-12-31' })]);
    const [idle] = check(IDLE_WAIVER, [Pack.GOLDEN]).findings.filter(({ finding }) => finding.ruleId === 'unused-waiver');
    expect(idle.place.line).toBe(6);
  });

  describe('takes its files together for a whole app', () => {
    const service = (annotations = '') => `apiVersion: v1\nkind: Service\nmetadata: { name: web, namespace: shop, annotations: {${annotations}} }\nspec: { selector: { app: web }, ports: [{ port: 80 }] }\n`;
    const found = (partial: boolean | undefined, ...texts: string[]) => {
      const { findings, rules } = checkSources(texts.map((text, index) => sourceOf(`${index}.yaml`, Buffer.from(text))), { partial, today: TODAY });
      const ids = findings.map(({ finding }) => finding.ruleId).filter((id) => ['service-selects-nothing', 'unused-waiver', 'unused-service-account-token'].includes(id));
      return { ids, ran: rules.some(({ id }) => id === 'service-selects-nothing') };
    };

    test('whose Services must select a pod, from whatever file', () => {
      expect(found(undefined, service(), CLEAN)).toEqual({ ids: ['service-selects-nothing', 'unused-service-account-token'], ran: true });
      expect(found(undefined, service(), CLEAN.replace('  name: web', '  name: web\n  labels: { app: web }')).ids).toEqual(['unused-service-account-token']);
    });

    test('and not where they are said to be a part of one', () => {
      expect(found(true, service(), CLEAN)).toEqual({ ids: [], ran: false });
    });

    test('and in a part calls no waiver unused that something elsewhere may need', () => {
      const waived = service('waive.pod-patterns/service-selects-nothing: "an operator labels its pods"');
      expect(found(undefined, waived).ids).toEqual(['unused-waiver']);
      expect(found(undefined, waived, CLEAN).ids).toEqual(['unused-service-account-token']);
      expect(found(true, waived).ids).toEqual([]);
      expect(found(true, IDLE_WAIVER).ids).toEqual(['unused-waiver']);
    });
  });

  test('survives any JSON in any field of any kind', () => {
    const word = fc.constantFrom('metadata', 'name', 'namespace', 'labels', 'annotations', 'spec', 'template', 'jobTemplate', 'containers', 'initContainers', 'volumes', 'ports', 'env',
      'resources', 'limits', 'securityContext', 'livenessProbe', 'lifecycle', 'preStop', 'httpGet', 'selector', 'matchLabels', 'items', 'volumeMounts', 'command', 'image', 'x');
    const any = fc.letrec((tie) => ({
      any: fc.oneof({ depthSize: 'medium' }, fc.jsonValue({ maxDepth: 1 }), fc.array(tie('any'), { maxLength: 3 }), fc.dictionary(word, tie('any'), { maxKeys: 5 })),
    })).any;
    const kind = fc.constantFrom(['v1', 'Pod'], ['v1', 'Service'], ['apps/v1', 'Deployment'], ['apps/v1', 'StatefulSet'], ['batch/v1', 'CronJob'], ['v1', 'List'], ['v1', 'PodList'],
      ['networking.k8s.io/v1', 'NetworkPolicy'], ['policy/v1', 'PodDisruptionBudget'], ['autoscaling/v2', 'HorizontalPodAutoscaler']);
    const containers = fc.record({ spec: fc.record({ containers: fc.array(fc.dictionary(word, any, { maxKeys: 6 }), { maxLength: 3 }) }), metadata: any });
    fc.assert(fc.property(kind, fc.oneof(fc.dictionary(word, any, { maxKeys: 6 }), containers), ([apiVersion, name], fields) => {
      const report = check(JSON.stringify({ ...fields, apiVersion, kind: name }), Object.values(Pack));
      [renderText, renderJson, renderSarif].forEach((render) => expect(render(report)).toMatch(/\n$/));
    }), { numRuns: 500 });
  });
});

describe('a report', () => {
  const report = checkSources(
    [sourceOf('charts/a b.yaml', Buffer.from(`${BROKEN}---\n${WAIVED}`)), sourceOf('/abs/b.yaml', Buffer.from('a: ['))], { packs: [Pack.VALID], today: TODAY });

  test('as text begins each finding as compilers do, and ends with what was looked at', () => {
    const text = renderText(report);
    expect(text).toMatch(/^charts\/a b\.yaml:12: error: Pod\/web: spec\.containers\[1\]\.name: .* {2}\[unique-container-names\]\n {2}why: .*\n {2}fix: .*\n {2}see: docs\/rules\/unique-container-names\.md\n\n/);
    expect(text).toMatch(/\nchecked 2 files, 2 objects, 2 pods: 1 error, 0 warnings, 1 waived, 1 unusable\n$/);
  });

  test('as JSON has the documented fields', () => {
    const { version, findings, waived, unusable, summary } = JSON.parse(renderJson(report));
    expect(version).toBe(1);
    expect(findings).toEqual([{
      ruleId: 'unique-container-names', severity: 'error', file: 'charts/a b.yaml', line: 12, kind: 'Pod', namespace: 'shop', name: 'web', item: '',
      field: 'spec.containers[1].name', fact: expect.any(String), why: expect.any(String), fix: expect.any(String), see: 'docs/rules/unique-container-names.md',
    }]);
    expect(waived).toEqual([expect.objectContaining({ ruleId: 'unique-container-names', line: 26, reason: 'the second is renamed later', until: '9999-12-31' })]);
    expect(unusable).toEqual([{ file: '/abs/b.yaml', line: 1, reason: expect.any(String) }]);
    expect(summary).toEqual({ files: 2, objects: 2, pods: 2, unknown: 0, errors: 1, warnings: 0, waived: 1, unusable: 1, leftOut: { errors: 0, warnings: 0 } });
  });

  test('as SARIF has what code scanning demands: rules, level, message, URI, line, and the reason of a suppression', () => {
    const { version, runs: [{ tool, results, invocations }] } = JSON.parse(renderSarif(report));
    expect(version).toBe('2.1.0');
    expect(tool.driver.rules.map(({ id }: { id: string }) => id)).toEqual(report.rules.map(({ id }) => id));
    expect(results).toHaveLength(2);
    for (const [index, line] of [12, 26].entries()) {
      expect(tool.driver.rules[results[index].ruleIndex].id).toBe(results[index].ruleId);
      expect(results[index]).toMatchObject({ ruleId: 'unique-container-names', level: 'error', message: { text: expect.stringContaining('Pod/shop/web') } });
      expect(results[index].locations[0].physicalLocation).toEqual({ artifactLocation: { uri: 'charts/a%20b.yaml' }, region: { startLine: line, startColumn: 7, endLine: line, endColumn: 16 } });
    }
    expect(results[0].suppressions).toBeUndefined();
    expect(results[1].suppressions).toEqual([{ kind: 'inSource', status: 'accepted', justification: 'the second is renamed later (until 9999-12-31)' }]);
    expect(invocations[0].executionSuccessful).toBe(false);
    expect(invocations[0].toolExecutionNotifications[0].locations[0].physicalLocation.artifactLocation.uri).toBe('file:///abs/b.yaml');
  });
});

describe('a report of more findings than anybody reads', () => {
  const many = (count: number, annotations = '') => `{apiVersion: v1, kind: Pod, metadata: {name: web, annotations: {${annotations}}}, spec: {containers: [${
    '{name: app, image: "shop/app:1.0"},'.repeat(count)}]}}`;
  const report = check(many(10_004), [Pack.VALID, Pack.RESTRICTED]);

  test('lists as many errors and as many warnings, and counts the others', () => {
    expect(report.findings.filter(({ finding }) => finding.severity === 'error')).toHaveLength(10_000);
    expect(report.findings.filter(({ finding }) => finding.severity === 'warning')).toHaveLength(10_000);
    expect(report.leftOut.errors).toBe(3);
    expect(report.leftOut.warnings).toBeGreaterThan(4);
  });

  test('says so in each format', () => {
    const { errors, warnings } = report.leftOut;
    expect(renderText(report)).toMatch(new RegExp(`, ${errors} more errors and ${warnings} more warnings not listed\n$`));
    expect(JSON.parse(renderJson(report)).summary.leftOut).toEqual({ errors, warnings });
    expect(JSON.parse(renderSarif(report)).runs[0].invocations[0]).toEqual({
      executionSuccessful: true,
      toolExecutionNotifications: [{ level: 'warning', message: { text: `${errors} more errors and ${warnings} more warnings are not listed` } }],
    });
  });

  test('calls no waiver unused, because nobody knows what was left out', () => {
    const annotations = '"waive.pod-patterns/port-clash": "the old listener goes"';
    expect(check(many(10_004, annotations), [Pack.VALID, Pack.GOLDEN]).findings.some(({ finding }) => finding.ruleId === 'unused-waiver')).toBe(false);
    expect(check(many(2, annotations), [Pack.VALID, Pack.GOLDEN]).findings.some(({ finding }) => finding.ruleId === 'unused-waiver')).toBe(true);
  });

  test('names a thousand places of a file that is no list of manifests, and reads no further', () => {
    for (const text of ['---\n[\n'.repeat(1005), `{apiVersion: v1, kind: List, items: [${'1,'.repeat(1005)}]}`]) {
      const { unusable } = check(text);
      expect(unusable).toHaveLength(1001);
      expect(unusable[1000].reason).toBe('what follows is not read, because 1000 places before it are unusable');
    }
    expect(check('---\n[\n'.repeat(1000)).unusable).toHaveLength(1000);
  });
});

describe('the command line', () => {
  test.each([
    [['chek', 'a'], '"chek" is not a command'],
    [[], undefined],
    [['--format', 'json'], 'a command is missing'],
    [['check'], 'a file is missing'],
    [['check', '--pack', 'best', 'a'], '"best" is not known to --pack; it takes valid, golden, production, restricted'],
    [['check', '--format', 'xml', 'a'], '"xml" is not known to --format; it takes text, json, sarif'],
    [['check', '--target', '1.2', 'a'], '"1.2" is not known to --target; it takes 1.28, '],
    [['check', '--quiet', 'a'], '\'--quiet\'; there are --pack, '],
  ])('%j is answered with what is known', (argv, text) => {
    const line = readCommandLine(argv);
    expect(line).toEqual(text === undefined ? { does: 'help' } : { does: 'fail', problem: expect.stringContaining(text) });
  });

  test.each(['v1.30', '1.30.4', 'v1.30.4', 'v1.30.4-gke.1000', '1.30.4+k3s1'])('is checked for the minor version of a target as clusters name it: %s', (target) => {
    expect(readCommandLine(['check', 'a', '--target', target])).toMatchObject({ does: 'check', options: { target: '1.30' } });
  });

  test('keeps what was asked for', () => {
    expect(readCommandLine(['check', 'a', '--pack', 'valid', '--pack=golden', '--format', 'sarif', '--target', '1.30', '--fail-on', 'error', '-R', '--partial', '-'])).toEqual({
      does: 'check',
      options: { files: ['a', '-'], packs: ['valid', 'golden'], format: Format.SARIF, target: '1.30', failOn: 'error', recursive: true, partial: true },
    });
  });
});

describe('the command as a process', () => {
  const folder = mkdtempSync(join(tmpdir(), 'command-'));
  const start = join(folder, 'bin', 'cdk8s-pod-patterns');
  const file = (name: string, text: string | Buffer) => {
    writeFileSync(join(folder, name), text);
    return name;
  };
  const run = (args: string[], input = '') => spawnSync(process.execPath, [start, ...args], { cwd: folder, input, encoding: 'utf8' });

  beforeAll(() => {
    buildSync({ entryPoints: [join(__dirname, '../../src/plugin/command.ts')], outfile: join(folder, 'lib', 'plugin', 'command.js'), bundle: true, platform: 'node', format: 'cjs' });
    mkdirSync(join(folder, 'bin'));
    copyFileSync(join(__dirname, '../../bin/cdk8s-pod-patterns'), start);
    copyFileSync(join(__dirname, '../../package.json'), join(folder, 'package.json'));
    file('clean.yaml', CLEAN);
    file('found.yaml', BROKEN);
    file('warned.yaml', IDLE_WAIVER);
    file('service.yaml', ALL_RULES.find(({ id }) => id === 'named-target-port')!.bad);
    file('waived.yaml', WAIVED);
    file('broken.yaml', 'a: [');
    file('binary.yaml', Buffer.from([0, 1, 2, 255]));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test.each<[number, string[]]>([
    [0, ['check', '--pack', 'valid', 'clean.yaml']],
    [0, ['check', '--pack', 'valid', 'waived.yaml']],
    [1, ['check', '--pack', 'valid', 'clean.yaml', 'found.yaml']],
    [1, ['check', 'found.yaml']],
    [1, ['check', '--pack', 'golden', 'service.yaml']],
    [0, ['check', '--pack', 'golden', '--partial', 'service.yaml']],
    [1, ['check', '--pack', 'golden', 'warned.yaml']],
    [0, ['check', '--pack', 'golden', '--fail-on', 'error', 'warned.yaml']],
    [1, ['check', '--fail-on', 'error', 'found.yaml']],
    [2, ['check', 'found.yaml', 'broken.yaml']],
    [2, ['check', 'binary.yaml']],
    [2, ['check', 'missing.yaml']],
    [2, ['check', '.']],
    [2, ['check', '--format', 'xml', 'clean.yaml']],
    [0, ['--help']],
    [0, ['--version']],
  ])('ends with %i for %j', (status, args) => {
    const result = run(args);
    expect(result.stderr).not.toContain('    at ');
    expect(result.status).toBe(status);
  });

  test('reports the findings of the other files beside what it cannot use, which it names on standard error', () => {
    const { stdout, stderr } = run(['check', 'broken.yaml', 'found.yaml', '/dev/null/x']);
    expect(stdout).toContain('found.yaml:12: error: Pod/web');
    expect(stderr).toMatch(/^broken\.yaml:1: unusable: .*\n\/dev\/null\/x:1: unusable: .*\n$/);
  });

  test('does not call clean what has more errors than it lists, though those are waived', () => {
    const { stdout, status } = run(['check', '--pack', 'valid', '--fail-on', 'error', '-'], '{apiVersion: v1, kind: Pod, metadata: {name: web, annotations: {'
      + `"waive.pod-patterns/unique-container-names": "renamed later"}}, spec: {containers: [${'{name: app, image: "shop/app:1.0"},'.repeat(10_002)}]}}`);
    expect(stdout).toContain(': 0 errors, 0 warnings, 10000 waived, 1 more error and 0 more warnings not listed\n');
    expect(status).toBe(1);
  });

  test('reads standard input', () => {
    expect(run(['check', '-'], BROKEN).stdout).toContain('stdin:12: error: Pod/web');
  });

  test('does not call a pipe clean whose first program wrote nothing', () => {
    expect(run(['check', '-'], '')).toMatchObject({ status: 2, stderr: expect.stringContaining('stdin:1: unusable: nothing came in') });
    expect(run(['check', '-'], '# every condition of the chart is off\n').status).toBe(0);
  });

  test('lists every rule in its help', () => {
    const { stdout } = run(['check', '--help']);
    expect(ALL_RULES.filter(({ id }) => !stdout.includes(`  ${id} `))).toEqual([]);
  });

  test('keeps its exit status and says nothing when the reader of its output is gone', async () => {
    file('many.yaml', Array(3000).fill(BROKEN).join('---\n'));
    const child = spawn(process.execPath, [start, 'check', 'many.yaml'], { cwd: folder });
    child.stdout.once('data', () => child.stdout.destroy());
    let errors = '';
    child.stderr.on('data', (data) => errors += data);
    const status = await new Promise((resolve) => child.on('close', resolve));
    expect([status, errors]).toEqual([1, '']);
  });

  test('loads neither cdk8s nor cdk8s-plus, nor anything else but Node and itself', () => {
    const { metafile } = buildSync({
      entryPoints: [join(__dirname, '../../src/plugin/command.ts')], bundle: true, platform: 'node', format: 'cjs', write: false, metafile: true, outdir: folder,
    });
    const foreign = Object.keys(metafile.inputs).filter((path) => path.includes('node_modules') && !path.includes('/js-yaml/'));
    expect(foreign).toEqual([]);
  });
});

import { spawnSync } from 'child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { GoldenRulesValidation, KubernetesVersion, Pack } from '../../src';

const ROOT = join(__dirname, '../..');

/** What the command line gives a plugin, and what the plugin told it. */
class Context {
  public readonly manifests = ['dist/shop.k8s.yaml'];
  public readonly violations: any[] = [];
  public status?: string;
  public metadata?: { [key: string]: string };
  public readonly report = {
    addViolation: (violation: any) => this.violations.push(violation),
    submit: (status: string, metadata: { [key: string]: string }) => Object.assign(this, { status, metadata }),
  };

  public constructor(private readonly objects: unknown[]) {}

  public parseManifest(): unknown[] {
    return this.objects;
  }
}

const pod = (port: number, annotations = {}, name = 'web') => ({
  apiVersion: 'v1', kind: 'Pod', metadata: { name, annotations },
  spec: { containers: [{ name: 'a', image: 'a:1', ports: [{ containerPort: 80 }] }, { name: 'b', image: 'b:1', ports: [{ containerPort: port }] }] },
});

async function validate(objects: unknown[], props?: ConstructorParameters<typeof GoldenRulesValidation>[0]): Promise<Context> {
  const context = new Context(objects);
  await new GoldenRulesValidation(props).validate(context);
  return context;
}

describe('the validation plugin', () => {
  test('reports each rule once, with every object and place that breaks it', async () => {
    const { violations, status } = await validate([pod(0), pod(0, {}, 'shop')], { packs: [Pack.VALID] });
    expect(status).toBe('failure');
    expect(violations).toMatchObject([{
      ruleName: 'port-range [error]',
      fix: expect.stringContaining('docs/rules/port-range.md'),
      violatingResources: [
        { resourceName: 'web', manifestPath: 'dist/shop.k8s.yaml', locations: [expect.stringMatching(/^spec\.containers\[1\]\.ports\[0\]\.containerPort: "0" /)] },
        { resourceName: 'shop' },
      ],
    }]);
  });

  test('looks into a List, whose items may carry waivers', async () => {
    const items = [pod(0, {}, 'zero'), pod(80, { 'waive.pod-patterns/port-clash': 'one of them is off' })];
    const { violations, metadata } = await validate([{ apiVersion: 'v1', kind: 'List', items }], { packs: [Pack.VALID, Pack.GOLDEN] });
    expect(violations).toContainEqual(expect.objectContaining({ ruleName: 'port-range [error]', violatingResources: [expect.objectContaining({ resourceName: 'zero' })] }));
    expect(metadata?.Waived).toBe('port-clash in Pod/web: one of them is off');
  });

  test('fails for warnings only where it is told to', async () => {
    const expired = [pod(81, { 'waive.pod-patterns/port-clash': 'x (until 2001-01-01)' })];
    const quiet = await validate(expired, { packs: [Pack.GOLDEN] });
    expect(quiet.violations.map(({ ruleName }) => ruleName)).toContain('expired-waiver [warning]');
    expect(quiet.status).toBe('success');
    expect((await validate(expired, { packs: [Pack.GOLDEN], failOnWarnings: true })).status).toBe('failure');
  });

  test('lists what is waived, with reason and end', async () => {
    const waived = pod(80, { 'waive.pod-patterns/port-clash': 'one of them is off (until 9999-12-31)' });
    const { metadata, violations } = await validate([waived], { packs: [Pack.GOLDEN] });
    expect(violations.map(({ ruleName }) => ruleName)).not.toContain('port-clash [error]');
    expect(metadata?.Waived).toBe('port-clash in Pod/web: one of them is off (until 9999-12-31)');
  });

  test('passes an app without findings, and documents that are no objects', async () => {
    expect(await validate([null, 'text', pod(81)], { packs: [Pack.VALID] })).toMatchObject({
      status: 'success', violations: [], metadata: { Packs: 'valid', Findings: '0 errors, 0 warnings', Waived: 'nothing' },
    });
  });

  test('holds manifests to the version of the clusters', async () => {
    const native = pod(81) as any;
    native.spec.initContainers = [{ name: 'c', image: 'c:1', restartPolicy: 'Always' }];
    const rules = async (kubernetesVersion?: string) =>
      (await validate([native], { packs: [Pack.VALID], kubernetesVersion: kubernetesVersion as KubernetesVersion })).violations.map(({ ruleName }) => ruleName);
    expect(await rules()).toEqual([]);
    expect(await rules(KubernetesVersion.V1_28)).toEqual(['field-of-newer-kubernetes [error]']);
    expect(await rules('v1.28.15-gke.1000')).toEqual(['field-of-newer-kubernetes [error]']);
  });

  test.each([
    ['an unknown pack', { packs: ['gold'] }, '"gold" is no pack'],
    ['no pack', { packs: [] }, '"[]" is no pack'],
    ['an unknown version', { kubernetesVersion: 1.33 }, '"1.33" is not a known version'],
    ['a flag in quotes', { failOnWarnings: 'true' }, 'failOnWarnings: "true" is neither true nor false'],
    ['an unknown property', { pack: ['golden'] }, 'pack: is not known\n  why: what it was meant to change would stay as it is, and nobody would notice\n  fix: there are packs, kubernetesVersion, failOnWarnings'],
  ])('refuses %s in cdk8s.yaml', (_, props, message) => {
    expect(() => new GoldenRulesValidation(props as any)).toThrow(message);
  });
});

describe('the cdk8s command line', () => {
  const folder = mkdtempSync(join(tmpdir(), 'validation-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  function synth(port: number): { status: number | null; output: string; report: any } {
    mkdirSync(join(folder, 'plugin'), { recursive: true });
    // The sources as they are: the package may not have been compiled.
    writeFileSync(join(folder, 'plugin/index.js'), `require('tsx/cjs'); module.exports = require(${JSON.stringify(join(ROOT, 'src/index.ts'))});`);
    writeFileSync(join(folder, 'main.js'), `
      const { ApiObject, App, Chart } = require('cdk8s');
      const app = new App();
      new ApiObject(new Chart(app, 'shop'), 'Web', ${JSON.stringify({ ...pod(port), metadata: {} })});
      app.synth();`);
    writeFileSync(join(folder, 'cdk8s.yaml'), [
      'app: node main.js', 'language: typescript', 'validations:',
      '  - { package: ./plugin, version: 0.0.0, class: GoldenRulesValidation, properties: { packs: [golden] } }', '',
    ].join('\n'));
    const reports = join(folder, `reports-${port}.json`);
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(ROOT, 'node_modules/.bin/cdk8s'), 'synth', '--validation-reports-output-file', reports], {
      cwd: folder, encoding: 'utf8', env: { ...process.env, CDK8S_CHECK_UPGRADE: 'false', NODE_PATH: join(ROOT, 'node_modules') },
    });
    return { status, output: stdout + stderr, report: JSON.parse(readFileSync(reports, 'utf8')) };
  }

  beforeAll(() => symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules')));

  test('fails where the plugin finds an error, and names the construct', () => {
    const { status, output, report } = synth(80);
    expect(output).toMatch(/port-clash \[error\][^]*Construct Path: shop\/Web/);
    expect(status).not.toBe(0);
    expect(JSON.stringify(report)).toContain('"constructPath":"shop/Web"');
  }, 60_000);

  test('succeeds where it finds none', () => {
    const { status, output } = synth(81);
    expect(output).not.toContain('port-clash');
    expect(status).toBe(0);
  }, 60_000);
});

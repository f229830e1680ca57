import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { parseAllDocuments } from 'yaml';
import { podTemplateOf } from '../../src/manifest/pod-template';

const EXAMPLES = join(__dirname, '..', '..', 'examples');

const names = readdirSync(EXAMPLES, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && existsSync(join(EXAMPLES, entry.name, 'cdk8s.yaml')))
  .map((entry) => entry.name);

/** Runs the example as `cdk8s synth` does, into a folder of its own. */
function synthesize(name: string): string {
  const outdir = mkdtempSync(join(tmpdir(), 'example-'));
  process.env.CDK8S_OUTDIR = outdir;
  try {
    // Running the module is what synthesizes.
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    jest.isolateModules(() => require(join(EXAMPLES, name, 'main.ts')));
    return readdirSync(outdir).sort().map((file) => readFileSync(join(outdir, file), 'utf8')).join('---\n');
  } finally {
    delete process.env.CDK8S_OUTDIR;
    rmSync(outdir, { recursive: true });
  }
}

describe.each(names)('examples/%s', (name) => {
  const golden = join(EXAMPLES, name, 'expected.k8s.yaml');
  let manifest: string;

  beforeAll(() => {
    manifest = synthesize(name);
    if (process.env.UPDATE_GOLDEN) {
      writeFileSync(golden, manifest);
    }
  });

  test('writes the golden manifest, byte for byte', () => {
    expect(manifest).toBe(readFileSync(golden, 'utf8'));
  });

  test('is explained in a README with a drawing and the kubectl commands of the lesson', () => {
    const readme = readFileSync(join(EXAMPLES, name, 'README.md'), 'utf8');
    const { spec } = parseAllDocuments(manifest).flatMap((document) => podTemplateOf(document.toJS()) ?? [])[0];
    expect(readme).toContain('```mermaid');
    for (const command of ['jsonpath=', 'kubectl logs', 'kubectl exec', 'kubectl top pod']) {
      expect(readme).toContain(command);
    }
    for (const container of [...spec.initContainers ?? [], ...spec.containers]) {
      expect(readme).toContain(container.name);
    }
    for (const volume of spec.volumes.filter((candidate: { emptyDir?: object }) => candidate.emptyDir)) {
      expect(readme).toContain(volume.name);
    }
  });
});

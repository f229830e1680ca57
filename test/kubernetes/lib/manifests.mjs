// Objects to create: those of the examples and of the apps of this folder, all made by the library, and the pods that test them.
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { parseAllDocuments } from 'yaml';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const PYTHON_IMAGE = 'python:3.13-slim-bookworm';

export const EXAMPLES = ['sidecar-logs', 'adapter-json-to-csv', 'ambassador', 'production-pod', 'shop'];

/** Synthesizes an example for a namespace. */
export function example(name, namespace) {
  return synthesize(`examples/${name}/main.ts`, namespace);
}

/** Synthesizes an app of `test/kubernetes/apps` for a namespace. */
export function app(name, namespace) {
  return synthesize(`test/kubernetes/apps/${name}.ts`, namespace);
}

async function synthesize(main, namespace) {
  const out = await mkdtemp(join(tmpdir(), 'pod-patterns-'));
  try {
    await promisify(execFile)('npx', ['tsx', '--tsconfig', 'examples/tsconfig.json', main], {
      cwd: ROOT, env: { ...process.env, CDK8S_OUTDIR: out },
    });
    const names = (await readdir(out)).filter((name) => name.endsWith('.yaml'));
    const texts = await Promise.all(names.map((name) => readFile(join(out, name), 'utf8')));
    return texts.flatMap((text) => objects(text, namespace));
  } finally {
    await rm(out, { recursive: true });
  }
}

/** The manifests that show a rule on a node: objects called ID-bad break it, objects called ID-good keep it. */
export async function pair(id) {
  const text = await readFile(join(ROOT, 'test/kubernetes/rules', `${id}.yaml`), 'utf8');
  return parseAllDocuments(text).map((document) => document.toJSON());
}

/** Id, pack, examples and evidence of every rule. */
export async function ruleExamples() {
  const { stdout } = await promisify(execFile)('npx', ['tsx', 'test/kubernetes/lib/rule-examples.ts'], { cwd: ROOT });
  return JSON.parse(stdout);
}

/** The examples live in the namespace `shop`, and call others there; images that are on the node are not pulled. */
function objects(text, namespace) {
  const moved = text
    .replaceAll('namespace: shop', `namespace: ${namespace}`)
    .replaceAll('.shop.svc.', `.${namespace}.svc.`)
    .replaceAll('imagePullPolicy: Always', 'imagePullPolicy: IfNotPresent');
  return parseAllDocuments(moved).map((document) => document.toJSON()).filter(Boolean);
}

/** The only pod, or the one with a name. */
export function podOf(all, name) {
  return all.find((object) => object.kind === 'Pod' && (name === undefined || object.metadata.name === name));
}

/** A pod of the test itself: runs a Python program, or waits for `kubectl exec`. */
export function helperPod(name, program = 'import time\nwhile True: time.sleep(60)') {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, labels: { app: name } },
    spec: {
      terminationGracePeriodSeconds: 0,
      automountServiceAccountToken: false,
      securityContext: { runAsNonRoot: true, runAsUser: 1000, runAsGroup: 1000, seccompProfile: { type: 'RuntimeDefault' } },
      containers: [{
        name,
        image: PYTHON_IMAGE,
        imagePullPolicy: 'IfNotPresent',
        command: ['python3', '-u', '-c', program],
        securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
      }],
    },
  };
}

/** A Service; without a selector it has an address that nobody answers. */
export function service(name, port, selector) {
  return { apiVersion: 'v1', kind: 'Service', metadata: { name }, spec: { selector, ports: [{ port, targetPort: port }] } };
}

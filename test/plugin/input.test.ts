import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import * as fc from 'fast-check';
import { stringify } from 'yaml';
import { documentsOf } from '../../src/plugin/input/documents';
import { Locator } from '../../src/plugin/input/locate';
import { objectsOf } from '../../src/plugin/input/objects';
import { readPlain } from '../../src/plugin/input/plain';
import { readDocument } from '../../src/plugin/input/read-document';
import { KUBERNETES_SCHEMA, resolveText } from '../../src/plugin/input/schema';
import { readSources, sourceOf } from '../../src/plugin/input/sources';
import { constructFromEvents, parseEvents } from '../../src/plugin/input/yaml';

const POD = 'apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\n';

const read = (text: string) => objectsOf({ file: 'a.yaml', text });
const names = (text: string) => read(text).objects.map(({ object }) => object.metadata.name);
const defects = (text: string) => read(text).defects;

/** What the parser makes of a text; undefined where it refuses it. */
function parsed(text: string): unknown[] | undefined {
  try {
    return constructFromEvents(parseEvents(text, { maxDepth: 300 }), { source: text, schema: KUBERNETES_SCHEMA });
  } catch {
    return undefined;
  }
}

describe('an unquoted value', () => {
  // Each as the strict decoder of Kubernetes 1.34 read it, in a ConfigMap and as a port.
  test.each<[string, unknown]>([
    ['y', true], ['n', false], ['Yes', true], ['NO', false], ['on', true], ['Off', false], ['True', true],
    ['~', null], ['Null', null], ['nULL', 'nULL'],
    ['0303237', 99999], ['0o303237', 99999], ['0x1869F', 99999], ['0b11000011010011111', 99999], ['1_00000', 100000], ['099999', 99999],
    ['-0x1F', -31], ['+1', 1], ['1e5', 100000], ['.5', 0.5], ['5.', 5], ['18446744073709551616', 18446744073709551616],
    ['1:30', '1:30'], ['2001-01-01', '2001-01-01'], ['_1', '_1'], ['0x', '0x'], ['0o8', '0o8'], ['e3', 'e3'],
  ])('%s is what Kubernetes takes it for', (text, value) => {
    expect(resolveText(text)).toBe(value);
  });

  test.each(['.inf', '-.Inf', '.nan'])('%s is refused, because JSON has no such number', (text) => {
    expect(defects(`${POD}spec: ${text}\n`)).toEqual([{ line: 1, reason: expect.stringContaining(`"${text}"`) }]);
  });
});

describe('a stream', () => {
  test('is cut at its separators, with and without comments, content and carriage returns', () => {
    expect(names(`---\n# Source: chart/a.yaml\n${POD}---  # next\n${POD.replace(/\n/g, '\r\n')}--- {apiVersion: v1, kind: Pod, metadata: {name: flow}}\n`))
      .toEqual(['web', 'web', 'flow']);
  });

  test('is cut where the separator stands inside a block of text, as YAML demands', () => {
    expect(names(`${POD}spec: |\n  a\n---\n${POD}`)).toEqual(['web', 'web']);
  });

  test('has no object where there are only comments, directives or nothing', () => {
    for (const text of ['', '\n', '---\n---\n', '# no\n---\n# yes\n', '--- # x\n...\n']) {
      expect(read(text)).toEqual({ objects: [], defects: [] });
    }
    expect(names(`%YAML 1.1\n# c\n---\n${POD}`)).toEqual(['web']);
  });

  test('yields the objects of a List in a List, and gives those of a PodList the kind that the API server leaves out', () => {
    const { objects } = read(`
apiVersion: v1
kind: List
items:
  - { apiVersion: v1, kind: List, items: [{ apiVersion: v1, kind: Pod, metadata: { name: a } }] }
  - { apiVersion: v1, kind: PodList, items: [{ metadata: { name: b } }] }
`);
    expect(objects.map(({ object, item }) => [object.kind, object.metadata.name, item])).toEqual([
      ['Pod', 'a', 'items[0].items[0]'], ['Pod', 'b', 'items[1].items[0]'],
    ]);
  });

  test('reports each document that is wrong with its line, and yields the others', () => {
    const text = `${POD}---\na: [1,\n---\n${POD}spec: {}\nspec: {}\n---\njust text\n---\nreplicas: 1\n---\n${POD}`;
    expect(names(text)).toEqual(['web', 'web']);
    expect(defects(text).map(({ line }) => line)).toEqual([7, 13, 15, 17]);
    expect(defects(text).slice(1).map(({ reason }) => reason)).toEqual([
      expect.stringContaining('stands twice'), expect.stringContaining('a string'), expect.stringContaining('no apiVersion'),
    ]);
  });
});

describe('a hostile document', () => {
  const bomb = Array.from({ length: 30 }, (_, index) => `a${index}: &a${index} [${Array(9).fill(index === 0 ? 'x' : `*a${index - 1}`).join(',')}]\n`).join('');
  const merges = Array.from({ length: 3000 }, (_, index) => `a${index}: &a${index} {${index === 0 ? '' : `<<: *a${index - 1}, `}k${index}: 1}\n`).join('');

  test.each([
    ['aliases that multiply', bomb, 'aliases'],
    ['merges that multiply', merges, 'merge'],
    ['an alias within what it stands for', 'a: &a [*a]', 'contains it'],
    ['brackets that never close', '['.repeat(100_000), 'nested'],
    ['a list in a list in a list', `${'- '.repeat(100_000)}a`, 'nested'],
    ['an unknown tag', 'a: !Ref b', 'tag'],
    ['an unknown alias', 'a: *b', 'alias'],
    ['more than 32 MiB', `a: ${'x'.repeat(33 * 1024 * 1024)}`, '32 MiB'],
  ])('with %s is a defect', (_, text, word) => {
    expect(readDocument({ text, line: 1 })).toEqual({ defect: { line: expect.any(Number), reason: expect.stringContaining(word) } });
  });

  test('that never closes a bracket has the error of its first shallow line', () => {
    expect(readDocument({ text: 'a:\n  b: [\n    c,\n  d: [\n  e: 1\n', line: 1 })).toEqual({ defect: { line: 4, reason: 'deficient indentation' } });
  });

  test('may have aliases and merge keys that stay small', () => {
    expect(readDocument({ text: 'a: &a {x: 1, z: 2}\nb: {<<: *a, z: 3}\nc: [*a, *a]\n', line: 1 })).toEqual({
      values: [{ a: { x: 1, z: 2 }, b: { x: 1, z: 3 }, c: [{ x: 1, z: 2 }, { x: 1, z: 2 }] }],
    });
  });

  test('does not reach the prototype of anything', () => {
    readDocument({ text: '__proto__: { polluted: 1 }\nconstructor: { prototype: { polluted: 1 } }\n', line: 1 });
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });
});

describe('a file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'check-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  test('may begin with a byte order mark', () => {
    expect(sourceOf('a', Buffer.from(`\ufeff${POD}`)).text).toBe(POD);
  });

  test.each([
    ['a byte 0', Buffer.from('a: 1\nb: \0\n'), 2, 'byte 0'],
    ['UTF-16', Buffer.from('\ufeffa: 1\n', 'utf16le'), 1, 'UTF-16'],
    ['a broken sequence of UTF-8', Buffer.concat([Buffer.from('a: ö\nb: '), Buffer.from([0xc3, 0x0a])]), 2, 'UTF-8'],
  ])('with %s is a defect with its line', (_, bytes, line, word) => {
    expect(sourceOf('a', bytes).defect).toEqual({ line, reason: expect.stringContaining(word) });
  });

  test('that is a directory stands for the manifests in it, in order; for those below it if recursive', () => {
    mkdirSync(join(folder, 'tree', 'below'), { recursive: true });
    mkdirSync(join(folder, 'empty'));
    ['tree/b.yml', 'tree/a.yaml', 'tree/c.json', 'tree/notes.txt', 'tree/below/d.yaml']
      .forEach((name) => writeFileSync(join(folder, name), POD));
    const files = (path: string, recursive: boolean) => [...readSources([join(folder, path)], recursive)]
      .map(({ file, defect }) => defect?.reason ?? file.slice(folder.length));
    expect(files('tree', false)).toEqual(['/tree/a.yaml', '/tree/b.yml', '/tree/c.json']);
    expect(files('tree', true)).toEqual(['/tree/a.yaml', '/tree/b.yml', '/tree/below/d.yaml', '/tree/c.json']);
    expect(files('empty', false)).toEqual([expect.stringContaining('--recursive')]);
    expect(files('missing', false)).toEqual(['there is no such file']);
  });
});

describe('the line of a field', () => {
  const text = [
    '# comment', 'base: &base', '  x.y: 1', '  deep: { q: 2 }', 'spec:', '  <<: *base', '  list:', '    - a: 1', '      b: 2', '    - *base',
    '  "quoted/k[0]": |', '    block', 'end: 1', '...', 'second: 1', '',
  ].join('\n');
  const locator = new Locator({ text, line: 101 });

  test.each([
    ['spec', 105], ['spec.list[0].b', 109], ['spec.list[1].deep.q', 104], ['spec.x.y', 103], ['spec[x.y]', 103], ['spec[quoted/k[0]]', 111], ['end', 113],
  ])('%s is where its key stands', (path, line) => {
    expect(locator.find(0, path).line).toBe(line);
  });

  test.each([['spec.list[7].name', 107], ['spec.missing', 105], ['missing.at.all', 102]])('%s, which is missing, is that of the nearest field around it', (path, line) => {
    expect(locator.find(0, path).line).toBe(line);
  });

  test('counts the documents that dots separate', () => {
    expect(locator.find(1, 'second')).toEqual({ line: 115, column: 1, endColumn: 10 });
  });

  test('ends before the line end, of whichever kind, and at the end of the text', () => {
    const lines = new Locator({ text: 'a: 1\r\nb: 22\nc: 333', line: 1 });
    expect(['a', 'b', 'c'].map((key) => lines.find(0, key).endColumn)).toEqual([5, 6, 7]);
  });

  test('is exact in a manifest that is one long line', () => {
    const count = 10_000;
    const longLine = JSON.stringify({ items: Array.from({ length: count }, (_, index) => ({ name: `${index}`.padStart(50, '-') })) });
    const line = new Locator({ text: longLine, line: 1 });
    const columns = Array.from({ length: count }, (_, index) => line.find(0, `items[${index}].name`).column);
    expect(columns.every((column, index) => longLine.startsWith(`name":"${`${index}`.padStart(50, '-')}"`, column - 1))).toBe(true);
  });
});

describe('brackets and quotes whose lines are indented no further than their key', () => {
  const text = 'kind: Pod\nspec:\n  volumes: [\n    a,\n  ]\n  env: {\nb: c,\n  d: "e\n  f",\n}\n  last: {name: g,\n  value: h}\n';

  test('are read as Kubernetes reads them', () => {
    expect(readDocument({ text, line: 1 })).toEqual({
      values: [{ kind: 'Pod', spec: { volumes: ['a'], env: { b: 'c', d: 'e f' }, last: { name: 'g', value: 'h' } } }],
    });
  });

  test('keep their places', () => {
    const locator = new Locator({ text, line: 1 });
    expect(locator.find(0, 'spec.env.b')).toEqual({ line: 7, column: 1, endColumn: 6 });
    expect(locator.find(0, 'spec.last.value')).toEqual({ line: 12, column: 3, endColumn: 12 });
    expect(locator.find(0, 'spec.last')).toEqual({ line: 11, column: 3, endColumn: 18 });
  });
});

describe('the reader of plain documents', () => {
  const TEXT = `---
# Source: chart/templates/web.yaml
apiVersion: apps/v1
kind: Deployment # as always
metadata:
  name: web
  labels: {app.kubernetes.io/name: web, tier: "front"}
spec:
  replicas: 2
  template:
    spec:
      securityContext:
        runAsNonRoot: yes
      containers:
      - name: web
        image: shop/web:1.0
        args: ["-v", --level, 'a b', 5]
        resources:
          limits: { cpu: 500m, memory: 1Gi }
        env:
        - name: MODE
          value: "0644"
        - name: EMPTY
          value:
      - name: other
        ports: []
`;

  test('reads what programs write', () => {
    expect(readPlain(TEXT)).toEqual(parsed(TEXT)![0]);
  });

  test.each([
    'a: |\n  b\n', 'a: b\n  c\n', '"a": 1\n', 'a: &x 1\n', 'a: *x\n', 'a: 1\na: 2\n', 'a: b: c\n', 'a: "\\n"\n', 'on: 1\n', '- a\n', 'a:\n  - - b\n', 'a: ä\n', 'a: 1\n...\n',
    'a: 1\r\n', 'a: [b,\n  c]\n', '', 'a:\n    b: 1\n  c: 2\n',
  ])('leaves %j to the parser', (text) => {
    expect(readPlain(text)).toBeUndefined();
  });

  test('reads any value as the parser does, or leaves it to the parser', () => {
    const value = fc.letrec((tie) => ({
      any: fc.oneof({ depthSize: 'small' },
        fc.string(), fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.boolean(), fc.constant(null), fc.constantFrom('yes', '0x1', 'a b', '-', '~', '1:2'),
        fc.array(tie('any'), { maxLength: 4 }), fc.dictionary(fc.stringMatching(/^[a-z]{1,4}$/), tie('any'), { maxKeys: 5 })),
    })).any;
    fc.assert(fc.property(fc.dictionary(fc.stringMatching(/^[a-zA-Z./]{1,5}$/), value), fc.boolean(), (object, indentSeq) => {
      agree(stringify(object, { indentSeq }));
    }), { numRuns: 300 });
  });

  test('reads any text as the parser does, or leaves it to the parser', () => {
    const pieces = ['#', ' #', ': ', ':', '- ', '-', '\n', '  ', '"', '\'', '[', ']', '{', '}', ',', '|', '&a', '!', '---', '...', '~', 'yes', '0x1', '\t', '?', '<<', '\\', '@', 'a: b\n', '  - x\n'];
    const edit = fc.tuple(fc.nat(TEXT.length), fc.constantFrom(...pieces), fc.nat(2));
    fc.assert(fc.property(fc.array(edit, { minLength: 1, maxLength: 3 }), (edits) => {
      agree(edits.reduce((text, [at, piece, skip]) => text.slice(0, at) + piece + text.slice(at + skip), TEXT));
    }), { numRuns: 1000 });
  });

  function agree(text: string): void {
    const value = readPlain(text);
    if (value !== undefined) {
      expect(parsed(text)).toEqual([value]);
    }
  }
});

test('the documents of a stream together are the stream', () => {
  fc.assert(fc.property(fc.array(fc.constantFrom('---', '--- ', '\n', 'a: b', '# c', '%YAML', '...', '----', ' ---', '\r')), (pieces) => {
    const text = pieces.join('');
    const documents = [...documentsOf(text)];
    expect(documents.map((document) => document.text).join('')).toBe(text);
    expect(documents.map(({ line }) => line)).toEqual(documents.map((_, index) =>
      documents.slice(0, index).map((document) => document.text).join('').split('\n').length));
  }));
});

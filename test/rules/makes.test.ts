import { readdirSync, readFileSync } from 'fs';
import { join } from 'path';
import * as fc from 'fast-check';
import { parseAllDocuments } from 'yaml';
import { containersOf } from '../../src/manifest/containers';
import { DEFAULT_TARGET, KubernetesVersion, Target, targetOf } from '../../src/manifest/kubernetes-version';
import { Manifests } from '../../src/manifest/manifests';
import { podTemplateOf } from '../../src/manifest/pod-template';
import { ALL_RULES } from '../../src/rules';
import { checkObject } from '../../src/rules/engine';
import { KeySets } from '../../src/rules/keys';
import { Makes } from '../../src/rules/makes';
import { ObjectRule, PodRule } from '../../src/rules/rule';

const OUR_EXAMPLES = join(__dirname, '../../examples');

/** Numbers for the makes of objects of which each came twice before. */
function makesOf(...objects: object[]): (number | undefined)[] {
  const makes = new Makes<number>();
  let count = 0;
  return [...objects, ...objects, ...objects].map((object) => makes.of(object, () => count++)).slice(-objects.length);
}

const areAlike = (...objects: object[]) => makesOf(...objects).every((make) => make === 0);
const isOnItsOwn = (...objects: object[]) => new Set(makesOf(...objects).filter((make) => make !== undefined)).size === objects.length;

const pod = (name: string, image: string, words: string[] = [], more: object = {}) => ({
  kind: 'Pod',
  metadata: { name, labels: { app: name } },
  spec: { containers: [{ name: 'app', image, args: words, env: [{ name: 'PAGES', value: name }], ports: [{ containerPort: 8080 }], ...more }] },
});

describe('objects are of one make', () => {
  test('where only names, labels, images, words, values and what they refer to differ', () => {
    expect(areAlike(
      pod('a', 'a:1', ['x'], { envFrom: [{ configMapRef: { name: 'a' } }] }),
      pod('b', 'b:2', ['y'], { envFrom: [{ configMapRef: { name: 'b' } }] }),
    )).toBe(true);
  });

  test('where a field without a value is all that one of them has more', () => {
    expect(areAlike(pod('a', 'a:1'), pod('b', 'b:2', [], { tty: undefined }))).toBe(true);
  });
});

describe('objects are of different makes', () => {
  test('where the number of words, a number, a name of a container or an annotation differs', () => {
    expect(isOnItsOwn(
      pod('a', 'a:1'), pod('a', 'a:1', ['x']), pod('a', 'a:1', ['x', 'x']), pod('a', 'a:1', [], { ports: [{ containerPort: 80 }] }), pod('a', 'a:1', [], { name: 'web' }),
      { metadata: { annotations: { a: 'b' } } }, { metadata: { annotations: { a: 'c' } } },
    )).toBe(true);
  });

  test('where a text is empty, which mostly means that nothing is set', () => {
    expect(isOnItsOwn(pod('a', 'a:1'), pod('a', ''))).toBe(true);
  });

  test('where a value is of another type, also one that may be any text', () => {
    const values = ['a', 1, null, ['a'], { a: 'a' }, [], {}];
    expect(isOnItsOwn(...values.map((name) => ({ metadata: { name } })), { metadata: {} })).toBe(true);
  });

  test('where the same fields lie elsewhere', () => {
    expect(isOnItsOwn({ a: { b: 1 }, c: 2 }, { a: { b: 1, c: 2 } }, { a: [{ b: 1 }, { c: 2 }] }, { a: [{ b: 1, c: 2 }] }, { a: [[{ b: 1 }], { c: 2 }] })).toBe(true);
  });

  test('where a field has a name that stands elsewhere for a free text', () => {
    expect(areAlike({ spec: { containers: [{ image: 'a' }] } }, { spec: { containers: [{ image: 'b' }] } })).toBe(true);
    const path = (to: string) => ({ spec: { volumes: [{ configMap: { name: 'a', items: [{ key: 'a', path: to }] } }] } });
    const limit = (value: string) => ({ spec: { containers: [{ resources: { limits: { value } } }] } });
    expect(isOnItsOwn({ image: 'a' }, { image: 'b' }, { data: { secret: 'a' } }, { data: { secret: 'b' } }, path('a'), path('b'), limit('1'), limit('a'))).toBe(true);
  });

  test('unless they are the same, on any objects outside the places of free texts', () => {
    const value = fc.jsonValue({ maxDepth: 3 });
    fc.assert(fc.property(value, value, (one, other) => {
      // Numbers that are written alike are alike.
      const same = JSON.stringify({ a: one }) === JSON.stringify({ a: other });
      expect(areAlike({ a: one }, { a: structuredClone(one) })).toBe(true);
      expect(areAlike({ a: one }, { a: other })).toBe(same);
    }), { numRuns: 3000 });
  });

  test('and of none where they are nested more deeply than any object of Kubernetes', () => {
    const deep = () => {
      let object: object = {};
      for (let level = 0; level < 100_000; level++) {
        object = level % 2 ? { object } : [object];
      }
      return { object };
    };
    expect(makesOf(deep(), deep())).toEqual([undefined, undefined]);
  });
});

test('the make of an object is known from the second one on, or from the first where there was none before', () => {
  const makes = new Makes<number>();
  const of = (a: number, make: number) => makes.of({ a, b: [1, 2], c: { d: 3 } }, () => make);
  expect([of(1, 1), of(2, 2), of(2, 3), of(1, 4), of(2, 5)]).toEqual([1, undefined, 3, 1, 3]);
});

test('one object that is larger than any pod leaves room for others', () => {
  const makes = new Makes<string>();
  const large = { a: Array.from({ length: 100_000 }, (_, index) => index) };
  expect([large, large, large, { b: 1 }, { b: 1 }].map((object) => makes.of(object, () => 'known'))).toEqual([undefined, undefined, undefined, undefined, 'known']);
});

test('makes are no longer remembered where there are too many of them, and those that were known still are', () => {
  const makes = new Makes<number>();
  const of = (a: number, make: number) => makes.of({ a, b: 1 }, () => make);
  for (let index = 0; index < 250_000; index++) {
    of(index, index);
  }
  expect([of(0, -1), of(0, -1), of(249_999, -1), of(249_999, -1)]).toEqual([0, 0, undefined, undefined]);
});

describe('a rule that looks at the make only', () => {
  const rules = ALL_RULES.filter((rule): rule is PodRule | ObjectRule => 'looksAtMakeOnly' in rule && rule.looksAtMakeOnly === true);
  const idsIn = (object: object, target: Target) => [...new Set(checkObject(structuredClone(object), () => '', rules, target).map(({ ruleId }) => ruleId))].join();

  test('does not wait for the whole app', () => {
    expect(rules.filter((rule) => 'needsWholeApp' in rule && rule.needsWholeApp).map(({ id }) => id)).toEqual([]);
  });

  const others = ['A b', '0', '127.0.0.1', '25%', '-c', '/bin/sh', '../x', '$(X)', 'a=b', 'nginx', 'postgres:17', 'distroless/static', 'fluent/fluent-bit:3', 'default', 'x'.repeat(300)];

  function* textsIn(value: unknown, path: readonly string[] = []): Generator<readonly string[]> {
    if (typeof value === 'string') {
      yield path;
    } else if (typeof value === 'object' && value !== null) {
      for (const [key, inner] of Object.entries(value)) {
        yield* textsIn(inner, [...path, key]);
      }
    }
  }

  function withText(object: any, path: readonly string[], text: string): object {
    const [key, ...rest] = path;
    const copy = Array.isArray(object) ? [...object] : { ...object };
    copy[key] = rest.length === 0 ? text : withText(object[key], rest, text);
    return copy;
  }

  const examples = ALL_RULES.flatMap(({ bad, good }) => [bad, good]).flatMap((yaml) => parseAllDocuments(yaml).map((document) => document.toJS()));
  const freeTextsIn = (example: object) => [...textsIn(example)].filter((path) => areAlike(example, withText(example, path, 'other')));

  test('finds the same whatever stands in one of the texts that objects of a make may differ in', () => {
    let compared = 0;
    for (const example of examples) {
      const expected = idsIn(example, DEFAULT_TARGET);
      for (const path of freeTextsIn(example)) {
        compared++;
        expect([path.join('.'), ...others.map((text) => idsIn(withText(example, path, text), DEFAULT_TARGET))]).toEqual([path.join('.'), ...others.map(() => expected)]);
      }
    }
    expect(compared).toBeGreaterThan(700);
  });

  /** The same, saying which of some texts somebody reads. */
  function watched(value: any, texts: ReadonlySet<string>, onRead: (path: string) => void, path = ''): any {
    if (typeof value !== 'object' || value === null) {
      return value;
    }
    return new Proxy(Array.isArray(value) ? [...value] : { ...value }, {
      get(target, key) {
        const below = `${path}/${String(key)}`;
        if (texts.has(below)) {
          onRead(below);
        }
        return typeof key === 'symbol' ? Reflect.get(target, key) : watched(Reflect.get(target, key), texts, onRead, below);
      },
    });
  }

  const manifests = readdirSync(OUR_EXAMPLES, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.k8s.yaml'));
  const all = [...examples, ...manifests.flatMap((name) => parseAllDocuments(readFileSync(join(OUR_EXAMPLES, name), 'utf8')).map((document) => document.toJS()))]
    .map((example) => ({ example, texts: new Set(freeTextsIn(example).map((path) => `/${path.join('/')}`)) }));
  const keySets = new KeySets(new Set(ALL_RULES.flatMap((rule) => 'keys' in rule ? rule.keys ?? [] : [])));

  function ask(rule: PodRule | ObjectRule, object: any, target: Target, keys: ReadonlySet<string>): void {
    if ('checkObject' in rule) {
      if (rule.kinds.includes(object.kind)) {
        rule.checkObject({ object, app: new Manifests([]), target });
      }
      return;
    }
    const template = podTemplateOf(object);
    if (template && (rule.keys ?? [...keys]).some((key) => keys.has(key))) {
      rule.check({ template, containers: containersOf(template), target, keys });
    }
  }

  // These say what is a text and what is not, and there what is no text is of another make.
  const aboutTypes = ['text-values', 'value-types', 'one-source'];

  test.each(rules.filter(({ id }) => !aboutTypes.includes(id)).map((rule) => [rule.id, rule] as const))('(%s) reads none of these texts', (_, rule) => {
    const read = new Set<string>();
    expect(manifests.length).toBeGreaterThan(8);
    for (const version of [KubernetesVersion.V1_28, KubernetesVersion.V1_33, KubernetesVersion.V1_37]) {
      for (const { example, texts } of all) {
        ask(rule, watched(example, texts, (path) => read.add(path)), targetOf(version), keySets.of(example));
      }
    }
    expect([...read]).toEqual([]);
  });
});

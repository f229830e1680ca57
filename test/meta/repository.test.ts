import { existsSync, readdirSync, readFileSync, statSync } from 'fs';
import { dirname, join, relative } from 'path';

const ROOT = join(__dirname, '..', '..');

function filesBelow(folder: string, ending: string): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesBelow(path, ending) : entry.name.endsWith(ending) ? [path] : [];
  });
}

const sources = filesBelow('src', '.ts');
const lines = (file: string) => readFileSync(join(ROOT, file), 'utf8').split('\n');

describe('the repository', () => {
  test('has tests for every folder of src, in the folder of the same name', () => {
    const folders = readdirSync(join(ROOT, 'src')).filter((name) => statSync(join(ROOT, 'src', name)).isDirectory());
    const untested = folders.filter((folder) => !existsSync(join(ROOT, 'test', folder))
      || filesBelow(join('test', folder), '.test.ts').length === 0);
    expect(untested).toEqual([]);
  });

  test('has no source file of more than 250 lines', () => {
    expect(sources.filter((file) => lines(file).length > 251)).toEqual([]);
    expect(filesBelow('src', '.py').filter((file) => lines(file).length > 251)).toEqual([]);
  });

  test('has no function of more than 40 lines', () => {
    const long = sources.flatMap((file) => {
      const text = lines(file);
      return text.flatMap((line, start) => {
        const indent = /^( *)(?:(?:public|private|protected|export|static|async) )*(?:function \w+|constructor|\w+)\(.*\{$|^( *)(?:export )?function .*$/.exec(line);
        if (!indent || line.includes('=> class ') || /^\s*(if|for|while|switch|catch|return|super|describe|test)\b/.test(line)) {
          return [];
        }
        const brace = `${indent[1] ?? indent[2] ?? ''}}`;
        const end = text.findIndex((other, index) => index > start && (other === brace || other === `${brace},`));
        return end - start > 40 ? [`${file}:${start + 1}`] : [];
      });
    });
    expect(long).toEqual([]);
  });

  test('names every folder of src in ARCHITECTURE.md, and no other', () => {
    const table = readFileSync(join(ROOT, 'ARCHITECTURE.md'), 'utf8').matchAll(/^\| `(src\/\w+)\/` \|/gm);
    const folders = readdirSync(join(ROOT, 'src')).filter((name) => statSync(join(ROOT, 'src', name)).isDirectory());
    expect([...table].map(([, folder]) => folder).sort()).toEqual(folders.map((name) => `src/${name}`).sort());
  });

  test('has no link in its documents that leads nowhere', () => {
    const documents = ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', ...filesBelow('docs', '.md'), ...filesBelow('examples', '.md')]
      .filter((file) => !file.includes('node_modules'));
    const dead = documents.flatMap((file) => [...readFileSync(join(ROOT, file), 'utf8').matchAll(/\]\((?!https?:)([^)#\s]+)/g)]
      .filter(([, target]) => !existsSync(join(ROOT, dirname(file), target)))
      .map(([, target]) => `${relative(ROOT, join(ROOT, file))} -> ${target}`));
    expect(dead).toEqual([]);
  });

  test('names both commands of the README in package.json', () => {
    const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
    const scripts = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).scripts;
    for (const command of ['npm ci && npm run synth', 'npm ci && npm test']) {
      expect(readme).toContain(command);
      expect(scripts).toHaveProperty([command.split(' ').pop()!]);
    }
  });
});

/** What jsii leaves undone in `lib`: it copies TypeScript only, and puts a source map with all sources into each file. */
import { cpSync, readdirSync, readFileSync, statSync, writeFileSync } from 'fs';
import { join } from 'path';

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

copyPrograms();
stripSourceMaps();

import { readFileSync } from 'fs';
import { join } from 'path';

/** What the package says about itself. */
interface PackageFile {
  readonly name: string;
  readonly version: string;
  readonly repository: { readonly url: string };
}

let known: PackageFile | undefined;

/** The package.json of this package; read only where it is needed. */
export function packageOf(): PackageFile {
  return known ??= JSON.parse(readFileSync(join(__dirname, '..', '..', 'package.json'), 'utf8')) as PackageFile;
}

/** The address of the sources, without a slash at its end. */
export function homeOf(): string {
  return packageOf().repository.url.replace(/^git\+/, '').replace(/\.git$/, '');
}

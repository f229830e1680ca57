import { quoted, refuse } from '../../../manifest/check-input';

/** `$${` stands for `${`; `${NAME}` and `${NAME|encoding}` for a value. The program has the same pattern. */
const TOKEN = /\$\$\{|\$\{([A-Za-z_][A-Za-z0-9_]*)(?:\|([a-z0-9]+))?\}/g;

const ENCODINGS = ['json', 'url', 'base64'];

/** Longest text around a mistake that is shown. */
const SHOWN = 40;

/** The names of the values that a template asks for; what is no place for a value is an error. */
export function namesIn(where: string, template: string): string[] {
  const names: string[] = [];
  const rest = template.replace(TOKEN, (_, name?: string, encoding?: string) => {
    if (encoding !== undefined && !ENCODINGS.includes(encoding)) {
      refuse(where, `"${name}|${encoding}": ${quoted(encoding)} is no encoding`, `values are written as they are, or as ${ENCODINGS.join(', ')}`,
        'leave it out, or correct it');
    }
    if (name !== undefined) {
      names.push(name);
    }
    return '';
  });
  const stray = rest.indexOf('${');
  if (stray >= 0) {
    refuse(where, `${quoted(rest.slice(stray, stray + SHOWN))} is no place for a value`, 'a value has letters, digits and "_" in its name',
      'write ${NAME}, or $${ where the file must have ${');
  }
  return names;
}

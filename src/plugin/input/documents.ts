/** One document of a file, as text. */
export interface DocumentText {
  readonly text: string;
  /** The line of the file on which it begins, from 1. */
  readonly line: number;
}

const SEPARATOR = '\n---';

/**
 * Cuts a stream at its separators, before it is parsed: what is wrong in one document then hides no other.
 *
 * `---` at the start of a line separates wherever it stands, also in a block of text: YAML leaves it no other meaning.
 */
export function* documentsOf(text: string): Generator<DocumentText> {
  let start = 0;
  let line = 1;
  while (start <= text.length) {
    const end = endOf(text, start);
    const document = text.slice(start, end);
    yield { text: document, line };
    line += linesIn(document);
    start = end === text.length ? end + 1 : end;
  }
}

/** Where the document ends that begins here: at the start of the line of the next separator. */
function endOf(text: string, start: number): number {
  for (let at = text.indexOf(SEPARATOR, start); at >= 0; at = text.indexOf(SEPARATOR, at + 1)) {
    if (endsWord(text, at + SEPARATOR.length) && !isOnlyDirectives(text, start, at + 1)) {
      return at + 1;
    }
  }
  return text.length;
}

/** Whether a document has not begun yet: `%YAML 1.1` belongs to what stands after the separator. */
function isOnlyDirectives(text: string, start: number, end: number): boolean {
  let directives = false;
  for (let at = start; at < end; at = text.indexOf('\n', at) + 1) {
    if (text[at] === '%') {
      directives = true;
    } else if (!'#\r\n'.includes(text[at])) {
      return false;
    }
  }
  return directives;
}

function endsWord(text: string, at: number): boolean {
  return at >= text.length || ' \t\r\n'.includes(text[at]);
}

/** How many line ends a text has. */
export function linesIn(text: string): number {
  let lines = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) {
    lines++;
  }
  return lines;
}

import { give, isText, LineReader, NOT_PLAIN } from './line';
import { resolveText } from './schema';
import { JsonObject } from '../../manifest/json';

const KEY = /[A-Za-z][A-Za-z0-9_./-]*(?=:(?: |\n|$))/y;
const BLOCK_TEXT = /^(?:[A-Za-z0-9_./+~]|-(?=[^ -]))/;
/** Unquoted text without a blank, up to the end of its line: most values. */
const WORD = /[A-Za-z0-9_./+~][A-Za-z0-9_./+~-]*(?::[A-Za-z0-9_./+~-]+)*(?=\n|$)/y;
/** What ends a line after a value, and what does not fit into a document that is read here. */
const REST = / *(?: #[^\n]*)?(?=\n|$)/y;
const FIRST_LINE = /---(?: +#[^\n]*| *)(?:\n|$)/y;
const UNUSUAL = /[^\x20-\x7e\n]/;

/**
 * Reads a document of the form that programs write: keys and values, lists, quoted text, short collections in brackets.
 * Undefined where anything else occurs; then the parser has the word, also about errors.
 *
 * Three times as fast as the parser when nothing is warm. What it reads, it reads as the parser does: `test/plugin/input.test.ts` compares.
 */
export function readPlain(text: string): JsonObject | undefined {
  if (UNUSUAL.test(text)) {
    return undefined;
  }
  try {
    return new PlainReader(text).document();
  } catch (error) {
    if (error === NOT_PLAIN) {
      return undefined;
    }
    throw error;
  }
}

class PlainReader extends LineReader {
  /** The column in which the content of the current line begins; -1 at the end of the document. */
  private indent = 0;

  public document(): JsonObject {
    FIRST_LINE.lastIndex = 0;
    this.toLine(FIRST_LINE.test(this.text) ? FIRST_LINE.lastIndex : 0);
    const value = this.indent === 0 ? this.mapping(0) : give();
    return this.indent === -1 ? value : give();
  }

  /** Goes to the next line with content. */
  private toLine(start: number): void {
    const { text } = this;
    for (let line = start; line < text.length; line = endOf(text, line) + 1) {
      let at = line;
      while (text.charCodeAt(at) === SPACE) {
        at++;
      }
      const code = text.charCodeAt(at);
      if (code !== NEWLINE && code !== HASH && at < text.length) {
        this.at = at;
        this.indent = at - line;
        return;
      }
    }
    this.indent = -1;
  }

  /** The mapping whose keys stand in this column; the first key is where we are. */
  private mapping(column: number): JsonObject {
    const object: JsonObject = {};
    this.deeper();
    while (this.indent === column && !this.isItem()) {
      const key = this.match(KEY);
      // Twice the same, or what every object has: the parser knows what to do.
      if (object[key] !== undefined || !isText(key)) {
        give();
      }
      this.at++;
      object[key] = this.valueOf(column);
    }
    return this.leave(column, object);
  }

  private sequence(column: number): unknown[] {
    const items: unknown[] = [];
    this.deeper();
    while (this.indent === column && this.isItem()) {
      const dash = this.at;
      let { at } = this;
      do {
        at++;
      } while (this.text.charCodeAt(at) === SPACE);
      this.at = at;
      KEY.lastIndex = at;
      if (KEY.test(this.text)) {
        this.indent = column + at - dash;
        items.push(this.mapping(this.indent));
      } else {
        items.push(this.inline(column));
      }
    }
    return this.leave(column, items);
  }

  /** Nothing may stand deeper than what has just ended. */
  private leave<T>(column: number, value: T): T {
    this.shallower();
    return this.indent > column ? give() : value;
  }

  private isItem(): boolean {
    return this.text.charCodeAt(this.at) === DASH && this.text.charCodeAt(this.at + 1) === SPACE;
  }

  /** The value of a key in this column: on the line of the key, or below it. */
  private valueOf(column: number): unknown {
    const { text, at } = this;
    if (text.charCodeAt(at) === SPACE && this.isWord(at + 1)) {
      return this.word(at + 1, column);
    }
    REST.lastIndex = at;
    if (!REST.test(text)) {
      this.at = text.charCodeAt(at) === SPACE ? at + 1 : at;
      while (text.charCodeAt(this.at) === SPACE) {
        this.at++;
      }
      return this.inline(column);
    }
    this.toLine(REST.lastIndex);
    if (this.indent > column) {
      return this.isItem() ? this.sequence(this.indent) : this.mapping(this.indent);
    }
    return this.indent === column && this.isItem() ? this.sequence(column) : null;
  }

  /** A value on the line where we are; then to the next line, which must not continue it. */
  private inline(column: number): unknown {
    if (this.isWord(this.at)) {
      return this.word(this.at, column);
    }
    const value = this.enclosed() ?? this.plain();
    REST.lastIndex = this.at;
    if (!REST.test(this.text)) {
      give();
    }
    this.toLine(REST.lastIndex);
    return this.indent > column ? give() : value;
  }

  private isWord(start: number): boolean {
    WORD.lastIndex = start;
    return WORD.test(this.text);
  }

  /** The word that was just found there. */
  private word(start: number, column: number): unknown {
    const end = WORD.lastIndex;
    const value = resolveText(this.text.slice(start, end));
    this.toLine(end + 1);
    return this.indent > column ? give() : value;
  }

  private plain(): unknown {
    const end = endOf(this.text, this.at);
    let value = this.text.slice(this.at, end);
    const comment = value.indexOf(' #');
    if (comment >= 0) {
      value = value.slice(0, comment);
    }
    value = value.trimEnd();
    if (!BLOCK_TEXT.test(value) || value.endsWith(':') || value.includes(': ')) {
      give();
    }
    this.at += value.length;
    return resolveText(value);
  }
}

const [NEWLINE, SPACE, HASH, DASH] = [...'\n #-'].map((character) => character.charCodeAt(0));

function endOf(text: string, start: number): number {
  const end = text.indexOf('\n', start);
  return end < 0 ? text.length : end;
}

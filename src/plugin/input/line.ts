import { resolveText } from './schema';
import { JsonObject } from '../../manifest/json';

/** Thrown where a document is not plain; no error: it carries no stack. */
export const NOT_PLAIN = Symbol('not plain');

const DEEPEST = 64;

/** Of the words that are no text the longest is `false`. */
const LONGEST_WORD = 5;

const FLOW_KEY = /[A-Za-z][A-Za-z0-9_./-]*(?=: )/y;
const FLOW_TEXT = /(?:[A-Za-z0-9_./+]|-(?=[A-Za-z0-9.-]))[A-Za-z0-9_./+-]*(?: +[A-Za-z0-9_./+-]+)*/y;

/** Reads what stands on one line: text in quotes, and collections in brackets. */
export class LineReader {
  /** Where we are. */
  protected at = 0;
  private depth = 0;

  public constructor(protected readonly text: string) {}

  protected deeper(): void {
    if (++this.depth > DEEPEST) {
      give();
    }
  }

  protected shallower(): void {
    this.depth--;
  }

  /** A text in quotes or a collection in brackets; undefined where something else stands. */
  protected enclosed(): unknown {
    switch (this.text.charCodeAt(this.at)) {
      case QUOTE: return this.quoted('"');
      case APOSTROPHE: return this.quoted('\'');
      case BRACKET: return this.flow(false);
      case BRACE: return this.flow(true);
      default: return undefined;
    }
  }

  /** Quoted text without an escape. */
  private quoted(quote: string): string {
    const end = this.text.indexOf(quote, this.at + 1);
    const value = this.text.slice(this.at + 1, end);
    if (end < 0 || value.includes('\n') || value.includes('\\') || this.text[end + 1] === quote) {
      give();
    }
    this.at = end + 1;
    return value;
  }

  private flow(isMapping: boolean): unknown {
    const end = isMapping ? BRACE_END : BRACKET_END;
    const object: JsonObject = {};
    const items: unknown[] = [];
    this.deeper();
    this.skip();
    while (this.text.charCodeAt(this.at) !== end) {
      if (isMapping) {
        const key = this.match(FLOW_KEY);
        this.skip();
        object[object[key] === undefined && isText(key) ? key : give()] = this.flowValue();
      } else {
        items.push(this.flowValue());
      }
      if (this.text.charCodeAt(this.at) === COMMA) {
        this.skip();
      } else if (this.text.charCodeAt(this.at) !== end) {
        give();
      }
    }
    this.at++;
    this.shallower();
    return isMapping ? object : items;
  }

  /** A value between brackets, and the spaces behind it. */
  private flowValue(): unknown {
    const value = this.enclosed() ?? resolveText(this.match(FLOW_TEXT));
    this.at--;
    this.skip();
    return value;
  }

  /** Over one character and the spaces behind it. */
  private skip(): void {
    do {
      this.at++;
    } while (this.text.charCodeAt(this.at) === SPACE);
  }

  /** What the pattern finds where we are; then we are behind it. */
  protected match(pattern: RegExp): string {
    const start = this.at;
    pattern.lastIndex = start;
    if (!pattern.test(this.text)) {
      return give();
    }
    this.at = pattern.lastIndex;
    return this.text.slice(start, this.at);
  }
}

const [SPACE, QUOTE, APOSTROPHE, COMMA] = [...' "\','].map((character) => character.charCodeAt(0));
const [BRACKET, BRACKET_END, BRACE, BRACE_END] = [...'[]{}'].map((character) => character.charCodeAt(0));

/** Whether a key is text: a short one may be a word for yes, no or nothing. */
export function isText(key: string): boolean {
  return key.length > LONGEST_WORD || resolveText(key) === key;
}

/** Leaves the document to the parser. */
export function give(): never {
  throw NOT_PLAIN;
}

import { Event, parseEvents, YAMLException } from './yaml';

/** Deeper than any schema of Kubernetes, and far from where the stack ends. */
export const DEEPEST = 300;

/** More than the indentation of any manifest. */
const PADDING = ' '.repeat(500);

/** Each line costs one more parse, so a large document is not tried. */
const MOST_PADDED_LINES = 100;
const LARGEST_PADDED_TEXT = 256 * 1024;

export interface ParsedText {
  readonly events: Event[];
  /** What the positions of the events refer to: the lines of the document, some of them indented further. */
  readonly text: string;
}

/**
 * Parses a document.
 *
 * YAML wants lines inside of brackets and quotes to be indented further than the key they belong to. The parser of Kubernetes does not ask for
 * that, and manifests that many people run have a closing bracket right below its key. Space at the begin of such a line means nothing.
 *
 * @see https://github.com/nodeca/js-yaml/issues/768
 */
export function eventsOf(original: string): ParsedText {
  let text = original;
  let first: unknown;
  for (let padded = 0; ; padded++) {
    try {
      return { events: parseEvents(text, { maxDepth: DEEPEST }), text };
    } catch (error) {
      first ??= error;
      const start = padded < MOST_PADDED_LINES && original.length < LARGEST_PADDED_TEXT ? startOfShallowLine(error, text) : undefined;
      if (start === undefined) {
        throw first;
      }
      text = `${text.slice(0, start)}${PADDING}${text.slice(start)}`;
    }
  }
}

/** How far a line was indented further. */
export function paddingOf(text: string, lineStart: number): number {
  return text.startsWith(PADDING, lineStart) ? PADDING.length : 0;
}

function startOfShallowLine(error: unknown, text: string): number | undefined {
  if (!(error instanceof YAMLException) || error.reason !== 'deficient indentation' || !error.mark) {
    return undefined;
  }
  const start = text.lastIndexOf('\n', error.mark.position - 1) + 1;
  return start > 0 && paddingOf(text, start) === 0 ? start : undefined;
}

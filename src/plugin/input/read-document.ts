import { DocumentText } from './documents';
import { DEEPEST, eventsOf } from './events';
import { expandedSize } from './expanded-size';
import { readPlain } from './plain';
import { KUBERNETES_SCHEMA } from './schema';
import { constructFromEvents, YAMLException } from './yaml';

/** Why something cannot be checked, and where. */
export interface Defect {
  /** The line of the file, from 1. */
  readonly line: number;
  /** Lowercase, no full stop. */
  readonly reason: string;
}

/** The values of a document: one nearly always; none in a document of comments. */
export type ReadDocument = { readonly values: readonly unknown[] } | { readonly defect: Defect };

/** The API server takes requests of at most 3 MiB; a List of many objects may be larger. */
const LARGEST_DOCUMENT = 32 * 1024 * 1024;

/** Values in a document when each alias has been replaced by what it stands for. */
const MOST_VALUES = 1_000_000;

/** More than any manifest merges by `<<`. */
const MOST_MERGED_KEYS = 100_000;

/** Reads a document as the API server would, which gets it as JSON. Never throws. */
export function readDocument({ text, line }: DocumentText): ReadDocument {
  if (text.length > LARGEST_DOCUMENT) {
    return { defect: { line, reason: 'a document of more than 32 MiB; the API server takes 3 MiB at once: separate its objects by "---"' } };
  }
  try {
    const plain = readPlain(text);
    if (plain) {
      return { values: [plain] };
    }
    const parsed = eventsOf(text);
    const values = constructFromEvents(parsed.events, { source: parsed.text, schema: KUBERNETES_SCHEMA, maxTotalMergeKeys: MOST_MERGED_KEYS });
    const reason = text.includes('*') ? tangle(values) : undefined;
    return reason === undefined ? { values } : { defect: { line, reason } };
  } catch (error) {
    return { defect: defectOf(error, line) };
  }
}

function tangle(values: readonly unknown[]): string | undefined {
  const size = expandedSize(values);
  if (size === undefined) {
    return 'an alias stands for a value that contains it';
  }
  return size > MOST_VALUES ? `its aliases expand to more than ${MOST_VALUES.toLocaleString('en')} values` : undefined;
}

function defectOf(error: unknown, line: number): Defect {
  if (error instanceof YAMLException) {
    return { line: line + (error.mark?.line ?? 0), reason: wordsOf(error.reason) };
  }
  return { line, reason: error instanceof RangeError ? 'it is nested too deeply' : error instanceof Error ? error.message : String(error) };
}

/** The messages of the parser that people meet most often, with what to do. */
function wordsOf(reason: string): string {
  if (reason === 'duplicated mapping key') {
    return 'a key stands twice in one mapping; Kubernetes refuses that when it decodes strictly, else the last one wins';
  }
  return reason.startsWith('nesting exceeded') ? `it is nested more than ${DEEPEST} levels deep` : reason;
}

import { DocumentText, documentsOf } from './documents';
import { Defect, readDocument } from './read-document';
import { Source } from './sources';
import { isObject, JsonObject, textOf } from '../../manifest/json';
import { itemsOf, positionIn } from '../../manifest/lists';

/** An object of a file. */
export interface ReadObject {
  readonly object: JsonObject;
  readonly file: string;
  readonly document: DocumentText;
  /** Which of the values of the document; more than one only where `...` ends the first. */
  readonly index: number;
  /** Where it lies in a List, as in `items[3]`; empty outside of one. */
  readonly item: string;
}

/** What is in a file: objects, and what could not be read. */
export interface ReadFile {
  readonly objects: ReadObject[];
  readonly defects: Defect[];
}

/** After so many a file is no list of manifests. */
const MOST_DEFECTS = 1000;

/** Reads the objects of a file. What is wrong in one document hides no other. */
export function objectsOf({ file, text, defect }: Source): ReadFile {
  if (text === undefined) {
    return { objects: [], defects: defect ? [defect] : [] };
  }
  const read: ReadFile = { objects: [], defects: [] };
  for (const document of documentsOf(text)) {
    if (isHopeless(read, document.line)) {
      break;
    }
    if (document.text.length < 8 && /^(?:---)?\s*$/.test(document.text)) {
      continue;
    }
    const result = readDocument(document);
    if ('defect' in result) {
      read.defects.push(result.defect);
      continue;
    }
    result.values.forEach((value, index) => {
      // Comments only, as Helm writes where a condition is not met.
      if (value !== null && value !== undefined) {
        unwrap(value, { file, document, index }, '', read);
      }
    });
  }
  return read;
}

/** Whether so much of a file is unusable that the rest is not read; says so once. */
function isHopeless({ defects }: ReadFile, line: number): boolean {
  if (defects.length === MOST_DEFECTS) {
    defects.push({ line, reason: `what follows is not read, because ${MOST_DEFECTS} places before it are unusable` });
  }
  return defects.length > MOST_DEFECTS;
}

/** The object, or the objects of a List, as `kubectl get -o yaml` writes it. */
function unwrap(value: unknown, origin: Pick<ReadObject, 'file' | 'document' | 'index'>, item: string, read: ReadFile): void {
  const reason = reasonAgainst(value);
  if (reason !== undefined) {
    read.defects.push({ line: firstLineOf(origin.document), reason: item === '' ? reason : `${item}: ${reason}` });
    return;
  }
  const object = value as JsonObject;
  const items = itemsOf(object);
  if (items === undefined) {
    // Not spread: the bundle spells that out as a call, for each object.
    const { file, document, index } = origin;
    read.objects.push({ object, file, document, index, item });
    return;
  }
  for (let position = 0; position < items.length && !isHopeless(read, origin.document.line); position++) {
    unwrap(items[position], origin, positionIn(item, position), read);
  }
}

/** Why a value is no Kubernetes object; kubectl demands the same two fields. */
function reasonAgainst(value: unknown): string | undefined {
  if (!isObject(value)) {
    return `a manifest is a mapping; this is ${value === null ? 'empty' : Array.isArray(value) ? 'a sequence' : `a ${typeof value}`}`;
  }
  const missing = ['apiVersion', 'kind'].find((key) => textOf(value[key]) === '');
  return missing && `it has no ${missing}, so it is not a Kubernetes object`;
}

/** The line of the first text that is neither separator nor comment. */
export function firstLineOf({ text, line }: DocumentText): number {
  let at = 0;
  for (let number = line; at >= 0 && at < text.length; number++) {
    const end = text.indexOf('\n', at);
    if (!/^(?:---|%.*)?[ \t]*(?:#.*)?\r?$/.test(text.slice(at, end < 0 ? text.length : end))) {
      return number;
    }
    at = end + 1 || -1;
  }
  return line;
}

import { DocumentText } from './documents';
import { eventsOf, paddingOf } from './events';
import { Event, EVENT_ID, getScalarValue } from './yaml';

/** A value with where it stands. */
interface Node {
  readonly start: number;
  readonly entries?: Map<string, { readonly start: number; readonly value: Node }>;
  readonly merged?: Node[];
  readonly items?: Node[];
}

/** Where something stands in a file, up to the end of its line; from 1, in UTF-16 code units. */
export interface Spot {
  readonly line: number;
  readonly column: number;
  /** Behind the last character. */
  readonly endColumn: number;
}

/** What is open while the events of a document are read. */
interface Open {
  readonly node: Node;
  key?: { readonly text: string; readonly start: number };
}

type ValueEvent = Exclude<Event, { type: typeof EVENT_ID.DOCUMENT | typeof EVENT_ID.POP }>;

/**
 * Where the fields of one document stand.
 *
 * It parses the document a second time, so it is only made for documents with findings.
 */
export class Locator {
  private readonly roots: (Node | undefined)[];
  private readonly text: string;
  private readonly lineStarts = [0];

  public constructor(private readonly document: DocumentText) {
    const { events, text } = eventsOf(document.text);
    this.text = text;
    this.roots = treesOf(events, text);
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) {
      this.lineStarts.push(at + 1);
    }
  }

  /** Where a field stands, or the nearest one around it that is there. */
  public find(index: number, path: string): Spot {
    let node = this.roots[index];
    let start = node?.start ?? 0;
    let rest = path;
    while (node && rest !== '') {
      const step = stepInto(node, rest);
      if (!step) {
        break;
      }
      ({ start, node, rest } = step);
    }
    const line = this.lineAt(start);
    const lineStart = this.lineStarts[line];
    const before = lineStart + paddingOf(this.text, lineStart) - 1;
    return { line: this.document.line + line, column: start - before, endColumn: this.endOf(line) - before };
  }

  /** Where a line ends. It is not copied: a manifest may be one long line, and have thousands of findings. */
  private endOf(line: number): number {
    const end = line + 1 < this.lineStarts.length ? this.lineStarts[line + 1] - 1 : this.text.length;
    return this.text[end - 1] === '\r' && this.text[end] === '\n' ? end - 1 : end;
  }

  /** How many lines begin before a position: by halves, because a List may have thousands of findings. */
  private lineAt(position: number): number {
    let low = 0;
    let high = this.lineStarts.length;
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (this.lineStarts[middle] <= position) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return low;
  }
}

interface Step {
  readonly start: number;
  readonly node: Node;
  readonly rest: string;
}

/** One step along a path such as `metadata.labels[app.kubernetes.io/name]`; keys may contain dots and brackets, so what is there decides. */
function stepInto(node: Node, path: string): Step | undefined {
  if (path.startsWith('[')) {
    for (let end = path.indexOf(']'); end > 0; end = path.indexOf(']', end + 1)) {
      const name = path.slice(1, end);
      const value = node.items?.[Number(name)];
      const entry = value ? { start: value.start, value } : findEntry(node, name);
      if (entry) {
        return { start: entry.start, node: entry.value, rest: path.slice(end + 1) };
      }
    }
    return undefined;
  }
  const from = path.startsWith('.') ? 1 : 0;
  for (let end = from + 1; end <= path.length; end++) {
    if (end === path.length || path[end] === '.' || path[end] === '[') {
      const entry = findEntry(node, path.slice(from, end));
      if (entry) {
        return { start: entry.start, node: entry.value, rest: path.slice(end) };
      }
    }
  }
  return undefined;
}

function findEntry(node: Node, key: string): { readonly start: number; readonly value: Node } | undefined {
  const own = node.entries?.get(key);
  if (own) {
    return own;
  }
  for (const merged of node.merged ?? []) {
    const entry = findEntry(merged, key) ?? merged.items?.map((item) => findEntry(item, key)).find(Boolean);
    if (entry) {
      return entry;
    }
  }
  return undefined;
}

/** One tree for each value of the text. */
function treesOf(events: readonly Event[], text: string): (Node | undefined)[] {
  const roots: (Node | undefined)[] = [];
  const open: Open[] = [];
  let anchors = new Map<string, Node>();
  for (const event of events) {
    if (event.type === EVENT_ID.DOCUMENT) {
      anchors = new Map();
      open.push({ node: { start: 0, items: [] } });
    } else if (event.type === EVENT_ID.POP) {
      const closed = open.pop();
      if (open.length === 0) {
        roots.push(closed?.node.items?.[0]);
      }
    } else {
      const node = nodeOf(event, text, anchors);
      place(open[open.length - 1], node, event, text);
      if (event.type === EVENT_ID.MAPPING || event.type === EVENT_ID.SEQUENCE) {
        open.push({ node });
      }
    }
  }
  return roots;
}

function nodeOf(event: ValueEvent, text: string, anchors: Map<string, Node>): Node {
  const anchor = event.anchorStart < 0 ? '' : text.slice(event.anchorStart, event.anchorEnd);
  if (event.type === EVENT_ID.ALIAS) {
    return anchors.get(anchor) ?? { start: event.anchorStart };
  }
  const node = event.type === EVENT_ID.SCALAR ? { start: event.valueStart }
    : event.type === EVENT_ID.MAPPING ? { start: event.start, entries: new Map(), merged: [] } : { start: event.start, items: [] };
  if (anchor !== '') {
    anchors.set(anchor, node);
  }
  return node;
}

/** Puts a value where it belongs: as an item, as a key, or as the value of the key before it. */
function place(parent: Open, node: Node, event: ValueEvent, text: string): void {
  const { items, entries, merged } = parent.node;
  if (items) {
    items.push(node);
  } else if (!parent.key) {
    parent.key = { text: event.type === EVENT_ID.SCALAR ? getScalarValue(text, event) : '', start: node.start };
  } else {
    if (parent.key.text === '<<') {
      merged?.push(node);
    } else {
      entries?.set(parent.key.text, { start: parent.key.start, value: node });
    }
    parent.key = undefined;
  }
}

import { allowKind, OBJECT, requireKind, TEXT } from '../../../manifest/check-input';

/** How a column finds its value. */
export interface CsvColumnOptions {
  /**
   * Path of the value in the JSON object: keys with dots between them, positions of a list in brackets, and keys with
   * other characters in brackets and quotes: `customer.address.city`, `items[0].sku`, `labels['app.kubernetes.io/name']`.
   * A leading `$.` is allowed.
   *
   * @default - the name of the column is the key
   */
  readonly path?: string;

  /**
   * Text for lines that do not have the value. `null` in the JSON is always empty.
   *
   * @default '' - empty
   */
  readonly defaultValue?: string;
}

/**
 * A column of a CSV file.
 *
 * Numbers are written digit by digit as they stand in the JSON, whatever their size; true and false as such; objects
 * and lists as JSON text.
 *
 * @example
 *
 * const columns = [
 *   CsvColumn.of('id'),
 *   CsvColumn.of('city', { path: 'customer.address.city', defaultValue: 'unknown' }),
 * ];
 */
export class CsvColumn {
  /**
   * A column.
   *
   * @param name its name in the header
   * @param options where its value is
   */
  public static of(name: string, options: CsvColumnOptions = {}): CsvColumn {
    requireKind('CsvColumn', 'name', name, TEXT);
    if (name.length === 0) {
      throw new Error('CsvColumn: name: "" is empty\n  why: a header without names tells a reader nothing\n  fix: name the column');
    }
    requireKind(`CsvColumn: "${name}"`, 'options', options, { ...OBJECT, fix: () => 'write { path: \'customer.city\' }' });
    allowKind(`CsvColumn: "${name}"`, 'path', options.path, TEXT);
    allowKind(`CsvColumn: "${name}"`, 'defaultValue', options.defaultValue, TEXT);
    const segments = options.path === undefined ? [name] : parsePath(name, options.path);
    return new CsvColumn(name, segments, options.defaultValue);
  }

  /**
   * @param name its name in the header
   * @param segments keys and positions
   * @param defaultValue text for a missing value
   */
  private constructor(
    /** Its name in the header. */
    public readonly name: string,
    private readonly segments: (string | number)[],
    private readonly defaultValue: string | undefined,
  ) {}

  /**
   * The column as the converter reads it.
   *
   * @internal
   */
  public _toSettings(): { name: string; path: (string | number)[]; default?: string } {
    return { name: this.name, path: [...this.segments], ...(this.defaultValue !== undefined && { default: this.defaultValue }) };
  }
}

/** One step of a path: `.key`, `[0]` or `['key']`. */
const STEP = /\.([^.[\]'"\s]+)|\[(\d+)\]|\['((?:[^'\\]|\\.)*)'\]/y;

function parsePath(column: string, path: string): (string | number)[] {
  const text = path.startsWith('$') ? path.slice(1) : path;
  const rest = /^[.[]/.test(text) ? text : `.${text}`;
  const segments: (string | number)[] = [];
  STEP.lastIndex = 0;
  for (let position = 0; position < rest.length; position = STEP.lastIndex) {
    STEP.lastIndex = position;
    const step = STEP.exec(rest);
    if (!step) {
      throw new Error(`CsvColumn: "${column}": path: "${path}" cannot be read from "${rest.slice(position)}" on\n`
        + '  why: a path is made of keys with dots, and of positions or quoted keys in brackets\n'
        + '  fix: write it as customer.city, items[0].sku or labels[\'a.b\']');
    }
    segments.push(step[1] ?? (step[2] === undefined ? step[3].replace(/\\(.)/g, '$1') : Number(step[2])));
  }
  return segments;
}

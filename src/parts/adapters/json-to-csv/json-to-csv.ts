import * as kplus from 'cdk8s-plus-28';
import { CsvColumn } from './csv-column';
import { CsvOutput } from './csv-output';
import { allowKind, instanceOf, nameIn, requireList } from '../../../manifest/check-input';
import { RoleName } from '../../../production/default-values';
import { checkLogFiles } from '../../check-log-files';
import { bindLogProgram, checkLogProgram, LogProgramOptions } from '../../log-program';
import { BindOptions, BoundPart, PodPart } from '../../part';

/** What is converted, and where the rows go. */
export interface JsonToCsvProps extends LogProgramOptions {
  /** Files of JSON lines that the app writes: absolute paths. They need not exist yet. */
  readonly input: string[];

  /** The columns, in their order. */
  readonly columns: CsvColumn[];

  /**
   * Where the rows go.
   *
   * @default CsvOutput.stdout()
   */
  readonly output?: CsvOutput;
}

/**
 * An adapter: turns JSON lines into CSV while the app writes them.
 *
 * Rows follow RFC 4180 and are there within a second. A line that is not one JSON object is reported on standard error with
 * its file and number, counted, and skipped. Files are followed by name through rotation and truncation. The position is
 * kept across restarts: after TERM nothing is lost or repeated; after KILL nothing is lost, a file is exact, and on standard output
 * the rows of at most a second are repeated. On TERM it reads every input to its end, and then ends.
 *
 * The converter is a program of Python's standard library that travels in a ConfigMap with the hash of its content in
 * its name. A change rolls a Deployment; a bare Pod and a Job must be replaced.
 *
 * @see https://www.rfc-editor.org/rfc/rfc4180
 * @see https://jsonlines.org/
 * @example
 *
 * new AdapterPod(chart, 'Orders', {
 *   app: { image: 'registry.example/orders:1.4.2' },
 *   adapter: new JsonToCsv({
 *     input: ['/var/log/orders/orders.jsonl'],
 *     columns: [CsvColumn.of('id'), CsvColumn.of('city', { path: 'customer.city' })],
 *   }),
 * });
 */
export class JsonToCsv extends PodPart {
  private readonly props: JsonToCsvProps;

  /**
   * @param props what is converted, and where the rows go
   */
  public constructor(props: JsonToCsvProps) {
    super(nameIn('JsonToCsv', props, 'json-to-csv'), props);
    checkLogFiles('JsonToCsv', 'input', props.input, false);
    checkColumns(props.columns);
    checkLogProgram('JsonToCsv', props);
    allowKind('JsonToCsv', 'output', props.output, instanceOf(CsvOutput, 'use CsvOutput.file() or CsvOutput.stdout()'));
    this.props = { ...props, input: [...props.input], columns: [...props.columns], ...(props.directories && { directories: [...props.directories] }) };
  }

  /**
   * What the container is to the pod, for defaults by role.
   *
   * @internal
   */
  public get _role(): RoleName {
    return 'adapter';
  }

  /**
   * Adds the converter to a pod or workload.
   *
   * @param pod the pod or workload
   * @param options which container is the app
   */
  public bind(pod: kplus.AbstractPod, options?: BindOptions): BoundPart {
    const output = this.props.output ?? CsvOutput.stdout();
    const { host, bound } = bindLogProgram(this, pod, {
      folder: 'adapters/json-to-csv',
      main: 'json_to_csv.py',
      inputs: this.props.input,
      settings: { columns: this.props.columns.map((column) => column._toSettings()), output: output._toSettings() },
    }, this.props, options);
    if (output._directory) {
      host.share(output._directory, { writers: [bound.container] }, true);
    }
    return bound;
  }
}

function checkColumns(columns: CsvColumn[]): void {
  requireList('JsonToCsv', 'columns', columns, instanceOf(CsvColumn, 'name the columns: [CsvColumn.of(\'id\')]'));
  if (columns.length === 0) {
    throw new Error('JsonToCsv: columns: none is given\n  why: a row would be empty\n  fix: name the columns: [CsvColumn.of(\'id\')]');
  }
  const names = columns.map((column) => column.name);
  const repeated = names.find((name, index) => names.indexOf(name) !== index);
  if (repeated !== undefined) {
    throw new Error(`JsonToCsv: columns: "${repeated}" is the name of two columns\n`
      + '  why: a reader of the CSV could not tell them apart\n  fix: give one of the two another name, and its `path`');
  }
}

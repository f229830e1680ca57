import { Construct } from 'constructs';
import { partsOf, pathOf } from './check-props';
import { PatternPod, PatternPodProps } from './pattern-pod';
import { requireProps } from '../manifest/check-input';
import { BoundPart, PodPart } from '../parts/part';

/** A pod of an app and an adapter. */
export interface AdapterPodProps extends PatternPodProps {
  /** The adapter: `JsonToCsv`, `MetricsAdapter`, or `Adapter` with a container of your own. */
  readonly adapter: PodPart;
}

/**
 * A pod whose adapter turns what the app writes into the form that others expect.
 *
 * The adapter reads what the app writes and cannot harm it: its mount is read-only, and its output is a directory of
 * its own or its standard output.
 *
 * @example
 *
 * new AdapterPod(chart, 'Orders', {
 *   app: { image: 'registry.example/orders:1.4.2' },
 *   adapter: new JsonToCsv({
 *     input: ['/var/log/orders/orders.jsonl'],
 *     columns: [CsvColumn.of('id'), CsvColumn.of('total', { path: 'payment.total', defaultValue: '0' })],
 *   }),
 * });
 */
export class AdapterPod extends PatternPod {
  /** The adapter in this pod. */
  public readonly adapter: BoundPart;

  /**
   * @param scope the chart or construct that the pod belongs to
   * @param id name of the construct
   * @param props the app and its adapter
   */
  public constructor(scope: Construct, id: string, props: AdapterPodProps) {
    const path = pathOf(scope, id);
    super(scope, id, requireProps(path, props), partsOf(path, 'adapter', props.adapter, props.parts));
    this.adapter = this._boundOf(props.adapter);
  }
}

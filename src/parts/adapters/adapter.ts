import * as kplus from 'cdk8s-plus-28';
import { nameIn } from '../../manifest/check-input';
import { RoleName } from '../../production/default-values';
import { bindCustomPart, copyCustomProps, CustomPartOptions } from '../custom-part';
import { BindOptions, BoundPart, PodPart } from '../part';

/** An adapter of your own: the props of its container, and what it shares with the app. */
export interface AdapterProps extends kplus.ContainerProps, CustomPartOptions {}

/**
 * An adapter: a container that turns what the app writes into the form that others expect.
 *
 * Its container is yours to describe; unnamed it is called `adapter`. What it reads it gets read-only, what it writes
 * goes to a directory of its own. It has no startup probe unless you give one, because a native sidecar whose
 * startup probe fails keeps the app from ever starting.
 *
 * @example
 *
 * const raw = SharedDirectory.onDisk('/var/spool/raw', { sizeLimit: Size.mebibytes(64) });
 * new AdapterPod(chart, 'Orders', {
 *   app: { image: 'registry.example/orders:1.4.2' },
 *   adapter: new Adapter({ image: 'registry.example/to-xml:2.0.0', reads: [raw] }),
 * });
 */
export class Adapter extends PodPart {
  private readonly props: AdapterProps;

  /**
   * @param props the container, and what it shares
   */
  public constructor(props: AdapterProps) {
    super(nameIn('Adapter', props, 'adapter'), props);
    this.props = copyCustomProps('Adapter', props);
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
   * Adds the adapter to a pod or workload.
   *
   * @param pod the pod or workload
   * @param options which container is the app
   */
  public bind(pod: kplus.AbstractPod, options?: BindOptions): BoundPart {
    return bindCustomPart(this, pod, this.props, options).bound;
  }
}

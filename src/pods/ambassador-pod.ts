import { Construct } from 'constructs';
import { partsOf, pathOf } from './check-props';
import { PatternPod, PatternPodProps } from './pattern-pod';
import { requireProps } from '../manifest/check-input';
import { BoundPart, PodPart } from '../parts/part';

/** A pod of an app and an ambassador. */
export interface AmbassadorPodProps extends PatternPodProps {
  /** The ambassador: `HAProxy`, or `Ambassador` with a container of your own. */
  readonly ambassador: PodPart;
}

/**
 * A pod whose ambassador is a local proxy: the app speaks to localhost, and the proxy knows the network.
 *
 * The app learns the address from its environment, starts when the local listener accepts, whether or not the upstream is
 * there, and ends before the proxy does.
 *
 * @example
 *
 * new AmbassadorPod(chart, 'Shop', {
 *   app: { image: 'registry.example/shop:1.4.2', portNumber: 8080 },
 *   ambassador: new HAProxy({
 *     upstreams: [Upstream.http('catalog', 'catalog.shop.svc.cluster.local', 8080)],
 *   }),
 * });
 */
export class AmbassadorPod extends PatternPod {
  /** The ambassador in this pod. */
  public readonly ambassador: BoundPart;

  /**
   * @param scope the chart or construct that the pod belongs to
   * @param id name of the construct
   * @param props the app and its ambassador
   */
  public constructor(scope: Construct, id: string, props: AmbassadorPodProps) {
    const path = pathOf(scope, id);
    super(scope, id, requireProps(path, props), partsOf(path, 'ambassador', props.ambassador, props.parts));
    this.ambassador = this._boundOf(props.ambassador);
  }
}

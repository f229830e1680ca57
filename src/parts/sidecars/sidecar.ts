import * as kplus from 'cdk8s-plus-28';
import { nameIn } from '../../manifest/check-input';
import { bindCustomPart, copyCustomProps, CustomPartOptions } from '../custom-part';
import { BindOptions, BoundPart, PodPart } from '../part';

/** A sidecar of your own: the props of its container, and what it shares with the app. */
export interface SidecarProps extends kplus.ContainerProps, CustomPartOptions {}

/**
 * A sidecar: a container that extends the app without changing it (logs, monitoring, synchronisation).
 *
 * Its container is yours to describe; unnamed it is called `sidecar`. It has no startup probe unless you give one,
 * because a native sidecar whose startup probe fails keeps the app from ever starting. Resources that you do not give are
 * 25m/32Mi, limits 200m/128Mi.
 *
 * @see https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/
 * @example
 *
 * const data = SharedDirectory.onDisk('/data', { sizeLimit: Size.mebibytes(64) });
 * new SidecarPod(chart, 'Web', {
 *   app: { image: 'registry.example/web:1.4.2', portNumber: 8080 },
 *   sidecar: new Sidecar({ name: 'sync', image: 'registry.example/sync:2.0.0', writes: [data] }),
 * });
 */
export class Sidecar extends PodPart {
  private readonly props: SidecarProps;

  /**
   * @param props the container, and what it shares
   */
  public constructor(props: SidecarProps) {
    super(nameIn('Sidecar', props, 'sidecar'), props);
    this.props = copyCustomProps('Sidecar', props);
  }

  /**
   * Adds the sidecar to a pod or workload.
   *
   * @param pod the pod or workload
   * @param options which container is the app
   */
  public bind(pod: kplus.AbstractPod, options?: BindOptions): BoundPart {
    return bindCustomPart(this, pod, this.props, options).bound;
  }
}

import { Construct } from 'constructs';
import { partsOf, pathOf } from './check-props';
import { PatternPod, PatternPodProps } from './pattern-pod';
import { requireProps } from '../manifest/check-input';
import { BoundPart, PodPart } from '../parts/part';

/** A pod of an app and a sidecar. */
export interface SidecarPodProps extends PatternPodProps {
  /** The sidecar: `Fluentd`, `LogStream`, or `Sidecar` with a container of your own. */
  readonly sidecar: PodPart;
}

/**
 * A pod whose sidecar extends the app without changing it: logs, monitoring, synchronisation.
 *
 * The sidecar starts before the app, sees its first line, and stops after it. As a bare Pod it is not rescheduled when its
 * node fails: use a Deployment with the same parts for what must stay up.
 *
 * @see https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/
 * @example
 *
 * new SidecarPod(chart, 'Web', {
 *   app: { image: 'nginxinc/nginx-unprivileged:1.30.4', portNumber: 8080 },
 *   writablePaths: ['/tmp'],
 *   sidecar: new Fluentd({ tail: ['/var/log/nginx/access.log'] }),
 * });
 */
export class SidecarPod extends PatternPod {
  /** The sidecar in this pod. */
  public readonly sidecar: BoundPart;

  /**
   * @param scope the chart or construct that the pod belongs to
   * @param id name of the construct
   * @param props the app and its sidecar
   */
  public constructor(scope: Construct, id: string, props: SidecarPodProps) {
    const path = pathOf(scope, id);
    super(scope, id, requireProps(path, props), partsOf(path, 'sidecar', props.sidecar, props.parts));
    this.sidecar = this._boundOf(props.sidecar);
  }
}

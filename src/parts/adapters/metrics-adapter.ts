import * as kplus from 'cdk8s-plus-28';
import { nameIn, quoted, refuse } from '../../manifest/check-input';
import { RoleName } from '../../production/default-values';
import { checkHost } from '../check-host';
import { bindCustomPart, copyCustomProps, CustomPartOptions } from '../custom-part';
import { BindOptions, BoundPart, PodPart } from '../part';

/** A metrics adapter: the props of its container, and where it serves metrics. */
export interface MetricsAdapterProps extends kplus.ContainerProps, CustomPartOptions {
  /**
   * Port on which the container serves metrics, on all addresses of the pod: 1 to 65535.
   *
   * It becomes the container port `metrics`; give neither `portNumber` nor the same port in `ports`.
   */
  readonly metricsPort: number;

  /**
   * Path of the metrics.
   *
   * @default '/metrics'
   */
  readonly metricsPath?: string;
}

/**
 * An adapter that serves the state of an app as metrics for Prometheus: an exporter.
 *
 * It adds the annotations `prometheus.io/scrape`, `prometheus.io/port` and `prometheus.io/path` to the pod, a convention of
 * scrape configurations, not of Kubernetes. Only one part of a pod can use them: a second one is an error.
 *
 * @see https://prometheus.io/docs/prometheus/latest/configuration/configuration/#kubernetes_sd_config
 * @example
 *
 * pod.with(new MetricsAdapter({
 *   image: 'nginx/nginx-prometheus-exporter:1.5.1',
 *   args: ['--nginx.scrape-uri=http://127.0.0.1:8080/stub_status'],
 *   metricsPort: 9113,
 * }));
 */
export class MetricsAdapter extends PodPart {
  private readonly props: MetricsAdapterProps;

  /**
   * @param props the container, and where it serves metrics
   */
  public constructor(props: MetricsAdapterProps) {
    super(nameIn('MetricsAdapter', props, 'metrics'), props);
    this.props = copyCustomProps('MetricsAdapter', props);
    const path = props.metricsPath ?? '/metrics';
    if (typeof path !== 'string' || !path.startsWith('/')) {
      throw new Error(`MetricsAdapter: metricsPath: ${quoted(path)} does not begin with "/"\n`
        + '  why: it is the path of an HTTP request\n  fix: write it as "/metrics"');
    }
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
    checkHost(this, pod);
    const { metricsPort, metricsPath, ...props } = this.props;
    const other = props.portNumber ?? props.port;
    if (other !== undefined) {
      refuse(`${pod.node.path}: part "${this.name}"`, `portNumber: ${quoted(other)} is given beside metricsPort: ${quoted(metricsPort)}`,
        'metricsPort is the port that the container declares', 'leave out `portNumber`, and declare further ports in `ports`');
    }
    const annotations: { [name: string]: string } = {
      'prometheus.io/scrape': 'true',
      'prometheus.io/port': String(metricsPort),
      'prometheus.io/path': metricsPath ?? '/metrics',
    };
    for (const [name, value] of Object.entries(annotations)) {
      const there = pod.podMetadata.toJson()?.annotations?.[name];
      if (there !== undefined && there !== value) {
        throw new Error(`${pod.node.path}: metadata.annotations[${name}]: "${there}" is set already, and part "${this.name}" needs "${value}"\n`
          + '  why: the convention knows one port for each pod\n'
          + '  fix: serve both from one exporter, or describe the second one with Adapter and a PodMonitor');
      }
    }
    const ports = [{ number: metricsPort, name: 'metrics' }, ...(props.ports ?? [])];
    const { bound } = bindCustomPart(this, pod, { ...props, ports }, options);
    Object.entries(annotations).forEach(([name, value]) => pod.podMetadata.addAnnotation(name, value));
    return bound;
  }
}

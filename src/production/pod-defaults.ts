import { IConstruct, IMixin } from 'constructs';
import { applySettings, takesSettings } from './apply-settings';
import { checkDefaults } from './check-defaults';
import { PodDefaultsProps } from './default-values';

/**
 * What holds for all pods below a construct, said once: the version of the clusters, the registry of the images, labels,
 * resources by role.
 *
 * Applied to an app or a chart it reaches every pod in it, also those that are added later and those of raw API objects; applied to
 * a pod or workload, that one. Settings are resolved field by field, resources role by role and labels label by label: the pod first,
 * then its chart, then the app. What the author of a container says wins over all of them, and a JSON patch over everything.
 *
 * The pods that it reaches are checked. They are not made ready for production: that is `ProductionReady`. Apply it before parts
 * are bound: those choose by the version whether they are native sidecars.
 *
 * @example
 *
 * app.with(new PodDefaults({
 *   kubernetesVersion: KubernetesVersion.V1_34,
 *   imageRegistry: 'registry.example/mirror',
 *   labels: { partOf: 'shop', managedBy: 'cdk8s' },
 * }));
 * chart.with(new PodDefaults({
 *   resources: { sidecar: { cpu: { request: kplus.Cpu.millis(50) }, memory: { request: Size.mebibytes(128), limit: Size.mebibytes(256) } } },
 * }));
 */
export class PodDefaults implements IMixin {
  private readonly applied = new Set<IConstruct>();
  private readonly props: PodDefaultsProps;

  /**
   * @param props what holds; at least one field, or it says nothing
   */
  public constructor(props: PodDefaultsProps) {
    checkDefaults(props);
    const copy: { -readonly [name in keyof PodDefaultsProps]: PodDefaultsProps[name] } = { ...props };
    copy.featureGates &&= [...copy.featureGates];
    copy.resources &&= { ...copy.resources };
    copy.labels &&= { ...copy.labels };
    this.props = copy;
  }

  /**
   * Whether it can be applied: to apps, charts, cdk8s-plus pods and workloads, and API objects.
   *
   * `with()` visits every construct below the one it is called on; settings are stored on that one only.
   *
   * @param construct the construct that is asked about
   */
  public supports(construct: IConstruct): boolean {
    return takesSettings(construct);
  }

  /**
   * Stores the settings on the construct.
   *
   * @param construct the construct whose pods they hold for
   */
  public applyTo(construct: IConstruct): void {
    applySettings(construct, this.props, this.applied);
  }
}

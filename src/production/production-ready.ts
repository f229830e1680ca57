import { IConstruct, IMixin } from 'constructs';
import { applySettings, takesSettings } from './apply-settings';
import { requireProps } from '../manifest/check-input';

/** What `ProductionReady` fills, and how far it goes. */
export interface ProductionReadyProps {
  /**
   * Fills everything also in pods that are not made with cdk8s-plus: raw API objects, included
   * manifests, rendered charts.
   *
   * Such a pod may run as root or switch users at its start; dropping all capabilities or
   * demanding a non-root user then breaks it.
   *
   * @default false - such pods get what cannot break them: seccomp profile, no privilege
   * escalation, termination message policy, default container; what stays open is said on standard error
   */
  readonly force?: boolean;

  /**
   * Numeric user for containers that name none. Between 1 and 2147483647.
   *
   * @default - the user of the image; pattern pods use 1000
   */
  readonly user?: number;
}

/**
 * Makes the pods below a construct ready for production: fills what is absent in every container and
 * checks the result, when the manifest is written.
 *
 * Applied to a pod or workload it reaches that one, to a chart or an app everything in it, also what is added
 * later. Settings are resolved field by field: pod, then chart, then app. Values that are there stay, but
 * for three silent defaults of cdk8s-plus: resources of 1 CPU, the startup probe of 30 seconds, and with `hostNetwork` a `dnsPolicy`
 * that finds no Service by its name; each replacement is reported on standard error. A termination grace period of 30 seconds is what cdk8s-plus writes where nothing
 * was said: it counts as absent, and grows where containers need longer. The four pattern pods have it built in.
 *
 * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/
 * @example
 *
 * const chart = new Chart(app, 'shop');
 * chart.with(new ProductionReady());
 */
export class ProductionReady implements IMixin {
  private readonly applied = new Set<IConstruct>();

  /**
   * @param props how far to go
   */
  public constructor(private readonly props: ProductionReadyProps = {}) {
    const { user } = requireProps('ProductionReady', props);
    if (user !== undefined && (!Number.isInteger(user) || user < 1 || user > 2147483647)) {
      throw new Error(`ProductionReady: user: "${user}" is not a user id from 1 to 2147483647\n`
        + '  why: the API server refuses it, and 0 is root\n'
        + '  fix: give the numeric user of the image, or leave it out');
    }
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
   * @param construct the construct below which pods are made ready
   */
  public applyTo(construct: IConstruct): void {
    applySettings(construct, { ...this.props, ready: true }, this.applied);
  }
}

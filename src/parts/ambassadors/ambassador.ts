import * as kplus from 'cdk8s-plus-28';
import { nameIn } from '../../manifest/check-input';
import { RoleName } from '../../production/default-values';
import { bindCustomPart, copyCustomProps, CustomPartOptions } from '../custom-part';
import { BindOptions, BoundPart, PodPart } from '../part';

/** An ambassador of your own: the props of its container, and where it listens. */
export interface AmbassadorProps extends kplus.ContainerProps, CustomPartOptions {
  /**
   * Port on 127.0.0.1 where the container listens: 1 to 65535. It is not declared as a container port,
   * because nobody outside of the pod can reach it.
   *
   * The kubelet cannot reach it either: its HTTP and TCP probes dial the address of the pod. Use
   * `kplus.Probe.fromCommand()`, or a second listener that is only for health.
   */
  readonly localPort: number;

  /**
   * Variable of the app with the host, always `127.0.0.1`.
   *
   * @default - the name of the part in capitals with `_HOST`: `AMBASSADOR_HOST`
   */
  readonly hostVariable?: string;

  /**
   * Variable of the app with the port.
   *
   * @default - the name of the part in capitals with `_PORT`: `AMBASSADOR_PORT`
   */
  readonly portVariable?: string;

  /**
   * Variable of the app with the URL.
   *
   * @default - the name of the part in capitals with `_URL`: `AMBASSADOR_URL`
   */
  readonly urlVariable?: string;

  /**
   * Scheme of the URL.
   *
   * @default 'http'
   */
  readonly urlScheme?: string;
}

/**
 * An ambassador: a local proxy through which the app reaches the network.
 *
 * Its container is yours to describe; unnamed it is called `ambassador`. The app gets the address from its environment, before
 * its own variables, so that they can refer to it with `$(AMBASSADOR_URL)`. With a startup probe that tests
 * *the local listener* the app waits until the proxy accepts; never test the upstream there, because the app would
 * not start while it is down.
 *
 * @example
 *
 * new AmbassadorPod(chart, 'Shop', {
 *   app: { image: 'registry.example/shop:1.4.2', portNumber: 8080 },
 *   ambassador: new Ambassador({ image: 'registry.example/proxy:3.1.0', localPort: 15432, urlScheme: 'postgres' }),
 * });
 */
export class Ambassador extends PodPart {
  private readonly props: AmbassadorProps;

  /**
   * @param props the container, and where it listens
   */
  public constructor(props: AmbassadorProps) {
    super(nameIn('Ambassador', props, 'ambassador'), props);
    this.props = copyCustomProps('Ambassador', props);
    const port = props.localPort;
    if (!Number.isInteger(port) || port < 1 || port > 65535) {
      throw new Error(`Ambassador: localPort: "${port}" is not a port\n`
        + '  why: ports are whole numbers from 1 to 65535\n  fix: use a port above 1023 that nothing else in the pod uses');
    }
  }

  /**
   * What the container is to the pod, for defaults by role.
   *
   * @internal
   */
  public get _role(): RoleName {
    return 'ambassador';
  }

  /**
   * Adds the ambassador to a pod or workload.
   *
   * @param pod the pod or workload
   * @param options which container is the app
   */
  public bind(pod: kplus.AbstractPod, options?: BindOptions): BoundPart {
    const { localPort, hostVariable, portVariable, urlVariable, urlScheme, ...props } = this.props;
    const { host, bound } = bindCustomPart(this, pod, props, options);
    host.listens(bound.container, '127.0.0.1', localPort);
    const prefix = this.name.toUpperCase().replace(/-/g, '_');
    host.whenAppIsKnown((app) => host.giveEnv(app, [
      { name: hostVariable ?? `${prefix}_HOST`, value: '127.0.0.1' },
      { name: portVariable ?? `${prefix}_PORT`, value: String(localPort) },
      { name: urlVariable ?? `${prefix}_URL`, value: `${urlScheme ?? 'http'}://127.0.0.1:${localPort}` },
    ]));
    return bound;
  }
}

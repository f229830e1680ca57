import { isIP } from 'net';
import { ApiObject } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { IConstruct, IMixin } from 'constructs';
import { allowKind, allowList, FLAG, OBJECT, refuse, requireProps } from '../manifest/check-input';
import { isObject, JsonObject } from '../manifest/json';
import { DestinationFact } from '../production/pod-facts';
import { PodHook } from '../production/pod-hook';
import { sayOnce } from '../production/say-once';

/** Who may reach a pod, and whom it may reach. */
export interface NetworkIsolationProps {
  /**
   * Who may reach the ports that the containers of the pod declare.
   *
   * @default - everybody; ports that are not declared are closed
   */
  readonly ingressFrom?: kplus.INetworkPolicyPeer[];

  /**
   * Whether connections from the pod are restricted too: to DNS, to what its parts connect to, and to `egressTo`.
   *
   * @default true
   */
  readonly restrictEgress?: boolean;

  /**
   * What stands behind the host names that parts of the pod connect to: `{ 'db.example.com': NetworkPolicyIpBlock.ipv4(...) }`.
   *
   * A policy knows addresses and pods, and no names. IP addresses need no entry. Where one name has no entry, connections are
   * left open, and a warning says so.
   *
   * @default - none
   */
  readonly peers?: { [host: string]: kplus.INetworkPolicyPeer };

  /**
   * Whom the app itself connects to, on any port. A policy holds for all containers of a pod: the app may use what is opened for
   * its helpers, and they what is opened for it.
   *
   * @default - nobody
   */
  readonly egressTo?: kplus.INetworkPolicyPeer[];
}

/** Whether the pods of a production workload are isolated. */
export interface IsolationOptions {
  /**
   * Closes what is not needed: `networkIsolation: {}` opens the declared ports, DNS and what the parts connect to.
   *
   * @default - no NetworkPolicy
   */
  readonly networkIsolation?: NetworkIsolationProps;
}

const DNS = { ports: [{ port: 53, protocol: 'UDP' }, { port: 53, protocol: 'TCP' }] };

/**
 * A NetworkPolicy for one pod or workload: its declared ports are open, everything else is closed.
 *
 * Ports of native sidecars are opened like those of regular containers, with their protocols. Connections go to DNS, whoever serves
 * it, and to the upstreams and outputs of the parts. The kubelet's probes are not affected.
 *
 * A network plugin enforces it; the API server stores it also where there is none. It has no effect on pods in the network of
 * their host, which are refused.
 *
 * @see https://kubernetes.io/docs/concepts/services-networking/network-policies/
 * @example
 *
 * pod.with(new NetworkIsolation({ ingressFrom: [kplus.Pods.select(chart, 'Gateway', { labels: { app: 'gateway' } })] }));
 */
export class NetworkIsolation implements IMixin {
  private readonly props: NetworkIsolationProps;

  /**
   * @param props who may reach the pod, and whom it may reach
   */
  public constructor(props: NetworkIsolationProps = {}) {
    requireProps('NetworkIsolation', props);
    allowList('NetworkIsolation', 'ingressFrom', props.ingressFrom, OBJECT);
    allowList('NetworkIsolation', 'egressTo', props.egressTo, OBJECT);
    allowKind('NetworkIsolation', 'restrictEgress', props.restrictEgress, FLAG);
    allowKind('NetworkIsolation', 'peers', props.peers, OBJECT);
    this.props = {
      ...props,
      peers: { ...props.peers },
      ...(props.ingressFrom && { ingressFrom: [...props.ingressFrom] }),
      egressTo: [...(props.egressTo ?? [])],
    };
  }

  /**
   * Whether the construct is a pod or workload of cdk8s-plus-28.
   *
   * @param construct the construct that is asked about
   */
  public supports(construct: IConstruct): boolean {
    return construct instanceof kplus.AbstractPod;
  }

  /**
   * Adds the policy; a pod or workload can have one.
   *
   * @param construct the pod or workload
   */
  public applyTo(construct: IConstruct): void {
    const pod = construct as kplus.AbstractPod;
    if (pod.node.tryFindChild('NetworkIsolation')) {
      refuse(pod.node.path, 'NetworkIsolation: is applied twice', 'policies add up: what one closes, another may open',
        'give one `NetworkIsolation` all peers');
    }
    if (pod.hostNetwork) {
      refuse(pod.node.path, 'spec.hostNetwork: "true" beside a NetworkIsolation', 'a NetworkPolicy has no effect on pods in the network of their host',
        'remove `hostNetwork`, or the isolation');
    }
    new IsolationPolicy(pod, this.props);
  }
}

/** Peers in the order in which their rules stand in the policy that cdk8s-plus renders. */
interface Egress {
  readonly host?: string;
  readonly peer: kplus.INetworkPolicyPeer;
}

/** The policy object of one pod; ports and connections are looked up when it is rendered. */
class IsolationPolicy {
  private readonly egress: Egress[];

  public constructor(private readonly pod: kplus.AbstractPod, private readonly props: NetworkIsolationProps) {
    const policy = new kplus.NetworkPolicy(pod, 'NetworkIsolation', {
      selector: pod,
      metadata: { namespace: ApiObject.of(pod).metadata.namespace },
    });
    this.egress = [
      ...Object.entries(props.peers!).map(([host, peer]) => ({ host, peer })),
      ...props.egressTo!.map((peer) => ({ peer })),
    ];
    // cdk8s-plus knows the form of each kind of peer.
    props.ingressFrom?.forEach((peer) => policy.addIngressRule(peer));
    this.egress.forEach(({ peer }) => policy.addEgressRule(peer));
    PodHook.of(policy).addWriter((json) => this.finish(json));
  }

  /** Writes the ports and connections. */
  private finish(json: JsonObject): void {
    const ports = this.declaredPorts();
    const ingress = this.props.ingressFrom
      ? (json.spec.ingress ?? []).map(({ from }: JsonObject) => ({ from, ports }))
      : [{ ports }];
    const egress = this.props.restrictEgress === false ? undefined : this.egressRules(json.spec.egress ?? []);
    if (!egress) {
      this.refuseDenyAll();
    }
    json.spec = {
      podSelector: json.spec.podSelector,
      policyTypes: egress ? ['Ingress', 'Egress'] : ['Ingress'],
      // Without a port a rule would open them all.
      ingress: ports.length === 0 ? [] : ingress,
      ...(egress && { egress }),
    };
  }

  /** The policy of `isolate` of cdk8s-plus would close what is meant to be open. */
  private refuseDenyAll(): void {
    if (this.pod.node.tryFindChild('DefaultDenyAll')) {
      refuse(this.pod.node.path, 'isolate: "true" beside a NetworkIsolation that leaves spec.egress open', 'a pod may connect to what its policies allow, and neither allows '
        + 'anything: DNS is closed too', 'remove `isolate`: what is not needed is closed by the NetworkIsolation');
    }
  }

  private declaredPorts(): JsonObject[] {
    const sidecars = this.pod.initContainers.filter(({ restartPolicy }) => restartPolicy === kplus.ContainerRestartPolicy.ALWAYS);
    const ports = [...this.pod.containers, ...sidecars].flatMap((container) => container.ports)
      .map(({ number, protocol }) => ({ port: number, protocol: protocol ?? kplus.Protocol.TCP }));
    return [...new Map(ports.map((port) => [`${port.port}/${port.protocol}`, port])).values()];
  }

  /** Undefined where a name has no peer: a policy without it would cut the part off. */
  private egressRules(rendered: JsonObject[]): JsonObject[] | undefined {
    const destinations = PodHook.of(this.pod).facts.destinations;
    const unknown = destinations.filter(({ host }) => !isIP(host) && !this.props.peers![host]);
    if (unknown.length > 0) {
      this.warn(unknown);
      return undefined;
    }
    const toPeers = rendered.map(({ to }, index) => ({ ...portsOf(to, this.egress[index].host, destinations), to }));
    const toAddresses = destinations.filter(({ host }) => isIP(host)).map(({ host, port }) => ({
      ports: [{ port, protocol: 'TCP' }],
      to: [{ ipBlock: { cidr: `${host}/${isIP(host) === 4 ? 32 : 128}` } }],
    }));
    return [DNS, ...toAddresses, ...toPeers];
  }

  private warn(unknown: DestinationFact[]): void {
    const names = [...new Set(unknown.map(({ part, host, port }) => `"${host}:${port}" of part "${part}"`))].join(', ');
    sayOnce(this.pod.node.root, `warning: ${this.pod.node.path}: NetworkIsolation: spec.egress is left open: ${names} cannot be a peer\n`
      + '  why: a NetworkPolicy knows addresses and pods, and no host names; closed, it would cut the part off\n'
      + '  fix: say what stands behind the name in `peers`, or set `restrictEgress: false`\n');
  }
}

/** An address is reached on the port of the destination; the pods behind a Service may listen on another one. */
function portsOf(to: JsonObject[], host: string | undefined, destinations: DestinationFact[]): JsonObject {
  const ports = destinations.filter((destination) => destination.host === host).map(({ port }) => ({ port, protocol: 'TCP' }));
  return ports.length > 0 && to.every(({ ipBlock }) => isObject(ipBlock)) ? { ports } : {};
}

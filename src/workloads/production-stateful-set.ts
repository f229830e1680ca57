import { Duration } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { allowCount } from './check-options';
import { composeWorkload, preStopSleepOf, TEMPLATE_SPEC, workloadProps } from './composed-workload';
import { addDisruptionBudget, DisruptionBudgetOptions } from './disruption-budget';
import { demandSelector, MIN_READY_SECONDS, ProductionWorkloadOptions, writeRevisionHistoryLimit } from './production-workload';
import { spreadOverTopology, SpreadOptions } from './topology-spread';
import { addClaims, checkClaims, checkRetention, ClaimRetentionOptions, demandNamesOfTheirOwn, VolumeClaimTemplateOptions, writeClaimGroup } from './volume-claim-templates';
import { quoted, refuse, requireProps, wholeSeconds } from '../manifest/check-input';
import { JsonObject, objectsIn } from '../manifest/json';
import { pathOf } from '../pods/check-props';
import { annotateDeclinedProbes, demandProbes } from '../pods/probe-options';
import { PodHook } from '../production/pod-hook';

/** A StatefulSet that is ready for production, and what surrounds it. */
export interface ProductionStatefulSetProps extends kplus.StatefulSetProps, ProductionWorkloadOptions {
  /**
   * Storage of which each pod has its own, mounted in the app. The pods get an `fsGroup`, the app's group, so that an app that is
   * not root can write; `securityContext.fsGroup` chooses another. A group changes the mode of mounted Secrets too: a key file of
   * mode 0400 becomes 0440.
   *
   * Kubernetes refuses to change the templates later.
   *
   * @see https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#volume-claim-templates
   * @default - none
   */
  readonly volumeClaimTemplates?: VolumeClaimTemplateOptions[];

  /**
   * What becomes of the claims when the StatefulSet is deleted or scaled down. On by default from Kubernetes 1.27.
   *
   * @see https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#persistentvolumeclaim-retention
   * @default - they stay, with their data
   */
  readonly claimRetention?: ClaimRetentionOptions;

  /**
   * How many pods may be evicted at once. Switched off with `{ enabled: false }`.
   *
   * @default - a PodDisruptionBudget that lets one pod be evicted at a time
   */
  readonly disruptionBudget?: DisruptionBudgetOptions;

  /**
   * How pods are spread over nodes and zones. Switched off with `{ enabled: false }`. Constraints of a JSON patch replace these, and
   * pod anti-affinity of `scheduling` stays the only one.
   *
   * @default - preferably over both
   */
  readonly topologySpread?: SpreadOptions;
}

/**
 * A set of pods that have names and storage of their own, and are updated one after another.
 *
 * Its pods are pattern pods: everything absent is filled in every container, whoever adds it and whenever. Beyond that it has a
 * PodDisruptionBudget, spreads its pods over nodes and zones, demands liveness and readiness of the app, or reasons, and waits
 * until a new pod was ready for 5 seconds (`minReady`) before it replaces the next one.
 *
 * The headless Service, which gives each pod its name in DNS, is the one of cdk8s-plus: it has the ports that containers declare in
 * the props, and each of several unnamed ones is called after its number; give a `service` of your own for others. Make that one
 * headless too, `clusterIP: 'None'`: DNS is bound to know pods by their names of such a Service only, though CoreDNS knows those of
 * others, and a Service with an address cannot be made headless later. `replicas`
 * stays 1 where it is not given, because only the app knows whether its members form one system. With the `podManagementPolicy` of
 * cdk8s-plus, ORDERED_READY, an update whose first pod never becomes ready stays where it is: after a rollback that pod has to be
 * deleted by hand.
 *
 * @see https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#forced-rollback
 * @see https://github.com/kubernetes/dns/blob/master/docs/specification.md
 * @example
 *
 * new ProductionStatefulSet(chart, 'Db', {
 *   replicas: 3,
 *   app: {
 *     image: 'registry.example/db:1.4.2',
 *     portNumber: 5432,
 *     liveness: kplus.Probe.fromTcpSocket(),
 *     readiness: kplus.Probe.fromCommand(['/bin/db', 'ready']),
 *   },
 *   volumeClaimTemplates: [{ name: 'data', path: '/var/lib/db', size: Size.gibibytes(10) }],
 * });
 */
export class ProductionStatefulSet extends kplus.StatefulSet {
  /** The app's container. */
  public readonly app: kplus.Container;

  /**
   * @param scope the chart or construct that the StatefulSet belongs to
   * @param id name of the construct
   * @param props the app and what surrounds it
   */
  public constructor(scope: Construct, id: string, props: ProductionStatefulSetProps) {
    const path = pathOf(scope, id);
    const decided = decide(path, requireProps(path, props));
    super(scope, id, workloadProps(path, decided));
    const claims = (decided.volumeClaimTemplates ?? []).map((claim) => ({ ...claim }));
    // Before the parts, which may read what the app writes there.
    let volumes: kplus.Volume[] = [];
    if (claims.length > 0) {
      volumes = addClaims(this, this.containers[0], claims, decided.claimRetention && { ...decided.claimRetention });
      writeClaimGroup(this, this.containers[0], props.securityContext?.fsGroupChangePolicy);
    }
    this.app = composeWorkload(this, decided).app;
    demandNamesOfTheirOwn(this, volumes);
    demandServiceBeside(this);
    if (!props.service) {
      PodHook.of(this.service).addWriter((json) => namePorts(objectsIn(json.spec.ports)));
    }
    annotateDeclinedProbes(this.metadata, props);
    demandSelector(this);
    writeRevisionHistoryLimit(this, props.revisionHistoryLimit);
    // Pods are replaced, not added, so that old and new ones do not skew each other.
    spreadOverTopology(this, props.topologySpread);
    addDisruptionBudget(this, props.disruptionBudget);
  }
}

/** Names of pods are looked up in the namespace of their StatefulSet. */
function demandServiceBeside({ node, service, metadata }: kplus.StatefulSet): void {
  const [own, other] = [metadata.namespace ?? '', service.metadata.namespace ?? ''];
  if (own !== other) {
    refuse(node.path, `service.metadata.namespace: ${quoted(other)} is not the namespace of the workload, ${quoted(own)}`,
      'the Service would select no pod, and the pods would have no names in DNS', 'make both in one namespace');
  }
}

/** cdk8s-plus names no port of the headless Service, and the API server refuses several without names. */
function namePorts(ports: JsonObject[]): void {
  if (ports.length > 1) {
    const taken = new Set(ports.map(({ name }) => name));
    for (const port of ports.filter(({ name }) => name === undefined)) {
      const name = `${String(port.protocol ?? kplus.Protocol.TCP).toLowerCase()}-${port.port}`;
      // Somebody may call another port so.
      port.name = taken.has(name) ? `port-${name}` : name;
    }
  }
}

/** Checks the props and decides what they leave open, before anything is in the tree. */
function decide(path: string, props: ProductionStatefulSetProps): ProductionStatefulSetProps {
  demandProbes(path, TEMPLATE_SPEC, props);
  allowCount(path, 'spec.replicas', props.replicas, 0, 'it is a number of pods');
  checkClaims(path, props.volumeClaimTemplates ?? [], props.volumes);
  checkRetention(path, props.claimRetention ?? {});
  if (props.claimRetention && !props.volumeClaimTemplates?.length) {
    refuse(path, 'claimRetention: is given without volumeClaimTemplates', 'only claims of the StatefulSet itself can be kept or deleted with it',
      'add `volumeClaimTemplates`, or remove it');
  }
  const { app, containers = [] } = props;
  if (!props.service && app && ![app, ...containers].some(({ portNumber, port, ports = [] }) => (portNumber ?? port ?? ports[0]) !== undefined)) {
    refuse(path, 'service: missing, and no container declares a port', 'the headless Service of a StatefulSet has the ports of its pods',
      'give the app a `portNumber`, or a `service` of your own');
  }
  return {
    ...props,
    minReady: Duration.seconds(wholeSeconds(path, 'minReady', props.minReady, MIN_READY_SECONDS)),
    preStopSleep: preStopSleepOf(path, props, 0),
  };
}

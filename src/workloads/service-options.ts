import { ApiObjectMetadata } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';

/** The Service of a Deployment. */
export interface ServiceOptions {
  /**
   * Whether there is a Service.
   *
   * @default true - where these options are given
   */
  readonly enabled?: boolean;

  /**
   * Who can reach it: CLUSTER_IP, the pods of the cluster; NODE_PORT, whoever reaches a node; LOAD_BALANCER, whoever reaches a load
   * balancer of the provider.
   *
   * @default kplus.ServiceType.CLUSTER_IP
   */
  readonly serviceType?: kplus.ServiceType;

  /**
   * Ports of the Service. `targetPort` is the port that a container of the pod declares, the app or a native sidecar, and the same
   * number where it is left out; the protocol is the one that the container declares. Several ports need names.
   *
   * Targets are numbers: names of ports of native sidecars are not found by all versions of Kubernetes.
   *
   * @default - the app's `portNumber`, or the only port that it declares
   */
  readonly ports?: kplus.ServicePort[];

  /**
   * Addresses that may reach the load balancer, as CIDR blocks, where the provider supports it.
   *
   * @default - everybody, with type LOAD_BALANCER
   */
  readonly loadBalancerSourceRanges?: string[];

  /**
   * Name, labels and annotations of the Service. Its name is what clients call.
   *
   * @default - a name made of the construct's path, in the namespace of the workload
   */
  readonly metadata?: ApiObjectMetadata;
}

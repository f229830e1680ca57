import { isIP } from 'net';
import { ApiObjectMetadata } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { metadataBeside } from './check-options';
import { quoted, refuse, requireKind, TEXT } from '../manifest/check-input';

/** How requests from outside of the cluster reach the Service. */
export interface IngressOptions {
  /**
   * Whether there is an Ingress.
   *
   * @default true - where these options are given
   */
  readonly enabled?: boolean;

  /** Host name of the requests, such as `shop.example.com` or `*.example.com`. */
  readonly host: string;

  /**
   * Path of the requests, beginning with `/`.
   *
   * @default '/'
   */
  readonly path?: string;

  /**
   * How the path is compared.
   *
   * @default kplus.HttpIngressPathType.PREFIX
   */
  readonly pathType?: kplus.HttpIngressPathType;

  /**
   * Name of the IngressClass, that is, of the controller that serves it.
   *
   * @default - the default class of the cluster; without one nobody serves it
   */
  readonly className?: string;

  /**
   * Secret of type `kubernetes.io/tls` with the certificate of the host.
   *
   * @default - no TLS, or the default certificate of the controller
   */
  readonly tlsSecret?: kplus.ISecret;

  /**
   * Port of the Service.
   *
   * @default - its only port
   */
  readonly servicePort?: number;

  /**
   * Name, labels and annotations of the Ingress: controllers take much of their configuration from annotations.
   *
   * @default - a name made of the construct's path, in the namespace of the workload
   */
  readonly metadata?: ApiObjectMetadata;
}

const HOST = /^(\*\.)?([a-z0-9]([-a-z0-9]*[a-z0-9])?\.)*[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;

/** Adds the Ingress of a workload that has a Service. */
export function addIngress(workload: kplus.Workload, service: kplus.Service | undefined, options: IngressOptions): kplus.Ingress {
  const path = workload.node.path;
  if (!service) {
    refuse(path, 'ingress: is given without `service`', 'an Ingress leads to a Service', 'add `service: {}`');
  }
  requireKind(path, 'ingress.host', options.host, TEXT);
  if (!HOST.test(options.host) || options.host.length > 253 || isIP(options.host)) {
    refuse(path, `ingress.host: ${quoted(options.host)} is not a host name`, 'the API server takes lower case letters, digits, "-" and ".", and "*." in front, but no address',
      'give the name alone, without scheme, port and path: "shop.example.com"');
  }
  const route = options.path ?? '/';
  if (typeof route !== 'string' || !route.startsWith('/')) {
    refuse(path, `ingress.path: ${quoted(route)} does not begin with "/"`, 'the API server refuses it', `write "/${String(route)}"`);
  }
  const ports = service.ports.map(({ port }) => port);
  if (options.servicePort === undefined ? ports.length > 1 : !ports.includes(options.servicePort)) {
    refuse(path, `ingress.servicePort: ${quoted(options.servicePort ?? '')} is none of the ports of the Service, "${ports.join(', ')}"`,
      'a request goes to one port', 'name one of them');
  }
  const ingress = new kplus.Ingress(workload, 'Ingress', {
    metadata: metadataBeside(workload, 'ingress', options.metadata),
    className: options.className,
    tls: options.tlsSecret && [{ hosts: [options.host], secret: options.tlsSecret }],
  });
  ingress.addHostRule(options.host, route, kplus.IngressBackend.fromService(service, { port: options.servicePort }), options.pathType);
  return ingress;
}

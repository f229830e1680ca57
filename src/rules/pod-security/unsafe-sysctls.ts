import { contextOf } from './places';
import { objectsIn } from '../../manifest/json';
import { quote } from '../quote';
import { Pack, PodRule, RuleFinding, Severity } from '../rule';

/** The safe ones, and the version of Kubernetes from which on they are. */
const SAFE_SINCE = new Map<unknown, number>([
  ['kernel.shm_rmid_forced', 0],
  ['net.ipv4.ip_local_port_range', 0],
  ['net.ipv4.tcp_syncookies', 0],
  ['net.ipv4.ping_group_range', 0],
  ['net.ipv4.ip_unprivileged_port_start', 0],
  ['net.ipv4.ip_local_reserved_ports', 27],
  ['net.ipv4.tcp_keepalive_time', 29],
  ['net.ipv4.tcp_fin_timeout', 29],
  ['net.ipv4.tcp_keepalive_intvl', 29],
  ['net.ipv4.tcp_keepalive_probes', 29],
  ['net.ipv4.tcp_rmem', 32],
  ['net.ipv4.tcp_wmem', 32],
  ['net.ipv4.tcp_slow_start_after_idle', 37],
  ['net.ipv4.tcp_notsent_lowat', 37],
]);

/** Kernel parameters that reach beyond the pod. */
export const unsafeSysctls: PodRule = {
  id: 'unsafe-sysctls',
  severity: Severity.WARNING,
  pack: Pack.RESTRICTED,
  looksAtMakeOnly: true,
  keys: ['sysctls'],
  summary: 'A pod sets only kernel parameters that are safe in the version of Kubernetes that it is made for.',
  why: 'other parameters are not kept apart between pods, or let one starve the node; the kubelet refuses them unless the node allows them by name, and Pod Security refuses them from the level baseline on',
  fix: 'remove the parameter, or set it on the nodes',
  source: 'https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline',
  notApplicable: 'to pods without sysctls',
  bad: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  securityContext: { sysctls: [{ name: net.core.somaxconn, value: "1024" }] }
  containers:
    - name: web
      image: "shop/web:1.0"
`,
  good: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  securityContext: { sysctls: [{ name: net.ipv4.ip_unprivileged_port_start, value: "80" }] }
  containers:
    - name: web
      image: "shop/web:1.0"
`,
  seen: 'Where Kubernetes 1.33.13 enforced the level restricted it refused the bad example with `forbidden sysctls (net.core.somaxconn)`, and had no such objection to the good one.',
  check({ template, target }) {
    const sysctls = objectsIn(contextOf(template.spec).sysctls);
    let found: RuleFinding[] | undefined;
    for (let index = 0; index < sysctls.length; index++) {
      const since = SAFE_SINCE.get(sysctls[index].name);
      found ??= [];
      if (since === undefined || target.minor < since) {
        const fact = since === undefined ? 'is no safe kernel parameter' : `is a safe kernel parameter from Kubernetes 1.${since} on, and the target is ${target.version}`;
        found.push({ field: `${template.path}.securityContext.sysctls[${index}].name`, fact: `${quote(sysctls[index].name ?? '')} ${fact}` });
      }
    }
    return found;
  },
};

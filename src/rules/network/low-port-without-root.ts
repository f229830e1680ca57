import { isPort } from './dials';
import { ContainerView, runsBesideOthers } from '../../manifest/containers';
import { isObject, JsonObject, objectsIn } from '../../manifest/json';
import { PodTemplate } from '../../manifest/pod-template';
import { Pack, PodRule, RuleFinding, Severity } from '../rule';

/** Where the ports begin that every user may open, unless the runtime, or the pod, says otherwise. */
const UNPRIVILEGED = 1024;

const SYSCTL = 'net.ipv4.ip_unprivileged_port_start';

const BINDS = ['NET_BIND_SERVICE', 'CAP_NET_BIND_SERVICE', 'ALL', 'CAP_ALL'];

/** Ports below 1024 of a user who is not root. */
export const lowPortWithoutRoot: PodRule = {
  id: 'low-port-without-root',
  severity: Severity.WARNING,
  pack: Pack.GOLDEN,
  looksAtMakeOnly: true,
  keys: ['containerPort'],
  summary: 'A container that does not run as root listens on a port from 1024 on, or its pod lowers that bound.',
  why: 'whether it may listen there depends on the node: containerd from 2.0 on lets every user, containerd 1.7 and CRI-O as they come let only root, and the container ends with "permission denied"',
  fix: 'listen on a port from 1024 on, to which a Service can still give a low number; or set the sysctl `net.ipv4.ip_unprivileged_port_start` in the `securityContext` of the pod, which Pod Security allows',
  source: 'https://github.com/cri-o/cri-o/issues/10050',
  notApplicable: 'to containers that may run as root, to those with the capability NET_BIND_SERVICE, to pods that set the sysctl, and on Windows; a port that nobody declares cannot be seen',
  bad: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  securityContext: { runAsUser: 1000 }
  containers:
    - { name: web, image: "shop/web:1.0", ports: [{ containerPort: 80 }] }
`,
  good: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  securityContext: { runAsUser: 1000, sysctls: [{ name: net.ipv4.ip_unprivileged_port_start, value: "0" }] }
  containers:
    - { name: web, image: "shop/web:1.0", ports: [{ containerPort: 80 }] }
`,
  seen: 'On Kubernetes 1.33.13 with containerd 1.6 user 1000 got "bind: Permission denied" for port 80, and the container ended with status 1; with the sysctl of the good example it listened there.',
  check({ template, containers }) {
    let found: RuleFinding[] | undefined;
    for (const container of containers) {
      const ports = runsBesideOthers(container) ? objectsIn(container.json.ports) : [];
      for (let index = 0; index < ports.length; index++) {
        const { containerPort } = ports[index];
        if (!isPort(containerPort) || containerPort >= UNPRIVILEGED) {
          continue;
        }
        if (isNotRoot(container, template) && !mayBind(container) && containerPort < lowest(template)) {
          (found ??= []).push({
            field: `${container.path}.ports[${index}].containerPort`,
            fact: `"${containerPort}" is below ${UNPRIVILEGED}, and "${container.name}" does not run as root`,
          });
        } else {
          found ??= [];
        }
      }
    }
    return found;
  },
};

function isNotRoot({ json }: ContainerView, { spec }: PodTemplate): boolean {
  if (spec.os?.name === 'windows') {
    return false;
  }
  const own: JsonObject = isObject(json.securityContext) ? json.securityContext : {};
  const ofPod: JsonObject = isObject(spec.securityContext) ? spec.securityContext : {};
  const user = own.runAsUser ?? ofPod.runAsUser;
  return typeof user === 'number' ? user > 0 : (own.runAsNonRoot ?? ofPod.runAsNonRoot) === true;
}

function mayBind({ json }: ContainerView): boolean {
  const context = json.securityContext;
  const added = isObject(context) && isObject(context.capabilities) ? context.capabilities.add : undefined;
  return isObject(context) && (context.privileged === true || (Array.isArray(added) && added.some((name) => BINDS.includes(name))));
}

/** The lowest port that the pod lets every user open. */
function lowest({ spec }: PodTemplate): number {
  const sysctl = isObject(spec.securityContext) ? objectsIn(spec.securityContext.sysctls).find(({ name }) => name === SYSCTL) : undefined;
  return sysctl === undefined ? UNPRIVILEGED : Number(typeof sysctl.value === 'string' ? sysctl.value : 0) || 0;
}

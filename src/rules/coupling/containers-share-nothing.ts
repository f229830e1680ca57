import { mayCallLoopback, mountsOf, sideBySide, volumesFromOutside } from './beside';
import { ContainerRole, ContainerView } from '../../manifest/containers';
import { isObject } from '../../manifest/json';
import { listenersOf } from '../../manifest/listeners';
import { PodTemplate } from '../../manifest/pod-template';
import { isHelperImage } from '../images/helper-images';
import { isMeantToEnd } from '../jobs/tasks';
import { appContainer } from '../probes/app-container';
import { quote } from '../quote';
import { Pack, PodRule, Severity } from '../rule';

/** Containers that have no reason to be in one pod. */
export const containersShareNothing: PodRule = {
  id: 'containers-share-nothing',
  severity: Severity.WARNING,
  pack: Pack.GOLDEN,
  summary: 'Containers of one pod share a volume, the network of the pod or its processes.',
  why: 'they have no need of each other, and yet they are placed, scaled, updated and stopped together: the limits of one evict the other, and a pod of both fits on fewer nodes',
  fix: 'make each of them a workload of its own',
  source: 'https://kubernetes.io/docs/concepts/workloads/pods/#how-pods-manage-multiple-containers',
  notApplicable: 'to native sidecars, which say themselves that they are helpers, to containers that declare a port, speak to 127.0.0.1 or add capabilities, to images known as helpers, where a ConfigMap or Secret may say whom a container calls, to pods with a shared process namespace or of the network of the node, to those of a DaemonSet, and to those that are meant to end',
  bad: `
apiVersion: apps/v1
kind: Deployment
metadata: { name: shop }
spec:
  replicas: 2
  selector: { matchLabels: { app: shop } }
  template:
    metadata: { labels: { app: shop } }
    spec:
      containers:
        - { name: web, image: "shop/web:1.0", ports: [{ containerPort: 8080 }] }
        - { name: mailer, image: "shop/mailer:1.0" }
`,
  good: `
apiVersion: apps/v1
kind: Deployment
metadata: { name: shop }
spec:
  replicas: 2
  selector: { matchLabels: { app: shop } }
  template:
    metadata: { labels: { app: shop } }
    spec:
      volumes: [{ name: logs, emptyDir: { sizeLimit: 64Mi } }]
      containers:
        - { name: web, image: "shop/web:1.0", ports: [{ containerPort: 8080 }], volumeMounts: [{ name: logs, mountPath: /logs }] }
        - { name: shipper, image: "shop/shipper:1.0", volumeMounts: [{ name: logs, mountPath: /logs, readOnly: true }] }
`,
  check({ template, containers }) {
    const beside = sideBySide(containers);
    if (beside.length < 2 || sharesMore(template) || isMeantToEnd(template)) {
      return undefined;
    }
    const app = appContainer(template, containers);
    const candidates = beside.filter((container) => container !== app && isAlone(container));
    if (candidates.length === 0 || beside.some(mayCallLoopback)) {
      return [];
    }
    const fromOutside = volumesFromOutside(template);
    const listening = new Set(listenersOf(template, containers).map(({ container }) => container));
    const isConfigured = (container: ContainerView) => mountsOf(container).some((name) => fromOutside.get(name) === true);
    if (beside.some(isConfigured)) {
      return [];
    }
    const users = usersOf(beside, fromOutside);
    return candidates.filter((container) => !listening.has(container.name) && !mountsOf(container).some((name) => users.get(name) === SEVERAL))
      .map(({ path, name }) => ({ field: `${path}.name`, fact: `${quote(name)} shares neither a volume nor a port with another container` }));
  },
};

const SEVERAL = -1;

/** Pods whose containers see more of each other than a network, and pods of which each node needs one: nobody scales those. */
function sharesMore({ object, spec }: PodTemplate): boolean {
  return spec.shareProcessNamespace === true || spec.hostNetwork === true || spec.hostPID === true || spec.hostIPC === true || object.kind === 'DaemonSet';
}

/** A regular container of which no name and no right says that it is there for the others. */
function isAlone({ role, json }: ContainerView): boolean {
  return role === ContainerRole.REGULAR && !isHelperImage(json.image) && !changesNetwork(json.securityContext);
}

/** A VPN or a proxy that takes all traffic needs rights, and no port. */
function changesNetwork(context: unknown): boolean {
  if (!isObject(context)) {
    return false;
  }
  const added = isObject(context.capabilities) ? context.capabilities.add : undefined;
  return context.privileged === true || (Array.isArray(added) && added.length > 0);
}

/** Who mounts each volume: the position of a container, or that there are several. */
function usersOf(beside: ContainerView[], fromOutside: ReadonlyMap<string, boolean>): Map<string, number> {
  const users = new Map<string, number>();
  beside.forEach((container, position) => mountsOf(container).filter((name) => !fromOutside.has(name)).forEach((name) =>
    users.set(name, (users.get(name) ?? position) === position ? position : SEVERAL)));
  return users;
}

import { mayCallLoopback, mountsOf, volumesFromOutside } from './beside';
import { ContainerRole, ContainerView, runsBesideOthers, sideBySide } from '../../manifest/containers';
import { isObject } from '../../manifest/json';
import { listenersOf } from '../../manifest/listeners';
import { PodTemplate } from '../../manifest/pod-template';
import { mountersOf } from '../../manifest/volumes';
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
  seen: 'On Kubernetes 1.33.13 a container "mailer" that wrote more than its limit of `ephemeral-storage` got the pod evicted, and the container "web" ended with it; in a pod of its own it was evicted alone.',
  check({ template, containers }) {
    const beside = sideBySide(containers);
    if (beside.length < 2 || sharesMore(template) || isMeantToEnd(template)) {
      return undefined;
    }
    const app = appContainer(template, containers);
    const sharesVolume = (container: ContainerView) => mountsOf(container).some((name) => !volumesFromOutside(template).has(name)
      && mountersOf(containers, name).some(({ container: other }) => other !== container && runsBesideOthers(other)));
    // Volumes first: they nearly always decide.
    const candidates = beside.filter((container) => container !== app && container.role === ContainerRole.REGULAR && !sharesVolume(container) && isAlone(container));
    const isConfigured = (container: ContainerView) => mountsOf(container).some((name) => volumesFromOutside(template).get(name) === true);
    if (candidates.length === 0 || beside.some(mayCallLoopback) || beside.some(isConfigured)) {
      return [];
    }
    const listening = new Set(listenersOf(template, containers).map(({ container }) => container));
    return candidates.filter(({ name }) => !listening.has(name))
      .map(({ path, name }) => ({ field: `${path}.name`, fact: `${quote(name)} shares neither a volume nor a port with another container` }));
  },
};

/** Pods whose containers see more of each other than a network, and pods of which each node needs one: nobody scales those. */
function sharesMore({ object, spec }: PodTemplate): boolean {
  return spec.shareProcessNamespace === true || spec.hostNetwork === true || spec.hostPID === true || spec.hostIPC === true || object.kind === 'DaemonSet';
}

/** A container of which no name and no right says that it is there for the others. */
function isAlone({ json }: ContainerView): boolean {
  return !isHelperImage(json.image) && !changesNetwork(json.securityContext);
}

/** A VPN or a proxy that takes all traffic needs rights, and no port. */
function changesNetwork(context: unknown): boolean {
  if (!isObject(context)) {
    return false;
  }
  const added = isObject(context.capabilities) ? context.capabilities.add : undefined;
  return context.privileged === true || (Array.isArray(added) && added.length > 0);
}

import { mountsOf, programIn, volumesFromOutside, sideBySide } from './beside';
import { ContainerView } from '../../manifest/containers';
import { objectsIn, textOf } from '../../manifest/json';
import { listenersOf } from '../../manifest/listeners';
import { quote } from '../quote';
import { Pack, PodRule, Severity } from '../rule';

/** Proxies of service meshes: traffic is led to them without a word in the manifest. */
const MESH = ['proxyv2', 'proxy', 'envoy', 'istio-proxy', 'daprd', 'consul-dataplane', 'kuma-dp', 'nginx-service-mesh-sidecar'];

const LOOPBACK = /localhost|127\.0\.0\.1|\[?::1\]?/;

/** Containers that have no reason to be in one pod. */
export const containersShareNothing: PodRule = {
  id: 'containers-share-nothing',
  severity: Severity.WARNING,
  pack: Pack.GOLDEN,
  summary: 'Containers of one pod share a volume, the network of the pod or its processes.',
  why: 'they have no need of each other, and yet they are placed, scaled, updated and stopped together: the limits of one evict the other, and a pod of both fits on fewer nodes',
  fix: 'make each of them a workload of its own',
  source: 'https://kubernetes.io/docs/concepts/workloads/pods/#how-pods-manage-multiple-containers',
  notApplicable: 'to pods with one container beside init containers, to containers that declare a port or speak to 127.0.0.1, to proxies of service meshes, and to pods with a shared process namespace',
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
    if (beside.length < 2 || template.spec.shareProcessNamespace === true) {
      return undefined;
    }
    const listening = new Set(listenersOf(template, containers).map(({ container }) => container));
    const candidates = beside.slice(1).filter((container) => !listening.has(container.name) && !MESH.includes(programIn(container)));
    if (candidates.length === 0 || beside.some(speaksToItself)) {
      return [];
    }
    const users = usersOf(beside, volumesFromOutside(template));
    return candidates.filter((container) => !mountsOf(container).some((name) => users.get(name) === SEVERAL))
      .map(({ path, name }) => ({ field: `${path}.name`, fact: `${quote(name)} shares neither a volume nor a port with another container` }));
  },
};

const SEVERAL = -1;

/** Who mounts each volume: the position of a container, or that there are several. */
function usersOf(beside: ContainerView[], fromOutside: ReadonlySet<string>): Map<string, number> {
  const users = new Map<string, number>();
  beside.forEach((container, position) => mountsOf(container).filter((name) => !fromOutside.has(name)).forEach((name) =>
    users.set(name, (users.get(name) ?? position) === position ? position : SEVERAL)));
  return users;
}

function speaksToItself({ json }: ContainerView): boolean {
  const words = [...objectsIn(json.env).map(({ value }) => value), ...Array.isArray(json.args) ? json.args : [], ...Array.isArray(json.command) ? json.command : []];
  return words.some((word) => LOOPBACK.test(textOf(word)));
}

import { ContainerView } from '../../manifest/containers';
import { objectsIn, textOf } from '../../manifest/json';
import { Pack, PodRule, RuleFinding, Severity } from '../rule';

/** `catalog.shop.svc`, with and without the domain of the cluster. */
const CLUSTER_NAME = /(?<![\w.-])[a-z0-9-]+\.[a-z0-9-]+\.svc(?![\w-])(?:\.cluster\.local)?/;

/** Longer values are no addresses. */
const LONGEST = 4000;

/** Pods in the network of the node that ask for names which only the cluster knows. */
export const hostNetworkNames: PodRule = {
  id: 'host-network-names',
  severity: Severity.WARNING,
  pack: Pack.GOLDEN,
  keys: ['hostNetwork'],
  summary: 'A pod with `hostNetwork` that calls Services by name has `dnsPolicy: ClusterFirstWithHostNet`.',
  why: 'with `hostNetwork` the kubelet takes `ClusterFirst`, which is the default, for `Default`: the pod asks the name servers of the node, which know no Services',
  fix: 'set `dnsPolicy: ClusterFirstWithHostNet`',
  source: 'https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/#pod-s-dns-policy',
  notApplicable: 'to pods without `hostNetwork`, and to those whose variables, commands and arguments hold no name that ends in `.svc` or `.svc.cluster.local`',
  bad: `
apiVersion: v1
kind: Pod
metadata: { name: agent }
spec:
  hostNetwork: true
  containers:
    - name: agent
      image: "shop/agent:1.0"
      env: [{ name: STORE_URL, value: "http://store.shop.svc:8080" }]
`,
  good: `
apiVersion: v1
kind: Pod
metadata: { name: agent }
spec:
  hostNetwork: true
  dnsPolicy: ClusterFirstWithHostNet
  containers:
    - name: agent
      image: "shop/agent:1.0"
      env: [{ name: STORE_URL, value: "http://store.shop.svc:8080" }]
`,
  seen: 'On Kubernetes 1.33.13 the name of a Service got "Temporary failure in name resolution" in the bad example, and its container ended with status 1; in the good one the name was found.',
  check({ template, containers }) {
    const { hostNetwork, dnsPolicy } = template.spec;
    if (hostNetwork !== true) {
      return undefined;
    }
    if ((dnsPolicy ?? 'ClusterFirst') !== 'ClusterFirst') {
      return [];
    }
    for (const container of containers) {
      const name = clusterName(container);
      if (name !== undefined) {
        const finding: RuleFinding = {
          field: `${template.path}.dnsPolicy`,
          fact: `"${textOf(dnsPolicy)}" with hostNetwork asks the name servers of the node, and "${container.name}" calls ${name}`,
        };
        return [finding];
      }
    }
    return [];
  },
};

/** The first name of a Service that a container is told. */
function clusterName({ json }: ContainerView): string | undefined {
  for (const list of [json.command, json.args, objectsIn(json.env).map(({ value }) => value)]) {
    for (const text of Array.isArray(list) ? list : []) {
      const name = CLUSTER_NAME.exec(textOf(text).slice(0, LONGEST))?.[0];
      if (name !== undefined) {
        return name;
      }
    }
  }
  return undefined;
}

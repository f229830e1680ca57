import { everyContainer } from './places';
import { isObject } from '../../manifest/json';
import { KubernetesVersion } from '../../manifest/kubernetes-version';
import { handlersOf } from '../lifecycle/handlers';
import { quote } from '../quote';
import { Pack, PodRule, RuleFinding, Severity } from '../rule';

const ACTIONS = ['httpGet', 'tcpSocket'];

/** Probes and lifecycle handlers that make the kubelet dial a chosen host. */
export const hostOfProbe: PodRule = {
  id: 'host-of-probe',
  severity: Severity.WARNING,
  pack: Pack.RESTRICTED,
  looksAtMakeOnly: true,
  keys: ['host'],
  summary: 'No probe or lifecycle handler names a `host`.',
  why: 'the kubelet dials it from the network of the node, where it reaches what the pod may not; Pod Security refuses it from the level baseline on, in Kubernetes 1.34 and later',
  fix: 'remove `host`: the kubelet dials the pod; to choose a virtual host, set the header Host in `httpHeaders`',
  source: 'https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline',
  notApplicable: 'before Kubernetes 1.34, in which Pod Security lets it pass, and to pods without probes and handlers that dial',
  examplesFor: KubernetesVersion.V1_34,
  bad: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  hostNetwork: true
  containers:
    - name: web
      image: "shop/web:1.0"
      livenessProbe: { httpGet: { host: 127.0.0.1, port: 8080 } }
`,
  good: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  hostNetwork: true
  containers:
    - name: web
      image: "shop/web:1.0"
      livenessProbe: { httpGet: { port: 8080 } }
`,
  seen: 'Where Kubernetes 1.37.2 enforced the level baseline it refused the bad example with `probe or lifecycle host (container "web" uses probe or lifecycle host "127.0.0.1")`, and had no such objection to the good one.',
  check(subject) {
    if (subject.target.minor < 34) {
      return undefined;
    }
    let found: RuleFinding[] | undefined;
    for (const { json, path } of handlersOf(everyContainer(subject))) {
      for (const action of ACTIONS) {
        const host = isObject(json[action]) ? json[action].host : undefined;
        found ??= [];
        if (host !== undefined && host !== null && host !== '') {
          found.push({ field: `${path}.${action}.host`, fact: `${quote(host)} is dialled from the network of the node` });
        }
      }
    }
    return found;
  },
};

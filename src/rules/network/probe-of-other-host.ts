import { dialsOf, portOf } from './dials';
import { dialsPod, loopbackOnly } from './loopback';
import { quote } from '../quote';
import { Pack, PodRule, RuleFinding, Severity } from '../rule';

/** Probes and lifecycle handlers with a host of their own. */
export const probeOfOtherHost: PodRule = {
  id: 'probe-of-other-host',
  severity: Severity.WARNING,
  pack: Pack.GOLDEN,
  looksAtMakeOnly: true,
  keys: ['host'],
  summary: 'No probe or lifecycle handler sets `host`: the kubelet dials the pod.',
  why: 'from 1.34 on, Pod Security refuses the field at the levels baseline and restricted, because the kubelet would dial any host of its network; and the answer of another host says nothing of this container',
  fix: 'remove `host`; to choose a virtual host, set the header Host in `httpHeaders`',
  source: 'https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline',
  notApplicable: 'to pods without probes and handlers that dial, to those with `hostNetwork`, which these levels refuse anyway, and where probe-of-loopback-listener finds the same',
  bad: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  containers:
    - name: web
      image: "shop/web:1.0"
      livenessProbe: { httpGet: { host: web.example.com, port: 8080 } }
`,
  good: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  containers:
    - name: web
      image: "shop/web:1.0"
      livenessProbe: { httpGet: { port: 8080, httpHeaders: [{ name: Host, value: web.example.com }] } }
`,
  seen: 'On Kubernetes 1.33.13 a container that listened nowhere was ready, because its probe asked the health check of the kubelet at 127.0.0.1. With the Host header, as in the good example, the container itself answered.',
  check({ template, containers }) {
    const dials = dialsOf(containers);
    if (dials.length === 0 || template.spec.hostNetwork === true) {
      return undefined;
    }
    const found: RuleFinding[] = [];
    for (const dial of dials) {
      const { action, json, path } = dial;
      if (json.host === undefined || json.host === null || json.host === '' || action === 'grpc') {
        continue;
      }
      if (!dialsPod(dial, template) || !loopbackOnly(template, containers).has(portOf(dial) ?? 0)) {
        found.push({ field: `${path}.host`, fact: `${quote(json.host)} is another host than the pod` });
      }
    }
    return found;
  },
};

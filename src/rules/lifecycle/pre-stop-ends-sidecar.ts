import { handlersOf } from './handlers';
import { stopCommand } from './stop-commands';
import { ContainerRole } from '../../manifest/containers';
import { quote } from '../quote';
import { Pack, PodRule, RuleFinding, Severity } from '../rule';

/** preStop handlers by which a native sidecar ends before the app does. */
export const preStopEndsSidecar: PodRule = {
  id: 'pre-stop-ends-sidecar',
  severity: Severity.WARNING,
  pack: Pack.GOLDEN,
  looksAtMakeOnly: true,
  keys: ['preStop'],
  summary: 'No preStop handler ends or drains the program of a native sidecar.',
  why: 'preStop of a native sidecar runs when the pod begins to end, beside the app and not after it: the sidecar is gone while the app still needs it, and is not started again',
  fix: 'remove the preStop handler: the kubelet sends TERM to native sidecars after the regular containers have ended, in reverse order of their start',
  source: 'https://github.com/kubernetes/enhancements/tree/master/keps/sig-node/753-sidecar-containers#termination-of-containers',
  notApplicable: 'to native sidecars without a preStop handler, to a handler that only waits, rotates or reports, and to one that waits in a loop before it ends the program',
  bad: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  initContainers:
    - name: proxy
      image: "shop/proxy:1.0"
      restartPolicy: Always
      lifecycle: { preStop: { exec: { command: [sh, -c, "sleep 5; nginx -s quit"] } } }
  containers:
    - { name: web, image: "shop/web:1.0" }
`,
  good: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  initContainers:
    - name: proxy
      image: "shop/proxy:1.0"
      restartPolicy: Always
      lifecycle: { preStop: { exec: { command: [sh, -c, "cp /stats /reports"] } } }
  containers:
    - { name: web, image: "shop/web:1.0" }
`,
  seen: 'On Kubernetes 1.33.13 an app that sends requests for eight seconds after TERM lost 30 of 40 where preStop had stopped the nginx of its sidecar after two; with a preStop that only copies a file it lost none.',
  check({ containers }) {
    let found: RuleFinding[] | undefined;
    for (const { container, kind, json, path } of handlersOf(containers)) {
      if (kind === 'preStop' && container.role === ContainerRole.NATIVE_SIDECAR) {
        found ??= [];
        const command = stopCommand(json);
        if (command !== undefined) {
          found.push({ field: path, fact: `${quote(command)} ends "${container.name}" while the app still runs` });
        }
      }
    }
    return found;
  },
};

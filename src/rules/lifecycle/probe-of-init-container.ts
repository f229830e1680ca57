import { handlersOf } from './handlers';
import { ContainerRole } from '../../manifest/containers';
import { Pack, PodRule, Severity } from '../rule';

/** Probes and handlers of containers that run to their end before the app starts. */
export const probeOfInitContainer: PodRule = {
  id: 'probe-of-init-container',
  severity: Severity.ERROR,
  pack: Pack.VALID,
  looksAtMakeOnly: true,
  keys: ['initContainers'],
  summary: 'A plain init container has neither probes nor lifecycle handlers.',
  why: 'the API server rejects them: an init container is done when it ends, and nothing waits for it to be ready',
  fix: 'remove it, or set `restartPolicy: Always` if the container is a sidecar; cdk8s-plus adds a startup probe to every container with a `portNumber`',
  source: 'https://kubernetes.io/docs/concepts/workloads/pods/init-containers/#differences-from-regular-containers',
  notApplicable: 'to pods without plain init containers',
  bad: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  initContainers:
    - name: migrate
      image: "shop/migrate:1.0"
      startupProbe: { tcpSocket: { port: 8080 } }
  containers:
    - { name: web, image: "shop/web:1.0" }
`,
  good: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  initContainers:
    - { name: migrate, image: "shop/migrate:1.0" }
  containers:
    - { name: web, image: "shop/web:1.0" }
`,
  seen: 'The API server of Kubernetes 1.33.13 refused the bad example with `spec.initContainers[0].startupProbe: Forbidden: may not be set for init containers without restartPolicy=Always` and accepted the good one.',
  check({ containers }) {
    const init = containers.filter(({ role }) => role === ContainerRole.INIT);
    return init.length === 0 ? undefined : handlersOf(init).map(({ container, kind, path }) => ({
      field: path,
      fact: `"${kind}" in "${container.name}", an init container without restartPolicy Always`,
    }));
  },
};

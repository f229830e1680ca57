import { handlersOf } from './handlers';
import { ContainerRole } from '../../manifest/containers';
import { programOf } from '../images/program';
import { Pack, PodRule, RuleFinding, Severity } from '../rule';

/** Programs that do nothing but read logs. */
const AGENTS = ['fluentd', 'fluent-bit', 'filebeat', 'promtail'];

const EFFECT: { [kind: string]: string } = {
  startupProbe: 'keeps the app from starting',
  readinessProbe: 'takes a healthy app out of its Services',
};

/** Log agents that decide whether the app runs. */
export const probeOfLogAgent: PodRule = {
  id: 'probe-of-log-agent',
  severity: Severity.WARNING,
  pack: Pack.GOLDEN,
  keys: ['startupProbe', 'readinessProbe'],
  summary: 'A log agent that is a native sidecar has no startup and no readiness probe.',
  why: 'the app starts only when the startup probe of a native sidecar has succeeded, and the pod is ready only when all readiness probes have: an agent that is slow, or has a bad configuration, stops a service that works without it',
  fix: 'remove the probe; a liveness probe restarts an agent that hangs, and nothing else',
  source: 'https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/#sidecar-containers-and-pod-lifecycle',
  notApplicable: 'to pods without a native sidecar whose image is that of a known log agent',
  bad: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  initContainers:
    - name: logs
      image: "fluent/fluent-bit:4.0.1"
      restartPolicy: Always
      startupProbe: { httpGet: { port: 2020 } }
  containers:
    - { name: web, image: "shop/web:1.0" }
`,
  good: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  initContainers:
    - name: logs
      image: "fluent/fluent-bit:4.0.1"
      restartPolicy: Always
      livenessProbe: { httpGet: { port: 2020 } }
  containers:
    - { name: web, image: "shop/web:1.0" }
`,
  seen: 'On Kubernetes 1.33.13 a fluentd without its configuration ended with status 1 again and again: with the startup probe the app stayed in PodInitializing, with the liveness probe of the good example it ran.',
  check({ containers }) {
    let found: RuleFinding[] | undefined;
    for (const { container, kind, path } of handlersOf(containers)) {
      if (container.role === ContainerRole.NATIVE_SIDECAR && AGENTS.includes(programOf(container.json.image))) {
        found ??= [];
        if (EFFECT[kind] !== undefined) {
          found.push({ field: path, fact: `"${kind}" of the log agent "${container.name}" ${EFFECT[kind]} while the agent is not ready` });
        }
      }
    }
    return found;
  },
};

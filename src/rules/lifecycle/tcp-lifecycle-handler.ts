import { handlersOf, HOOKS } from './handlers';
import { isObject } from '../../manifest/json';
import { Pack, PodRule, Severity } from '../rule';

/** Lifecycle handlers of a kind that no kubelet runs. */
export const tcpLifecycleHandler: PodRule = {
  id: 'tcp-lifecycle-handler',
  severity: Severity.ERROR,
  pack: Pack.VALID,
  looksAtMakeOnly: true,
  keys: ['lifecycle'],
  summary: 'No lifecycle handler is a `tcpSocket`.',
  why: 'the API server accepts it and the kubelet cannot run it: after a failed postStart the container is killed again and again, a failed preStop is skipped',
  fix: 'use `exec`, `httpGet` or `sleep`',
  source: 'https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#LifecycleHandler',
  notApplicable: 'to pods without lifecycle handlers',
  bad: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  containers:
    - name: web
      image: "shop/web:1.0"
      lifecycle: { postStart: { tcpSocket: { port: 8080 } } }
`,
  good: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  containers:
    - name: web
      image: "shop/web:1.0"
      lifecycle: { postStart: { httpGet: { path: /warm-up, port: 8080 } } }
`,
  seen: 'On Kubernetes 1.33.13 both examples were accepted: the container of the bad one was killed with the event "FailedPostStartHook" and restarted again and again, that of the good one ran.',
  check({ containers }) {
    const handlers = handlersOf(containers).filter(({ kind }) => HOOKS.includes(kind));
    return handlers.length === 0 ? undefined : handlers.filter(({ json }) => isObject(json.tcpSocket)).map(({ kind, path }) => ({
      field: `${path}.tcpSocket`,
      fact: `"tcpSocket" is no action of a ${kind} handler that the kubelet runs`,
    }));
  },
};

import { JsonObject } from '../../manifest/json';
import { contextOf } from '../pod-security/places';
import { Pack, PodRule, RuleFinding, Severity } from '../rule';

/** Containers that must not run as root and are told to. */
export const rootWhereForbidden: PodRule = {
  id: 'root-where-forbidden',
  severity: Severity.ERROR,
  pack: Pack.VALID,
  looksAtMakeOnly: true,
  keys: ['runAsNonRoot'],
  summary: 'No container with `runAsNonRoot: true` has `runAsUser: 0`, be it of its own or of the pod.',
  why: 'the kubelet refuses to create the container: the pod stays in CreateContainerConfigError for ever',
  fix: 'choose a user above 0, or set `runAsNonRoot: false` for the container that needs root',
  source: 'https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted',
  notApplicable: 'to pods in which nothing sets `runAsNonRoot: true`',
  bad: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  containers:
    - name: web
      image: "shop/web:1.0"
      securityContext: { runAsNonRoot: true, runAsUser: 0 }
`,
  good: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  containers:
    - name: web
      image: "shop/web:1.0"
      securityContext: { runAsNonRoot: true, runAsUser: 1000 }
`,
  seen: 'On Kubernetes 1.33.13 the bad example stayed in CreateContainerConfigError: "container\'s runAsUser breaks non-root policy"; the good one ran.',
  check({ template, containers }) {
    const ofPod = contextOf(template.spec);
    let ofPodReported = false;
    let found: RuleFinding[] | undefined;
    for (const { json, path, name } of containers) {
      const own = contextOf(json);
      if ((own.runAsNonRoot ?? ofPod.runAsNonRoot) !== true) {
        continue;
      }
      found ??= [];
      if (own.runAsUser === 0) {
        found.push({ field: `${path}.securityContext.runAsUser`, fact: `"0" is root, and ${placeOf(own)} forbids root` });
      } else if ((own.runAsUser ?? ofPod.runAsUser) === 0 && !ofPodReported) {
        ofPodReported = true;
        found.push({ field: `${template.path}.securityContext.runAsUser`, fact: `"0" is root, and ${placeOf(own)} forbids root to container "${name}"` });
      }
    }
    return found;
  },
};

function placeOf(own: JsonObject): string {
  return `runAsNonRoot of the ${own.runAsNonRoot === true ? 'container' : 'pod'}`;
}

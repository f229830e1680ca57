import { QOS_ANNOTATION } from '../../manifest/annotations';
import { isObject } from '../../manifest/json';
import { podResourcesOf, QosClass } from '../../manifest/pod-resources';
import { quote } from '../quote';
import { Pack, PodRule, Severity } from '../rule';

/** Pods that are valued less, or more, than somebody meant. */
export const qualityOfService: PodRule = {
  id: 'quality-of-service',
  severity: Severity.WARNING,
  pack: Pack.PRODUCTION,
  looksAtMakeOnly: true,
  keys: [QOS_ANNOTATION],
  summary: `A pod has the quality of service class that its annotation \`${QOS_ANNOTATION}\` asks for.`,
  why: 'the class is computed from the requests and limits of all containers: one helper without a limit makes a pod Burstable, which is evicted earlier and gets no CPUs of its own',
  fix: 'give every container, init containers too, limits of CPU and memory and no other requests, where Guaranteed is asked for; or correct the annotation',
  source: 'https://kubernetes.io/docs/concepts/workloads/pods/pod-qos/',
  notApplicable: `to pods without the annotation \`${QOS_ANNOTATION}\``,
  bad: `
apiVersion: v1
kind: Pod
metadata: { name: web, annotations: { pod-patterns/qos: Guaranteed } }
spec:
  containers:
    - { name: web, image: "shop/web:1.0", resources: { limits: { cpu: 1, memory: 64Mi } } }
    - { name: logs, image: "shop/logs:1.0", resources: { requests: { cpu: 10m, memory: 16Mi }, limits: { memory: 16Mi } } }
`,
  good: `
apiVersion: v1
kind: Pod
metadata: { name: web, annotations: { pod-patterns/qos: Guaranteed } }
spec:
  containers:
    - { name: web, image: "shop/web:1.0", resources: { limits: { cpu: 1, memory: 64Mi } } }
    - { name: logs, image: "shop/logs:1.0", resources: { limits: { cpu: 100m, memory: 16Mi } } }
`,
  seen: 'On Kubernetes 1.33.13 the status of the bad example had the `qosClass` Burstable, that of the good one Guaranteed.',
  check({ template, target }) {
    const annotations = isObject(template.holder.metadata) ? template.holder.metadata.annotations : undefined;
    const asked = isObject(annotations) ? annotations[QOS_ANNOTATION] : undefined;
    if (asked === undefined || asked === null) {
      return undefined;
    }
    const classes: readonly unknown[] = Object.values(QosClass);
    const { qosClass } = podResourcesOf(template.spec, target);
    if (asked === qosClass) {
      return [];
    }
    const field = `${template.path.replace(/spec$/, '')}metadata.annotations[${QOS_ANNOTATION}]`;
    return [{ field, fact: `${quote(asked)} ${classes.includes(asked) ? `is asked for, and the pod is ${qosClass}` : `is no class: there are ${classes.join(', ')}`}` }];
  },
};

import { Pack, Severity, WaiverRule } from '../rule';

/** Waivers for findings that are not there. */
export const unusedWaiver: WaiverRule = {
  id: 'unused-waiver',
  severity: Severity.WARNING,
  pack: Pack.GOLDEN,
  summary: 'Every waiver waives something.',
  why: 'a waiver that outlives its finding hides the next one of the same rule, for which nobody gave a reason',
  fix: 'remove the waiver; where its rule id is wrong, correct it',
  source: 'https://kubernetes.io/docs/concepts/overview/working-with-objects/annotations/',
  notApplicable: 'to waivers of rules that were not asked for; synthesis leaves it to the command and the plugin',
  bad: `
apiVersion: v1
kind: Pod
metadata:
  name: web
  annotations:
    waive.pod-patterns/port-clash: the second one listens on another address
spec:
  containers:
    - { name: web, image: "shop/web:1.0", ports: [{ containerPort: 8080 }] }
`,
  good: `
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - { name: web, image: "shop/web:1.0", ports: [{ containerPort: 8080 }] }
`,
  aboutWaivers: true,
};

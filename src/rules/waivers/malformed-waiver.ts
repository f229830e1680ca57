import { Pack, Severity, WaiverRule } from '../rule';

/** Waivers without a reason, or with an end that is no day. */
export const malformedWaiver: WaiverRule = {
  id: 'malformed-waiver',
  severity: Severity.WARNING,
  pack: Pack.GOLDEN,
  summary: 'A waiver gives a reason, and its end, where it has one, is a day.',
  why: 'such a waiver waives nothing: who reads the manifest later must be able to judge whether its reason still holds',
  fix: 'write the reason as the value of the annotation, with an end as in `reason (until 2027-01-31)`',
  source: 'https://kubernetes.io/docs/concepts/overview/working-with-objects/annotations/',
  notApplicable: 'to objects without waivers',
  bad: `
apiVersion: v1
kind: Pod
metadata:
  name: web
  annotations:
    waive.pod-patterns/port-clash: the old listener goes with version 2 (until spring)
spec:
  containers:
    - { name: web, image: "shop/web:1.0" }
`,
  good: `
apiVersion: v1
kind: Pod
metadata:
  name: web
  annotations:
    waive.pod-patterns/port-clash: the old listener goes with version 2 (until 9999-12-31)
spec:
  containers:
    - { name: web, image: "shop/web:1.0", ports: [{ containerPort: 8080 }] }
    - { name: old, image: "shop/old:1.0", ports: [{ containerPort: 8080 }] }
`,
  aboutWaivers: true,
};

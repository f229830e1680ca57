import { Pack, Severity, WaiverRule } from '../rule';

/** Waivers whose time is over. */
export const expiredWaiver: WaiverRule = {
  id: 'expired-waiver',
  severity: Severity.WARNING,
  pack: Pack.GOLDEN,
  summary: 'The time of a waiver is not over.',
  why: 'the finding was to be mended by then; it is reported again beside this one',
  fix: 'mend what the waiver is about and remove it, or give a later day with the reason for it',
  source: 'https://kubernetes.io/docs/concepts/overview/working-with-objects/annotations/',
  notApplicable: 'to waivers without an end; synthesis, which never depends on the clock, leaves it to the command and the plugin',
  bad: `
apiVersion: v1
kind: Pod
metadata:
  name: web
  annotations:
    waive.pod-patterns/port-clash: the old listener goes with version 2 (until 2024-01-31)
spec:
  containers:
    - { name: web, image: "shop/web:1.0", ports: [{ containerPort: 8080 }] }
    - { name: old, image: "shop/old:1.0", ports: [{ containerPort: 8080 }] }
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

import { SELECTING } from './workloads';
import { isObject } from '../../manifest/json';
import { formatSelector, isSelectedBy, labelPairs } from '../../manifest/labels';
import { quote } from '../quote';
import { ObjectRule, Pack, Severity } from '../rule';

/** Workloads that would not know their own pods. */
export const selectorMatchesTemplate: ObjectRule = {
  id: 'selector-matches-template',
  severity: Severity.ERROR,
  pack: Pack.VALID,
  kinds: SELECTING,
  summary: 'The selector of a workload selects the pods that it makes.',
  why: 'the API server refuses the workload: it would make pods without end and never find them',
  fix: 'let `spec.selector` name labels that `spec.template.metadata.labels` has',
  source: 'https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#selector',
  notApplicable: 'to workloads without a selector, which are refused for another reason, and to Jobs, whose selector is made by Kubernetes',
  bad: `
apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  replicas: 2
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: webb } }
    spec: { containers: [{ name: web, image: "shop/web:1.0" }] }
`,
  good: `
apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  replicas: 2
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web, tier: front } }
    spec: { containers: [{ name: web, image: "shop/web:1.0" }] }
`,
  seen: 'The API server of Kubernetes 1.33.13 refused the bad example with `spec.template.metadata.labels: Invalid value: map[string]string{"app":"webb"}` and accepted the good one.',
  checkObject({ object, app }) {
    const template = app.templateOf(object);
    const selector = object.spec?.selector;
    if (!template || !isObject(selector)) {
      return undefined;
    }
    const labels = isObject(template.holder.metadata) ? template.holder.metadata.labels : undefined;
    return isSelectedBy(selector, labels) ? [] : [{ field: 'spec.selector', fact: `${quote(formatSelector(selector))} does not select its pods, which are labelled ${quote(labelPairs(labels).join(','))}` }];
  },
};

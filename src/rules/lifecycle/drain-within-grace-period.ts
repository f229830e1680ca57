import { graceOf } from './grace';
import { isObject, textOf } from '../../manifest/json';
import { Pack, PodRule, RuleFinding, Severity } from '../rule';

/** How long the proxy of a service mesh waits after TERM, by the annotation that says so. */
const DRAINS: { readonly [annotation: string]: RegExp } = {
  // https://linkerd.io/2/tasks/graceful-shutdown/
  'config.alpha.linkerd.io/proxy-wait-before-exit-seconds': /^(\d+)()$/,
  // https://istio.io/latest/docs/reference/config/istio.mesh.v1alpha1/#ProxyConfig-termination_drain_duration
  'proxy.istio.io/config': /(?:^|[\s{,"])terminationDrainDuration"?:\s*["']?(\d+)(s|m)(?![\w.])/,
};

/** Proxies of a service mesh that are killed while they drain. */
export const drainWithinGracePeriod: PodRule = {
  id: 'drain-within-grace-period',
  severity: Severity.WARNING,
  pack: Pack.GOLDEN,
  looksAtMakeOnly: true,
  keys: Object.keys(DRAINS),
  summary: 'The proxy of a service mesh waits for less than `terminationGracePeriodSeconds` before it ends.',
  why: 'the wait begins with the grace period: when that is over the proxy is killed, and with it the connections that it was to wait for',
  fix: 'raise `terminationGracePeriodSeconds` above the wait, or wait less',
  source: 'https://linkerd.io/2/tasks/graceful-shutdown/',
  notApplicable: 'to pods without the annotations of Linkerd (`proxy-wait-before-exit-seconds`) and Istio (`terminationDrainDuration`); waits that are set for the whole mesh cannot be seen',
  bad: `
apiVersion: v1
kind: Pod
metadata:
  name: web
  annotations: { config.alpha.linkerd.io/proxy-wait-before-exit-seconds: "40" }
spec:
  containers:
    - { name: web, image: "shop/web:1.0" }
`,
  good: `
apiVersion: v1
kind: Pod
metadata:
  name: web
  annotations: { config.alpha.linkerd.io/proxy-wait-before-exit-seconds: "40" }
spec:
  terminationGracePeriodSeconds: 60
  containers:
    - { name: web, image: "shop/web:1.0" }
`,
  check({ template }) {
    const annotations = template.holder.metadata?.annotations;
    if (!isObject(annotations)) {
      return undefined;
    }
    let found: RuleFinding[] | undefined;
    for (const name in DRAINS) {
      const match = DRAINS[name].exec(textOf(annotations[name]));
      if (match) {
        found ??= [];
        const seconds = Number(match[1]) * (match[2] === 'm' ? 60 : 1);
        const grace = graceOf(template);
        if (seconds > 0 && seconds >= grace) {
          found.push({ field: `${template.path}.terminationGracePeriodSeconds`, fact: `"${grace}" seconds are over before the proxy has waited ${seconds} seconds, as ${name} tells it to` });
        }
      }
    }
    return found;
  },
};

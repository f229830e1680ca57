import { isIP } from 'net';
import { objectsIn } from '../../manifest/json';
import { isSubdomain } from '../names/dns';
import { quote } from '../quote';
import { Pack, PodRule, RuleFinding, Severity } from '../rule';

/** Lines for /etc/hosts that are none. */
export const hostAliases: PodRule = {
  id: 'host-aliases',
  severity: Severity.ERROR,
  pack: Pack.VALID,
  looksAtMakeOnly: true,
  keys: ['hostAliases'],
  summary: 'A host alias gives an IP address to host names, which are RFC 1123 subdomains.',
  why: 'the API server rejects a pod whose aliases could not be lines of /etc/hosts',
  fix: 'give the IP address, without brackets, port and prefix length; for another DNS name use a Service with `externalName`',
  source: 'https://kubernetes.io/docs/tasks/network/customize-hosts-file-for-pods/',
  notApplicable: 'to pods without host aliases',
  bad: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  hostAliases: [{ ip: db.example.com, hostnames: [db] }]
  containers:
    - { name: web, image: "shop/web:1.0" }
`,
  good: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  hostAliases: [{ ip: 10.0.0.5, hostnames: [db] }]
  containers:
    - { name: web, image: "shop/web:1.0" }
`,
  seen: 'The API server of Kubernetes 1.33.13 refused the bad example with `spec.hostAliases[0].ip: Invalid value: "db.example.com": must be a valid IP address` and accepted the good one.',
  check({ template }) {
    const aliases = objectsIn(template.spec.hostAliases);
    if (aliases.length === 0) {
      return undefined;
    }
    const found: RuleFinding[] = [];
    aliases.forEach(({ ip, hostnames }, index) => {
      const path = `${template.path}.hostAliases[${index}]`;
      if (typeof ip !== 'string' || !isAddress(ip)) {
        found.push({ field: `${path}.ip`, fact: `${quote(ip ?? '')} is no IP address` });
      }
      (Array.isArray(hostnames) ? hostnames : []).forEach((name, at) => {
        if (typeof name !== 'string' || !isSubdomain(name)) {
          found.push({ field: `${path}.hostnames[${at}]`, fact: `${quote(name)} is no RFC 1123 subdomain (lower case letters, digits, "-" and ".")` });
        }
      });
    });
    return found;
  },
};

/** Kubernetes reads leading zeros as decimal, and takes no zone. */
function isAddress(text: string): boolean {
  return !text.includes('%') && isIP(text.replace(/(^|\.)0+(?=\d)/g, '$1')) !== 0;
}

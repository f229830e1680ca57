import { isLabel, isSubdomain, LABEL_LIMIT, SUBDOMAIN_LIMIT, toLabel, toSubdomain } from './dns';
import { objectsIn } from '../../manifest/json';
import { onceForText } from '../../manifest/memo';
import { PodTemplate } from '../../manifest/pod-template';
import { didYouMean, quote } from '../quote';
import { Pack, PodRule, RuleFinding, Severity } from '../rule';

/**
 * Kinds whose pods or labels repeat the name: a CronJob with a suffix of 11 characters in those of its Jobs, and a StatefulSet with one
 * of up to 11 in the label `controller-revision-hash` of its pods, none of which can be created where that is longer than a label.
 *
 * @see https://github.com/kubernetes/kubernetes/issues/64023
 */
const SHORTER_NAMES: { [kind: string]: number } = { CronJob: 52, Job: LABEL_LIMIT, StatefulSet: 52 };

/** Names that cannot be part of a DNS name. */
export const dnsNames: PodRule = {
  id: 'dns-names',
  severity: Severity.ERROR,
  pack: Pack.VALID,
  summary: 'Containers and volumes are named by an RFC 1123 label of at most 63 characters, the object and its service account by an RFC 1123 subdomain.',
  why: 'the API server rejects other names, because host names, directories and labels are made of them',
  fix: 'use lower case letters, digits and "-", with a letter or digit at both ends; in the names of the object and of the service account "." as well',
  source: 'https://kubernetes.io/docs/concepts/overview/working-with-objects/names/',
  notApplicable: 'to an object that leaves its name to `generateName`: only the other names are judged',
  bad: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  containers:
    - { name: My_App, image: "shop/web:1.0" }
`,
  good: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  containers:
    - { name: my-app, image: "shop/web:1.0" }
`,
  seen: 'The API server of Kubernetes 1.33.13 refused the bad example with `spec.containers[0].name: Invalid value: "My_App": a lowercase RFC 1123 label must consist of lower case alphanumeric characters` and accepted the good one.',
  check({ template, containers }) {
    const found: RuleFinding[] = objectName(template);
    for (const { json: { name }, path } of containers) {
      if (!isLabelText(name)) {
        found.push({ field: `${path}.name`, fact: labelFact(name) });
      }
    }
    const volumes = objectsIn(template.spec.volumes);
    for (let index = 0; index < volumes.length; index++) {
      const { name } = volumes[index];
      if (!isLabelText(name)) {
        found.push({ field: `${template.path}.volumes[${index}].name`, fact: labelFact(name) });
      }
    }
    const account = template.spec.serviceAccountName;
    if (account !== undefined && account !== null && account !== '' && !(typeof account === 'string' && isSubdomain(account))) {
      found.push({ field: `${template.path}.serviceAccountName`, fact: subdomainFact(account, SUBDOMAIN_LIMIT) });
    }
    return found;
  },
};

function objectName({ object }: PodTemplate): RuleFinding[] {
  const name = object.metadata?.name;
  if (name === undefined || name === null) {
    return [];
  }
  const limit = SHORTER_NAMES[object.kind] ?? SUBDOMAIN_LIMIT;
  const asLabel = object.kind === 'StatefulSet';
  if (typeof name === 'string' && (asLabel ? isLabel(name, limit) : isSubdomain(name, limit))) {
    return [];
  }
  return [{ field: 'metadata.name', fact: asLabel ? labelFact(name, limit) : subdomainFact(name, limit) }];
}

function isLabelText(name: unknown): boolean {
  return typeof name === 'string' && isKnownLabel(name);
}

/** Names of containers and volumes; those of objects are nearly all different. */
const isKnownLabel = onceForText((name: string): boolean => isLabel(name));

function labelFact(name: unknown, limit = LABEL_LIMIT): string {
  return factOf(name, limit, 'is no RFC 1123 label (lower case letters, digits and "-")', toLabel);
}

function subdomainFact(name: unknown, limit: number): string {
  return factOf(name, limit, 'is no RFC 1123 subdomain (lower case letters, digits, "-" and ".")', toSubdomain);
}

function factOf(name: unknown, limit: number, misshapen: string, mend: (name: string, limit: number) => string): string {
  if (name === undefined || name === null || name === '') {
    return '"" is no name, and one is required';
  }
  if (typeof name !== 'string') {
    return `${quote(name)} is not a string`;
  }
  const problem = name.length > limit ? `has ${name.length} characters and may have ${limit}` : misshapen;
  return `${quote(name)} ${problem}${didYouMean(mend(name, limit))}`;
}

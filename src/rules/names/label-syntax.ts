import { isSubdomain, LABEL_LIMIT } from './dns';
import { metadataOf } from './metadata';
import { isObject } from '../../manifest/json';
import { onceForText } from '../../manifest/memo';
import { didYouMean, quote } from '../quote';
import { Pack, PodRule, RuleFinding, Severity } from '../rule';

/** A label value or the name in a key; the length is looked at apart. */
const NAME = /^[A-Za-z0-9](?:[-._A-Za-z0-9]*[A-Za-z0-9])?$/;

/** Labels and annotations that the API server rejects. */
export const labelSyntax: PodRule = {
  id: 'label-syntax',
  severity: Severity.ERROR,
  pack: Pack.VALID,
  summary: 'Keys of labels and annotations, and values of labels, have at most 63 letters, digits, "-", "_" and "."; a key may have a DNS name and "/" in front.',
  why: 'the API server rejects other labels and annotations, on a pod template as well as on the object; labels of jobs it rejects when they are to start',
  fix: 'begin and end with a letter or digit; what needs blanks or other characters is a value of an annotation',
  source: 'https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set',
  notApplicable: 'to objects without labels and annotations',
  bad: `
apiVersion: v1
kind: Pod
metadata: { name: web, labels: { team: my shop } }
spec:
  containers:
    - { name: web, image: "shop/web:1.0" }
`,
  good: `
apiVersion: v1
kind: Pod
metadata: { name: web, labels: { team: my-shop } }
spec:
  containers:
    - { name: web, image: "shop/web:1.0" }
`,
  seen: 'The API server of Kubernetes 1.33.13 refused the bad example with `metadata.labels: Invalid value: "my shop": a valid label must be an empty string or consist of alphanumeric characters` and accepted the good one.',
  check({ template }) {
    let found: RuleFinding[] | undefined;
    for (const { json: { labels, annotations }, path } of metadataOf(template)) {
      if (isObject(labels)) {
        found ??= [];
        for (const key in labels) {
          const value = labels[key];
          if (!isKey(key)) {
            found.push({ field: `${path}.labels`, fact: keyFact(key) });
          } else if (typeof value === 'string' && value !== '' && !isLabelName(value)) {
            found.push({ field: `${path}.labels[${key}]`, fact: nameFact(value, 'label value') });
          }
        }
      }
      if (isObject(annotations)) {
        found ??= [];
        for (const key in annotations) {
          // The API server takes capitals before the "/" here.
          if (!isKey(key) && !isKey(key.toLowerCase())) {
            found.push({ field: `${path}.annotations`, fact: keyFact(key) });
          }
        }
      }
    }
    return found;
  },
};

const isKey = onceForText((key: string): boolean => {
  const slash = key.indexOf('/');
  return slash < 0 ? isLabelName(key) : isSubdomain(key.slice(0, slash)) && isLabelName(key.slice(slash + 1));
});

/** Whether a text is a label value that is not empty, or the name in a key. */
export function isLabelName(text: string): boolean {
  return text.length <= LABEL_LIMIT && NAME.test(text);
}

function keyFact(key: string): string {
  const slash = key.indexOf('/');
  if (slash >= 0 && !isSubdomain(key.slice(0, slash))) {
    return `${quote(key)} is no key: what stands before "/" is no RFC 1123 subdomain`;
  }
  return nameFact(slash < 0 ? key : key.slice(slash + 1), 'name of a key');
}

function nameFact(name: string, what: string): string {
  if (name.length > LABEL_LIMIT) {
    return `${quote(name)} has ${name.length} characters and may have ${LABEL_LIMIT}`;
  }
  return `${quote(name)} is no ${what} (letters, digits, "-", "_" and ".", with a letter or digit at both ends)${didYouMean(mend(name))}`;
}

function mend(name: string): string {
  return name.replace(/[^-._A-Za-z0-9]+/g, '-').replace(/^[-._]+|[-._]+$/g, '');
}

import { fileModesOf, fromOctal, isMode, LARGEST_MODE } from './file-modes';
import { didYouMean, quote } from '../quote';
import { Pack, PodRule, RuleFinding, Severity } from '../rule';

/** Permissions of files that are none. */
export const volumeFileModes: PodRule = {
  id: 'volume-file-modes',
  severity: Severity.ERROR,
  pack: Pack.VALID,
  looksAtMakeOnly: true,
  keys: ['defaultMode', 'mode'],
  summary: 'The mode of the files of a volume is a whole number from 0 to 511, which is 0777 in octal.',
  why: 'the API server rejects any other mode; a manifest has numbers in decimal, and 644 is not 0644',
  fix: 'write the mode in octal where the language can: 0o644 is 420',
  source: 'https://kubernetes.io/docs/concepts/storage/projected-volumes/',
  notApplicable: 'to pods whose volumes set no mode',
  bad: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  containers:
    - name: web
      image: "shop/web:1.0"
  volumes: [{ name: config, configMap: { name: web, defaultMode: 644 } }]
`,
  good: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  containers:
    - name: web
      image: "shop/web:1.0"
  volumes: [{ name: config, configMap: { name: web, defaultMode: 420 } }]
`,
  seen: 'The API server of Kubernetes 1.33.13 refused the bad example with `spec.volumes[0].configMap.defaultMode: Invalid value: 644: must be a number between 0 and 0777 (octal), both inclusive` and accepted the good one.',
  check({ template }) {
    const modes = fileModesOf(template);
    if (modes.length === 0) {
      return undefined;
    }
    const found: RuleFinding[] = [];
    for (const { value, path } of modes) {
      if (typeof value !== 'number') {
        found.push({ field: path, fact: `${quote(value)} is not a number${didYouMean(typeof value === 'string' ? fromOctal(value) : undefined)}` });
      } else if (!isMode(value)) {
        found.push({ field: path, fact: `${quote(value)} is not a whole number from 0 to ${LARGEST_MODE}${didYouMean(fromOctal(`${value}`))}` });
      }
    }
    return found;
  },
};

import { fileModesOf, fromOctal, isMode, octalOf, permits } from './file-modes';
import { didYouMean, quote } from '../quote';
import { Pack, PodRule, RuleFinding, Severity } from '../rule';

const READ = 4;
const WRITE = 2;
const RIGHTS = [READ, WRITE, 1];

/** Permissions whose octal digits were written as a decimal number. */
export const octalFileMode: PodRule = {
  id: 'octal-file-mode',
  severity: Severity.WARNING,
  pack: Pack.GOLDEN,
  looksAtMakeOnly: true,
  keys: ['defaultMode', 'mode'],
  summary: 'The mode of the files of a volume gives nobody more than their owner, and lets nobody write who may not read.',
  why: 'a manifest has numbers in decimal: 440 is 0670 and 400 is 0620, and a program that looks at the rights of its key refuses the file (PostgreSQL wants 0640 or less)',
  fix: 'write the mode in octal where the language can (0o440), else in decimal: 256 is 0400, 288 is 0440, 420 is 0644',
  source: 'https://kubernetes.io/docs/concepts/configuration/secret/#projection-of-secret-keys-to-specific-paths',
  notApplicable: 'to pods whose volumes set no mode, and to modes above 511, which `volume-file-modes` reports',
  bad: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  containers:
    - { name: web, image: "shop/web:1.0", volumeMounts: [{ name: key, mountPath: /key, readOnly: true }] }
  volumes: [{ name: key, secret: { secretName: web, defaultMode: 440 } }]
`,
  good: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  containers:
    - { name: web, image: "shop/web:1.0", volumeMounts: [{ name: key, mountPath: /key, readOnly: true }] }
  volumes: [{ name: key, secret: { secretName: web, defaultMode: 288 } }]
`,
  seen: 'On Kubernetes 1.33.13 the file of the bad example had the mode 670, that of the good one 440.',
  check({ template }) {
    const modes = fileModesOf(template);
    if (modes.length === 0) {
      return undefined;
    }
    const found: RuleFinding[] = [];
    for (const { value, path } of modes) {
      if (isMode(value) && isOdd(value)) {
        found.push({ field: path, fact: `${quote(value)} is ${octalOf(value)} in octal${didYouMean(meantBy(value))}` });
      }
    }
    return found;
  },
};

/** The mode with these digits in octal, if it is one that its owner can read with. */
function meantBy(value: number): number | undefined {
  const octal = fromOctal(`${value}`);
  return octal !== undefined && octal >= 0o400 && !isOdd(octal) ? octal : undefined;
}

/** By each octal digit: whether the group or others have a right that the owner lacks, or may write what they may not read. */
function isOdd(mode: number): boolean {
  const [owner, ...rest] = [Math.floor(mode / 64), Math.floor(mode / 8), mode];
  return rest.some((rights) => RIGHTS.some((right) => permits(rights, right) && !permits(owner, right)) || (permits(rights, WRITE) && !permits(rights, READ)));
}

import { isObject, JsonObject, objectsIn } from '../../manifest/json';
import { didYouMean, quote } from '../quote';
import { Pack, PodRule, RuleFinding, Severity } from '../rule';

/** Kinds of volumes whose files have a mode. */
const KINDS = ['configMap', 'secret', 'downwardAPI'];

const LARGEST = 0o777;

/** Permissions of files that are none. */
export const volumeFileModes: PodRule = {
  id: 'volume-file-modes',
  severity: Severity.ERROR,
  pack: Pack.VALID,
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
    const found: RuleFinding[] = [];
    let modes = 0;
    const volumes = objectsIn(template.spec.volumes);
    for (let index = 0; index < volumes.length; index++) {
      const volume = volumes[index];
      for (const kind of KINDS) {
        if (isObject(volume[kind])) {
          modes += judgeFiles(volume[kind], `${template.path}.volumes[${index}].${kind}`, found);
        }
      }
      if (isObject(volume.projected)) {
        modes += judgeProjected(volume.projected, `${template.path}.volumes[${index}].projected`, found);
      }
    }
    return modes > 0 ? found : undefined;
  },
};

/** The number of modes that were judged. */
function judgeProjected(projected: JsonObject, path: string, found: RuleFinding[]): number {
  let modes = judgeMode(projected.defaultMode, path, 'defaultMode', found);
  const sources = objectsIn(projected.sources);
  for (let index = 0; index < sources.length; index++) {
    for (const kind of KINDS) {
      const source = sources[index][kind];
      modes += isObject(source) ? judgeItems(source, `${path}.sources[${index}].${kind}`, found) : 0;
    }
  }
  return modes;
}

function judgeFiles(source: JsonObject, path: string, found: RuleFinding[]): number {
  return judgeMode(source.defaultMode, path, 'defaultMode', found) + judgeItems(source, path, found);
}

function judgeItems(source: JsonObject, path: string, found: RuleFinding[]): number {
  let modes = 0;
  objectsIn(source.items).forEach(({ mode }, index) => {
    modes += judgeMode(mode, `${path}.items[${index}]`, 'mode', found);
  });
  return modes;
}

function judgeMode(mode: unknown, path: string, name: string, found: RuleFinding[]): number {
  if (mode === undefined || mode === null) {
    return 0;
  }
  if (typeof mode !== 'number') {
    found.push({ field: `${path}.${name}`, fact: `${quote(mode)} is not a number${didYouMean(fromOctal(mode))}` });
  } else if (!Number.isInteger(mode) || mode < 0 || mode > LARGEST) {
    found.push({ field: `${path}.${name}`, fact: `${quote(mode)} is not a whole number from 0 to ${LARGEST}${didYouMean(fromOctal(`${mode}`))}` });
  }
  return 1;
}

/** The mode that somebody meant who wrote its octal digits: `644`, `"0644"`, `0o644`. */
function fromOctal(mode: unknown): number | undefined {
  return typeof mode === 'string' && /^(?:0o?)?[0-7]{3}$/.test(mode) ? parseInt(mode.slice(-3), 8) : undefined;
}

import { factOfSecret, secretIn } from './credentials';
import { isObject } from '../../manifest/json';
import { quote } from '../quote';
import { ObjectRule, Pack, RuleFinding, Severity } from '../rule';

/** Files of lines with a name and a value. */
const PROPERTIES = /\.(?:properties|env)$|^\.env$/;

/** Passwords, tokens and keys in ConfigMaps. */
export const secretInConfigMap: ObjectRule = {
  id: 'secret-in-config-map',
  severity: Severity.WARNING,
  pack: Pack.PRODUCTION,
  kinds: ['ConfigMap'],
  looksAtMakeOnly: true,
  summary: 'No ConfigMap holds a password, a token or a key.',
  why: 'many may read ConfigMaps who may not read Secrets; encryption at rest leaves them out unless it is told of them, and dumps and logs show them',
  fix: 'put it into a Secret, which is mounted or referred to in the same way; replace the one that stood here, it is known now',
  source: 'https://kubernetes.io/docs/concepts/configuration/configmap/',
  notApplicable: 'to values that are paths, references, numbers, switches or placeholders; in files, it knows only .properties, .env and what can be told by its form, such as private keys',
  bad: `
apiVersion: v1
kind: ConfigMap
metadata: { name: web }
data:
  DB_HOST: db.example.com
  DB_PASSWORD: correct-horse-battery
`,
  good: `
apiVersion: v1
kind: ConfigMap
metadata: { name: web }
data:
  DB_HOST: db.example.com
`,
  seen: 'On Kubernetes 1.33.13 a user with the role `view` read the password in a ConfigMap; to read it in a Secret was forbidden. The app had the variable either way.',
  checkObject({ object }) {
    if (!isObject(object.data)) {
      return undefined;
    }
    const found: RuleFinding[] = [];
    for (const key of Object.keys(object.data)) {
      const value = object.data[key];
      const fact = typeof value === 'string' ? factOf(key, value) : undefined;
      if (fact) {
        found.push({ field: `data[${key}]`, fact });
      }
    }
    return found;
  },
};

function factOf(key: string, value: string): string | undefined {
  const fact = factOfSecret(key, value);
  if (fact || !PROPERTIES.test(key) || secretIn(value)) {
    return fact && `${quote(key)} ${fact}`;
  }
  for (const [, name, text] of value.matchAll(/^[ \t]{0,99}(?:export )?([A-Za-z][\w.-]{0,99})[ \t]{0,99}[=:]([^\n]*)$/gm)) {
    const ofLine = factOfSecret(name, text);
    if (ofLine) {
      return `${quote(name)} ${ofLine}`;
    }
  }
  return undefined;
}

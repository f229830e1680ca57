import { onceForText } from '../../manifest/memo';

/** Last words of a name whose value is a secret. */
const SECRET_WORD = /(?:PASSWORD|PASSWD|PASSPHRASE|SECRET|TOKEN|APIKEY)$/;

const MAY_NAME_SECRET = /pass|pwd|secret|token|key/i;

/** The same, of two words. */
const SECRET_KEYS = ['API', 'PRIVATE', 'SECRET', 'SIGNING', 'ENCRYPTION', 'MASTER', 'ACCOUNT'];

/** Before PASS and PWD, which alone mean other things: the working directory, a pass of a proxy. */
const OWNERS = [
  'DB', 'DATABASE', 'SQL', 'MYSQL', 'MARIADB', 'PG', 'POSTGRES', 'POSTGRESQL', 'MONGO', 'MONGODB', 'REDIS', 'RABBITMQ', 'AMQP', 'SMTP', 'MAIL', 'FTP', 'LDAP', 'USER', 'ADMIN', 'ROOT', 'SA',
];

/** After the word: which of several it is. */
const WHICH_ONE = /^(?:\d+|V\d+|BASE|VALUE|DEFAULT|DEV|TEST|STAGING|PROD|PRODUCTION|PRIMARY|REPLICA|CURRENT|PREVIOUS|OLD|NEW)$/;

/** Before TOKEN or SECRET: what is no secret, such as the end of a sequence, or the name of an object that holds one. */
const HARMLESS = [
  'BOS', 'EOS', 'PAD', 'UNK', 'SEP', 'CLS', 'MASK', 'STOP', 'NEXT', 'MAX', 'MIN', 'PUBLIC', 'PUBLISHABLE', 'PULL', 'TLS', 'SSL', 'CERT', 'CERTS', 'CERTIFICATE', 'CA', 'SERVING', 'KUBERNETES',
  'K8S', 'KUBE', 'EXISTING', 'USE', 'ENABLE', 'REQUIRE', 'ALLOW', 'DISABLE', 'SHOW', 'HIDE',
];

/** Whether what has this name is a secret: `DB_PASSWORD`, `spring.datasource.password`, `apiKey`; not `TOKEN_TTL`, `PASSWORD_FILE` or `SECRET_NAME`. */
export function namesSecret(name: string): boolean {
  // Nearly no name has anything of it.
  if (!MAY_NAME_SECRET.test(name)) {
    return false;
  }
  const words = name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toUpperCase().split(/[^A-Z0-9]+/).filter((word) => word !== '');
  while (words.length > 1 && WHICH_ONE.test(words[words.length - 1])) {
    words.pop();
  }
  const last = words.pop() ?? '';
  const before = words.pop() ?? '';
  if (last === 'KEY') {
    return SECRET_KEYS.includes(before) || (before === 'ACCESS' && words.includes('SECRET'));
  }
  if (last === 'PASS' || last === 'PWD') {
    return OWNERS.includes(before);
  }
  // By `initial-cluster-token` the members of one etcd cluster know each other.
  return SECRET_WORD.test(last) && !HARMLESS.includes(before) && !(before === 'CLUSTER' && words.pop() === 'INITIAL');
}

/** What stands where a secret is put in later, or is found elsewhere. */
const REFERENCE = /[$`<>]|\{\{|%[({]|^(?:\.{0,2}\/|~|[A-Za-z]:\\)|^[\w+.-]+:\/\/|^(?:vault|ref\+\w+|secretref|arn|projects|ssm|awssm|op|file|env|enc|sops|ENC)[:/([]/;

/** What says yes or no, counts, or is to be replaced. */
const NO_SECRET = /^(?:true|false|yes|no|on|off|none|null|nil|undefined|empty|auto|default|optional|required|enabled?|disabled?|basic|bearer|jwt|oauth2?|oidc|x-[\w-]+|[-+]?[\d.,_]+[a-z%]{0,2})$/i;

const PLACEHOLDER = /^(?:change|replace|insert|your|todo|fixme|placeholder|dummy|redacted|masked|\*+$|x+$|\.+$|-+$)/i;

/** As documentation writes it: `YOUR_TOKEN`. */
const CAPITALS = /^[A-Z]+(?:_[A-Z]+)*$/;

/** The name of a file, of an object with its namespace, or of an entry of a secret store: `prod/db/web`. */
const ELSEWHERE = /\.(?:pem|key|crt|cer|json|ya?ml|txt|jks|p12|pfx|properties|env)$|^[a-z0-9-]+(?:\/[a-z0-9.-]+){1,9}$/;

/** What people read: `Invalid token`, and `Password` before a field. */
const LABEL = /^(?:[A-Z][a-z]+(?: [a-z]+)+|Password|Passphrase|Secret|Token)[.:?!]?$/;

/** Words with hyphens: `web-tls` is the name of a Secret where a SECRET is asked for. */
const OBJECT_NAME = /^[a-z]+\d{0,2}(?:-[a-z]+\d{0,2})+$/;

/** Whether a value can be a secret itself: no path, reference, number, switch or placeholder. */
export function isLiteralSecret(name: string, value: string): boolean {
  const text = value.trim();
  return text !== '' && !text.includes('\n') && !REFERENCE.test(text) && !NO_SECRET.test(text) && !PLACEHOLDER.test(text) && !CAPITALS.test(text) && !ELSEWHERE.test(text) && !LABEL.test(text)
    && !(/secret$/i.test(name) && !/(?:client|cookie|session|jwt|app|shared|hmac)[^a-z]?secret$/i.test(name) && OBJECT_NAME.test(text));
}

/** Secrets that can be told by their form. */
const FORMS: readonly { readonly what: string; readonly form: RegExp }[] = [
  { what: 'a private key', form: /-----BEGIN (?:[A-Z0-9]{1,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----/ },
  { what: 'an AWS access key', form: /\b(?:AKIA|ASIA)(?![A-Z0-9]{9}EXAMPLE)[A-Z2-7]{16}\b/ },
  { what: 'a GitHub token', form: /\b(?:gh[pousr]_[A-Za-z0-9]{36,255}|github_pat_[A-Za-z0-9_]{50,255})\b/ },
  { what: 'a GitLab token', form: /\bglpat-[\w-]{20,64}/ },
  { what: 'a Slack token', form: /\bxox[abeoprs]-[A-Za-z0-9-]{10,255}/ },
  { what: 'a Stripe key', form: /\b[rs]k_live_[A-Za-z0-9]{20,255}/ },
  { what: 'a JSON Web Token', form: /\beyJ[\w-]{10,500}\.eyJ[\w-]{10,4096}\.[\w-]{10,4096}/ },
];

/** One of these is in all that the forms are true of. */
const MARK = /:\/\/|PRIVATE KEY|AKIA|ASIA|gh[pousr]_|_pat_|glpat-|xox|k_live_|\.eyJ/;

/** Not `docker://alpine:3.19@sha256:…`. */
const PASSWORD_IN_URL = /:\/\/[^\s:@/?#"']{0,256}:([^\s@/?#"']{1,256})@(?!sha\d{3}:)/g;

/** What a shell, a template or a format puts in later: `$PASSWORD`, `{{ password }}`, `{password}`, `{}`, `%(password)s`, `%s`. */
const FILLED_IN = /[$`<>]|\{\{|%[({]|^(?:%[-\d.]*[sqv]|\{\w*\})$/;

/** A secret that was told by its form. */
interface KnownSecret {
  readonly what: string;
  readonly length: number;
}

const LONG = 1000;

const TOO_LONG = 100_000;

/** A secret that can be told by its form, somewhere in a text: what it is, and how long. */
export function secretIn(text: string): KnownSecret | undefined {
  return text.length < LONG || text.length > TOO_LONG ? searchIn(text) : searchInFile(text);
}

/** Files that an app has in thousands of ConfigMaps, such as programs. */
const searchInFile = onceForText(searchIn, 200);

function searchIn(text: string): KnownSecret | undefined {
  if (!MARK.test(text)) {
    return undefined;
  }
  for (const { what, form } of FORMS) {
    const match = form.exec(text);
    if (match) {
      return { what, length: match[0].length };
    }
  }
  for (const [, password] of text.includes('://') ? text.matchAll(PASSWORD_IN_URL) : []) {
    if (!FILLED_IN.test(password) && !PLACEHOLDER.test(password)) {
      return { what: 'a URL with a password', length: password.length };
    }
  }
  return undefined;
}

/** What a finding says of a value: never the value. */
export function factOfSecret(name: string, value: string): string | undefined {
  const known = secretIn(value);
  if (known) {
    return known.what === 'a private key' ? 'holds a private key' : `holds ${known.what} of ${known.length} characters`;
  }
  return namesSecret(name) && isLiteralSecret(name, value) ? `holds a literal of ${value.trim().length} characters` : undefined;
}

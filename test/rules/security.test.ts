import * as fc from 'fast-check';
import { brokenRules, facts, fields, judge, pod, webPod } from './judge';
import { Checks } from '../../src/rules/engine';
import { contradictoryPrivileges } from '../../src/rules/security/contradictory-privileges';
import { literalSecret } from '../../src/rules/security/literal-secret';
import { rootWhereForbidden } from '../../src/rules/security/root-where-forbidden';
import { secretInConfigMap } from '../../src/rules/security/secret-in-config-map';
import { securityProfiles } from '../../src/rules/security/security-profiles';
import { unusedServiceAccountToken } from '../../src/rules/security/unused-service-account-token';
import { userAndGroupIds } from '../../src/rules/security/user-and-group-ids';

const own = (context: string) => webPod(`securityContext: ${context}`);
const ofPod = (context: string) => pod(`{ securityContext: ${context}, containers: [{ name: web, image: "web:1" }] }`);
const context = 'spec.containers[0].securityContext';

describe('user-and-group-ids', () => {
  test.each([
    ['-1', '"-1" is not a whole number from 0 to 2147483647'],
    ['2147483648', '"2147483648" is not a whole number from 0 to 2147483647'],
    ['1.5', '"1.5" is not a whole number from 0 to 2147483647'],
    ['nginx', '"nginx" is not a number'],
  ])('refuses %s', (id, fact) => {
    expect(judge(userAndGroupIds, own(`{ runAsUser: ${id} }`))).toEqual([{ field: `${context}.runAsUser`, fact }]);
  });

  test('looks at every field, of the pod and of the containers', () => {
    expect(fields(userAndGroupIds, own('{ runAsGroup: -1, runAsUser: 2147483647 }'))).toEqual([`${context}.runAsGroup`]);
    expect(fields(userAndGroupIds, ofPod('{ runAsUser: -1, runAsGroup: -1, fsGroup: -1, supplementalGroups: [5, -1, null] }'))).toEqual(
      ['runAsUser', 'runAsGroup', 'fsGroup', 'supplementalGroups[1]'].map((name) => `spec.securityContext.${name}`));
  });

  test('accepts root and what is null, and passes over what is no context', () => {
    expect(fields(userAndGroupIds, own('{ runAsUser: 0, runAsGroup: null }'))).toEqual([]);
    expect(fields(userAndGroupIds, own('5'))).toEqual([]);
  });
});

describe('root-where-forbidden', () => {
  const both = (pods: string, container: string) => pod(`{ securityContext: ${pods}, containers: [{ name: web, image: "web:1", securityContext: ${container} }, { name: b, image: "web:1" }] }`);

  test.each([
    ['both of the container', '{}', '{ runAsUser: 0, runAsNonRoot: true }', `${context}.runAsUser`, '"0" is root, and runAsNonRoot of the container forbids root'],
    ['forbidden by the pod', '{ runAsNonRoot: true }', '{ runAsUser: 0 }', `${context}.runAsUser`, '"0" is root, and runAsNonRoot of the pod forbids root'],
    ['root by the pod', '{ runAsUser: 0 }', '{ runAsNonRoot: true }', 'spec.securityContext.runAsUser', '"0" is root, and runAsNonRoot of the container forbids root to container "web"'],
    ['both of the pod, reported once', '{ runAsUser: 0, runAsNonRoot: true }', '{}', 'spec.securityContext.runAsUser', '"0" is root, and runAsNonRoot of the pod forbids root to container "web"'],
  ])('refuses root: %s', (_, pods, container, field, fact) => {
    expect(judge(rootWhereForbidden, both(pods, container))).toEqual([{ field, fact }]);
  });

  test.each([
    ['another user of the container', '{ runAsUser: 5, runAsNonRoot: true }', '{ runAsUser: 7 }'],
    ['root that the container allows itself', '{ runAsUser: 5, runAsNonRoot: true }', '{ runAsUser: 0, runAsNonRoot: false }'],
    ['no user at all', '{ runAsNonRoot: true }', '{}'],
  ])('accepts %s', (_, pods, container) => {
    expect(fields(rootWhereForbidden, both(pods, container))).toEqual([]);
  });

  test('does not apply where root is not forbidden', () => {
    expect(fields(rootWhereForbidden, both('5', '{ runAsUser: 0 }'))).toBeUndefined();
  });
});

describe('contradictory-privileges', () => {
  test.each([
    ['{ privileged: true, allowPrivilegeEscalation: false }', ['"false" contradicts `privileged: true`']],
    ['{ capabilities: { add: [CAP_SYS_ADMIN] }, allowPrivilegeEscalation: false }', ['"false" contradicts the capability CAP_SYS_ADMIN']],
    ['{ privileged: true, capabilities: { add: [CAP_SYS_ADMIN] }, allowPrivilegeEscalation: false }', ['"false" contradicts `privileged: true`']],
    ['{ capabilities: { add: [SYS_ADMIN] }, allowPrivilegeEscalation: false }', []],
    ['{ capabilities: { add: 5 }, allowPrivilegeEscalation: false }', []],
    ['{ privileged: true }', undefined],
  ])('%s', (given, expected) => {
    expect(facts(contradictoryPrivileges, own(given))).toEqual(expected);
  });
});

describe('security-profiles', () => {
  test.each([
    ['{ type: Localhost }', 'localhostProfile', '"" is no profile, and the type Localhost requires one'],
    ['{ type: Localhost, localhostProfile: "" }', 'localhostProfile', '"" is no profile, and the type Localhost requires one'],
    ['{ type: Localhost, localhostProfile: 5 }', 'localhostProfile', '"5" is not a string'],
    ['{ type: Localhost, localhostProfile: /a.json }', 'localhostProfile', '"/a.json" is not relative'],
    ['{ type: Localhost, localhostProfile: ../a.json }', 'localhostProfile', '"../a.json" has ".." in it, which may leave the directory'],
    ['{ type: RuntimeDefault, localhostProfile: a }', 'localhostProfile', '"a" is not allowed with the type RuntimeDefault'],
    ['{ type: localhost }', 'type', '"localhost" is none of "RuntimeDefault", "Localhost", "Unconfined"'],
    ['{ localhostProfile: a }', 'type', '"" is no type, and one is required'],
  ])('refuses the seccomp profile %s', (profile, field, fact) => {
    expect(judge(securityProfiles, own(`{ seccompProfile: ${profile} }`))).toEqual([{ field: `${context}.seccompProfile.${field}`, fact }]);
  });

  test('refuses an AppArmor profile of the pod without a name', () => {
    expect(fields(securityProfiles, ofPod('{ appArmorProfile: { type: Localhost } }'))).toEqual(['spec.securityContext.appArmorProfile.localhostProfile']);
  });

  test.each(['{ seccompProfile: { type: Localhost, localhostProfile: a/b..c.json } }', '{ seccompProfile: { type: Unconfined } }', '{ appArmorProfile: { type: Localhost, localhostProfile: /usr/bin/a } }'])('accepts %s', (given) => {
    expect(fields(securityProfiles, own(given))).toEqual([]);
  });

  test('finds nothing without a profile', () => {
    expect(fields(securityProfiles, own('{ seccompProfile: null }'))).toEqual([]);
  });
});

test('each wrong context breaks one rule only', () => {
  expect(brokenRules(own('{ runAsUser: -1, runAsNonRoot: true }'))).toEqual(['user-and-group-ids']);
});

/** Put together here, so that no scanner of repositories takes them for real. */
const FORMS: [string, string][] = [
  ['an AWS access key', `AKIA${'ABCD2345'.repeat(2)}`],
  ['a GitHub token', `ghp_${'a1B2'.repeat(9)}`],
  ['a GitLab token', `glpat-${'a1B2'.repeat(5)}`],
  ['a Slack token', `xoxb-${'1234567890-'.repeat(2)}abc`],
  ['a Stripe key', `sk_live_${'a1B2'.repeat(6)}`],
  ['a JSON Web Token', ['eyJhbGciOiJIUzI1NiJ9', 'eyJzdWIiOiIxMjM0In0', 'c2lnbmF0dXJlLXNpZ24'].join('.')],
];
const privateKey = (kind: string) => `-----BEGIN ${kind}PRIVATE KEY-----\nMIIB\n-----END ${kind}PRIVATE KEY-----\n`;

describe('literal-secret', () => {
  const env = (name: string, value: string) => webPod(JSON.stringify({ env: [{ name: 'A', value: 'b' }, { name, value }] }));
  const args = (...values: string[]) => webPod(JSON.stringify({ args: values }));

  test.each([
    'DB_PASSWORD', 'PGPASSWORD', 'dbPassword', 'GITHUB_TOKEN', 'CLIENT_SECRET', 'API_KEY', 'STRIPE_APIKEY', 'TLS_PRIVATE_KEY', 'SECRET_KEY_BASE', 'AWS_SECRET_ACCESS_KEY', 'MYSQL_PWD', 'SMTP_PASS',
    'JWT_SECRET_V2', 'PASSWORD_1', 'POSTGRES_PASSWORD_PRIMARY', 'SSH_PASSPHRASE', 'spring.datasource.password',
  ])('finds the literal of %s, and does not print it', (name) => {
    expect(judge(literalSecret, env(name, 'correct-Horse'))).toEqual([{ field: 'spec.containers[0].env[1].value', fact: `"${name}" holds a literal of 13 characters` }]);
  });

  test.each([
    'POSTGRES_HOST_AUTH_METHOD', 'TOKEN_TTL', 'SECRET_NAME', 'PASSWORD_MIN_LENGTH', 'CACHE_KEY_PREFIX', 'PASSWORD_FILE', 'TOKEN_PATH', 'TOKEN_URL', 'SECRET_NAMESPACE', 'AWS_ACCESS_KEY_ID', 'PUBLIC_KEY',
    'ETCD_INITIAL_CLUSTER_TOKEN', 'MAX_TOKENS', 'EOS_TOKEN', 'IMAGE_PULL_SECRET', 'TLS_SECRET', 'PWD', 'COMPASS', 'PARTITION_KEY', 'TOKENIZER', 'PASSWORD_POLICY', 'USE_TOKEN', '',
  ])('leaves the value of %j alone', (name) => {
    expect(fields(literalSecret, env(name, 'correct-Horse'))).toEqual([]);
  });

  test.each([
    '', ' ', '/run/secrets/token', './token', '~/token', 'C:\\token', '$(DB_PASSWORD)', '${DB_PASSWORD}', 'prefix-$(DB_PASSWORD)', '{{ .Values.password }}', '<password>', '%(password)s', 'true', 'no', 'disabled',
    '3600', '24h', '-1', 'changeme', 'REPLACE_ME', 'your-token-here', '********', 'xxxx', 'YOUR_TOKEN', 'vault:secret/data/db#password', 'ref+vault://db/password', 'file:/a', 'tls.key', 'db/credentials', 'bearer', 'X-Token',
    'https://tokens.example.com', 'prod/db/credentials', 'Password', 'Reset your password.',
  ])('takes %j for no secret', (value) => {
    expect(fields(literalSecret, env('DB_PASSWORD', value))).toEqual([]);
  });

  test('takes words with hyphens for the name of a Secret where one is asked for, and for a secret elsewhere', () => {
    expect(fields(literalSecret, env('WEBHOOK_SECRET', 'web-hook-secret'))).toEqual([]);
    expect(facts(literalSecret, env('CLIENT_SECRET', 'web-hook-secret'))).toEqual(['"CLIENT_SECRET" holds a literal of 15 characters']);
    expect(facts(literalSecret, env('DB_PASSWORD', 'web-hook-secret'))).toEqual(['"DB_PASSWORD" holds a literal of 15 characters']);
  });

  test.each(FORMS)('knows %s by its form, whatever it is called', (what, value) => {
    expect(facts(literalSecret, env('OTHER', `a ${value}`))).toEqual([`"OTHER" holds ${what} of ${value.length} characters`]);
    expect(facts(literalSecret, args('run', value))).toEqual([`"args[1]" holds ${what} of ${value.length} characters`]);
  });

  test.each(['', 'RSA ', 'EC ', 'OPENSSH ', 'ENCRYPTED '])('knows a private key by its form: %j', (kind) => {
    expect(facts(literalSecret, env('OTHER', privateKey(kind)))).toEqual(['"OTHER" holds a private key']);
    expect(fields(literalSecret, env('OTHER', privateKey(kind).replaceAll('PRIVATE', 'PUBLIC')))).toEqual([]);
  });

  test.each([
    ['postgres://shop:correct@db.example:5432/shop', ['"DATABASE_URL" holds a URL with a password of 7 characters']],
    ['redis://:correct@cache:6379', ['"DATABASE_URL" holds a URL with a password of 7 characters']],
    ['amqp://a:$(PASSWORD)@mq', []], ['postgresql://%s:%s@%s:%d/', []], ['postgresql://{}:{}@{}/', []], ['mysql://{user}:{password}@{host}/', []], ['amqp://a:<password>@mq', []], ['amqp://a:****@mq', []], ['https://a@mq', []], ['http://a:8080/b@c', []], ['docker://alpine:3.19@sha256:4bcff63911fcb4448bd4fdacec207030997caf25e9bea4045fa6c8c44de311d1', []], ['http://[::1]:80/a', []],
  ])('reads the URL %s', (value, expected) => {
    expect(facts(literalSecret, env('DATABASE_URL', value))).toEqual(expected);
  });

  test('knows the access key of documentation', () => {
    expect(fields(literalSecret, env('OTHER', 'AKIAIOSFODNN7EXAMPLE'))).toEqual([]);
  });

  test.each([
    [['--db-password=correct'], 'args[0]', '"--db-password" holds a literal of 7 characters'],
    [['--db-password', 'c0rrect'], 'args[1]', '"--db-password" holds a literal of 7 characters'],
    [['-Dspring.datasource.password=correct'], 'args[0]', '"-Dspring.datasource.password" holds a literal of 7 characters'],
    [['--set', 'auth.rootPassword=correct'], 'args[1]', '"auth.rootPassword" holds a literal of 7 characters'],
    [['-c', 'export A=b; PGPASSWORD="correct horse" psql'], 'args[1]', '"PGPASSWORD" holds a literal of 13 characters'],
    [['--url', 'http://a:correct@b/'], 'args[1]', '"args[1]" holds a URL with a password of 7 characters'],
  ])('reads the arguments %j', (values, place, fact) => {
    expect(judge(literalSecret, args(...values))).toEqual([{ field: `spec.containers[0].${place}`, fact }]);
  });

  test.each([
    [['--password-file=/run/secrets/db']], [['--token-ttl=24h']], [['--print-token', 'serve']], [['--password', '--verbose']], [['--password=$(DB_PASSWORD)']], [['-c', 'TOKEN=$(cat /run/token) run']],
    [['--tls-private-key-file', 'tls.key']], [['--default-ssl-secret=web/tls']], [['-c', 'PASSWORD= run']],
  ])('finds nothing in the arguments %j', (values) => {
    expect(fields(literalSecret, args(...values))).toEqual([]);
  });

  test('looks at the command, and at init containers', () => {
    const object = webPod('{ command: [run, --password=correct] }');
    object.spec.initContainers = [{ name: 'init', env: [{ name: 'TOKEN', value: 'c0rrect' }] }];
    expect(fields(literalSecret, object)).toEqual(['spec.initContainers[0].env[0].value', 'spec.containers[0].command[1]']);
  });

  test('does not apply to containers without variables and arguments', () => {
    expect(fields(literalSecret, webPod('{}'))).toBeUndefined();
  });

  test('never prints the value', () => {
    const secret = fc.oneof(fc.constantFrom(...FORMS.map(([, value]) => value), privateKey('')), fc.stringMatching(/^[A-Za-z0-9]{3}[A-Za-z0-9_+=@!-]{10,40}$/));
    const name = fc.constantFrom('DB_PASSWORD', '--token', 'OTHER', 'apiKey');
    fc.assert(fc.property(secret, name, fc.constantFrom('', 'postgres://a:', 'PGPASSWORD='), (value, called, before) => {
      const object = webPod(JSON.stringify({ env: [{ name: called, value: before + value }], args: [called, before + value, `${called}=${before}${value}`, `${called} ${before}${value}@db`] }));
      expect((facts(literalSecret, object) ?? []).filter((fact) => fact.includes(value))).toEqual([]);
    }));
  });

  test('reads long values in a time that grows with their length only', () => {
    const start = process.cpuUsage();
    for (const text of ['eyJ-', 'a://b:', '-----BEGIN ', 'A="', 'password=', 'TOKEN= ', 'xoxb-', 'A_PASSWORD']) {
      judge(literalSecret, webPod(JSON.stringify({ env: [{ name: 'TOKEN', value: text.repeat(100_000) }], args: [text.repeat(100_000)] })));
    }
    const { user, system } = process.cpuUsage(start);
    expect((user + system) / 1000).toBeLessThan(2000);
  });
});

describe('secret-in-config-map', () => {
  const found = (data: unknown) => {
    const checks = new Checks([secretInConfigMap]);
    checks.add({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'web' }, data }, () => 'shop/Web');
    return checks.findings().map(({ field, fact }) => `${field}: ${fact}`);
  };

  test('finds what the name or the form of a value tells, and does not print it', () => {
    expect(found({ 'DB_HOST': 'db', 'DB_PASSWORD': 'correct', 'tls.key': privateKey('RSA '), 'config.yaml': 'a: b\nurl: https://a:correct@b/\n' })).toEqual([
      'data[DB_PASSWORD]: "DB_PASSWORD" holds a literal of 7 characters',
      'data[tls.key]: "tls.key" holds a private key',
      'data[config.yaml]: "config.yaml" holds a URL with a password of 7 characters',
    ]);
  });

  test('reads the lines of .properties and .env', () => {
    expect(found({ 'application.properties': '# password=x1\nspring.datasource.url=jdbc:a\nspring.datasource.password = correct\n', '.env': 'export API_KEY=correct\n' })).toEqual([
      'data[application.properties]: "spring.datasource.password" holds a literal of 7 characters',
      'data[.env]: "API_KEY" holds a literal of 7 characters',
    ]);
    expect(found({ 'application.properties': 'password=${DB_PASSWORD}\n;password=x1\ntoken.ttl=24h\n', 'notes.txt': 'password=correct\n' })).toEqual([]);
  });

  test('takes the texts of a form for no secrets', () => {
    expect(found({ 'messages_en.properties': 'password=Password\ninvalidToken=Invalid token\nreset.password=Reset your password\n' })).toEqual([]);
  });

  test.each([[undefined], [null], [5], [{ PASSWORD: 5 }], [{ PASSWORD: null }], [['a']]])('does not choke on %j', (data) => {
    expect(found(data)).toEqual([]);
  });
});

describe('unused-service-account-token', () => {
  const found = (objects: any[], complete = true) => {
    const checks = new Checks([unusedServiceAccountToken]);
    objects.forEach((object) => checks.add(object, () => 'shop/Web'));
    return checks.findings(complete).map(({ field }) => field);
  };
  const inShop = (spec: string, namespace?: string) => ({ ...ofShop(spec), metadata: { name: 'web', namespace } });
  const ofShop = (spec: string) => pod(`{ containers: [{ name: web }], ${spec} }`);
  const binding = (subject: unknown, kind = 'RoleBinding') => ({ apiVersion: 'rbac.authorization.k8s.io/v1', kind, metadata: { name: 'a', namespace: 'shop' }, subjects: [subject] });
  const field = 'spec.automountServiceAccountToken';

  test.each([
    ['says nothing', '', [field]], ['asks for it', 'automountServiceAccountToken: true', [field]], ['names the account', 'serviceAccountName: default', [field]],
    ['goes without', 'automountServiceAccountToken: false', []], ['has an account of its own', 'serviceAccountName: web', []], ['has one by the old name', 'serviceAccount: web', []],
  ])('judges a pod that %s', (_, spec, expected) => {
    expect(found([ofShop(spec)])).toEqual(expected);
  });

  test.each([
    ['of its namespace', { kind: 'ServiceAccount', name: 'default', namespace: 'shop' }, []],
    ['of another namespace', { kind: 'ServiceAccount', name: 'default', namespace: 'other' }, [field]],
    ['of another account', { kind: 'ServiceAccount', name: 'web', namespace: 'shop' }, [field]],
    ['of all accounts', { kind: 'Group', name: 'system:serviceaccounts' }, []],
    ['of all accounts of its namespace', { kind: 'Group', name: 'system:serviceaccounts:shop' }, []],
    ['of all accounts of another namespace', { kind: 'Group', name: 'system:serviceaccounts:other' }, [field]],
    ['of all that are known', { kind: 'Group', name: 'system:authenticated' }, []],
    ['of the account as a user', { kind: 'User', name: 'system:serviceaccount:shop:default' }, []],
    ['of somebody', { kind: 'User', name: 'jane' }, [field]],
    ['of nobody', null, [field]],
  ])('takes a binding %s into account', (_, subject, expected) => {
    expect(found([inShop('', 'shop'), binding(subject)])).toEqual(expected);
    expect(found([inShop('', 'shop'), binding(subject, 'ClusterRoleBinding')])).toEqual(expected);
  });

  test('says nothing where the namespace of the pod is open and some default account is bound', () => {
    expect(found([inShop(''), binding({ kind: 'ServiceAccount', name: 'default', namespace: 'shop' })])).toEqual([]);
  });

  test('follows the account, unless the pod asks for the token', () => {
    const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', namespace: 'shop' }, automountServiceAccountToken: false };
    expect(found([inShop('', 'shop'), account])).toEqual([]);
    expect(found([inShop('automountServiceAccountToken: true', 'shop'), account])).toEqual([field]);
    expect(found([inShop('', 'other'), account])).toEqual([field]);
  });

  test('leaves pods alone whose token Vault takes, and apps of which not all is known', () => {
    expect(found([pod('containers: []', { 'vault.hashicorp.com/agent-inject': 'true' })])).toEqual([]);
    expect(found([ofShop('')], false)).toEqual([]);
  });
});

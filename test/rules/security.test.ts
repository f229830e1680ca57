import { brokenRules, facts, fields, judge, pod, webPod } from './judge';
import { contradictoryPrivileges } from '../../src/rules/security/contradictory-privileges';
import { rootWhereForbidden } from '../../src/rules/security/root-where-forbidden';
import { securityProfiles } from '../../src/rules/security/security-profiles';
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

  test('accepts root and what is null, and does not apply without a context', () => {
    expect(fields(userAndGroupIds, own('{ runAsUser: 0, runAsGroup: null }'))).toEqual([]);
    expect(fields(userAndGroupIds, own('5'))).toBeUndefined();
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

  test('does not apply without a profile', () => {
    expect(fields(securityProfiles, own('{ seccompProfile: null }'))).toBeUndefined();
  });
});

test('each wrong context breaks one rule only', () => {
  expect(brokenRules(own('{ runAsUser: -1, runAsNonRoot: true }'))).toEqual(['user-and-group-ids']);
});

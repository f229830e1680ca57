import { FillMode, PodFacts } from './pod-facts';
import { ContainerRole, ContainerView } from '../manifest/containers';
import { isObject, JsonObject, objectsIn, sortedKeys } from '../manifest/json';

/**
 * Fills what is absent in one container. Values that are there stay.
 *
 * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted
 */
export function fillContainer(container: ContainerView, spec: JsonObject, facts: PodFacts): void {
  putContributedEnvFirst(container.json, facts);
  const mode = facts.partContainers.has(container.name) ? FillMode.FULL : facts.mode;
  if (mode === FillMode.PARTS) {
    return;
  }
  const json = container.json;
  json.terminationMessagePolicy ??= 'FallbackToLogsOnError';
  fillSecurity(container, spec, facts, mode);
  if (mode === FillMode.FULL) {
    fillLivenessGrace(json, facts);
  }
}

function fillSecurity(container: ContainerView, spec: JsonObject, facts: PodFacts, mode: FillMode): void {
  const security: JsonObject = isObject(container.json.securityContext) ? container.json.securityContext : {};
  // The API server refuses `privileged` together with a forbidden escalation.
  if (!security.privileged && !addsSysAdmin(security)) {
    security.allowPrivilegeEscalation ??= false;
  } else if (facts.fromCdk8sPlus && security.allowPrivilegeEscalation === false) {
    // Nobody asked for it: cdk8s-plus writes it beside everything.
    delete security.allowPrivilegeEscalation;
  }
  if (mode === FillMode.FULL) {
    fillRestricted(container, security, spec, facts);
  }
  container.json.securityContext = sortedKeys(security);
}

function fillRestricted(container: ContainerView, security: JsonObject, spec: JsonObject, facts: PodFacts): void {
  const ofPart = facts.partContainers.has(container.name);
  const pod = isObject(spec.securityContext) ? spec.securityContext : {};
  security.runAsNonRoot ??= pod.runAsNonRoot ?? true;
  security.readOnlyRootFilesystem ??= true;
  if (facts.user !== undefined && pod.runAsUser === undefined) {
    security.runAsUser ??= facts.user;
  }
  // Only beside the user that we choose. Beside one that the author chose, the runtime takes the group that the image gives that
  // user, which often has another number: 1000 beside 999 in redis on Alpine, 101 beside 100 in fluentd on Alpine, and 0, to which
  // its files belong, beside 472 in Grafana. Our guess would take the files of that group away. A user that the image does not
  // know gets 0: who gives one gives a group too.
  if (security.runAsUser !== undefined && pod.runAsGroup === undefined && security.runAsUser === facts.user) {
    security.runAsGroup ??= security.runAsUser;
  }
  security.capabilities = isObject(security.capabilities) ? security.capabilities : {};
  security.capabilities.drop ??= ['ALL'];
  // In a pod that is not ours the pod-level profile is not ours to set either.
  if (ofPart && facts.mode !== FillMode.FULL && pod.seccompProfile === undefined) {
    security.seccompProfile ??= { type: 'RuntimeDefault' };
  }
}

/** CAP_SYS_ADMIN implies escalation: the API server refuses to forbid it. */
function addsSysAdmin(security: JsonObject): boolean {
  const added = isObject(security.capabilities) ? security.capabilities.add : undefined;
  return Array.isArray(added) && added.some((name) => name === 'SYS_ADMIN' || name === 'CAP_SYS_ADMIN');
}

/** A hung container would otherwise linger for the whole grace period of its pod. */
function fillLivenessGrace(json: JsonObject, facts: PodFacts): void {
  if (isObject(json.livenessProbe)) {
    json.livenessProbe.terminationGracePeriodSeconds ??= Math.max(1, Math.min(facts.livenessGraceSeconds, facts.gracePeriodSeconds ?? Infinity));
    json.livenessProbe = sortedKeys(json.livenessProbe);
  }
}

/**
 * Puts the variables of parts before those of the user: `$(VAR)` resolves only what is listed earlier.
 *
 * They are written here and not through cdk8s-plus, which would change the map that its caller passed.
 */
function putContributedEnvFirst(json: JsonObject, facts: PodFacts): void {
  const contributed = facts.contributedEnv.get(json.name);
  if (!contributed) {
    return;
  }
  const own = objectsIn(json.env);
  const clash = contributed.find((entry) => own.some((other) => other.name === entry.name));
  if (clash) {
    throw new Error(`${facts.construct()}: container "${json.name}": env: "${clash.name}" is set by the pod's author and by a part\n`
      + '  why: one of the two values would be lost\n'
      + '  fix: remove yours, or let the part use another name for its variable');
  }
  json.env = [...contributed.map((entry) => ({ ...entry })), ...own];
}

/** Removes the startup probe that cdk8s-plus gives an init container with a port: the API server refuses it. */
export function dropForbiddenStartupProbe(container: ContainerView): void {
  if (container.role === ContainerRole.INIT) {
    delete container.json.startupProbe;
  }
}

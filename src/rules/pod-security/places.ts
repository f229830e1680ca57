import { ContainerRole, ContainerView } from '../../manifest/containers';
import { isObject, JsonObject, objectsIn, textOf } from '../../manifest/json';
import { Target } from '../../manifest/kubernetes-version';
import { PodTemplate } from '../../manifest/pod-template';
import { RuleFinding, RuleSubject } from '../rule';

const NOTHING: JsonObject = {};

const NONE: RuleFinding[] = [];

/** All containers, those that are added to a running pod too: their role makes no difference here. */
export function everyContainer({ template, containers }: RuleSubject): ContainerView[] {
  const { ephemeralContainers } = template.spec;
  if (ephemeralContainers === undefined) {
    return containers;
  }
  return [...containers, ...objectsIn(ephemeralContainers).map((json, index) => ({
    role: ContainerRole.REGULAR, index, path: `${template.path}.ephemeralContainers[${index}]`, name: textOf(json.name), json,
  }))];
}

/** The security context of a pod spec or a container; an empty one where there is none. */
export function contextOf(owner: JsonObject): JsonObject {
  return isObject(owner.securityContext) ? owner.securityContext : NOTHING;
}

/** Findings in the security contexts of all containers; a container without one has an empty one. */
export function inContainers(
  subject: RuleSubject,
  find: (context: JsonObject, container: ContainerView) => RuleFinding[] | RuleFinding | undefined,
): RuleFinding[] {
  let found: RuleFinding[] | undefined;
  for (const container of everyContainer(subject)) {
    const finding = find(contextOf(container.json), container);
    if (finding) {
      found = (found ?? []).concat(finding);
    }
  }
  return found ?? NONE;
}

/**
 * Findings in the security contexts of the pod and of all containers.
 *
 * @param find gets the context, and the field path of the pod spec or container that it belongs to
 */
export function inContexts(subject: RuleSubject, find: (context: JsonObject, owner: string) => RuleFinding[] | RuleFinding | undefined): RuleFinding[] {
  let found: RuleFinding[] | undefined;
  const visit = (json: JsonObject, owner: string) => {
    const finding = isObject(json.securityContext) ? find(json.securityContext, owner) : undefined;
    if (finding !== undefined && !(Array.isArray(finding) && finding.length === 0)) {
      found = (found ?? []).concat(finding);
    }
  };
  visit(subject.template.spec, subject.template.path);
  for (const { json, path } of everyContainer(subject)) {
    visit(json, path);
  }
  return found ?? NONE;
}

/** Whether the API server knows a pod to be one for Windows, and so does not ask for what only Linux has. */
export function isForWindows({ template }: RuleSubject): boolean {
  return isObject(template.spec.os) && template.spec.os.name === 'windows';
}

/** Whether root of the pod is somebody else on the node, and Pod Security of the target counts that. */
export function hasOwnUsers({ spec }: PodTemplate, target: Target): boolean {
  return target.minor >= 35 && spec.hostUsers === false;
}

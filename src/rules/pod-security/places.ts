import { ContainerRole, ContainerView } from '../../manifest/containers';
import { isObject, JsonObject, objectsIn, textOf } from '../../manifest/json';
import { Target } from '../../manifest/kubernetes-version';
import { onceFor } from '../../manifest/memo';
import { PodTemplate } from '../../manifest/pod-template';
import { RuleFinding, RuleSubject } from '../rule';

const NOTHING: JsonObject = {};

const NONE: RuleFinding[] = [];

/** All containers, those that are added to a running pod too: their role makes no difference here. */
export function everyContainer({ template, containers }: Pick<RuleSubject, 'template' | 'containers'>): ContainerView[] {
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

/** To the list itself: a copy for each of many findings takes the square of their number. */
function add(found: RuleFinding[], more: RuleFinding[] | RuleFinding): void {
  for (const finding of Array.isArray(more) ? more : [more]) {
    found.push(finding);
  }
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
      add(found ??= [], finding);
    }
  }
  return found ?? NONE;
}

/** A security context that a pod or a container has. */
interface ContextView {
  readonly json: JsonObject;
  /** Field path of the pod spec or container that it belongs to. */
  readonly owner: string;
}

const contextsOf = onceFor((template: PodTemplate, containers: ContainerView[]): ContextView[] => {
  const views: ContextView[] = [];
  for (const { json, path } of [{ json: template.spec, path: template.path }, ...everyContainer({ template, containers })]) {
    if (isObject(json.securityContext)) {
      views.push({ json: json.securityContext, owner: path });
    }
  }
  return views;
});

/** Findings in the security contexts of the pod and of all containers. */
export function inContexts(subject: RuleSubject, find: (context: JsonObject, owner: string) => RuleFinding[] | RuleFinding | undefined): RuleFinding[] {
  let found: RuleFinding[] | undefined;
  const contexts = contextsOf(subject.template, subject.containers);
  for (let index = 0; index < contexts.length; index++) {
    const finding = find(contexts[index].json, contexts[index].owner);
    if (finding !== undefined) {
      add(found ??= [], finding);
    }
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

import { ContainerView, containersOf } from '../manifest/containers';
import { isObject, JsonObject } from '../manifest/json';
import { Target } from '../manifest/kubernetes-version';
import { podTemplateOf } from '../manifest/pod-template';
import { hasOwnUsers } from '../rules/pod-security/places';

/** What a container of somebody else's may need to leave open, and what closes it. */
const OPEN: { readonly field: string; isClosed(container: JsonObject, pod: JsonObject): boolean }[] = [
  { field: 'runAsNonRoot', isClosed: (container, pod) => (container.runAsNonRoot ?? pod.runAsNonRoot) === true },
  { field: 'capabilities.drop', isClosed: ({ capabilities }) => isObject(capabilities) && Array.isArray(capabilities.drop) && capabilities.drop.includes('ALL') },
  { field: 'readOnlyRootFilesystem', isClosed: ({ readOnlyRootFilesystem }) => readOnlyRootFilesystem === true },
];

/**
 * What the careful fill left open in a pod that somebody else made, in the form of a finding; undefined where that is nothing.
 *
 * Filled without knowing the image, each of these may break it: one starts as root and changes its user, another writes beside its program.
 */
export function describeLeftOpen(json: unknown, target: Target, construct: string): string | undefined {
  const template = podTemplateOf(json);
  if (!template || template.spec.os?.name === 'windows') {
    return undefined;
  }
  const pod = isObject(template.spec.securityContext) ? template.spec.securityContext : {};
  // Where root of the pod is nobody on the node, Pod Security asks no more than we do.
  const open = hasOwnUsers(template, target) ? OPEN.filter(({ field }) => field !== 'runAsNonRoot') : OPEN;
  const lines = containersOf(template).flatMap((container) => openIn(container, pod, open));
  if (lines.length === 0) {
    return undefined;
  }
  return `warning: ${construct}: ${lines.join('; ')}: left open, as cdk8s-plus did not make this pod\n`
    + '  why: who does not know the image may break it; the Pod Security Standard "restricted" demands all but a read-only root file system\n'
    + '  fix: set them where the pod is made, or fill them: new ProductionReady({ force: true, user: 1000 }) with the user of the image\n';
}

function openIn({ json, path }: ContainerView, pod: JsonObject, fields: typeof OPEN): string[] {
  const security = isObject(json.securityContext) ? json.securityContext : {};
  const open = fields.filter(({ isClosed }) => !isClosed(security, pod)).map(({ field }) => field);
  return open.length > 0 ? [`${path}.securityContext: ${open.join(', ')}`] : [];
}

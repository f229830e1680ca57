import { isObject, JsonObject, textOf } from './json';

/** The API group of every kind that the library knows: a `Service` of another group is another thing. */
const GROUPS = new Map(Object.entries({
  Pod: '', PodTemplate: '', ReplicationController: '', Service: '', ConfigMap: '', Secret: '', ServiceAccount: '', PersistentVolumeClaim: '', Namespace: '',
  Deployment: 'apps', ReplicaSet: 'apps', StatefulSet: 'apps', DaemonSet: 'apps',
  Job: 'batch', CronJob: 'batch',
  PodDisruptionBudget: 'policy', HorizontalPodAutoscaler: 'autoscaling',
  RoleBinding: 'rbac.authorization.k8s.io', ClusterRoleBinding: 'rbac.authorization.k8s.io',
  Ingress: 'networking.k8s.io', NetworkPolicy: 'networking.k8s.io',
}));

/** The kind of an object; empty where the kind is that of an API group which the library does not know. */
export function kindOf(object: JsonObject): string {
  const kind = textOf(object.kind);
  const group = GROUPS.get(kind);
  const apiVersion = textOf(object.apiVersion);
  return group === undefined || (apiVersion !== '' && !isOfGroup(apiVersion, group)) ? '' : kind;
}

function isOfGroup(apiVersion: string, group: string): boolean {
  return group === '' ? !apiVersion.includes('/') : apiVersion.startsWith(group) && apiVersion[group.length] === '/';
}

function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf('/');
  return slash < 0 ? '' : apiVersion.slice(0, slash);
}

/** Whether an object is of an API that does not come with Kubernetes, or defines one. */
export function isCustom(object: JsonObject): boolean {
  const group = groupOf(textOf(object.apiVersion));
  return object.kind === 'CustomResourceDefinition' || (group.includes('.') && !group.endsWith('.k8s.io'));
}

/** The namespace that an object says it lies in; empty where it leaves that to whoever applies it. */
export function namespaceOf(object: JsonObject): string {
  return isObject(object.metadata) ? textOf(object.metadata.namespace) : '';
}

/** The name of an object. */
export function nameOf(object: JsonObject): string {
  return isObject(object.metadata) ? textOf(object.metadata.name) : '';
}

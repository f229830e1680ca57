import { isObject, JsonObject, textOf } from './json';

/** The API group of every kind that the library knows: a `Service` of another group is another thing. */
const GROUPS = new Map(Object.entries({
  Pod: '', PodTemplate: '', ReplicationController: '', Service: '', ConfigMap: '', Secret: '', ServiceAccount: '', PersistentVolumeClaim: '', Namespace: '',
  Deployment: 'apps', ReplicaSet: 'apps', StatefulSet: 'apps', DaemonSet: 'apps',
  Job: 'batch', CronJob: 'batch',
  PodDisruptionBudget: 'policy', HorizontalPodAutoscaler: 'autoscaling', ScaledObject: 'keda.sh',
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
function isCustom(object: JsonObject): boolean {
  const group = groupOf(textOf(object.apiVersion));
  return object.kind === 'CustomResourceDefinition' || (group.includes('.') && !group.endsWith('.k8s.io'));
}

/** Groups of custom resources for which nobody makes pods: certificates, secrets, routes, policies. */
const WITHOUT_PODS = new Set([
  'cert-manager.io', 'external-secrets.io', 'generators.external-secrets.io', 'bitnami.com', 'secrets-store.csi.x-k8s.io',
  'networking.istio.io', 'security.istio.io', 'telemetry.istio.io', 'traefik.io', 'traefik.containo.us', 'linkerd.io', 'policy.linkerd.io', 'projectcontour.io',
  'elbv2.k8s.aws', 'networking.gke.io', 'cloud.google.com', 'monitoring.googleapis.com',
  'cilium.io', 'crd.projectcalico.org', 'projectcalico.org', 'kyverno.io', 'karpenter.sh', 'karpenter.k8s.aws',
]);

/** Kinds of that sort in groups that have others as well: the operator of Prometheus makes pods for a Prometheus, and none for a ServiceMonitor. */
const KINDS_WITHOUT_PODS = new Set([
  'monitoring.coreos.com ServiceMonitor', 'monitoring.coreos.com PodMonitor', 'monitoring.coreos.com PrometheusRule', 'monitoring.coreos.com Probe',
  'monitoring.coreos.com ScrapeConfig', 'monitoring.coreos.com AlertmanagerConfig',
  'keda.sh ScaledObject', 'keda.sh TriggerAuthentication', 'keda.sh ClusterTriggerAuthentication',
]);

/** Whether an operator may make pods for an object, which no manifest shows. */
export function mayMakePods(object: JsonObject): boolean {
  const group = object.kind === 'CustomResourceDefinition' && isObject(object.spec) ? textOf(object.spec.group) : groupOf(textOf(object.apiVersion));
  return isCustom(object) && !WITHOUT_PODS.has(group) && !KINDS_WITHOUT_PODS.has(`${group} ${textOf(object.kind)}`);
}

/** The namespace that an object says it lies in; empty where it leaves that to whoever applies it. */
export function namespaceOf(object: JsonObject): string {
  return isObject(object.metadata) ? textOf(object.metadata.namespace) : '';
}

/** The name of an object. */
export function nameOf(object: JsonObject): string {
  return isObject(object.metadata) ? textOf(object.metadata.name) : '';
}

import { isObject, JsonObject, objectsIn, textOf } from '../../manifest/json';
import { nameOf, namespaceOf } from '../../manifest/kinds';
import { Manifests } from '../../manifest/manifests';
import { onceFor } from '../../manifest/memo';
import { ObjectRule, Pack, Severity } from '../rule';

/** Agents that show the token to others, whatever rights it has. */
const SHOWN_BY = ['vault.hashicorp.com/agent-inject'];

/** Pods that get a token which is good for nothing. */
export const unusedServiceAccountToken: ObjectRule = {
  id: 'unused-service-account-token',
  severity: Severity.WARNING,
  pack: Pack.PRODUCTION,
  kinds: ['Pod', 'PodTemplate', 'ReplicationController', 'Deployment', 'ReplicaSet', 'StatefulSet', 'DaemonSet', 'Job', 'CronJob'],
  needsWholeApp: true,
  summary: 'A pod with the service account `default`, to which the app binds no role, does not mount its token.',
  why: 'the token is of no use to the program, but to whoever breaks in: it opens the API server, and what is bound to the account later',
  fix: 'set `automountServiceAccountToken: false`; if the program calls the API server, give it a service account of its own with the rights that it needs',
  source: 'https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/#opt-out-of-api-credential-automounting',
  notApplicable: 'to pods with a service account of their own, to those from which Vault takes the token, and where not all objects of the app are known',
  bad: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  containers:
    - { name: web, image: "shop/web:1.0" }
`,
  good: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  automountServiceAccountToken: false
  containers:
    - { name: web, image: "shop/web:1.0" }
`,
  seen: 'On Kubernetes 1.33.13 the API server took the token that it found in the bad example for "system:serviceaccount:…:default", and refused it the Secrets with status 403; in the good one there was no token, and the answer was 401.',
  checkObject({ object, app }) {
    const template = app.templateOf(object);
    if (!template) {
      return undefined;
    }
    const { spec, holder, path } = template;
    if (spec.automountServiceAccountToken === false) {
      return [];
    }
    const account = textOf(spec.serviceAccountName) || textOf(spec.serviceAccount) || 'default';
    if (account !== 'default' || isShown(holder) || defaultAccounts(app).isUsed(namespaceOf(object), spec.automountServiceAccountToken === true)) {
      return undefined;
    }
    return [{ field: `${path}.automountServiceAccountToken`, fact: '"default" is bound to no role, and its token is mounted' }];
  },
};

function isShown({ metadata }: JsonObject): boolean {
  const annotations = isObject(metadata) ? metadata.annotations : undefined;
  return isObject(annotations) && SHOWN_BY.some((key) => annotations[key] === 'true');
}

/** What an app says of the service accounts that are called default. */
interface DefaultAccounts {
  /**
   * @param namespace of the pod; empty where that is left open
   * @param mounts whether the pod itself asks for the token
   */
  isUsed(namespace: string, mounts: boolean): boolean;
}

const defaultAccounts = onceFor((app: Manifests): DefaultAccounts => {
  const bound = new Set<string>();
  for (const binding of [...app.ofKind('RoleBinding'), ...app.ofKind('ClusterRoleBinding')]) {
    objectsIn(binding.subjects).forEach((subject) => add(bound, namespaceOfSubject(subject)));
  }
  const unmounted = new Set(app.ofKind('ServiceAccount')
    .filter((account) => nameOf(account) === 'default' && account.automountServiceAccountToken === false).map(namespaceOf));
  return {
    isUsed: (namespace, mounts) => bound.has('') || (namespace === '' ? bound.size > 0 : bound.has(namespace)) || (!mounts && unmounted.has(namespace)),
  };
});

function add(namespaces: Set<string>, namespace: string | undefined): void {
  if (namespace !== undefined) {
    namespaces.add(namespace);
  }
}

/** The namespace whose default account is meant; empty for all of them, undefined for none. */
function namespaceOfSubject({ kind, name, namespace }: JsonObject): string | undefined {
  if (kind === 'ServiceAccount') {
    return name === 'default' ? textOf(namespace) : undefined;
  }
  const [, ofUser, group] = /^(?:system:serviceaccount:([^:]+):default|system:(serviceaccounts|authenticated)(?::[^:]+)?)$/.exec(textOf(name)) ?? [];
  return ofUser ?? (group === undefined ? undefined : textOf(name).split(':')[2] ?? '');
}

import { isObject, JsonObject, objectsIn, textOf } from '../../manifest/json';
import { kindOf, nameOf, namespaceOf } from '../../manifest/kinds';
import { Manifests } from '../../manifest/manifests';
import { onceFor } from '../../manifest/memo';

/** Workloads that an autoscaler can set the number of pods of. */
export const SCALABLE = ['Deployment', 'StatefulSet', 'ReplicaSet', 'ReplicationController'];

/** What KEDA makes an autoscaler of. */
const SCALED_OBJECT = 'ScaledObject';

/** Autoscalers by what they scale. */
const autoscalers = onceFor((app: Manifests): Map<string, JsonObject> => {
  const byTarget = new Map<string, JsonObject>();
  for (const object of [...app.ofKind('HorizontalPodAutoscaler'), ...app.ofKind(SCALED_OBJECT)]) {
    const scaled = scaledBy(object);
    if (scaled) {
      byTarget.set(`${scaled.kind}/${namespaceOf(object)}/${scaled.name}`, object);
    }
  }
  return byTarget;
});

/** What an autoscaler scales; undefined where that is nothing that the library knows. */
export function scaledBy(autoscaler: JsonObject): { readonly kind: string; readonly name: string } | undefined {
  const target = isObject(autoscaler.spec) ? autoscaler.spec.scaleTargetRef : undefined;
  if (!isObject(target)) {
    return undefined;
  }
  const kind = textOf(target.kind) || (kindOf(autoscaler) === SCALED_OBJECT ? 'Deployment' : '');
  return SCALABLE.includes(kind) ? { kind, name: textOf(target.name) } : undefined;
}

/** The autoscaler of a workload. */
export function autoscalerOf(workload: JsonObject, app: Manifests): JsonObject | undefined {
  const byTarget = autoscalers(app);
  return byTarget.size === 0 ? undefined : byTarget.get(`${kindOf(workload)}/${namespaceOf(workload)}/${nameOf(workload)}`);
}

/** The fewest pods that a workload has, as far as the manifests say. */
export function fewestReplicas(workload: JsonObject, app: Manifests): number {
  const autoscaler = autoscalerOf(workload, app);
  const said = autoscaler ? fewestOf(autoscaler) : workload.spec?.replicas;
  return typeof said === 'number' ? said : 1;
}

/** KEDA may take all pods away, and does where nothing else is said. */
function fewestOf(autoscaler: JsonObject): unknown {
  return kindOf(autoscaler) === SCALED_OBJECT ? autoscaler.spec.minReplicaCount ?? 0 : autoscaler.spec.minReplicas;
}

/**
 * A number of pods that is given as such or as a share, such as "25%"; undefined where it is neither.
 *
 * @param round how a share that is no whole number of pods is rounded
 */
export function amountOf(value: unknown, pods: number, round: (share: number) => number): number | undefined {
  if (typeof value === 'number') {
    return value;
  }
  const share = typeof value === 'string' ? /^(\d+)%$/.exec(value) : null;
  return share ? round(Number(share[1]) * pods / 100) : undefined;
}

/** Whether a container, or anything else of a pod spec, uses a claim. */
export function mountsClaim(spec: JsonObject): boolean {
  return objectsIn(spec.volumes).some(({ persistentVolumeClaim }) => isObject(persistentVolumeClaim));
}

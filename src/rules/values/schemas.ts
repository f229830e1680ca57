import { BASE64, COUNT, each, fields, FLAG, INT32, INT64, listOf, mapOf, OBJECT, Schema, SECRET_TEXT, TEXT, TEXTS } from './types';

/**
 * The types of the fields that people write. Not here are those of which another rule says more than their type: the numbers of probes and ports,
 * the ids of users, quantities, commands.
 *
 * @see https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/
 */

const SELECTOR = fields({
  matchLabels: TEXTS,
  matchExpressions: listOf(fields({ ...each(TEXT, 'key', 'operator'), values: listOf(TEXT) })),
});

const KEY = fields({ ...each(TEXT, 'name', 'key'), optional: FLAG });
const NAMED = fields({ name: TEXT, optional: FLAG });
const ITEMS = listOf(fields(each(TEXT, 'key', 'path')));

const SECCOMP = fields(each(TEXT, 'type', 'localhostProfile'));

const SECURITY_CONTEXT = fields({
  ...each(FLAG, 'allowPrivilegeEscalation', 'privileged', 'readOnlyRootFilesystem', 'runAsNonRoot'),
  capabilities: fields(each(listOf(TEXT), 'add', 'drop')),
  procMount: TEXT,
  seccompProfile: SECCOMP,
});

const POD_SECURITY_CONTEXT = fields({
  fsGroupChangePolicy: TEXT,
  runAsNonRoot: FLAG,
  seccompProfile: SECCOMP,
  sysctls: listOf(fields(each(TEXT, 'name', 'value'))),
});

const HTTP = fields({ ...each(TEXT, 'path', 'host', 'scheme'), httpHeaders: listOf(fields(each(TEXT, 'name', 'value'))) });
const PROBE = fields({ httpGet: HTTP, tcpSocket: OBJECT, exec: OBJECT, grpc: fields({ service: TEXT }) });
const HANDLER = fields({ httpGet: HTTP, tcpSocket: OBJECT, exec: OBJECT, sleep: fields({ seconds: INT64 }) });

const CONTAINER = fields({
  ...each(TEXT, 'imagePullPolicy', 'restartPolicy', 'terminationMessagePath', 'terminationMessagePolicy', 'workingDir'),
  ...each(FLAG, 'stdin', 'stdinOnce', 'tty'),
  ...each(PROBE, 'livenessProbe', 'readinessProbe', 'startupProbe'),
  env: listOf(fields({
    valueFrom: fields({ ...each(KEY, 'configMapKeyRef', 'secretKeyRef'), fieldRef: fields({ fieldPath: TEXT }), resourceFieldRef: fields({ resource: TEXT }) }),
  })),
  envFrom: listOf(fields({ prefix: TEXT, ...each(NAMED, 'configMapRef', 'secretRef') })),
  lifecycle: fields(each(HANDLER, 'preStop', 'postStart')),
  ports: listOf(fields(each(TEXT, 'protocol', 'hostIP'))),
  resources: fields(each(OBJECT, 'limits', 'requests')),
  securityContext: SECURITY_CONTEXT,
  volumeDevices: listOf(fields(each(TEXT, 'devicePath'))),
  volumeMounts: listOf(fields({ ...each(TEXT, 'mountPropagation', 'recursiveReadOnly', 'subPathExpr'), readOnly: FLAG })),
});

const FILES = { items: ITEMS, optional: FLAG };
const CONFIG_MAP = fields({ ...FILES, name: TEXT });

const VOLUME = fields({
  configMap: CONFIG_MAP,
  csi: fields({ driver: TEXT, readOnly: FLAG, volumeAttributes: TEXTS }),
  downwardAPI: OBJECT,
  emptyDir: fields({ medium: TEXT }),
  hostPath: fields(each(TEXT, 'path', 'type')),
  nfs: fields({ ...each(TEXT, 'path', 'server'), readOnly: FLAG }),
  persistentVolumeClaim: fields({ claimName: TEXT, readOnly: FLAG }),
  projected: fields({
    sources: listOf(fields({
      configMap: CONFIG_MAP,
      downwardAPI: OBJECT,
      secret: fields({ ...FILES, name: TEXT }),
      serviceAccountToken: fields({ ...each(TEXT, 'audience', 'path'), expirationSeconds: INT64 }),
    })),
  }),
  secret: fields({ ...FILES, secretName: TEXT }),
});

const TOLERATION = fields({ ...each(TEXT, 'effect', 'key', 'operator', 'value'), tolerationSeconds: INT64 });
const SPREAD = fields({
  ...each(INT32, 'maxSkew', 'minDomains'),
  ...each(TEXT, 'topologyKey', 'whenUnsatisfiable', 'nodeAffinityPolicy', 'nodeTaintsPolicy'),
  labelSelector: SELECTOR,
  matchLabelKeys: listOf(TEXT),
});

const POD = fields({
  ...each(FLAG, 'automountServiceAccountToken', 'enableServiceLinks', 'hostIPC', 'hostNetwork', 'hostPID', 'hostUsers', 'setHostnameAsFQDN', 'shareProcessNamespace'),
  ...each(INT64, 'activeDeadlineSeconds', 'terminationGracePeriodSeconds'),
  ...each(TEXT, 'dnsPolicy', 'hostname', 'nodeName', 'preemptionPolicy', 'priorityClassName', 'restartPolicy', 'runtimeClassName', 'schedulerName', 'serviceAccountName', 'subdomain'),
  ...each(listOf(CONTAINER), 'containers', 'initContainers'),
  affinity: OBJECT,
  dnsConfig: fields({ ...each(listOf(TEXT), 'nameservers', 'searches'), options: listOf(fields(each(TEXT, 'name', 'value'))) }),
  hostAliases: listOf(fields({ hostnames: listOf(TEXT) })),
  imagePullSecrets: listOf(fields({ name: TEXT })),
  nodeSelector: TEXTS,
  priority: INT32,
  securityContext: POD_SECURITY_CONTEXT,
  tolerations: listOf(TOLERATION),
  topologySpreadConstraints: listOf(SPREAD),
  volumes: listOf(VOLUME),
});

/** The values of the labels and annotations of pods are the matter of `text-values`. */
const METADATA_OF_POD = fields({ namespace: TEXT, ...each(OBJECT, 'annotations', 'labels') });
const METADATA = fields({ namespace: TEXT, ...each(TEXTS, 'annotations', 'labels') });
const TEMPLATE = fields({ metadata: METADATA_OF_POD, spec: POD });

const CONTROLLER = { minReadySeconds: INT32, selector: SELECTOR, template: TEMPLATE };
const REPLICATED = { ...CONTROLLER, replicas: INT32 };
const REVISED = { ...REPLICATED, revisionHistoryLimit: INT32 };

/** How a workload replaces its pods. */
function rolling(update: { [name: string]: Schema }): Schema {
  return fields({ type: TEXT, rollingUpdate: fields(update) });
}

const JOB = fields({
  ...each(INT32, 'backoffLimit', 'backoffLimitPerIndex', 'completions', 'maxFailedIndexes', 'parallelism', 'ttlSecondsAfterFinished'),
  ...each(FLAG, 'manualSelector', 'suspend'),
  ...each(TEXT, 'completionMode', 'podReplacementPolicy'),
  activeDeadlineSeconds: INT64,
  template: TEMPLATE,
});

const CRON_JOB = fields({
  ...each(INT32, 'failedJobsHistoryLimit', 'successfulJobsHistoryLimit'),
  ...each(TEXT, 'concurrencyPolicy', 'schedule', 'timeZone'),
  jobTemplate: fields({ spec: JOB }),
  startingDeadlineSeconds: INT64,
  suspend: FLAG,
});

const SERVICE = fields({
  ...each(FLAG, 'allocateLoadBalancerNodePorts', 'publishNotReadyAddresses'),
  ...each(TEXT, 'clusterIP', 'externalName', 'externalTrafficPolicy', 'internalTrafficPolicy', 'loadBalancerIP', 'sessionAffinity', 'type'),
  ...each(listOf(TEXT), 'externalIPs', 'loadBalancerSourceRanges'),
  ports: listOf(fields({ ...each(INT32, 'port', 'nodePort'), ...each(TEXT, 'name', 'protocol', 'appProtocol') })),
  selector: TEXTS,
});

function ofPods(spec: { [name: string]: Schema }): Schema {
  return fields({ metadata: METADATA_OF_POD, spec: fields(spec) });
}

/** By kind. */
export const SCHEMAS: ReadonlyMap<string, Schema> = new Map(Object.entries({
  Pod: TEMPLATE,
  PodTemplate: fields({ metadata: METADATA, template: TEMPLATE }),
  Deployment: ofPods({ ...REVISED, progressDeadlineSeconds: INT32, paused: FLAG, strategy: rolling(each(COUNT, 'maxSurge', 'maxUnavailable')) }),
  ReplicaSet: ofPods(REPLICATED),
  ReplicationController: ofPods({ ...REPLICATED, selector: TEXTS }),
  StatefulSet: ofPods({
    ...REVISED, ...each(TEXT, 'podManagementPolicy', 'serviceName'), volumeClaimTemplates: listOf(OBJECT),
    updateStrategy: rolling({ maxUnavailable: COUNT, partition: INT32 }),
  }),
  DaemonSet: ofPods({ ...CONTROLLER, revisionHistoryLimit: INT32, updateStrategy: rolling(each(COUNT, 'maxSurge', 'maxUnavailable')) }),
  Job: fields({ metadata: METADATA_OF_POD, spec: JOB }),
  CronJob: fields({ metadata: METADATA_OF_POD, spec: CRON_JOB }),
  Service: fields({ metadata: METADATA, spec: SERVICE }),
  PodDisruptionBudget: fields({
    metadata: METADATA, spec: fields({ ...each(COUNT, 'maxUnavailable', 'minAvailable'), selector: SELECTOR, unhealthyPodEvictionPolicy: TEXT }),
  }),
  HorizontalPodAutoscaler: fields({ metadata: METADATA, spec: fields({ ...each(INT32, 'maxReplicas', 'minReplicas'), scaleTargetRef: OBJECT }) }),
  ConfigMap: fields({ metadata: METADATA, binaryData: mapOf(BASE64), data: TEXTS, immutable: FLAG }),
  Secret: fields({ metadata: METADATA, data: mapOf(BASE64), immutable: FLAG, stringData: mapOf(SECRET_TEXT), type: TEXT }),
}));

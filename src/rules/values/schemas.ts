import { BASE64, between, COUNT, each, fields, FLAG, INT32, INT64, listOf, mapOf, NATURAL_INT64, OBJECT, oneOf, Schema, SECRET_TEXT, TEXT, TEXTS } from './types';

/**
 * The types of the fields that people write. Not here are those of which another rule says more than their type: the numbers of probes and ports,
 * the ids of users, quantities, commands.
 *
 * @see https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/
 */

const NATURAL = between(0);
const POSITIVE = between(1);
const PROTOCOL = oneOf('', 'TCP', 'UDP', 'SCTP');
const NODE_POLICY = oneOf('Honor', 'Ignore');

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
  procMount: oneOf('Default', 'Unmasked'),
  seccompProfile: SECCOMP,
});

const POD_SECURITY_CONTEXT = fields({
  fsGroupChangePolicy: oneOf('Always', 'OnRootMismatch'),
  runAsNonRoot: FLAG,
  seccompProfile: SECCOMP,
  sysctls: listOf(fields(each(TEXT, 'name', 'value'))),
});

const HTTP = fields({ ...each(TEXT, 'path', 'host'), scheme: oneOf('', 'HTTP', 'HTTPS'), httpHeaders: listOf(fields(each(TEXT, 'name', 'value'))) });
const PROBE = fields({ httpGet: HTTP, tcpSocket: OBJECT, exec: OBJECT, grpc: fields({ service: TEXT }) });
const HANDLER = fields({ httpGet: HTTP, tcpSocket: OBJECT, exec: OBJECT, sleep: fields({ seconds: INT64 }) });

const CONTAINER = fields({
  ...each(TEXT, 'terminationMessagePath', 'workingDir'),
  ...each(FLAG, 'stdin', 'stdinOnce', 'tty'),
  ...each(PROBE, 'livenessProbe', 'readinessProbe', 'startupProbe'),
  env: listOf(fields({
    valueFrom: fields({ ...each(KEY, 'configMapKeyRef', 'secretKeyRef'), fieldRef: fields({ fieldPath: TEXT }), resourceFieldRef: fields({ resource: TEXT }) }),
  })),
  envFrom: listOf(fields({ prefix: TEXT, ...each(NAMED, 'configMapRef', 'secretRef') })),
  imagePullPolicy: oneOf('', 'Always', 'IfNotPresent', 'Never'),
  lifecycle: fields(each(HANDLER, 'preStop', 'postStart')),
  ports: listOf(fields({ hostIP: TEXT, protocol: PROTOCOL })),
  resources: fields(each(OBJECT, 'limits', 'requests')),
  restartPolicy: oneOf('Always', 'OnFailure', 'Never'),
  securityContext: SECURITY_CONTEXT,
  terminationMessagePolicy: oneOf('', 'File', 'FallbackToLogsOnError'),
  volumeDevices: listOf(fields(each(TEXT, 'devicePath'))),
  volumeMounts: listOf(fields({
    mountPropagation: oneOf('None', 'HostToContainer', 'Bidirectional'),
    readOnly: FLAG,
    recursiveReadOnly: oneOf('Disabled', 'IfPossible', 'Enabled'),
    subPathExpr: TEXT,
  })),
});

const FILES = { items: ITEMS, optional: FLAG };
const CONFIG_MAP = fields({ ...FILES, name: TEXT });

const VOLUME = fields({
  configMap: CONFIG_MAP,
  csi: fields({ driver: TEXT, readOnly: FLAG, volumeAttributes: TEXTS }),
  downwardAPI: OBJECT,
  emptyDir: fields({ medium: oneOf('', 'Memory', 'HugePages', 'HugePages-2Mi', 'HugePages-1Gi') }),
  hostPath: fields({ path: TEXT, type: oneOf('', 'DirectoryOrCreate', 'Directory', 'FileOrCreate', 'File', 'Socket', 'CharDevice', 'BlockDevice') }),
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

const TOLERATION = fields({
  ...each(TEXT, 'key', 'value'),
  effect: oneOf('', 'NoSchedule', 'PreferNoSchedule', 'NoExecute'),
  operator: oneOf('', 'Exists', 'Equal', 'Lt', 'Gt'),
  tolerationSeconds: INT64,
});

const SPREAD = fields({
  ...each(POSITIVE, 'maxSkew', 'minDomains'),
  ...each(NODE_POLICY, 'nodeAffinityPolicy', 'nodeTaintsPolicy'),
  labelSelector: SELECTOR,
  matchLabelKeys: listOf(TEXT),
  topologyKey: TEXT,
  whenUnsatisfiable: oneOf('DoNotSchedule', 'ScheduleAnyway'),
});

const WEIGHT = between(1, 100);
const NODE_TERM = fields({
  matchExpressions: listOf(fields({ key: TEXT, operator: oneOf('In', 'NotIn', 'Exists', 'DoesNotExist', 'Gt', 'Lt'), values: listOf(TEXT) })),
});
const POD_TERM = fields({ labelSelector: SELECTOR, namespaceSelector: SELECTOR, namespaces: listOf(TEXT), topologyKey: TEXT });
const POD_TERMS = fields({
  preferredDuringSchedulingIgnoredDuringExecution: listOf(fields({ podAffinityTerm: POD_TERM, weight: WEIGHT })),
  requiredDuringSchedulingIgnoredDuringExecution: listOf(POD_TERM),
});

const AFFINITY = fields({
  nodeAffinity: fields({
    preferredDuringSchedulingIgnoredDuringExecution: listOf(fields({ preference: NODE_TERM, weight: WEIGHT })),
    requiredDuringSchedulingIgnoredDuringExecution: fields({ nodeSelectorTerms: listOf(NODE_TERM) }),
  }),
  ...each(POD_TERMS, 'podAffinity', 'podAntiAffinity'),
});

const POD_FIELDS = {
  ...each(FLAG, 'automountServiceAccountToken', 'enableServiceLinks', 'hostIPC', 'hostNetwork', 'hostPID', 'hostUsers', 'setHostnameAsFQDN', 'shareProcessNamespace'),
  ...each(TEXT, 'hostname', 'nodeName', 'priorityClassName', 'runtimeClassName', 'schedulerName', 'serviceAccountName', 'subdomain'),
  ...each(listOf(CONTAINER), 'containers', 'initContainers'),
  activeDeadlineSeconds: POSITIVE,
  affinity: AFFINITY,
  dnsConfig: fields({ ...each(listOf(TEXT), 'nameservers', 'searches'), options: listOf(fields(each(TEXT, 'name', 'value'))) }),
  dnsPolicy: oneOf('', 'ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None'),
  hostAliases: listOf(fields({ hostnames: listOf(TEXT) })),
  imagePullSecrets: listOf(fields({ name: TEXT })),
  nodeSelector: TEXTS,
  os: fields({ name: oneOf('linux', 'windows') }),
  preemptionPolicy: oneOf('PreemptLowerPriority', 'Never'),
  priority: INT32,
  securityContext: POD_SECURITY_CONTEXT,
  terminationGracePeriodSeconds: INT64,
  tolerations: listOf(TOLERATION),
  topologySpreadConstraints: listOf(SPREAD),
  volumes: listOf(VOLUME),
};

/** The values of the labels and annotations of pods are the matter of `text-values`. */
const METADATA_OF_POD = fields({ namespace: TEXT, ...each(OBJECT, 'annotations', 'labels') });
const METADATA = fields({ namespace: TEXT, ...each(TEXTS, 'annotations', 'labels') });

/** Of a workload: which restart policy it takes says `restart-policy`. */
const TEMPLATE = fields({ metadata: METADATA_OF_POD, spec: fields({ ...POD_FIELDS, restartPolicy: TEXT }) });
const POD = fields({ metadata: METADATA_OF_POD, spec: fields({ ...POD_FIELDS, restartPolicy: oneOf('', 'Always', 'OnFailure', 'Never') }) });

const CONTROLLER = { minReadySeconds: NATURAL, selector: SELECTOR, template: TEMPLATE };
const REPLICATED = { ...CONTROLLER, replicas: NATURAL };

/** How a workload replaces its pods, or that it does not by itself. */
function rolling(other: string, update: { [name: string]: Schema }): Schema {
  return fields({ type: oneOf('', 'RollingUpdate', other), rollingUpdate: fields(update) });
}

const JOB = fields({
  ...each(NATURAL, 'backoffLimit', 'backoffLimitPerIndex', 'completions', 'maxFailedIndexes', 'parallelism', 'ttlSecondsAfterFinished'),
  ...each(FLAG, 'manualSelector', 'suspend'),
  activeDeadlineSeconds: NATURAL_INT64,
  completionMode: oneOf('NonIndexed', 'Indexed'),
  podReplacementPolicy: oneOf('TerminatingOrFailed', 'Failed'),
  template: TEMPLATE,
});

const CRON_JOB = fields({
  ...each(NATURAL, 'failedJobsHistoryLimit', 'successfulJobsHistoryLimit'),
  ...each(TEXT, 'schedule', 'timeZone'),
  concurrencyPolicy: oneOf('', 'Allow', 'Forbid', 'Replace'),
  jobTemplate: fields({ spec: JOB }),
  startingDeadlineSeconds: NATURAL_INT64,
  suspend: FLAG,
});

const SERVICE = fields({
  ...each(FLAG, 'allocateLoadBalancerNodePorts', 'publishNotReadyAddresses'),
  ...each(TEXT, 'clusterIP', 'externalName', 'loadBalancerIP'),
  ...each(listOf(TEXT), 'externalIPs', 'loadBalancerSourceRanges'),
  externalTrafficPolicy: oneOf('', 'Cluster', 'Local'),
  internalTrafficPolicy: oneOf('Cluster', 'Local'),
  ports: listOf(fields({ ...each(TEXT, 'name', 'appProtocol'), nodePort: INT32, port: between(1, 65535), protocol: PROTOCOL })),
  selector: TEXTS,
  sessionAffinity: oneOf('', 'ClientIP', 'None'),
  type: oneOf('', 'ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'),
});

function ofPods(spec: { [name: string]: Schema }): Schema {
  return fields({ metadata: METADATA_OF_POD, spec: fields(spec) });
}

/** By kind. */
export const SCHEMAS: ReadonlyMap<string, Schema> = new Map(Object.entries({
  Pod: POD,
  PodTemplate: fields({ metadata: METADATA, template: POD }),
  Deployment: ofPods({
    ...REPLICATED, paused: FLAG, progressDeadlineSeconds: POSITIVE, revisionHistoryLimit: NATURAL,
    strategy: rolling('Recreate', each(COUNT, 'maxSurge', 'maxUnavailable')),
  }),
  ReplicaSet: ofPods(REPLICATED),
  ReplicationController: ofPods({ ...REPLICATED, selector: TEXTS }),
  StatefulSet: ofPods({
    ...REPLICATED, podManagementPolicy: oneOf('', 'OrderedReady', 'Parallel'), serviceName: TEXT, volumeClaimTemplates: listOf(OBJECT),
    // A negative one is accepted here.
    revisionHistoryLimit: INT32,
    updateStrategy: rolling('OnDelete', { maxUnavailable: COUNT, partition: NATURAL }),
  }),
  DaemonSet: ofPods({ ...CONTROLLER, revisionHistoryLimit: NATURAL, updateStrategy: rolling('OnDelete', each(COUNT, 'maxSurge', 'maxUnavailable')) }),
  Job: fields({ metadata: METADATA_OF_POD, spec: JOB }),
  CronJob: fields({ metadata: METADATA_OF_POD, spec: CRON_JOB }),
  Service: fields({ metadata: METADATA, spec: SERVICE }),
  PodDisruptionBudget: fields({
    metadata: METADATA, spec: fields({ ...each(COUNT, 'maxUnavailable', 'minAvailable'), selector: SELECTOR, unhealthyPodEvictionPolicy: oneOf('IfHealthyBudget', 'AlwaysAllow') }),
  }),
  HorizontalPodAutoscaler: fields({ metadata: METADATA, spec: fields({ maxReplicas: INT32, minReplicas: NATURAL, scaleTargetRef: OBJECT }) }),
  ConfigMap: fields({ metadata: METADATA, binaryData: mapOf(BASE64), data: TEXTS, immutable: FLAG }),
  Secret: fields({ metadata: METADATA, data: mapOf(BASE64), immutable: FLAG, stringData: mapOf(SECRET_TEXT), type: TEXT }),
}));

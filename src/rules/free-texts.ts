/** A part of manifests, by the fields that lead to free texts. Elements of a list are the same place as the list. */
export interface Place {
  /** Whether texts in it, and below it, are free. */
  readonly isFree: boolean;
  readonly fields: ReadonlyMap<string, Place>;
}

const NO_FIELDS: ReadonlyMap<string, Place> = new Map();

/** Texts that may be different in objects of one make. */
export const FREE: Place = { isFree: true, fields: NO_FIELDS };

/** Everything else. */
export const COMPARED: Place = { isFree: false, fields: NO_FIELDS };

function place(fields: { readonly [name: string]: Place }): Place {
  return { isFree: false, fields: new Map(Object.entries(fields)) };
}

/** Not the annotations: they tell what a pod does, to controllers as to rules. */
const METADATA = place({ name: FREE, namespace: FREE, labels: FREE });

const NAMED = place({ name: FREE });

const CONTAINERS = place({
  image: FREE,
  command: FREE,
  args: FREE,
  env: place({ value: FREE, valueFrom: place({ configMapKeyRef: NAMED, secretKeyRef: NAMED }) }),
  envFrom: place({ configMapRef: NAMED, secretRef: NAMED }),
});

const VOLUMES = place({
  configMap: NAMED,
  secret: place({ secretName: FREE }),
  persistentVolumeClaim: place({ claimName: FREE }),
  projected: place({ sources: place({ configMap: NAMED, secret: NAMED }) }),
});

const SELECTING = place({ labelSelector: FREE });
const TERMS = place({
  requiredDuringSchedulingIgnoredDuringExecution: SELECTING,
  preferredDuringSchedulingIgnoredDuringExecution: place({ podAffinityTerm: SELECTING }),
});

const POD_SPEC = {
  containers: CONTAINERS,
  initContainers: CONTAINERS,
  volumes: VOLUMES,
  serviceAccountName: FREE,
  topologySpreadConstraints: SELECTING,
  affinity: place({ podAffinity: TERMS, podAntiAffinity: TERMS }),
};

const TEMPLATE = place({ metadata: METADATA, spec: place(POD_SPEC) });

/**
 * What the pods of an app, and the objects around them, differ in: names, labels, images, words of commands, values of the environment, and
 * what they refer to. One tree for all kinds: none of these fields is another thing in another kind.
 */
export const FREE_TEXTS = place({
  metadata: METADATA,
  spec: place({
    ...POD_SPEC,
    template: TEMPLATE,
    jobTemplate: place({ metadata: METADATA, spec: place({ template: TEMPLATE }) }),
    selector: FREE,
    podSelector: FREE,
    serviceName: FREE,
    scaleTargetRef: NAMED,
  }),
});

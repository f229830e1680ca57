import { isObject, JsonObject } from './json';
import { isCustom, kindOf, nameOf, namespaceOf } from './kinds';
import { isSelectedBy, labelPairs } from './labels';
import { PodTemplate, podTemplateOf } from './pod-template';

/** The objects of an app together, for rules that look from one to the other. */
export class Manifests {
  private kinds?: Map<string, JsonObject[]>;
  private nameIndex?: Map<string, JsonObject>;
  private podIndex?: Map<string, PodTemplate[]>;
  private operators?: boolean;
  private serviceIndex?: Map<string, JsonObject[]>;

  /**
   * @param objects all of them
   * @param complete whether these are all there is; if not, something that is missing may be elsewhere
   */
  public constructor(private readonly objects: readonly JsonObject[], public readonly complete: boolean) {}

  /** Whether custom resources are among them, or their definitions: then an operator may make pods that no manifest shows. */
  public get mayHaveOperators(): boolean {
    return (this.operators ??= this.objects.some(isCustom));
  }

  /** All objects of a kind, in the order in which they came. */
  public ofKind(kind: string): readonly JsonObject[] {
    if (!this.kinds) {
      this.kinds = new Map();
      for (const object of this.objects) {
        append(this.kinds, kindOf(object), object);
      }
    }
    return this.kinds.get(kind) ?? [];
  }

  /** The object of a kind and name in the namespace of an object; undefined where it is not among these. */
  public named(kind: string, name: unknown, object: JsonObject): JsonObject | undefined {
    if (!this.nameIndex) {
      this.nameIndex = new Map();
      for (const one of this.objects) {
        this.nameIndex.set(`${namespaceOf(one)} ${kindOf(one)} ${nameOf(one)}`, one);
      }
    }
    return typeof name === 'string' && name !== '' ? this.nameIndex.get(`${namespaceOf(object)} ${kind} ${name}`) : undefined;
  }

  /** The pods of all objects in the namespace of an object. */
  public podsBeside(object: JsonObject): readonly PodTemplate[] {
    return this.pods().get(namespaceOf(object)) ?? [];
  }

  /** The pods in the namespace of an object that carry all of these labels. None for no labels. */
  public podsWith(labels: unknown, object: JsonObject): readonly PodTemplate[] {
    const pairs = labelPairs(labels);
    if (pairs.length === 0) {
      return [];
    }
    const candidates = this.pods().get(`${namespaceOf(object)} ${pairs[0]}`) ?? [];
    return pairs.length === 1 ? candidates : candidates.filter((pod) => {
      const own = labelsOf(pod);
      return pairs.every((pair) => own.includes(pair));
    });
  }

  /** The pods in the namespace of an object that a selector with `matchLabels` and `matchExpressions` selects. An empty one selects all of them. */
  public podsSelectedBy(selector: unknown, object: JsonObject): readonly PodTemplate[] {
    if (!isObject(selector)) {
      return [];
    }
    const candidates = labelPairs(selector.matchLabels).length > 0 ? this.podsWith(selector.matchLabels, object) : this.podsBeside(object);
    return candidates.filter(({ holder }) => isSelectedBy(selector, holder.metadata?.labels));
  }

  /** The Services whose selector matches a pod. */
  public servicesOf(pod: PodTemplate): readonly JsonObject[] {
    const namespace = namespaceOf(pod.object);
    const own = labelsOf(pod);
    return own.flatMap((label) => this.services().get(`${namespace} ${label}`) ?? [])
      .filter((service) => labelPairs(service.spec.selector).every((pair) => own.includes(pair)));
  }

  /** By namespace, and by namespace and label. */
  private pods(): Map<string, PodTemplate[]> {
    if (!this.podIndex) {
      this.podIndex = new Map();
      for (const object of this.objects) {
        const template = kindOf(object) === '' ? undefined : podTemplateOf(object);
        if (template) {
          append(this.podIndex, namespaceOf(object), template);
          for (const label of labelsOf(template)) {
            append(this.podIndex, `${namespaceOf(object)} ${label}`, template);
          }
        }
      }
    }
    return this.podIndex;
  }

  /** By namespace and the first label of the selector: a pod that lacks that one is not selected. */
  private services(): Map<string, JsonObject[]> {
    if (!this.serviceIndex) {
      this.serviceIndex = new Map();
      for (const service of this.ofKind('Service')) {
        const [first] = isObject(service.spec) ? labelPairs(service.spec.selector) : [];
        if (first !== undefined) {
          append(this.serviceIndex, `${namespaceOf(service)} ${first}`, service);
        }
      }
    }
    return this.serviceIndex;
  }
}

/** The labels of a pod, each as `key=value`. */
function labelsOf({ holder }: PodTemplate): string[] {
  return isObject(holder.metadata) ? labelPairs(holder.metadata.labels) : [];
}

function append<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const values = map.get(key);
  if (values) {
    values.push(value);
  } else {
    map.set(key, [value]);
  }
}

import { containersOf, ContainerView } from './containers';
import { isObject, JsonObject } from './json';
import { isCustom, kindOf, nameOf, namespaceOf } from './kinds';
import { isSelectedBy, labelPairs } from './labels';
import { append } from './lists';
import { onceFor } from './memo';
import { PodTemplate, podTemplateOf } from './pod-template';

/** The objects of an app together, for rules that look from one to the other. */
export class Manifests {
  private kinds?: Map<string, JsonObject[]>;
  private nameIndex?: Map<string, JsonObject>;
  private podIndex?: Map<string, PodTemplate[]>;
  private readonly services = new Map<PodTemplate, JsonObject[]>();
  private servicesKnown = false;
  private operators?: boolean;

  /**
   * @param objects all of them
   * @param templates the pods of objects, as far as they are known already
   */
  public constructor(private readonly objects: readonly JsonObject[], private readonly templates: Map<JsonObject, PodTemplate> = new Map()) {}

  /** Whether custom resources are among them, or their definitions: then an operator may make pods that no manifest shows. */
  public get mayHaveOperators(): boolean {
    return (this.operators ??= this.objects.some(isCustom));
  }

  /** The pod in an object; the same each time, so that what is known of it is not found out again. */
  public templateOf(object: JsonObject): PodTemplate | undefined {
    const known = this.templates.get(object);
    if (known !== undefined) {
      return known;
    }
    const template = kindOf(object) === '' ? undefined : podTemplateOf(object);
    if (template) {
      this.templates.set(object, template);
    }
    return template;
  }

  /** The containers of a pod, once for all that ask. */
  public containersOf(template: PodTemplate): ContainerView[] {
    return containersOnce(template);
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
    const candidates = this.fewest(pairs, namespaceOf(object));
    return pairs.length === 1 ? candidates : candidates.filter((pod) => hasAll(pod, pairs));
  }

  /** The pods with the rarest of some labels: charts give all of their pods the same label beside one of their own. */
  private fewest(pairs: readonly string[], namespace: string): readonly PodTemplate[] {
    let fewest = this.pods().get(`${namespace} ${pairs[0]}`) ?? NO_PODS;
    for (let index = 1; index < pairs.length && fewest.length > 1; index++) {
      const others = this.pods().get(`${namespace} ${pairs[index]}`) ?? NO_PODS;
      fewest = others.length < fewest.length ? others : fewest;
    }
    return fewest;
  }

  /** The pods in the namespace of an object that a selector with `matchLabels` and `matchExpressions` selects. An empty one selects all of them. */
  public podsSelectedBy(selector: unknown, object: JsonObject): readonly PodTemplate[] {
    if (!isObject(selector)) {
      return [];
    }
    const byLabels = isObject(selector.matchLabels) && Object.keys(selector.matchLabels).length > 0;
    const candidates = byLabels ? this.podsWith(selector.matchLabels, object) : this.podsBeside(object);
    return selector.matchExpressions === undefined ? candidates : candidates.filter(({ holder }) => isSelectedBy(selector, holder.metadata?.labels));
  }

  /** The Services whose selector matches a pod. */
  public servicesOf(pod: PodTemplate): readonly JsonObject[] {
    if (!this.servicesKnown) {
      this.servicesKnown = true;
      for (const service of this.ofKind('Service')) {
        for (const selected of isObject(service.spec) ? this.podsWith(service.spec.selector, service) : NO_PODS) {
          append(this.services, selected, service);
        }
      }
    }
    return this.services.get(this.templateOf(pod.object) ?? pod) ?? NO_OBJECTS;
  }

  /** By namespace, and by namespace and label. */
  private pods(): Map<string, PodTemplate[]> {
    if (!this.podIndex) {
      this.podIndex = new Map();
      for (const object of this.objects) {
        const template = this.templateOf(object);
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
}

const containersOnce = onceFor(containersOf);

const NO_PODS: readonly PodTemplate[] = [];
const NO_OBJECTS: readonly JsonObject[] = [];

/** The labels of a pod, each as `key=value`. */
const labelsOf = onceFor(({ holder }: PodTemplate): string[] => isObject(holder.metadata) ? labelPairs(holder.metadata.labels) : []);

function hasAll(pod: PodTemplate, pairs: readonly string[]): boolean {
  const own = labelsOf(pod);
  return pairs.every((pair) => own.includes(pair));
}

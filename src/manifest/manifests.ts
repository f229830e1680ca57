import { containersOnce, ContainerView } from './containers';
import { isObject, JsonObject, textOf } from './json';
import { kindOf, mayMakePods, nameOf, namespaceOf } from './kinds';
import { hasLabels, isSelectedBy } from './labels';
import { append } from './lists';
import { PodTemplate, podTemplateOf } from './pod-template';

/** The objects of an app together, for rules that look from one to the other. */
export class Manifests {
  private kinds?: Map<string, JsonObject[]>;
  private nameIndex?: Map<string, JsonObject>;
  private podIndex?: Map<string, PodsOfNamespace>;
  private readonly selected = new Map<JsonObject, readonly PodTemplate[]>();
  private readonly services = new Map<PodTemplate, JsonObject[]>();
  private servicesKnown = false;
  private operators?: boolean;

  /**
   * @param objects all of them
   * @param templates the pods of objects, as far as they are known already
   */
  public constructor(private readonly objects: readonly JsonObject[], private readonly templates: Map<JsonObject, PodTemplate> = new Map()) {}

  /** Whether custom resources are among them, or their definitions, for which an operator may make pods that no manifest shows. */
  public get mayHaveOperators(): boolean {
    return (this.operators ??= this.objects.some(mayMakePods));
  }

  /** The pod in an object; the same each time, so that what is known of it is not found out again. */
  public templateOf(object: JsonObject): PodTemplate | undefined {
    const known = this.templates.get(object);
    if (known !== undefined) {
      return known;
    }
    const template = podTemplateOf(object);
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
    return this.pods().get(namespaceOf(object))?.all ?? NO_PODS;
  }

  /**
   * The pods that an object selects by its `spec.selector`: in a Service these are labels, elsewhere there are `matchLabels` and `matchExpressions`.
   * Without labels a Service selects none, and an empty selector elsewhere all in its namespace.
   */
  public podsOf(object: JsonObject): readonly PodTemplate[] {
    let pods = this.selected.get(object);
    if (!pods) {
      const selector = isObject(object.spec) ? object.spec.selector : undefined;
      pods = kindOf(object) === 'Service' ? this.podsWith(selector, object) : this.podsSelectedBy(selector, object);
      this.selected.set(object, pods);
    }
    return pods;
  }

  /** The pods in the namespace of an object that carry all of these labels. None for no labels. */
  public podsWith(labels: unknown, object: JsonObject): readonly PodTemplate[] {
    const wanted: JsonObject = isObject(labels) ? labels : {};
    const keys = Object.keys(wanted);
    const candidates = fewest(wanted, keys, this.pods().get(namespaceOf(object)));
    return keys.length < 2 ? candidates : candidates.filter((pod) => hasLabels(labelsOf(pod), wanted));
  }

  private podsSelectedBy(selector: unknown, object: JsonObject): readonly PodTemplate[] {
    if (!isObject(selector)) {
      return NO_PODS;
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
        for (const selected of this.podsOf(service)) {
          append(this.services, selected, service);
        }
      }
    }
    return this.services.get(this.templateOf(pod.object) ?? pod) ?? NO_OBJECTS;
  }

  private pods(): Map<string, PodsOfNamespace> {
    if (!this.podIndex) {
      this.podIndex = new Map();
      for (const object of this.objects) {
        const template = this.templateOf(object);
        if (template) {
          this.indexPod(this.podIndex, namespaceOf(object), template);
        }
      }
    }
    return this.podIndex;
  }

  private indexPod(index: Map<string, PodsOfNamespace>, namespace: string, template: PodTemplate): void {
    let pods = index.get(namespace);
    if (!pods) {
      pods = { all: [], byLabel: new Map() };
      index.set(namespace, pods);
    }
    pods.all.push(template);
    const labels = labelsOf(template);
    for (const key of Object.keys(labels)) {
      let byValue = pods.byLabel.get(key);
      if (!byValue) {
        byValue = new Map();
        pods.byLabel.set(key, byValue);
      }
      append(byValue, textOf(labels[key]), template);
    }
  }
}

/** The pods of a namespace. */
interface PodsOfNamespace {
  readonly all: PodTemplate[];
  /** By the keys and values of their labels. */
  readonly byLabel: Map<string, Map<string, PodTemplate[]>>;
}

const NO_PODS: readonly PodTemplate[] = [];
const NO_OBJECTS: readonly JsonObject[] = [];

/** The pods with the rarest of some labels: charts give all of their pods the same label beside one of their own. */
function fewest(labels: JsonObject, keys: readonly string[], pods: PodsOfNamespace | undefined): readonly PodTemplate[] {
  let rarest: readonly PodTemplate[] | undefined;
  for (const key of keys) {
    const others = pods?.byLabel.get(key)?.get(textOf(labels[key])) ?? NO_PODS;
    rarest = rarest === undefined || others.length < rarest.length ? others : rarest;
  }
  return rarest ?? NO_PODS;
}

const NO_LABELS: JsonObject = {};

function labelsOf({ holder }: PodTemplate): JsonObject {
  return isObject(holder.metadata) && isObject(holder.metadata.labels) ? holder.metadata.labels : NO_LABELS;
}


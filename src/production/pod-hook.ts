import { ApiObject, JsonPatch } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { IConstruct } from 'constructs';
import { applyManifestDefaults, decideDefaults } from './apply-defaults';
import { hasDefaultResources } from './default-resources';
import { containerNames, fillNewContainers, fillPod } from './fill-pod';
import { HOOK, hookObject, hookPod, ObjectMethods, PodMethods } from './hook-methods';
import { applyPatches, takeOverPatches } from './json-patches';
import { describeLeftOpen } from './left-open';
import { FillMode, newPodFacts, packsOf, PartContainer, PodFacts } from './pod-facts';
import { checkRendered, watch } from './render-pass';
import { constructPath } from './rendered-objects';
import { sayOnce } from './say-once';
import { resolveSettings, resolveTarget } from './settings';
import { notePullPolicy, replaceDnsPolicy, SilentDefaults } from './silent-defaults';
import { deepSorted, JsonObject, readSortSetting } from '../manifest/json';
import { DEFAULT_TARGET, Target } from '../manifest/kubernetes-version';
import { holdsPod } from '../manifest/pod-template';
import { CheckOptions } from '../rules/engine';

/** Writes into a rendered manifest, in place, what cdk8s-plus has no property for. */
export type ManifestWriter = (object: JsonObject) => void;

/** Called with the app's container as soon as there is one. */
type AppListener = (app: kplus.Container) => void;

/**
 * The hook on one object that contains a pod: fills, then patches what the object renders.
 *
 * It overrides public methods of the one instance: `ApiObject.toJson`, `addJsonPatch`, and the
 * pod's `addContainer`, `addInitContainer` and `attachContainer`.
 */
export class PodHook implements ObjectMethods, PodMethods {
  /** The hook of a pod, workload or API object; made at the first call. */
  public static of(construct: IConstruct): PodHook {
    const object = ApiObject.of(construct) as ApiObject & { [HOOK]?: PodHook };
    return (object[HOOK] ??= new PodHook(object));
  }

  /**
   * Hooks an object that lies under `ProductionReady` when its chart is rendered, so that objects
   * created later are reached too.
   */
  public static prepare(object: ApiObject): void {
    if (holdsPod(object.kind) && resolveSettings(object, false)) {
      PodHook.of(object);
    }
  }

  /** Objects without a pod are checked where settings reach them, or where they belong to a pod or workload that is. */
  public static checkOptionsOf(object: ApiObject): CheckOptions | undefined {
    const settings = resolveSettings(object, false);
    const belongsToPod = () => object.node.scopes.some((scope) => scope instanceof kplus.AbstractPod && HOOK in scope);
    if (!settings) {
      return belongsToPod() ? {} : undefined;
    }
    return { target: settings.target, packs: settings.packs ?? packsOf(settings.mode ?? FillMode.PARTS) };
  }

  /** What is known of the pod beyond its manifest. */
  public readonly facts: PodFacts = newPodFacts();
  /** The pod or workload of cdk8s-plus; undefined for any other object. */
  public readonly pod?: kplus.AbstractPod;
  private readonly patches: JsonPatch[];
  private readonly partContainers: kplus.Container[] = [];
  private readonly waiting: AppListener[] = [];
  private readonly silent = new SilentDefaults();
  private pattern = false;
  private adding = false;
  private hasAttached = false;
  private knownApp?: kplus.Container;
  private writers?: ManifestWriter[];

  private constructor(private readonly object: ApiObject) {
    const scope = object.node.scope;
    this.pod = scope instanceof kplus.AbstractPod ? scope : undefined;
    this.facts.fromCdk8sPlus = this.pod !== undefined;
    this.facts.construct = () => constructPath(object);
    this.facts.hasDefaultResources = (name) => this.hasDefaultResources(name);
    this.patches = takeOverPatches(object);
    hookObject(object);
    if (this.pod && !(this.pod as { _tellsHook?: boolean })._tellsHook) {
      hookPod(this.pod, this);
    }
    watch(object, PodHook);
  }

  /** Marks the pod as a pattern pod: every container is filled, whoever adds it. */
  public markPatternPod(): void {
    this.pattern = true;
  }

  /** The app: the first regular container that no part added. */
  public get app(): kplus.Container | undefined {
    // Once it is known it stays: containers are only ever appended.
    return (this.knownApp ??= this.pod?.containers.find((container) => !this.partContainers.includes(container)));
  }

  /** Takes a container as the app that a part was bound to; the first one stays. */
  public chooseApp(app: kplus.Container): void {
    this.knownApp ??= app;
  }

  /** Adds the container of a part: with a restart policy it is a native sidecar. */
  public addPartContainer(facts: PartContainer, props: kplus.ContainerProps): kplus.Container {
    const pod = this.pod!;
    this.adding = true;
    try {
      const container = props.restartPolicy || facts.role === 'initContainer' ? pod.addInitContainer(props) : pod.addContainer(props);
      notePullPolicy(container, props);
      this.partContainers.push(container);
      this.facts.partContainers.set(container.name, facts);
      return container;
    } finally {
      this.adding = false;
    }
  }

  /** Calls back with the app, now or when it arrives. */
  public whenAppIsKnown(listener: AppListener): void {
    const app = this.app;
    if (app) {
      listener(app);
    } else {
      this.waiting.push(listener);
    }
  }

  /** A container was attached, by a part or by anybody. */
  public onAttached(container: kplus.Container): void {
    if (!this.adding) {
      this.hasAttached = true;
      this.waiting.splice(0).forEach((listener) => listener(container));
    }
  }

  /** A container was added from props that were seen. */
  public onAdded(container: kplus.Container, props: kplus.ContainerProps): void {
    if (!this.adding) {
      this.silent.remember(container, props);
    }
  }

  /** Adds a writer: what it writes is the user's, so it comes before anything is filled, and patches still have the last word. */
  public addWriter(writer: ManifestWriter): void {
    (this.writers ??= []).push(writer);
  }

  /** The clusters that the pod is made for, as far as it is known now. */
  public get target(): Target {
    return resolveTarget(this.object);
  }

  /** Keeps patches for the final manifest. */
  public addPatches(patches: JsonPatch[]): void {
    this.patches.push(...patches);
  }

  /** Refuses to render a pod that has parts and no app. */
  public demandApp(): void {
    if (this.facts.partContainers.size > 0 && !this.app) {
      const parts = [...new Set([...this.facts.partContainers.values()].map(({ part }) => `"${part}"`))].join(', ');
      throw new Error(`${constructPath(this.object)}: ${parts} found no app: the pod has no regular container that no part added\n`
        + '  why: a part shares directories with the app and gives it its environment\n'
        + '  fix: add the app with addContainer(), or name it: bind(pod, { app })');
    }
  }

  /** Fills, patches and checks what the object rendered. */
  public finish(json: any): any {
    const settings = resolveSettings(this.object, this.pod !== undefined);
    this.facts.mode = this.pattern ? FillMode.FULL : settings?.mode ?? FillMode.PARTS;
    this.facts.user ??= settings?.user;
    this.facts.appName ??= this.app?.name;
    this.facts.target = settings?.target ?? DEFAULT_TARGET;
    const defaults = settings?.defaults;
    // In a pattern pod only containers that were attached can have silent defaults.
    const silent = !this.pattern || this.hasAttached ? this.silent : undefined;
    if (this.pod && (defaults || silent)) {
      decideDefaults(this.pod, { json, object: this.object, facts: this.facts, decided: this.partContainers, defaults }, silent);
    }
    const written = this.writers ? this.write(json, this.writers) : json;
    if (defaults) {
      applyManifestDefaults(written, defaults);
    }
    if (this.pod && this.facts.mode === FillMode.FULL) {
      replaceDnsPolicy(written, this.object, this.facts);
    }
    fillPod(written, this.facts);
    const patched = this.patches.length === 0 ? written : this.patch(written);
    checkRendered(this.object, patched, { target: this.facts.target, packs: settings?.packs ?? packsOf(this.facts.mode) });
    const leftOpen = this.facts.mode === FillMode.CAREFUL && describeLeftOpen(patched, this.facts.target, this.facts.construct());
    if (leftOpen) {
      sayOnce(this.object.node.root, leftOpen);
    }
    return patched;
  }

  private hasDefaultResources(name: string): boolean {
    const container = [...this.pod?.containers ?? [], ...this.pod?.initContainers ?? []].find((candidate) => candidate.name === name);
    return container !== undefined && hasDefaultResources(container);
  }

  private write(json: JsonObject, writers: ManifestWriter[]): JsonObject {
    readSortSetting();
    writers.forEach((write) => write(json));
    return deepSorted(json);
  }

  /** Patches have the last word; containers that they add are filled, where they leave something open. */
  private patch(json: any): any {
    const names = containerNames(json);
    const patched = applyPatches(json, this.patches, this.facts.construct);
    fillNewContainers(patched, names, this.facts);
    return patched;
  }
}

import { ApiObject, JsonPatch } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { override } from './override';
import { renderWithStorage } from './storage-amounts';

/** Where an object, and its pod, keep their hook. */
export const HOOK = Symbol.for('cdk8s-pod-patterns.pod-hook');

/** What the overridden methods of an object call. */
export interface ObjectMethods {
  readonly pod?: kplus.AbstractPod;
  /** Refuses to render a pod that has parts and no app. */
  demandApp(): void;
  /** Completes what the object rendered. */
  finish(json: any): any;
  /** Keeps patches for the final manifest. */
  addPatches(patches: JsonPatch[]): void;
}

/** What the overridden methods of a pod call. */
export interface PodMethods {
  /** A container was attached, by a part or by anybody. */
  onAttached(container: kplus.Container): void;
  /** A container was added from props that were seen. */
  onAdded(container: kplus.Container, props: kplus.ContainerProps): void;
}

type Hooked<T, M> = T & { readonly [HOOK]: M };

const hookedObjects = new Map();
const hookedPods = new Map();

/** Overrides the methods of an object that already has its hook. */
export function hookObject(object: ApiObject): void {
  override(object, hookedObjects, (Base: any) => class extends Base {
    public toJson(this: Hooked<ApiObject, ObjectMethods>): any {
      this[HOOK].demandApp();
      return this[HOOK].finish(renderWithStorage(this[HOOK].pod, () => Base.prototype.toJson.call(this)));
    }

    public addJsonPatch(this: Hooked<ApiObject, ObjectMethods>, ...operations: JsonPatch[]): void {
      this[HOOK].addPatches(operations);
    }
  } as any);
}

/** Gives a pod its hook, and overrides the methods that tell of new containers. */
export function hookPod(pod: kplus.AbstractPod, hook: PodMethods): void {
  Object.defineProperty(pod, HOOK, { value: hook });
  override(pod, hookedPods, (Base: any) => class extends Base {
    public attachContainer(this: Hooked<kplus.AbstractPod, PodMethods>, container: kplus.Container): void {
      Base.prototype.attachContainer.call(this, container);
      this[HOOK].onAttached(container);
    }

    public addContainer(this: Hooked<kplus.AbstractPod, PodMethods>, props: kplus.ContainerProps): kplus.Container {
      const container = Base.prototype.addContainer.call(this, props);
      this[HOOK].onAdded(container, props);
      return container;
    }

    public addInitContainer(this: Hooked<kplus.AbstractPod, PodMethods>, props: kplus.ContainerProps): kplus.Container {
      const container = Base.prototype.addInitContainer.call(this, props);
      this[HOOK].onAdded(container, props);
      return container;
    }
  } as any);
}

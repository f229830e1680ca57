import { IConstruct } from 'constructs';
import { FillMode } from './pod-facts';

const SETTINGS = Symbol.for('cdk8s-pod-patterns.production-settings');

/** What `ProductionReady` says of the constructs below the one it is applied to. */
export interface ProductionSettings {
  readonly force?: boolean;
  readonly user?: number;
}

/** The settings that hold for one object, all scopes taken together. */
export interface ResolvedSettings {
  readonly mode: FillMode;
  readonly user?: number;
}

type Marked = IConstruct & { [SETTINGS]?: ProductionSettings };

/** Most apps have none: then no scope is asked. */
let anywhere = false;

/** Stores settings on a construct; a later call for the same construct adds to the earlier ones. */
export function storeSettings(construct: IConstruct, settings: ProductionSettings): void {
  const marked = construct as Marked;
  anywhere = true;
  // An undefined field says nothing: it must not hide what a wider scope says.
  const said = Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
  marked[SETTINGS] = { ...marked[SETTINGS], ...said };
}

/**
 * Settings are resolved when the object is rendered, field by field: the nearest scope
 * that says something wins. So those of a chart reach pods that are created later.
 */
export function resolveSettings(object: IConstruct, fromCdk8sPlus: boolean): ResolvedSettings | undefined {
  if (!anywhere) {
    return undefined;
  }
  let merged: ProductionSettings | undefined;
  for (let scope: Marked | undefined = object as Marked; scope; scope = scope.node.scope as Marked | undefined) {
    if (scope[SETTINGS]) {
      merged = { ...scope[SETTINGS], ...merged };
    }
  }
  if (!merged) {
    return undefined;
  }
  return { mode: fromCdk8sPlus || merged.force ? FillMode.FULL : FillMode.CAREFUL, user: merged.user };
}

import { IConstruct } from 'constructs';
import { PodDefaultsProps } from './default-values';
import { FillMode } from './pod-facts';
import { DEFAULT_TARGET, Target, targetOf } from '../manifest/kubernetes-version';
import { Pack } from '../rules/rule';

const SETTINGS = Symbol.for('cdk8s-pod-patterns.production-settings');

/** What `ProductionReady`, `PodDefaults`, `GoldenRules` and `Waiver` say of the constructs below the one they are applied to. */
export interface ProductionSettings extends PodDefaultsProps {
  /** Whether `ProductionReady` is applied. */
  readonly ready?: boolean;
  readonly force?: boolean;
  readonly user?: number;
  /** The packs of rules that objects are held to. */
  readonly packs?: readonly Pack[];
  /** By rule id, the annotation that waives it. */
  readonly waivers?: { readonly [ruleId: string]: string };
}

/** The settings that hold for one object, all scopes taken together. */
export interface ResolvedSettings {
  /** Undefined where `ProductionReady` lies on no scope. */
  readonly mode?: FillMode;
  readonly user?: number;
  /** Undefined where nothing is to be written. */
  readonly defaults?: PodDefaultsProps;
  readonly target: Target;
  readonly packs?: readonly Pack[];
}

type Marked = IConstruct & { [SETTINGS]?: ProductionSettings };

/** Most apps have none: then no scope is asked. */
let anywhere = false;

/** Whether there is a waiver for the objects below a construct. */
let waivers = false;

/** Stores settings on a construct; a later call for the same construct adds to the earlier ones. */
export function storeSettings(construct: IConstruct, settings: ProductionSettings): void {
  const marked = construct as Marked;
  anywhere = true;
  waivers ||= settings.waivers !== undefined;
  marked[SETTINGS] = merge(said(settings), marked[SETTINGS]);
}

/** An undefined field says nothing: it must not hide what a wider scope says. */
function said<T extends object>(settings: T): T {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined && value !== null)) as T;
}

/** Field by field the first one wins; in maps, entry by entry. */
function merge(first: ProductionSettings, second: ProductionSettings = {}): ProductionSettings {
  const merged: { -readonly [name in keyof ProductionSettings]: ProductionSettings[name] } = { ...second, ...first };
  merged.resources &&= { ...second.resources, ...said(first.resources ?? {}) };
  merged.labels &&= { ...second.labels, ...said(first.labels ?? {}) };
  merged.waivers &&= { ...second.waivers, ...first.waivers };
  return merged;
}

/** All scopes of a construct taken together, the nearest one first; undefined where none says anything. */
function settingsOf(construct: IConstruct): ProductionSettings | undefined {
  let merged: ProductionSettings | undefined;
  for (let scope: Marked | undefined = anywhere ? construct as Marked : undefined; scope; scope = scope.node.scope as Marked | undefined) {
    if (scope[SETTINGS]) {
      merged = merged ? merge(merged, scope[SETTINGS]) : scope[SETTINGS];
    }
  }
  return merged;
}

/**
 * Settings are resolved when the object is rendered, field by field: the nearest scope
 * that says something wins. So those of a chart reach pods that are created later.
 */
export function resolveSettings(object: IConstruct, fromCdk8sPlus: boolean): ResolvedSettings | undefined {
  const merged = settingsOf(object);
  // Waivers alone ask for nothing.
  if (!merged || Object.keys(merged).every((key) => key === 'waivers')) {
    return undefined;
  }
  const fill = fromCdk8sPlus || merged.force ? FillMode.FULL : FillMode.CAREFUL;
  const writes = merged.resources || merged.imageRegistry || merged.cpuLimits || merged.labels || merged.imagePullPolicy;
  return {
    mode: merged.ready ? fill : undefined,
    user: merged.user,
    defaults: writes ? merged : undefined,
    target: targetOf(merged.kubernetesVersion, merged.featureGates),
    packs: merged.packs,
  };
}

/** Whether any construct has waivers for the objects below it. */
export function haveWaivers(): boolean {
  return waivers;
}

/** By rule id, the annotations that waive findings in an object. */
export function resolveWaivers(object: IConstruct): { readonly [ruleId: string]: string } {
  return settingsOf(object)?.waivers ?? {};
}

/** The clusters that an object is made for, as far as it is known now. */
export function resolveTarget(object: IConstruct): Target {
  const merged = settingsOf(object);
  return merged ? targetOf(merged.kubernetesVersion, merged.featureGates) : DEFAULT_TARGET;
}

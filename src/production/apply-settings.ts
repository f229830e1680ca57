import { ApiObject, App, Chart } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { IConstruct } from 'constructs';
import { PodHook } from './pod-hook';
import { expectLaterObjects, watch } from './render-pass';
import { ProductionSettings, storeSettings } from './settings';

/**
 * Whether settings can lie on a construct: an app, a chart, a pod or workload of cdk8s-plus, or an API object that is not part
 * of one of those.
 */
export function takesSettings(construct: IConstruct): boolean {
  const isPartOfPod = construct.node.scope instanceof kplus.AbstractPod;
  return construct instanceof App || Chart.isChart(construct) || construct instanceof kplus.AbstractPod
    || (ApiObject.isApiObject(construct) && !isPartOfPod);
}

/**
 * Stores settings on a construct, and sees to it that the pods below are hooked.
 *
 * @param applied where the same settings lie already
 */
export function applySettings(construct: IConstruct, settings: ProductionSettings, applied: Set<IConstruct>): void {
  // `with()` visits all constructs below too; theirs are the settings of the first one, and nearer ones win.
  if (construct.node.scopes.some((scope) => scope !== construct && applied.has(scope))) {
    return;
  }
  applied.add(construct);
  storeSettings(construct, settings);
  if (construct instanceof kplus.AbstractPod || ApiObject.isApiObject(construct)) {
    PodHook.of(construct);
  } else {
    expectLaterObjects();
    watch(construct, PodHook);
    // Charts of an app are watched one by one: `Testing.synth` asks the chart, not the app.
    construct.node.findAll().filter((below) => Chart.isChart(below)).forEach((chart) => watch(chart, PodHook));
  }
}

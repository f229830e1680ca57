import { ApiObject, App, Chart, YamlOutputType } from 'cdk8s';
import { IConstruct } from 'constructs';
import { override } from './override';
import { RenderedObjects } from './rendered-objects';
import { CheckOptions } from '../rules/engine';

const WATCHED = Symbol.for('cdk8s-pod-patterns.watched');

/** What is known of the objects of a chart. */
export interface ObjectHooks {
  /** Called for every object of a chart before it is rendered; hooks those that lie under settings. */
  prepare(object: ApiObject): void;
  /** How an object without a pod is checked; undefined where it is not. */
  checkOptionsOf(object: ApiObject): CheckOptions | undefined;
}

/** What the charts that are being rendered hold; undefined while nothing is rendered. */
let pass: RenderedObjects | undefined;

/** Notes what a hooked object rendered, to be checked at the end of the pass that is under way. */
export function checkRendered(object: ApiObject, json: unknown, options: CheckOptions): void {
  pass?.add(object, json, options);
}

/**
 * Makes the chart and the app of a construct check what they render.
 *
 * `Chart.toJson` checks its own chart. `App.synth` and `App.synthYaml` render every
 * chart once and report all findings of the app in one error, before a file is written:
 * a failing app leaves none behind. Thrown outside of cdk8s's own error handling,
 * the message arrives as it is, in Python too.
 */
export function watch(construct: IConstruct, hooks: ObjectHooks): void {
  if (construct instanceof App) {
    watchApp(construct, hooks);
    return;
  }
  const chart = Chart.of(construct);
  if (!isWatched(chart)) {
    watchChart(chart, hooks);
    // A chart that is watched already has seen to its app.
    const root = chart.node.root;
    if (root instanceof App) {
      watchApp(root, hooks);
    }
  }
}

function isWatched(construct: IConstruct): boolean {
  return (construct as unknown as { [WATCHED]?: boolean })[WATCHED] === true;
}

function isFirst(construct: IConstruct): boolean {
  const first = !isWatched(construct);
  (construct as unknown as { [WATCHED]?: boolean })[WATCHED] = true;
  return first;
}

const watchedCharts = new Map();
const watchedApps = new Map();

function watchChart(chart: Chart, hooks: ObjectHooks): void {
  if (isFirst(chart)) {
    override(chart, watchedCharts, (Base: any) => class extends Base {
      public toJson(this: Chart): any[] {
        return inPass(this.node.root, false, () => {
          prepareObjects(this, hooks);
          const objects = Base.prototype.toJson.call(this);
          pass?.addOthers(objects, () => apiObjectsOf(this), hooks.checkOptionsOf);
          return objects;
        });
      }
    } as any);
  }
}

function watchApp(app: App, hooks: ObjectHooks): void {
  if (isFirst(app)) {
    override(app, watchedApps, (Base: any) => class extends Base {
      public synth(this: App): void {
        watchLaterCharts(this, hooks);
        writeRendered(this, () => Base.prototype.synth.call(this));
      }

      public synthYaml(this: App): string {
        watchLaterCharts(this, hooks);
        return writeRendered(this, () => Base.prototype.synthYaml.call(this));
      }
    } as any);
  }
}

/**
 * Runs something that renders; the outermost call reports what was found.
 *
 * @param complete whether the whole app is rendered, or one chart of it
 */
function inPass<T>(root: IConstruct, complete: boolean, render: () => T): T {
  if (pass) {
    return render();
  }
  const rendered = new RenderedObjects();
  pass = rendered;
  let result: T;
  try {
    result = render();
  } finally {
    pass = undefined;
  }
  rendered.report(root, complete);
  return result;
}

/** Set once settings lie on a chart or an app: only then objects are looked for. */
let preparationNeeded = false;

/** Says that settings lie on a scope above objects that may be created later. */
export function expectLaterObjects(): void {
  preparationNeeded = true;
}

/** Charts that were made after settings were laid on the app. */
function watchLaterCharts(app: App, hooks: ObjectHooks): void {
  if (preparationNeeded) {
    chartsOf(app).forEach((chart) => watchChart(chart, hooks));
  }
}

function chartsOf(app: App): Chart[] {
  // Not `app.charts`: that sorts every construct of the app, and no order is needed here.
  return app.node.findAll().filter((construct) => Chart.isChart(construct)) as Chart[];
}

function prepareObjects(chart: Chart, hooks: ObjectHooks): void {
  if (preparationNeeded) {
    apiObjectsOf(chart).forEach((object) => hooks.prepare(object));
  }
}

function apiObjectsOf(chart: Chart): ApiObject[] {
  return chart.node.findAll().filter((c): c is ApiObject => ApiObject.isApiObject(c) && Chart.of(c) === chart);
}

/** Renders and checks the whole app, then lets cdk8s write what was rendered. */
function writeRendered<T>(app: App, write: () => T): T {
  // Only in this one mode cdk8s asks the objects themselves, once more.
  const objectsToo = app.yamlOutputType === YamlOutputType.FOLDER_PER_CHART_FILE_PER_RESOURCE;
  const rendered = inPass(app, true, () => chartsOf(app).map((chart) => ({ chart, json: chart.toJson(), objects: objectsToo ? apiObjectsOf(chart) : [] })));
  const restore = rendered.flatMap(({ chart, json, objects }) => {
    const byName = new Map(objects.length === 0 ? [] : json.map((own) => [nameIn(own.apiVersion, own.kind, own.metadata), own]));
    return [
      replaceToJson(chart, () => json),
      ...objects.map((object) => {
        const own = byName.get(nameIn(object.apiVersion, object.kind, object.metadata));
        return replaceToJson(object, own ? () => own : object.toJson.bind(object));
      }),
    ];
  });
  try {
    return write();
  } finally {
    restore.forEach((undo) => undo());
  }
}

function nameIn(apiVersion: string, kind: string, metadata?: { readonly namespace?: string; readonly name?: string }): string {
  return `${apiVersion} ${kind} ${metadata?.namespace} ${metadata?.name}`;
}

/** Replaces `toJson` of one instance; the result puts back what was there. */
function replaceToJson(target: { toJson(): any }, toJson: () => any): () => void {
  const own = Object.hasOwn(target, 'toJson') ? target.toJson : undefined;
  target.toJson = toJson;
  return () => {
    if (own) {
      target.toJson = own;
    } else {
      delete (target as { toJson?: unknown }).toJson;
    }
  };
}

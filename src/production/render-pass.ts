import { ApiObject, App, Chart, YamlOutputType } from 'cdk8s';
import { IConstruct } from 'constructs';
import { override } from './override';
import { Target } from '../manifest/kubernetes-version';
import { Checks } from '../rules/engine';
import { Finding, FindingsError, renderFinding } from '../rules/finding';
import { Severity } from '../rules/rule';

const WATCHED = Symbol.for('cdk8s-pod-patterns.watched');

/** Called for every object of a chart before it is rendered; hooks those that lie under `ProductionReady`. */
export type Preparation = (object: ApiObject) => void;

/** What the charts that are being rendered hold; undefined while nothing is rendered. */
let pass: Checks | undefined;

/** Notes what a hooked object rendered, to be checked at the end of the pass that is under way. */
export function checkRendered(object: ApiObject, json: unknown, target: Target): void {
  pass?.add(json, () => constructPath(object), target);
}

/**
 * Makes the chart and the app of a construct check what they render.
 *
 * `Chart.toJson` checks its own chart. `App.synth` and `App.synthYaml` render every
 * chart once and report all findings of the app in one error, before a file is written:
 * a failing app leaves none behind. Thrown outside of cdk8s's own error handling,
 * the message arrives as it is, in Python too.
 */
export function watch(construct: IConstruct, prepare: Preparation): void {
  if (construct instanceof App) {
    watchApp(construct, prepare);
    return;
  }
  const chart = Chart.of(construct);
  if (!isWatched(chart)) {
    watchChart(chart, prepare);
    // A chart that is watched already has seen to its app.
    const root = chart.node.root;
    if (root instanceof App) {
      watchApp(root, prepare);
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

function watchChart(chart: Chart, prepare: Preparation): void {
  if (isFirst(chart)) {
    override(chart, watchedCharts, (Base: any) => class extends Base {
      public toJson(this: Chart): any[] {
        return inPass(this.node.root, () => {
          prepareObjects(this, prepare);
          return Base.prototype.toJson.call(this);
        });
      }
    } as any);
  }
}

function watchApp(app: App, prepare: Preparation): void {
  if (isFirst(app)) {
    override(app, watchedApps, (Base: any) => class extends Base {
      public synth(this: App): void {
        watchLaterCharts(this, prepare);
        writeRendered(this, () => Base.prototype.synth.call(this));
      }

      public synthYaml(this: App): string {
        watchLaterCharts(this, prepare);
        return inPass(this, () => Base.prototype.synthYaml.call(this));
      }
    } as any);
  }
}

/** Runs something that renders; the outermost call reports what was found. */
function inPass<T>(root: IConstruct, render: () => T): T {
  if (pass) {
    return render();
  }
  const checks = new Checks();
  pass = checks;
  let result: T;
  try {
    result = render();
  } finally {
    pass = undefined;
  }
  report(root, checks.findings());
  return result;
}

/** Set once settings lie on a chart or an app: only then objects are looked for. */
let preparationNeeded = false;

/** Says that settings lie on a scope above objects that may be created later. */
export function expectLaterObjects(): void {
  preparationNeeded = true;
}

/** Charts that were made after settings were laid on the app. */
function watchLaterCharts(app: App, prepare: Preparation): void {
  if (preparationNeeded) {
    chartsOf(app).forEach((chart) => watchChart(chart, prepare));
  }
}

function chartsOf(app: App): Chart[] {
  // Not `app.charts`: that sorts every construct of the app, and no order is needed here.
  return app.node.findAll().filter((construct) => Chart.isChart(construct)) as Chart[];
}

function prepareObjects(chart: Chart, prepare: Preparation): void {
  if (preparationNeeded) {
    apiObjectsOf(chart).forEach(prepare);
  }
}

function apiObjectsOf(chart: Chart): ApiObject[] {
  return chart.node.findAll().filter((c): c is ApiObject => ApiObject.isApiObject(c) && Chart.of(c) === chart);
}

/** Renders and checks the whole app, then lets cdk8s write what was rendered. */
function writeRendered(app: App, write: () => void): void {
  // Only in this one mode cdk8s asks the objects themselves, once more.
  const objectsToo = app.yamlOutputType === YamlOutputType.FOLDER_PER_CHART_FILE_PER_RESOURCE;
  const rendered = inPass(app, () => chartsOf(app).map((chart) => ({ chart, json: chart.toJson(), objects: objectsToo ? apiObjectsOf(chart) : [] })));
  const restore = rendered.flatMap(({ chart, json, objects }) => [
    replaceToJson(chart, () => json),
    ...objects.map((object) => {
      const own = json.find((candidate) => isSameObject(candidate, object));
      return replaceToJson(object, own ? () => own : object.toJson.bind(object));
    }),
  ]);
  try {
    write();
  } finally {
    restore.forEach((undo) => undo());
  }
}

function isSameObject(json: any, object: ApiObject): boolean {
  return json.kind === object.kind && json.apiVersion === object.apiVersion && json.metadata?.name === object.name
    && json.metadata?.namespace === object.metadata.namespace;
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

/** The path that a user knows: of the cdk8s-plus construct, not of the object inside it. */
export function constructPath(object: ApiObject): string {
  const scope = object.node.scope;
  return scope && scope.node.defaultChild === object ? scope.node.path : object.node.path;
}

const SAID = Symbol.for('cdk8s-pod-patterns.said');

/** Errors refuse; warnings are said once per app. */
function report(root: IConstruct, findings: Finding[]): void {
  if (findings.some((finding) => finding.severity === Severity.ERROR)) {
    throw new FindingsError(findings);
  }
  findings.forEach((finding) => sayOnce(root, `warning: ${renderFinding(finding)}\n`));
}

/** Says something on standard error, once per app: cdk8s may render an object several times. */
export function sayOnce(root: IConstruct, text: string): void {
  const marked = root as unknown as { [SAID]?: Set<string> };
  const said = (marked[SAID] ??= new Set());
  if (!said.has(text)) {
    said.add(text);
    process.stderr.write(text);
  }
}

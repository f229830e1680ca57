import { ApiObject, App, Chart } from 'cdk8s';
import { IConstruct } from 'constructs';
import { checkObject } from '../rules/engine';
import { Finding, FindingsError, renderFinding } from '../rules/finding';
import { Severity } from '../rules/rule';

const WATCHED = Symbol.for('cdk8s-pod-patterns.watched');

/** Decides, before a chart is rendered, which of its objects are checked. */
export type Preparation = (object: ApiObject) => boolean;

/** What one pass over a chart gave. */
interface Rendered {
  readonly json: any[];
  readonly objects: Map<ApiObject, any>;
  readonly findings: Finding[];
}

/**
 * Makes the chart and the app of a construct check what they render.
 *
 * `Chart.toJson` checks its own chart. `App.synth` and `App.synthYaml` render every
 * chart once, report all findings of the app in one error, and only then write:
 * a failing app leaves no file behind. Thrown outside of cdk8s's own error handling,
 * the message arrives as it is, in Python too.
 */
export function watch(construct: IConstruct, prepare: Preparation): void {
  watchChart(Chart.of(construct), prepare);
  const root = construct.node.root;
  if (root instanceof App) {
    watchApp(root, prepare);
  }
}

function once(construct: IConstruct): boolean {
  const marked = construct as unknown as { [WATCHED]?: boolean };
  const first = !marked[WATCHED];
  marked[WATCHED] = true;
  return first;
}

function watchChart(chart: Chart, prepare: Preparation): void {
  if (!once(chart)) {
    return;
  }
  const original = chart.toJson.bind(chart);
  chart.toJson = () => {
    const rendered = renderChart(chart, original, prepare);
    report(chart.node.root, rendered.findings);
    return rendered.json;
  };
  Object.assign(chart.toJson, { original });
}

function watchApp(app: App, prepare: Preparation): void {
  if (!once(app)) {
    return;
  }
  const synth = app.synth.bind(app);
  const synthYaml = app.synthYaml.bind(app);
  app.synth = () => renderedOnce(app, prepare, synth);
  app.synthYaml = () => renderedOnce(app, prepare, synthYaml);
}

/** Renders and checks the whole app, then lets cdk8s write what was rendered. */
function renderedOnce<T>(app: App, prepare: Preparation, write: () => T): T {
  const charts = app.charts.map((chart) => {
    const toJson = chart.toJson as typeof chart.toJson & { original?: () => any[] };
    return { chart, rendered: renderChart(chart, toJson.original ?? toJson.bind(chart), prepare) };
  });
  report(app, charts.flatMap(({ rendered }) => rendered.findings));
  const restore = charts.flatMap(({ chart, rendered }) => [
    replaceToJson(chart, () => rendered.json),
    ...[...rendered.objects].map(([object, json]) => replaceToJson(object, () => json)),
  ]);
  try {
    return write();
  } finally {
    restore.forEach((undo) => undo());
  }
}

function renderChart(chart: Chart, render: () => any[], prepare: Preparation): Rendered {
  const all = chart.node.findAll().filter((c): c is ApiObject => ApiObject.isApiObject(c) && Chart.of(c) === chart);
  const checked = new Set(all.filter(prepare));
  const objects = new Map<ApiObject, any>();
  const restore = all.map((object) => {
    const toJson = object.toJson.bind(object);
    return replaceToJson(object, () => {
      const json = toJson();
      objects.set(object, json);
      return json;
    });
  });
  try {
    const json = render();
    const findings = [...objects].flatMap(([object, rendered]) =>
      checked.has(object) ? checkObject(rendered, constructPath(object)) : []);
    return { json, objects, findings };
  } finally {
    restore.forEach((undo) => undo());
  }
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

const reported = new WeakMap<IConstruct, Set<string>>();

/** Errors refuse; warnings are said once per app. */
function report(root: IConstruct, findings: Finding[]): void {
  if (findings.some((finding) => finding.severity === Severity.ERROR)) {
    throw new FindingsError(findings);
  }
  const said = reported.get(root) ?? new Set();
  reported.set(root, said);
  for (const text of findings.map(renderFinding).filter((text) => !said.has(text))) {
    said.add(text);
    process.stderr.write(`warning: ${text}\n`);
  }
}

import { ApiObject } from 'cdk8s';
import { IConstruct } from 'constructs';
import { isNew } from './say-once';
import { resolveWaivers } from './settings';
import { waiverAnnotation } from '../manifest/annotations';
import { isObject, JsonObject, withKey } from '../manifest/json';
import { append, objectsInside } from '../manifest/lists';
import { holdsPod } from '../manifest/pod-template';
import { CheckOptions, Checks } from '../rules/engine';
import { Finding, FindingsError, renderFinding, renderWarnings } from '../rules/finding';
import { Severity } from '../rules/rule';
import { applyWaivers } from '../rules/waivers/waivers';

/** What was rendered in one pass, and what the rules find in it. */
export class RenderedObjects {
  private readonly checks = new Checks();
  private readonly madeBy = new Map<unknown, ApiObject>();

  /** Adds what an object rendered, to be checked. */
  public add(object: ApiObject, json: unknown, options: CheckOptions): void {
    this.madeBy.set(json, object);
    this.checks.add(json, () => constructPath(object), options);
  }

  /**
   * Adds the other objects of a chart, so that rules can look from one object to the other.
   *
   * @param rendered all objects of the chart, as they will be written
   * @param objects the constructs that made them; asked for only where there is one without a pod
   * @param optionsOf how one of them is checked; undefined where it is not
   */
  public addOthers(rendered: JsonObject[], objects: () => ApiObject[], optionsOf: (object: ApiObject) => CheckOptions | undefined): void {
    const others = rendered.filter((json) => !this.madeBy.has(json));
    const makers = others.length === 0 ? [] : makersOf(others, objects());
    others.forEach((json, index) => {
      const object = makers[index];
      const options = object && !holdsPod(object.kind) ? optionsOf(object) : undefined;
      for (const { object: inner, item } of objectsInside(json)) {
        if (object && options) {
          this.madeBy.set(inner, object);
          this.checks.add(inner, () => `${constructPath(object)}${item === '' ? '' : `: ${item}`}`, options);
        } else {
          this.checks.addForReference(inner);
        }
      }
    });
  }

  /** Errors refuse; warnings are said once per app. */
  public report(root: IConstruct, complete: boolean): void {
    const findings = this.checks.findings(complete);
    findings.forEach((finding) => this.waive(finding));
    const { open } = applyWaivers(findings);
    if (open.some((finding) => finding.severity === Severity.ERROR)) {
      throw new FindingsError(open);
    }
    renderWarnings(open.filter((finding) => isNew(root, renderFinding(finding)))).forEach((text) => process.stderr.write(text));
  }

  /** A waiver of a wider scope becomes an annotation of each object that needs it, where all who read the manifest find it. */
  private waive({ object, ruleId }: Finding): void {
    const reason = resolveWaivers(this.madeBy.get(object)!)[ruleId];
    if (reason !== undefined) {
      object.metadata = withKey(isObject(object.metadata) ? object.metadata : {}, 'annotations', {});
      object.metadata.annotations = withKey(object.metadata.annotations, waiverAnnotation(ruleId), reason);
    }
  }
}

/**
 * Which construct made each of some objects: found by name, one after the other where several have the same name. Where patches
 * changed names, what is left over is rendered again to see which it is.
 */
function makersOf(rendered: readonly JsonObject[], constructs: readonly ApiObject[]): (ApiObject | undefined)[] {
  const byName = new Map<string, ApiObject[]>();
  constructs.forEach((object) => append(byName, `${object.kind} ${object.metadata.namespace} ${object.name}`, object));
  const take = (json: JsonObject) => byName.get(nameIn(json))?.shift();
  const makers = rendered.map(take);
  if (makers.includes(undefined)) {
    const left = [...byName.values()].flat();
    byName.clear();
    left.filter(({ kind }) => !holdsPod(kind)).forEach((object) => append(byName, nameIn(object.toJson()), object));
    rendered.forEach((json, index) => makers[index] ??= take(json));
  }
  return makers;
}

function nameIn({ kind, metadata }: JsonObject): string {
  return `${kind} ${metadata?.namespace} ${metadata?.name}`;
}

/** The path that a user knows: of the cdk8s-plus construct, not of the object inside it. */
export function constructPath(object: ApiObject): string {
  const scope = object.node.scope;
  return scope && scope.node.defaultChild === object ? scope.node.path : object.node.path;
}

import { ApiObject } from 'cdk8s';
import { IConstruct } from 'constructs';
import { isNew } from './say-once';
import { haveWaivers, resolveTarget, resolveWaivers } from './settings';
import { waiverAnnotation } from '../manifest/annotations';
import { isObject, JsonObject, withKey } from '../manifest/json';
import { append, objectsInside } from '../manifest/lists';
import { holdsPod } from '../manifest/pod-template';
import { ALL_RULES } from '../rules';
import { CheckOptions, Checks } from '../rules/engine';
import { FindingsError, renderFinding, renderWarnings } from '../rules/finding';
import { Severity } from '../rules/rule';
import { applyWaivers } from '../rules/waivers/waivers';

/** What was rendered in one pass, and what the rules find in it. */
export class RenderedObjects {
  private readonly checks = new Checks();
  private readonly madeBy = new Map<unknown, ApiObject>();
  private readonly rendered: unknown[] = [];

  /** Adds what an object rendered, to be checked. */
  public add(object: ApiObject, json: unknown, options: CheckOptions): void {
    this.madeBy.set(json, object);
    this.rendered.push(json);
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
        if (object) {
          this.madeBy.set(inner, object);
        }
        if (object && options) {
          this.checks.add(inner, () => `${constructPath(object)}${item === '' ? '' : `: ${item}`}`, options);
        } else {
          this.checks.addForReference(inner);
        }
        this.rendered.push(inner);
      }
    });
  }

  /** Errors refuse; warnings are said once per app. */
  public report(root: IConstruct, complete: boolean): void {
    const findings = this.checks.findings(complete);
    this.placeWaivers(complete);
    const { open } = applyWaivers(findings);
    if (open.some((finding) => finding.severity === Severity.ERROR)) {
      throw new FindingsError(open);
    }
    renderWarnings(open.filter((finding) => isNew(root, renderFinding(finding)))).forEach((text) => process.stderr.write(text));
  }

  /**
   * A waiver of a wider scope becomes an annotation of each object that needs it, where all who read the manifest find it: also of
   * objects that synthesis does not hold to the rule, because the command and the plugin may.
   */
  private placeWaivers(complete: boolean): void {
    if (!haveWaivers()) {
      return;
    }
    const waivers = new Map(this.rendered.map((json) => {
      const object = this.madeBy.get(json);
      return [json, object ? resolveWaivers(object) : {}];
    }));
    const waived = new Set([...waivers.values()].flatMap(Object.keys));
    const checks = new Checks(ALL_RULES.filter(({ id }) => waived.has(id)));
    for (const [json, own] of waivers) {
      if (Object.keys(own).length > 0) {
        checks.add(json, () => '', { target: resolveTarget(this.madeBy.get(json)!) });
      } else {
        checks.addForReference(json);
      }
    }
    for (const { object, ruleId } of checks.findings(complete)) {
      const reason = waivers.get(object)?.[ruleId];
      if (reason !== undefined) {
        object.metadata = withKey(isObject(object.metadata) ? object.metadata : {}, 'annotations', {});
        object.metadata.annotations = withKey(object.metadata.annotations, waiverAnnotation(ruleId), reason);
      }
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

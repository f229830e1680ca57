import { ApiObject } from 'cdk8s';
import { IConstruct } from 'constructs';
import { isNew } from './say-once';
import { resolveWaivers } from './settings';
import { waiverAnnotation } from '../manifest/annotations';
import { JsonObject, withKey } from '../manifest/json';
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
    let constructs: Map<string, ApiObject> | undefined;
    for (const json of rendered) {
      if (this.madeBy.has(json)) {
        continue;
      }
      constructs ??= new Map(objects().map((object) => [`${object.kind} ${object.metadata.namespace} ${object.name}`, object]));
      const object = constructs.get(`${json.kind} ${json.metadata?.namespace} ${json.metadata?.name}`);
      const options = object && !holdsPod(object.kind) ? optionsOf(object) : undefined;
      if (object && options) {
        this.add(object, json, options);
      } else {
        this.checks.addForReference(json);
      }
    }
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
      object.metadata = withKey(object.metadata, 'annotations', {});
      object.metadata.annotations = withKey(object.metadata.annotations, waiverAnnotation(ruleId), reason);
    }
  }
}

/** The path that a user knows: of the cdk8s-plus construct, not of the object inside it. */
export function constructPath(object: ApiObject): string {
  const scope = object.node.scope;
  return scope && scope.node.defaultChild === object ? scope.node.path : object.node.path;
}

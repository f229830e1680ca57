import { ApiObject } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { IConstruct, IMixin } from 'constructs';
import { applySettings, takesSettings } from './apply-settings';
import { waiverAnnotation } from '../manifest/annotations';
import { ALL_RULES } from '../rules';
import { formatWaiver, isDay } from '../rules/waivers/waivers';

/** Why a finding is right as it is, and for how long. */
export interface WaiverOptions {
  /** Why the rule does not hold here; whoever reads the manifest later judges by it. */
  readonly reason: string;

  /**
   * The last day on which it holds, as `YYYY-MM-DD`, in UTC. The command and the plugin report it afterwards; synthesis,
   * whose output never depends on the clock, does not.
   *
   * @default - it has no end
   */
  readonly until?: string;
}

/**
 * Says that a finding is right as it is, and why.
 *
 * It is an annotation `waive.pod-patterns/<rule id>` on the metadata of the object, whose value is the reason: everybody who checks
 * the manifest reads it there, and nothing else makes a waiver. Applied to a pod, workload or API object it is written to that
 * one; applied to a chart or an app, to each object below that the rule finds something in. Errors can be waived too. A rule that needs
 * the whole app, such as service-selects-nothing, is asked when the app is synthesized, not for one chart by `Testing.synth`.
 *
 * @example
 *
 * chart.with(new Waiver('port-clash', { reason: 'both listen on an address of their own', until: '2027-06-30' }));
 */
export class Waiver implements IMixin {
  private readonly applied = new Set<IConstruct>();
  private readonly value: string;

  /**
   * @param ruleId id of the rule, as findings name it in brackets
   * @param options the reason
   */
  public constructor(private readonly ruleId: string, options: WaiverOptions) {
    const rule = ALL_RULES.find(({ id }) => id === ruleId);
    const reason = `${options?.reason ?? ''}`.trim();
    const refuse = (what: string, why: string, fix: string) => new Error(`Waiver: ${what}\n  why: ${why}\n  fix: ${fix}`);
    if (!rule) {
      throw refuse(`ruleId: "${ruleId}" is not the id of a rule`, 'it would waive nothing', 'take the id that the finding names in brackets');
    }
    if ('aboutWaivers' in rule) {
      throw refuse(`ruleId: "${ruleId}" is a rule about waivers`, 'a waiver of it would waive nothing, and be reported itself', 'mend or remove the waiver that it names');
    }
    if (reason === '') {
      throw refuse('reason: "" is empty', 'who reads the manifest later must be able to judge whether it still holds', 'say why the rule does not hold here');
    }
    if (/\(until [^()]*\)$/.test(reason)) {
      throw refuse(`reason: "${reason}" ends like the end of a waiver`, 'it would be read as one', 'give the day as `until`, or end the reason with another word');
    }
    const until = options.until ?? undefined;
    if (until !== undefined && !isDay(until)) {
      throw refuse(`until: "${until}" is not a day`, 'nobody could tell when it ends', 'write it as in "2027-01-31"');
    }
    this.value = formatWaiver(reason, until);
  }

  /**
   * Whether it can be applied: to apps, charts, cdk8s-plus pods and workloads, and API objects.
   *
   * @param construct the construct that is asked about
   */
  public supports(construct: IConstruct): boolean {
    return takesSettings(construct);
  }

  /**
   * Writes the annotation, or stores it for the objects below.
   *
   * @param construct the object, or a scope of objects
   */
  public applyTo(construct: IConstruct): void {
    const isBelow = construct.node.scopes.some((scope) => scope !== construct && this.applied.has(scope));
    if (isBelow) {
      return;
    }
    if (construct instanceof kplus.AbstractPod || ApiObject.isApiObject(construct)) {
      this.applied.add(construct);
      ApiObject.of(construct).metadata.addAnnotation(waiverAnnotation(this.ruleId), this.value);
    } else {
      applySettings(construct, { waivers: { [this.ruleId]: this.value } }, this.applied);
    }
  }
}

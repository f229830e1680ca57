import { IConstruct, IMixin } from 'constructs';
import { applySettings, takesSettings } from './apply-settings';
import { allowList, memberOf, requireProps } from '../manifest/check-input';
import { Pack } from '../rules/rule';

/** Which rules objects are held to. */
export interface GoldenRulesProps {
  /**
   * Packs of rules.
   *
   * @default - all of them
   */
  readonly packs?: Pack[];
}

/**
 * Holds all objects below a construct to the rules, and changes none: those that cdk8s-plus made, raw API objects, included
 * manifests and rendered charts.
 *
 * Errors refuse the app and warnings are printed, when it is synthesized. Pattern pods, production workloads and pods
 * under `ProductionReady` are held to all packs without it, and pods with a bound part to the packs `VALID` and `GOLDEN`. The packs of the
 * nearest scope hold: pod, then chart, then app. What is right as it is gets a `Waiver`.
 *
 * @example
 *
 * const chart = new Chart(app, 'shop');
 * chart.with(new GoldenRules({ packs: [Pack.VALID, Pack.GOLDEN] }));
 */
export class GoldenRules implements IMixin {
  private readonly applied = new Set<IConstruct>();
  private readonly packs: Pack[];

  /**
   * @param props which rules
   */
  public constructor(props: GoldenRulesProps = {}) {
    requireProps('GoldenRules', props);
    allowList('GoldenRules', 'packs', props.packs, { ...memberOf('Pack', Pack), why: 'no rule would be checked for it' });
    this.packs = [...props.packs ?? Object.values(Pack)];
    if (this.packs.length === 0) {
      throw new Error('GoldenRules: packs: "[]" selects no rule\n'
        + '  why: objects would look as if they had been checked\n'
        + '  fix: name a pack, or leave packs out for all of them');
    }
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
   * Stores the choice on the construct.
   *
   * @param construct the construct below which objects are checked
   */
  public applyTo(construct: IConstruct): void {
    applySettings(construct, { packs: this.packs }, this.applied);
  }
}

import { JsonObject } from '../manifest/json';
import { nameOf } from '../manifest/kinds';
import { KubernetesVersion, targetOf, versionOf } from '../manifest/kubernetes-version';
import { append, objectsInside } from '../manifest/lists';
import { byAdvice, Finding, pageOf } from '../rules/finding';
import { quote } from '../rules/quote';
import { countBySeverity, currentDay, reportOn } from '../rules/report';
import { Pack } from '../rules/rule';
import { CheckedObject } from '../rules/waivers/waivers';

/** How the plugin checks: the `properties` of its entry in `cdk8s.yaml`. */
export interface GoldenRulesValidationProps {
  /**
   * Packs of rules: `valid`, `golden`, `production`, `restricted`.
   *
   * @default - all of them
   */
  readonly packs?: Pack[];

  /**
   * The version of the clusters.
   *
   * @default KubernetesVersion.V1_33
   */
  readonly kubernetesVersion?: KubernetesVersion;

  /**
   * Whether warnings make the synthesis fail too.
   *
   * @default false - they are reported
   */
  readonly failOnWarnings?: boolean;
}

/** A manifest file, and what it holds. */
interface Placed extends CheckedObject {
  readonly manifest: string;
}

/**
 * A validation plugin for the cdk8s command line: `cdk8s synth` holds all manifests of the app to the rules and reports the findings
 * with the paths of their constructs, whatever language the app is written in.
 *
 * `cdk8s.yaml` names it; `package` may be the path of the installed package, absolute or beginning with `./` (not `../`), or its name, which
 * cdk8s then installs itself:
 *
 * ```yaml
 * validations:
 *   - package: ./node_modules/cdk8s-pod-patterns
 *     version: 1.0.0
 *     class: GoldenRulesValidation
 *     properties:
 *       packs: [valid, golden]
 *       failOnWarnings: true
 * ```
 *
 * Errors make the synthesis fail. Waivers are read from the annotations of the objects and listed in the summary; one that waives
 * nothing, or whose time is over, is a finding.
 *
 * @see https://cdk8s.io/docs/latest/cli/synth/#validations
 * @example
 *
 * // The class is named in cdk8s.yaml; a program does not need it. This is what the command line does with it:
 * const plugin = new GoldenRulesValidation({ packs: [Pack.GOLDEN], failOnWarnings: true });
 */
export class GoldenRulesValidation {
  private readonly packs: readonly Pack[];

  /**
   * @param props which rules, and what fails
   */
  public constructor(private readonly props: GoldenRulesValidationProps = {}) {
    this.packs = [...props.packs ?? Object.values(Pack)];
    checkProperties(props, this.packs);
  }

  /**
   * Called by the cdk8s command line.
   *
   * @param context the `ValidationContext` of cdk8s-cli: manifests, and the report to fill
   */
  public async validate(context: any): Promise<void> {
    const objects: Placed[] = (context.manifests as string[]).flatMap((manifest) =>
      (context.parseManifest(manifest) as unknown[]).flatMap((value) => objectsInside(value)).map(({ object }) => ({ object, place: nameOf(object), manifest })));
    const { open, waived } = reportOn(objects, { packs: this.packs, target: targetOf(versionOf(this.props.kubernetesVersion)), today: currentDay() });
    const manifestOf = new Map(objects.map(({ object, manifest }) => [object, manifest]));
    byAdvice(open).forEach((group) => context.report.addViolation(violationOf(group, manifestOf)));
    const { errors, warnings } = countBySeverity(open);
    context.report.submit(errors > 0 || (warnings > 0 && this.props.failOnWarnings === true) ? 'failure' : 'success', {
      Packs: this.packs.join(', '),
      Findings: `${errors} errors, ${warnings} warnings`,
      Waived: waived.map(({ finding, reason, until }) =>
        `${finding.ruleId} in ${finding.object.kind}/${nameOf(finding.object)}: ${reason}${until === undefined ? '' : ` (until ${until})`}`).join('\n') || 'nothing',
    });
  }
}

const PROPERTIES = ['packs', 'kubernetesVersion', 'failOnWarnings'];

/** They come from `cdk8s.yaml`, which no compiler reads. */
function checkProperties(props: GoldenRulesValidationProps, packs: readonly Pack[]): void {
  const { kubernetesVersion, failOnWarnings } = props;
  const other = Object.keys(props).find((name) => !PROPERTIES.includes(name));
  if (other !== undefined) {
    refuse(other, 'is not known', 'what it was meant to change would stay as it is, and nobody would notice', `there are ${PROPERTIES.join(', ')}`);
  }
  const unknown = packs.find((pack) => !Object.values(Pack).includes(pack));
  if (unknown !== undefined || packs.length === 0) {
    refuse('packs', `"${unknown ?? '[]'}" is no pack`, 'no rule would be checked for it',
      `choose among ${Object.values(Pack).join(', ')}, or leave packs out for all of them`);
  }
  if (kubernetesVersion !== undefined && versionOf(kubernetesVersion) === undefined) {
    refuse('kubernetesVersion', `"${kubernetesVersion}" is not a known version`, 'fields that it does not have could not be told from others',
      `choose among ${Object.values(KubernetesVersion).map((known) => `"${known}"`).join(', ')}, in quotes`);
  }
  if (failOnWarnings !== undefined && typeof failOnWarnings !== 'boolean') {
    refuse('failOnWarnings', `${quote(failOnWarnings)} is neither true nor false`, 'it would mean false', 'write true or false, without quotes');
  }
}

function refuse(property: string, fact: string, why: string, fix: string): never {
  throw new Error(`GoldenRulesValidation: ${property}: ${fact}\n  why: ${why}\n  fix: ${fix}`);
}

/** Findings that share reason and advice are one violation. */
function violationOf(findings: Finding[], manifestOf: ReadonlyMap<JsonObject, string>): object {
  const [{ ruleId, severity, why, fix }] = findings;
  const byObject = new Map<JsonObject, Finding[]>();
  findings.forEach((finding) => append(byObject, finding.object, finding));
  return {
    ruleName: `${ruleId} [${severity}]`,
    recommendation: why,
    fix: `${fix} (${pageOf(ruleId)})`,
    violatingResources: [...byObject].map(([object, ofObject]) => ({
      resourceName: nameOf(object),
      locations: ofObject.map(({ field, fact }) => `${field}: ${fact}`),
      manifestPath: manifestOf.get(object),
    })),
  };
}

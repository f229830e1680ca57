import { nameOf } from '../manifest/kinds';
import { KubernetesVersion, targetOf } from '../manifest/kubernetes-version';
import { objectsInside } from '../manifest/lists';
import { ALL_RULES } from '../rules';
import { Finding } from '../rules/finding';
import { currentDay, reportOn } from '../rules/report';
import { Pack } from '../rules/rule';

/** Which rules manifests are held to in a test. */
export interface PodFindingsOptions {
  /** Packs of rules; all of them where none is named. */
  readonly packs?: readonly Pack[];
  /** The version of the clusters; 1.33 where none is named. */
  readonly kubernetesVersion?: KubernetesVersion;
  /** Whether the manifests are all of an app: then a Service, for one, must select something. No where nothing is said. */
  readonly complete?: boolean;
}

/** What the rules find in manifests, without what is waived. */
export function podFindings(manifests: unknown, options: PodFindingsOptions = {}): Finding[] {
  const objects = (Array.isArray(manifests) ? manifests : [manifests]).flatMap((manifest) => objectsInside(manifest))
    .map(({ object }) => ({ object, place: `${object.kind}/${nameOf(object)}` }));
  if (objects.length === 0) {
    throw new Error('the matchers need manifests: an object, or a list of objects as Testing.synth() returns it');
  }
  return reportOn(objects, {
    packs: options.packs, target: targetOf(options.kubernetesVersion), complete: options.complete ?? false, today: currentDay(),
  }).open;
}

/** Whether there is a rule of that id. */
export function isRule(ruleId: string): boolean {
  return ALL_RULES.some(({ id }) => id === ruleId);
}

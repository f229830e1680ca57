import { Pack, Rule } from './rule';

/** What each pack is about; for documentation and help. */
export const PACK_SUMMARIES: { readonly [pack in Pack]: string } = {
  [Pack.VALID]: 'What the API server refuses, or the kubelet, so that the pod is never created or never starts.',
  [Pack.GOLDEN]: 'What containers that share a pod can do to each other: coupling, network, volumes, life cycle, probes.',
  [Pack.PRODUCTION]: 'What production asks of every workload: images, secrets, resources, availability.',
  [Pack.RESTRICTED]: 'The Pod Security Standard *restricted*, in the version of the target.',
};

/** The rules of these packs, all where none are named; of a part of an app without those that need the whole. */
export function rulesOf(rules: readonly Rule[], packs?: readonly Pack[], complete = true): Rule[] {
  return rules.filter((rule) => (packs === undefined || packs.includes(rule.pack)) && (complete || !('needsWholeApp' in rule)));
}

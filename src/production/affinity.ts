import { PodFacts } from './pod-facts';
import { isObject, JsonObject } from '../manifest/json';

/**
 * Drops affinity terms that stand there twice.
 *
 * With `spread: true` cdk8s-plus adds two more of them at every rendering; the manifest would differ each time.
 */
export function dropRepeatedTerms(spec: JsonObject, facts: PodFacts): void {
  if (!facts.fromCdk8sPlus || !isObject(spec.affinity)) {
    return;
  }
  for (const affinity of Object.values(spec.affinity).filter(isObject)) {
    for (const [name, terms] of Object.entries(affinity)) {
      if (Array.isArray(terms)) {
        affinity[name] = [...new Map(terms.map((term) => [JSON.stringify(term), term])).values()];
      }
    }
  }
}

import { isObject, JsonObject } from '../../manifest/json';
import { RuleSubject } from '../rule';

/**
 * Visits the security contexts of the pod and of its containers.
 *
 * @param visit gets the context, and the field path of the pod spec or container that it belongs to
 */
export function eachContext({ template, containers }: RuleSubject, visit: (context: JsonObject, path: string) => void): void {
  if (isObject(template.spec.securityContext)) {
    visit(template.spec.securityContext, template.path);
  }
  for (const { json, path } of containers) {
    if (isObject(json.securityContext)) {
      visit(json.securityContext, path);
    }
  }
}

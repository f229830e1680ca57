import { isObject, JsonObject } from './json';

/**
 * Whether a container has the resources that cdk8s-plus writes where nobody says anything. In a manifest they are known by their exact
 * shape only.
 *
 * @see https://github.com/cdk8s-team/cdk8s-plus/blob/k8s-28/main/src/container.ts
 */
export function hasSilentResources({ resources }: JsonObject): boolean {
  return isObject(resources) && isObject(resources.requests) && isObject(resources.limits)
    // Who says something of storage has chosen.
    && Object.keys(resources.requests).length === 2 && Object.keys(resources.limits).length === 2
    && resources.requests.cpu === '1000m' && resources.requests.memory === '512Mi'
    && resources.limits.cpu === '1500m' && resources.limits.memory === '2048Mi';
}

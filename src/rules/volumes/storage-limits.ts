import { isObject, JsonObject } from '../../manifest/json';
import { parseQuantity } from '../../manifest/quantity';

/** A container's limit of ephemeral storage in bytes; 0 where it has none, which is how the kubelet reads a 0 too. */
export function storageLimitOf({ resources }: JsonObject): number {
  const limits = isObject(resources) ? resources.limits : undefined;
  return (isObject(limits) ? parseQuantity(limits['ephemeral-storage']) : undefined) ?? 0;
}

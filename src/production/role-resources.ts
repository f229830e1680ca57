import { Size, SizeRoundingBehavior } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { CpuLimits, PodDefaultsProps, RoleName } from './default-values';
import { isObject, JsonObject } from '../manifest/json';
import { formatBytes } from '../manifest/quantity';

/** What a container gets whose author gives no resources, in place of what was filled in. */
export function resourcesFor(role: RoleName, filled: JsonObject, { resources, cpuLimits }: PodDefaultsProps = {}): JsonObject {
  const chosen = resources?.[role];
  if (chosen) {
    return resourcesJson(chosen);
  }
  if (cpuLimits !== CpuLimits.NONE || !isObject(filled.limits)) {
    return filled;
  }
  const { cpu, ...limits } = filled.limits;
  return { ...filled, limits };
}

/** As it is written into the manifest; not through cdk8s-plus, which fails at storage that is no whole number of gibibytes. */
function resourcesJson({ cpu, memory, ephemeralStorage }: kplus.ContainerResources): JsonObject {
  const json: JsonObject = {};
  for (const [list, bound] of [['limits', 'limit'], ['requests', 'request']] as const) {
    const amounts: JsonObject = {};
    put(amounts, 'cpu', cpu?.[bound]?.amount);
    put(amounts, 'ephemeral-storage', text(ephemeralStorage?.[bound]));
    put(amounts, 'memory', text(memory?.[bound]));
    if (Object.keys(amounts).length > 0) {
      json[list] = amounts;
    }
  }
  return json;
}

function put(amounts: JsonObject, name: string, amount: string | undefined): void {
  if (amount !== undefined) {
    amounts[name] = amount;
  }
}

function text(size: Size | undefined): string | undefined {
  return size && formatBytes(size.toKibibytes({ rounding: SizeRoundingBehavior.NONE }) * 1024);
}

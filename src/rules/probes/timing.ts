import { isDeepStrictEqual } from 'util';
import { isObject, JsonObject } from '../../manifest/json';

const ACTIONS = ['httpGet', 'tcpSocket', 'grpc', 'exec'];

/** A number of a probe; 0 stands for the default, as Kubernetes takes it. */
function amount(probe: JsonObject, name: string, byDefault: number): number {
  const value = probe[name];
  return typeof value === 'number' && value > 0 ? value : byDefault;
}

/** The times of a probe, with the defaults of Kubernetes. */
export const Times = {
  period: (probe: JsonObject) => amount(probe, 'periodSeconds', 10),
  timeout: (probe: JsonObject) => amount(probe, 'timeoutSeconds', 1),
  delay: (probe: JsonObject) => amount(probe, 'initialDelaySeconds', 0),
  failures: (probe: JsonObject) => amount(probe, 'failureThreshold', 3),
  /** From the first failure to the verdict, at the latest. */
  verdict: (probe: JsonObject) => Times.failures(probe) * Times.period(probe),
};

/** Whether two probes ask the same in the same way. */
export function asksTheSame(one: JsonObject, other: JsonObject): boolean {
  return ACTIONS.some((action) => isObject(one[action])) && ACTIONS.every((action) => one[action] === other[action] || isDeepStrictEqual(one[action], other[action]));
}

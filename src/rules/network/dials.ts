import { ContainerView } from '../../manifest/containers';
import { isObject, JsonObject, objectsIn } from '../../manifest/json';
import { onceFor } from '../../manifest/memo';
import { handlersOf } from '../lifecycle/handlers';

const ACTIONS = ['httpGet', 'tcpSocket', 'grpc'];

/** A connection that the kubelet opens to a container: of a probe or of a lifecycle handler. */
export interface Dial {
  readonly container: ContainerView;
  /** `httpGet`, `tcpSocket` or `grpc`. */
  readonly action: string;
  readonly json: JsonObject;
  /** Field path of the action: `spec.containers[0].livenessProbe.httpGet`. */
  readonly path: string;
}

/** Every connection that the kubelet opens to the containers of a pod. */
export const dialsOf = onceFor((containers: ContainerView[]): Dial[] => {
  const dials: Dial[] = [];
  for (const { container, json, path } of handlersOf(containers)) {
    for (const action of ACTIONS) {
      if (isObject(json[action])) {
        dials.push({ container, action, json: json[action], path: `${path}.${action}` });
      }
    }
  }
  return dials;
});

/** The number of the port that a connection goes to; undefined where its name is unknown. */
export function portOf({ container, json }: Dial): number | undefined {
  if (typeof json.port === 'number') {
    return json.port;
  }
  const port = objectsIn(container.json.ports).find(({ name }) => name === json.port && name !== undefined)?.containerPort;
  return typeof port === 'number' ? port : undefined;
}

/** Whether a value can be the number of a port. */
export function isPort(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 65535;
}

import { Upstream } from './upstream';
import { freePort } from '../../free-port';

/**
 * First port that is given out. Istio keeps 15000 to 15090 in each pod that it joins, node
 * ports start at 30000 and outgoing connections of the kernel at 32768.
 */
export const FIRST_PORT = 16001;

/** Where HAProxy answers probes: the port that its own documentation uses for such things. */
export const HEALTH_PORT = 8404;

/** An upstream and the port on 127.0.0.1 that stands for it. */
export interface LocalUpstream {
  readonly upstream: Upstream;
  readonly localPort: number;
}

/**
 * Gives each upstream a port of its own on loopback, in their order.
 *
 * @param taken ports that other containers of the pod use: they share one network
 */
export function allocatePorts(upstreams: Upstream[], taken: Set<number>, first: number = FIRST_PORT): LocalUpstream[] {
  refuseAmbiguous(upstreams);
  const used = new Map<number, string>([...taken].map((port) => [port, 'another container of the pod']));
  for (const { name, localPort } of upstreams) {
    if (localPort !== undefined) {
      claim(used, localPort, `Upstream "${name}": localPort`, `upstream "${name}"`, `leave it out, or give a port that is free, such as ${freePort('HAProxy', used, first)}`);
    }
  }
  return upstreams.map((upstream) => {
    const localPort = upstream.localPort ?? freePort('HAProxy', used, first);
    used.set(localPort, `upstream "${upstream.name}"`);
    return { upstream, localPort };
  });
}

/**
 * The port on which HAProxy answers probes: the one asked for, or the first free one from 8404.
 *
 * @param taken ports in the pod, those of `allocatePorts` included
 */
export function chooseHealthPort(taken: Set<number>, wanted?: number): number {
  const used = new Map<number, string>([...taken].map((port) => [port, 'another listener of the pod']));
  if (wanted === undefined) {
    return freePort('HAProxy', used, HEALTH_PORT);
  }
  if (!Number.isInteger(wanted) || wanted < 1024 || wanted > 65535) {
    throw new Error(`HAProxy: healthPort: "${wanted}" is not a port from 1024 to 65535\n`
      + '  why: HAProxy does not run as root, and ports below 1024 are reserved for root\n'
      + '  fix: leave it out, or give a whole number from 1024 to 65535');
  }
  claim(used, wanted, 'HAProxy: healthPort', 'HAProxy', `leave it out, or give a port that is free, such as ${freePort('HAProxy', used, HEALTH_PORT)}`);
  return wanted;
}

function claim(used: Map<number, string>, port: number, what: string, owner: string, fix: string): void {
  const other = used.get(port);
  if (other) {
    throw new Error(`${what}: "${port}" is already the port of ${other}\n`
      + '  why: all containers of a pod share one network, and the second to listen fails\n'
      + `  fix: ${fix}`);
  }
  used.set(port, owner);
}

/** Two upstreams of one name, or two that write the same environment variable, are a mistake. */
function refuseAmbiguous(upstreams: Upstream[]): void {
  const owners = new Map<string, string>();
  for (const { name, hostVariable, portVariable, urlVariable } of upstreams) {
    for (const [what, value] of [['name', name], ['hostVariable', hostVariable], ['portVariable', portVariable], ['urlVariable', urlVariable]]) {
      const key = what === 'name' ? `name ${value}` : value;
      const other = owners.get(key);
      if (other) {
        throw new Error(`Upstream "${name}": ${what}: "${value}" is already used by upstream "${other}"\n`
          + '  why: the app could not tell the two upstreams apart\n'
          + `  fix: give one of them another ${what}`);
      }
      owners.set(key, name);
    }
  }
}

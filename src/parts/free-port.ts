/**
 * The first port from a number on that nothing in the pod is known to use.
 *
 * @param owner who needs it, for the message
 */
export function freePort(owner: string, used: { has(port: number): boolean }, first: number): number {
  let port = first;
  while (used.has(port)) {
    port++;
  }
  if (port > 65535) {
    throw new Error(`${owner}: no port from "${first}" to 65535 is free\n`
      + '  why: all listeners of a pod share one network\n'
      + '  fix: start at a lower port');
  }
  return port;
}

/**
 * A function that keeps its answer on the object that it was asked about: several rules ask the same of one pod.
 *
 * Not a WeakMap: thousands of entries in one make every garbage collection slow.
 */
export function onceFor<K extends object, V>(compute: (key: K) => V): (key: K) => V {
  const answer = Symbol('answer');
  return (key) => {
    const known = key as { [answer]?: V };
    return (known[answer] ??= compute(key));
  };
}

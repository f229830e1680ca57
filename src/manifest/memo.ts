/**
 * A function that remembers its last answer: several rules ask the same of one pod, and then never again.
 *
 * Not a WeakMap: thousands of entries in one make every garbage collection slow.
 */
export function onceFor<K extends object, V>(compute: (key: K) => V): (key: K) => V {
  let last: { readonly key: K; readonly value: V } | undefined;
  return (key) => {
    if (last?.key !== key) {
      last = { key, value: compute(key) };
    }
    return last.value;
  };
}

/**
 * How many values a value holds when everything that is shared is counted as often as it is reached; undefined where a
 * value contains itself.
 *
 * Each shared value is counted once and remembered: a bomb of aliases takes no longer than the text it is written in.
 */
export function expandedSize(root: unknown): number | undefined {
  const sizes = new Map<object, number>();
  const open = new Set<object>();
  const sizeOf = (value: unknown): number => {
    if (typeof value !== 'object' || value === null) {
      return 1;
    }
    const known = sizes.get(value);
    if (known !== undefined) {
      return known;
    }
    if (open.has(value)) {
      return NaN;
    }
    open.add(value);
    let size = 1;
    for (const inner of Object.values(value)) {
      size += sizeOf(inner);
    }
    open.delete(value);
    sizes.set(value, size);
    return size;
  };
  const size = sizeOf(root);
  return Number.isNaN(size) ? undefined : size;
}

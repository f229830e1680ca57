import { PodPart } from '../parts/part';

/** Parts such that each comes after those it starts after, otherwise as given; a circle is an error. */
export function inStartOrder(construct: string, parts: PodPart[]): PodPart[] {
  const sorted: PodPart[] = [];
  const open: PodPart[] = [];
  const visit = (part: PodPart) => {
    if (sorted.includes(part)) {
      return;
    }
    if (open.includes(part)) {
      const circle = [...open.slice(open.indexOf(part)), part].map(({ name }) => `"${name}"`).join(' after ');
      throw new Error(`${construct}: startAfter: ${circle}\n`
        + '  why: parts that wait for each other never start\n  fix: remove one of the `startAfter`');
    }
    const missing = part._startAfter.find((predecessor) => !parts.includes(predecessor));
    if (missing) {
      throw new Error(`${construct}: startAfter: "${part.name}" starts after "${missing.name}", which is not a part of this pod\n`
        + '  why: only containers of one pod have an order\n'
        + `  fix: give "${missing.name}" to the pod too: parts: [...]`);
    }
    open.push(part);
    part._startAfter.forEach(visit);
    open.pop();
    sorted.push(part);
  };
  parts.forEach(visit);
  return sorted;
}

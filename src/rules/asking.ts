import { Pack, PodRule } from './rule';

/** Which rules are asked about a pod: found out once for each pod, not once for each rule and pod. */
export class Asking {
  /** The keys that some rule waits for. */
  public readonly keys: ReadonlySet<string>;
  /** By key, the numbers of the rules that wait for it. */
  private readonly waiting = new Map<string, number[]>();
  /** The numbers of the rules that wait for none. */
  private readonly always: number[] = [];
  /** By selection of packs, which rules belong to it. */
  private readonly selections = new Map<readonly Pack[], Uint8Array>();

  public constructor(private readonly rules: readonly PodRule[]) {
    rules.forEach(({ keys }, number) => {
      (keys ? [] : this.always).push(number);
      for (const key of keys ?? []) {
        this.waiting.set(key, [...this.waiting.get(key) ?? [], number]);
      }
    });
    this.keys = new Set(this.waiting.keys());
  }

  /** For each rule 1 where it is asked. */
  public about(keys: ReadonlySet<string>, packs: readonly Pack[] | undefined): Uint8Array {
    const asked = new Uint8Array(this.rules.length);
    const selected = packs && this.selectionOf(packs);
    const mark = (numbers: readonly number[]) => {
      for (const number of numbers) {
        asked[number] = selected ? selected[number] : 1;
      }
    };
    mark(this.always);
    keys.forEach((key) => mark(this.waiting.get(key)!));
    return asked;
  }

  private selectionOf(packs: readonly Pack[]): Uint8Array {
    const known = this.selections.get(packs);
    if (known) {
      return known;
    }
    const selection = Uint8Array.from(this.rules, ({ pack }) => packs.includes(pack) ? 1 : 0);
    this.selections.set(packs, selection);
    return selection;
  }
}

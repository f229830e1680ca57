import { IConstruct } from 'constructs';
import { quoted } from '../../manifest/check-input';
import { sayOnce } from '../say-once';

/**
 * What a mixin reaches.
 *
 * `with()` offers a mixin to a construct and to all that lie below it, and passes by those that it does not support. A mixin that
 * reaches nothing at all would be dropped without a word.
 */
export class MixinReach {
  private readonly asked = new WeakSet<IConstruct>();

  /**
   * @param mixin name of the mixin
   * @param wanted what it supports, in words, such as `a DaemonSet`
   * @param matches whether it supports a construct
   */
  public constructor(private readonly mixin: string, private readonly wanted: string, private readonly matches: (construct: IConstruct) => boolean) {}

  /** Whether the mixin supports a construct; says so where it supports nothing in it. */
  public supports(construct: IConstruct): boolean {
    const isBelowAnother = this.asked.has(construct.node.scope!);
    this.asked.add(construct);
    const supported = this.matches(construct);
    if (!supported && !isBelowAnother && !construct.node.findAll().some(this.matches)) {
      sayOnce(construct.node.root, `warning: ${construct.node.path || 'the app'}: ${this.mixin} has no effect: ${quoted(construct.constructor.name)} is not ${this.wanted}, `
        + 'and there is none in it\n'
        + '  why: a mixin reaches what is there when it is applied, and passes by everything else\n'
        + `  fix: apply it to ${this.wanted}, or after that was made\n`);
    }
    return supported;
  }
}

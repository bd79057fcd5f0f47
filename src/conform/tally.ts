import { instructionFacts } from '../encoder/instruction-facts.js';
import type { Outcome } from './conformity.js';
import type { Vector } from './vector.js';

/** How many vectors ended how. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly unsupported: number;
  /** Not compared, because processors differ. */
  readonly leftOut: number;
}

type Count = keyof Counts;
const COUNTED_AS: Readonly<Record<Outcome['kind'], Count>> = {
  passed: 'passed',
  failed: 'failed',
  unsupported: 'unsupported',
  incomparable: 'leftOut',
};
const NONE: Counts = { passed: 0, failed: 0, unsupported: 0, leftOut: 0 };

/**
 * Counts outcomes: in all, by mnemonic, and by the reason why something was not compared. Its size does not grow with
 * theirs.
 */
export class Tally {
  private readonly all = { ...NONE };
  private readonly mnemonics = new Map<string, { -readonly [K in Count]: number }>();
  private readonly reasons = { unsupported: new Map<string, number>(), incomparable: new Map<string, number>() };

  add(vector: Vector, outcome: Outcome): void {
    const count = COUNTED_AS[outcome.kind];
    this.all[count]++;
    const mnemonic = mnemonicOf(vector);
    const counts = this.mnemonics.get(mnemonic) ?? { ...NONE };
    counts[count]++;
    this.mnemonics.set(mnemonic, counts);
    if (outcome.kind === 'unsupported' || outcome.kind === 'incomparable') {
      const reasons = this.reasons[outcome.kind];
      reasons.set(outcome.reason, (reasons.get(outcome.reason) ?? 0) + 1);
    }
  }

  get counts(): Counts {
    return this.all;
  }

  /** How many vectors were added. */
  get tests(): number {
    return this.all.passed + this.all.failed + this.all.unsupported + this.all.leftOut;
  }

  /** By mnemonic, in alphabetical order. */
  byMnemonic(): (Counts & { readonly mnemonic: string })[] {
    return [...this.mnemonics]
      .map(([mnemonic, counts]) => ({ mnemonic, ...counts }))
      .sort(byText(({ mnemonic }) => mnemonic));
  }

  /** Why vectors were not compared, the most frequent reason first. */
  reasonsOf(kind: 'unsupported' | 'incomparable'): { readonly reason: string; readonly count: number }[] {
    return [...this.reasons[kind]]
      .map(([reason, count]) => ({ reason, count }))
      .sort((a, b) => b.count - a.count || byText<{ reason: string }>(({ reason }) => reason)(a, b));
  }
}

const byText =
  <T>(text: (item: T) => string) =>
  (a: T, b: T): number =>
    text(a) < text(b) ? -1 : 1;

/** That of the instruction; programs are all in one place. */
function mnemonicOf({ bytes, until }: Vector): string {
  return until === 1 ? instructionFacts(bytes).mnemonic : '(program)';
}

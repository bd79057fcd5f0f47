import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formsNamed, mnemonics } from '../../src/encoder/assembler/form-index.js';
import { InputError } from '../../src/input-error.js';
import { gnuAssembleLines, gnuAsVersion, hasGnuAs } from './gnu-as.js';
import { assembledHex } from './hex.js';
import { instructionText } from './random-instructions.js';

/** Our bytes for a line, or why we refuse it. */
function outcome(line: string): { bytes?: string; problem?: string } {
  try {
    return { bytes: assembledHex(line) };
  } catch (error) {
    if (error instanceof InputError) return { problem: error.message };
    throw error;
  }
}

const one = ['%cl', '%dx', '%ecx', '%rbx', '%eax', '$1', '$0x12345678', '(%rdx)'];
const three = [
  ['$1', '%cl', '%ecx', '%rbx'],
  ['%dx', '%ecx', '%rbx', '(%rdx)'],
  ['%dx', '%esi', '%rdi', '(%rsi)'],
];

/**
 * Mnemonics all of whose forms have general-purpose operands only: the integer instruction set with BMI, TBM and so
 * on.
 */
function integerMnemonics(): string[] {
  return mnemonics().filter((name) => {
    const slots = formsNamed(name).flatMap((form) => form.slots);
    const isGeneral = slots.every((slot) => slot.kind !== 'register' || /^(gpr|seg|control|debug)/.test(slot.accepts));
    return isGeneral && !name.startsWith('f') && !slots.some((slot) => slot.kind === 'vector memory');
  });
}

/** Every integer mnemonic with every combination of operand shapes, whether it makes sense or not. */
function shapesOf(name: string): string[] {
  const lines = [name, ...one.map((a) => `${name} ${a}`)];
  for (const a of ['%cx', '%rbx', '(%rdx)', '8(%rsi,%rdi,4)']) lines.push(`${name} *${a}`);
  for (const a of one) for (const b of one) lines.push(`${name} ${a},${b}`);
  const [first = [], second = [], third = []] = three;
  for (const a of first) for (const b of second) for (const c of third) lines.push(`${name} ${a},${b},${c}`);
  if (formsNamed(name).some((form) => form.slots.some((slot) => slot.kind === 'branch'))) lines.push(`${name} .`);
  return lines;
}

/** What GNU as takes and we do not, on purpose. */
const refused: readonly (readonly [RegExp, string])[] = [
  [/^(mov[sz]x) (?!%)/, 'GNU as takes memory without a size for a byte'],
  [/^(sh[lr]|sa[lr]|ro[lr]|rc[lr])[bwlq]? %ecx,/, 'GNU as 2.40 takes any register that is number 1 for the count'],
  [/^sh[lr]d[wlq]? %ecx,/, 'as above'],
  [/^i?div[bwlq]? [^,]*,/, 'an accumulator that is written out'],
  [/^crc32q %[ac]l,/, 'a suffix that contradicts the register'],
  [/^(invlpga|vmrun|vmload|vmsave|clzero|skinit|monitorx?|psmash|pvalidate|rmp\w+|invlpgb)\b/, 'implied operands'],
  [/^movsx[dw]? /, 'a 32-bit MOVSXD'],
];

/** What we take and GNU as 2.40 does not. */
const accepted: readonly (readonly [RegExp, string])[] = [
  [/^l[sfg]sq? /, 'a 64-bit far pointer'],
  [/^bswapw? %\w+/, 'undefined on 16 bits, but encodable'],
  [/^movsxd? /, 'a 16-bit MOVSXD'],
  [
    /^(lkgsw?|erets|eretu|pbndkb|rdudbg|wrudbg|undoc|ud0|icebp|pcommit|ccs_\w+|xstore_alt|xsha512\w*)\b/,
    'newer or undocumented',
  ],
];

const isListed = (line: string, list: readonly (readonly [RegExp, string])[]) => list.some(([name]) => name.test(line));

describe.skipIf(!hasGnuAs)('every integer mnemonic with every operand shape (needs GNU as)', () => {
  it('assembles to the bytes of GNU as, or is refused by both', () => {
    const names = integerMnemonics();
    const lines = names.flatMap(shapesOf);
    const differences: string[] = [];
    const count = { same: 0, refused: 0, stricter: 0 };
    for (const [i, theirs] of gnuAssembleLines(lines).entries()) {
      const line = lines[i] ?? '';
      const { bytes: mine } = outcome(line);
      if (mine === theirs.hex) {
        count[mine === undefined ? 'refused' : 'same']++;
      } else if (mine === undefined && (theirs.warning !== undefined || isListed(line, refused))) {
        count.stricter++;
      } else if (theirs.hex !== undefined || !isListed(line, accepted)) {
        differences.push(`${line}: ${mine} here, ${theirs.hex ?? theirs.error} from GNU as`);
      }
    }
    console.log(
      `${gnuAsVersion()}: ${names.length} mnemonics, ${lines.length} lines: ${count.same} the same bytes, ` +
        `${count.refused} refused by both, ${count.stricter} refused here only (it warns or guesses)`,
    );
    expect(differences).toEqual([]);
    expect(count.same).toBeGreaterThan(3000);
  });
});

describe.skipIf(!hasGnuAs)('random operands (need GNU as)', () => {
  it('assemble to the bytes of GNU as', () => {
    const lines = fc.sample(instructionText, { numRuns: 12_000, seed: 7 });
    const differences: string[] = [];
    let same = 0;
    for (const [i, theirs] of gnuAssembleLines(lines).entries()) {
      const line = lines[i] ?? '';
      const { bytes, problem } = outcome(line);
      // It cuts some immediates off without a warning: `addb $65527,(%rdx)` adds -9.
      const isCut = problem?.startsWith('immediate out of range') ?? false;
      if (bytes === theirs.hex) same += bytes === undefined ? 0 : 1;
      else if (!(bytes === undefined && (theirs.warning !== undefined || isCut)) && !isListed(line, accepted)) {
        differences.push(`${line}: ${bytes ?? problem} here, ${theirs.hex ?? theirs.error} from GNU as`);
      }
    }
    console.log(`${gnuAsVersion()}: ${same} of ${lines.length} random lines have the same bytes, the rest is refused`);
    expect(differences.slice(0, 40)).toEqual([]);
    expect(same).toBeGreaterThan(5000);
  });
});

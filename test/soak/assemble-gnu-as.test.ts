import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Syntax } from '../../src/encoder/syntax.js';
import { compareWithGnuAs, type Exceptions } from '../encoder/compare-with-gnu-as.js';
import { gnuAsVersion, hasGnuAs } from '../encoder/gnu-as.js';
import { integerMnemonics, integerShapes } from '../encoder/integer-shapes.js';
import { linesOf } from '../encoder/operand-shapes.js';
import { randomInstruction, textOf } from '../encoder/random-instructions.js';
import { vectorMnemonics, vectorShapes } from '../encoder/vector-shapes.js';

/** `psmash` and its kin with a 32-bit address, which iced has no encoding of; GNU as 2.40 takes %cl for %ecx. */
const implied = /^(psmash|rmp\w+) %?eax\b|^invlpga %?[er]ax,%?cl$/;
const newer = /^(lkgs[wldq]?|erets|eretu|pbndkb|rdudbg|wrudbg|undoc|ud0|icebp|pcommit|ccs_\w+|xstore_alt|xsha512\w*)\b/;

/** What GNU as takes and we do not, on purpose. */
const refused: Readonly<Record<Syntax, Exceptions>> = {
  att: [
    [/^(mov[sz]x) (?!%)/, 'GNU as takes memory without a size for a byte'],
    [/^(sh[lr]|sa[lr]|ro[lr]|rc[lr])[bwlq]? %ecx,/, 'GNU as 2.40 takes any register that is number 1 for the count'],
    [/^sh[lr]d[wlq]? %ecx,/, 'as above'],
    [/^i?div[bwlq]? [^,]*,/, 'an accumulator that is written out'],
    [/^crc32q %[ac]l,/, 'a suffix that contradicts the register'],
    [implied, 'implied operands'],
    [/^movsx[dwl]? /, 'a 32-bit MOVSXD'],
  ],
  intel: [
    [/^(sh[lr]|sa[lr]|ro[lr]|rc[lr])[bwdq]? .*,ecx$/, 'GNU as 2.40 takes any register that is number 1 for the count'],
    [/^sh[lr]d[wdq]? .*,ecx$/, 'as above'],
    [/^crc32q \w+,[ac]l/, 'a suffix that contradicts the register'],
    [implied, 'implied operands'],
    [/^movs[bw] \w+,/, "AT&T's names of MOVSX"],
    [/^movsx eax|^movsx ecx|^movsxd dx/, 'a 32-bit or a 16-bit MOVSXD'],
    [/^(prefetch|cl(flush|wb|demote))/, 'a size where none matters'],
    [/^(callw|jmp[wq]|lcall|ljmp) \d/, 'a number that is an address'],
  ],
};

/** What we take and GNU as 2.40 does not. */
const accepted: Readonly<Record<Syntax, Exceptions>> = {
  att: [
    [/^l[sfg]sq? /, 'a 64-bit far pointer'],
    [/^bswapw? %\w+/, 'undefined on 16 bits, but encodable'],
    [/^movsxd? /, 'a 16-bit MOVSXD'],
    [newer, 'newer or undocumented'],
  ],
  intel: [
    [/^l[sfg]sq? /, 'a 64-bit far pointer'],
    [/^bswapw? \w+/, 'undefined on 16 bits, but encodable'],
    [/^movsxd dx,/, 'a 16-bit MOVSXD'],
    [/^x(save|rstor)\w* \w+ ptr/, 'a size of what has no certain one'],
    [/^(lcall|ljmp) f\w+ ptr/, 'the size of a far pointer'],
    [newer, 'newer or undocumented'],
  ],
};

describe.skipIf(!hasGnuAs).each(['att', 'intel'] as const)('in %s syntax (needs GNU as)', (syntax) => {
  it('every integer mnemonic with every operand shape gives the bytes of GNU as, or is refused by both', () => {
    const names = integerMnemonics(syntax);
    const lines = names.flatMap((name) => linesOf(name, syntax, integerShapes[syntax]));
    const exceptions = { refused: refused[syntax], accepted: accepted[syntax] };
    const { differences, ...count } = compareWithGnuAs(lines, syntax, exceptions);
    console.log(
      `${gnuAsVersion()}: ${names.length} mnemonics, ${lines.length} lines: ${count.same} the same bytes, ` +
        `${count.refused} refused by both, ${count.stricter} refused here only (it warns or guesses)`,
    );
    expect(differences).toEqual([]);
    expect(count.same).toBeGreaterThan(3000);
  });
});

describe.skipIf(!hasGnuAs).each(['att', 'intel'] as const)('MMX and SSE in %s syntax (need GNU as)', (syntax) => {
  it('give the bytes of GNU as with every operand shape, or are refused by both', () => {
    const lines = vectorMnemonics(syntax).flatMap((name) => linesOf(name, syntax, vectorShapes[syntax]));
    const { differences, same } = compareWithGnuAs(lines, syntax);
    console.log(`${gnuAsVersion()}: ${same} of ${lines.length} lines have the same bytes`);
    expect(differences).toEqual([]);
    expect(same).toBeGreaterThan(1700);
  });
});

describe.skipIf(!hasGnuAs).each(['att', 'intel'] as const)('random operands in %s syntax (need GNU as)', (syntax) => {
  it('assemble to the bytes of GNU as', () => {
    const lines = fc.sample(randomInstruction, { numRuns: 4000, seed: 7 }).map((random) => textOf(random, syntax));
    // Some immediates it cuts off without a warning: `addb $65527,(%rdx)` adds -9.
    const exceptions = { accepted: accepted[syntax] };
    const { differences, same } = compareWithGnuAs(lines, syntax, exceptions);
    console.log(`${gnuAsVersion()}: ${same} of ${lines.length} random lines have the same bytes, the rest is refused`);
    expect(differences.slice(0, 40)).toEqual([]);
    expect(same).toBeGreaterThan(1500);
  });
});

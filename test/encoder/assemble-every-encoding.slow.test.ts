import { Code } from 'iced-x86';
import { describe, expect, it } from 'vitest';
import { assembleInstruction } from '../../src/encoder/assemble.js';
import { disassembleOne } from '../../src/encoder/disassemble.js';
import { InputError } from '../../src/input-error.js';
import { hex } from './hex.js';
import { allShapes, RandomEncodings } from './random-encodings.js';

const address = 0xffffffff81000000n;
const samples = 4;

/**
 * Encodings that are not assembled, or that come back as a shorter or a usual one which reads differently: undocumented
 * twins, REX.W and 66 without effect, reserved NOPs, VIA's with REP, 32-bit forms of implied operands, short branches to
 * a number, x87 operations on %st(0).
 */
const different = [
  /^(Sal_|Reservednop_|Nopq|Xsha|Xcrypt|Xstore|Montmul|Ccs_|Via_|Lkgs_)/,
  /^(Mov_r64m16_Sreg|Mov_Sreg_r|Sldt_r64m16|Str_r64m16)/,
  /^(VEX_V)?(movmskp|pmovmskb|pextr|extractps|pinsr)\w*r64/i,
  /^(Monitor|Vmrun|Vmload|Vmsave|Invlpga|Monitorx)d$/,
  /^J\w+_rel8_64$/,
  /^F\w+_sti_st0$/,
];

/** Without what depends on the length of the instruction. */
const meaning = (text: string) => text.replace(/\s+#.*$/, '');

describe.each(['att', 'intel'] as const)('random instructions of every encoding, in %s syntax', (syntax) => {
  it('are assembled from their disassembly to the same instruction, never to a longer one', () => {
    const failures: string[] = [];
    const same = new Set<Code>();
    const random = new RandomEncodings(41, address);
    for (const shape of allShapes()) {
      const name = Code[shape.code] ?? '';
      for (let i = 0; i < samples; i++) {
        const bytes = random.next(shape);
        if (bytes === undefined) continue;
        const { text, length } = disassembleOne(bytes, address, { syntax });
        // FWAIT and another instruction; or what iced encodes and does not read.
        if (length !== bytes.length) continue;
        try {
          const again = assembleInstruction(text, address, new Map(), { syntax });
          if (hex(again) === hex(bytes)) {
            same.add(shape.code);
            continue;
          }
          const read = disassembleOne(again, address, { syntax }).text;
          const isSame = meaning(read) === meaning(text) && again.length <= bytes.length;
          const isListed = different.some((pattern) => pattern.test(name));
          if (!isSame && !isListed) failures.push(`${name} ${hex(bytes)} is ${text}, then ${hex(again)}, ${read}`);
        } catch (error) {
          if (!(error instanceof InputError)) throw error;
          const isListed = different.some((pattern) => pattern.test(name));
          if (!isListed) failures.push(`${name} ${hex(bytes)} is ${text}: ${error.message}`);
        }
      }
    }
    expect(failures).toEqual([]);
    expect(same.size).toBeGreaterThan(2000);
  });
});

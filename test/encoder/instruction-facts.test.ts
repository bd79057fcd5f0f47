import { describe, expect, it } from 'vitest';
import { instructionFacts } from '../../src/encoder/instruction-facts.js';

const [CF, PF, AF, ZF, SF, DF, OF] = [1n, 4n, 0x10n, 0x40n, 0x80n, 0x400n, 0x800n] as const;
const STATUS = CF | PF | AF | ZF | SF | OF;

describe('the facts about an instruction', () => {
  it.each([
    ['4801d8', 'add', 'Add_rm64_r64', 0n, STATUS],
    ['4821d8', 'and', 'And_rm64_r64', AF, STATUS],
    ['f7e3', 'mul', 'Mul_rm32', SF | ZF | AF | PF, STATUS],
    ['fd', 'std', 'Std', 0n, DF],
    ['89d8', 'mov', 'Mov_rm32_r32', 0n, 0n],
    ['0f58c1', 'addps', 'Addps_xmm_xmmm128', 0n, 0n],
    ['06', 'invalid', 'INVALID', 0n, 0n],
    ['', 'invalid', 'INVALID', 0n, 0n],
  ])('are those of iced-x86 in the places of RFLAGS: %s', (hex, mnemonic, code, undefinedFlags, modifiedFlags) => {
    expect(instructionFacts(Buffer.from(hex, 'hex'))).toEqual({ mnemonic, code, undefinedFlags, modifiedFlags });
  });

  it('are those of the first instruction', () => {
    expect(instructionFacts(Buffer.from('90f4', 'hex')).mnemonic).toBe('nop');
  });
});

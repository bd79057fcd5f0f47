import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { disassemble } from '../../src/encoder/disassemble.js';
import * as templates from '../../src/encoder/instruction-templates.js';
import { InputError } from '../../src/input-error.js';
import { hex } from './hex.js';

const { textGenInsn, textOpcodeSize } = templates;
const address = 0xffffffff8100c0bcn;

const conditions = 'o no b ae e ne be a s ns p np l ge le g'.split(' ');

describe('textGenInsn', () => {
  it('makes the instructions that are poked into text', () => {
    expect(hex(textGenInsn(templates.CALL_INSN_OPCODE, address, 0xffffffff82000000n))).toBe('e83f3fff00');
    expect(hex(textGenInsn(templates.JMP32_INSN_OPCODE, address, address))).toBe('e9fbffffff');
    expect(hex(textGenInsn(templates.JMP8_INSN_OPCODE, address, address + 2n))).toBe('eb00');
    expect(hex(textGenInsn(templates.JCC8_INSN_OPCODE + 4, address, address))).toBe('74fe');
    expect(hex(textGenInsn(templates.JCC32_INSN_OPCODE + 5, address, address + 6n))).toBe('0f8500000000');
    expect(hex(textGenInsn(templates.INT3_INSN_OPCODE, address))).toBe('cc');
    expect(hex(textGenInsn(templates.RET_INSN_OPCODE, address))).toBe('c3');
  });

  it('makes what reads back as a jump to the target, for every condition', () => {
    const near = fc.bigInt({ min: -126n, max: 129n });
    fc.assert(
      fc.property(fc.nat(15), near, (condition, distance) => {
        const target = address + distance;
        for (const opcode of [templates.JCC8_INSN_OPCODE, templates.JCC32_INSN_OPCODE]) {
          const bytes = textGenInsn(opcode + condition, address, target);
          expect(bytes.length).toBe(textOpcodeSize(opcode + condition));
          expect(disassemble(bytes, address).map(({ text }) => text)).toEqual([
            `j${conditions[condition]} 0x${target.toString(16)}`,
          ]);
        }
      }),
      { seed: 2 },
    );
  });

  it('refuses targets that the displacement does not reach', () => {
    const { JMP8_INSN_OPCODE: jmp8, CALL_INSN_OPCODE: call } = templates;
    expect(hex(textGenInsn(jmp8, 0x1000n, 0x1000n + 129n))).toBe('eb7f');
    expect(hex(textGenInsn(jmp8, 0x1000n, 0x1000n - 126n))).toBe('eb80');
    expect(() => textGenInsn(jmp8, 0x1000n, 0x1000n + 130n)).toThrow(InputError);
    expect(() => textGenInsn(jmp8, 0x1000n, 0x1000n - 127n)).toThrow('JMP8 at 0x1000 does not reach 0xf81');
    expect(hex(textGenInsn(call, 0n, 0x80000004n))).toBe('e8ffffff7f');
    expect(() => textGenInsn(call, 0n, 0x80000005n)).toThrow('2147483648 does not fit 32 bits');
  });

  it('reaches around the end of the address space', () => {
    expect(hex(textGenInsn(templates.JMP32_INSN_OPCODE, 0xfffffffffffffff0n, 5n))).toBe('e910000000');
  });

  it('knows no other opcodes and needs a target', () => {
    expect(() => textGenInsn(0x90, 0n)).toThrow('opcode 0x90');
    expect(() => textOpcodeSize(0x0f90)).toThrow('opcode 0xf90');
    expect(() => textGenInsn(templates.CALL_INSN_OPCODE, 0n)).toThrow('CALL needs a target');
  });
});

describe('the fixed byte strings', () => {
  const textsOf = (bytes: readonly number[]) => disassemble(Uint8Array.from(bytes), 0n).map(({ text }) => text);

  it('are what they are said to be', () => {
    expect(textsOf(templates.XOR5RAX)).toEqual(['cs cs cs xor %eax,%eax']);
    expect(textsOf(templates.TRAMP_UD)).toEqual(['ud1 %esp,%ecx']);
    expect(textsOf(templates.RET_STATIC_CALL)).toEqual(['ret', 'int3', 'int3', 'int3', 'int3']);
  });

  it('have the sizes of the kernel', () => {
    expect(templates.XOR5RAX.length).toBe(templates.CALL_INSN_SIZE);
    expect(templates.RET_STATIC_CALL.length).toBe(templates.TEXT_POKE_MAX_OPCODE_SIZE);
    expect(textOpcodeSize(templates.JCC32_INSN_OPCODE)).toBe(templates.JCC32_INSN_SIZE);
    expect(templates.CALL_INSN_SIZE - 1).toBe(templates.DISP32_SIZE);
  });
});

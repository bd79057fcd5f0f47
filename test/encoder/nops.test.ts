import { describe, expect, it } from 'vitest';
import { disassemble } from '../../src/encoder/disassemble.js';
import { ASM_NOP_MAX, nopFill, x86Nop } from '../../src/encoder/nops.js';
import { hex } from './hex.js';

const lengths = Array.from({ length: ASM_NOP_MAX }, (_, i) => i + 1);

describe('the NOP table', () => {
  it.each(lengths)('has one single instruction of %i bytes that does nothing', (length) => {
    const [only, ...more] = disassemble(x86Nop(length), 0n);
    expect(more).toEqual([]);
    expect(only?.length).toBe(length);
    expect(only?.text).toMatch(/^(data16 )*(nop|nop[lw] .*|xchg %ax,%ax)$/);
  });

  it('has the bytes that jump labels and static calls look for', () => {
    expect(hex(x86Nop(2))).toBe('6690');
    expect(hex(x86Nop(5))).toBe('0f1f440000');
  });

  it.each([0, 12, -1, 1.5])('has none of %d bytes', (length) => {
    expect(() => x86Nop(length)).toThrow(RangeError);
  });

  it('hands out bytes that can be written to', () => {
    x86Nop(5).fill(0xcc);
    expect(hex(x86Nop(5))).toBe('0f1f440000');
  });
});

describe('nopFill', () => {
  it('fills any length with the longest NOPs', () => {
    expect(nopFill(0).length).toBe(0);
    expect(disassemble(nopFill(27), 0n).map(({ length }) => length)).toEqual([11, 11, 5]);
  });
});

import fc from 'fast-check';
import { Register } from 'iced-x86';
import { describe, expect, it } from 'vitest';
import { assemble, assembleInstruction } from '../../src/encoder/assemble.js';
import { formsNamed, mnemonics } from '../../src/encoder/assembler/form-index.js';
import type { InstructionForm } from '../../src/encoder/assembler/instruction-form.js';
import { registerNameOf, registersOf } from '../../src/encoder/assembler/registers.js';
import type { Slot } from '../../src/encoder/assembler/slot.js';
import { disassemble, disassembleOne } from '../../src/encoder/disassemble.js';
import { InputError } from '../../src/input-error.js';
import { hex } from './hex.js';

const address = 0xffffffff81000000n;
const numbers = { 8: '$0x12', 16: '$0x1234', 32: '$0x12345678', 64: '$0x123456789abcdef' };

/** An operand that fits a slot. */
function sample(slot: Slot, position: number, narrow: boolean): string {
  switch (slot.kind) {
    case 'register':
      return registerNameOf(registersOf(slot.accepts)[sampleNumber(slot.accepts, position)] ?? Register.None);
    case 'fixed':
      return registerNameOf(slot.register);
    case 'memory':
      return narrow ? '0x12(%esi,%edi,4)' : '0x12(%rsi,%rdi,4)';
    case 'vector memory':
      return `(%rsi,${registerNameOf(registersOf(slot.index)[7] ?? Register.None)},2)`;
    case 'absolute':
      return '0x123456789abc';
    case 'string':
      return `(${registerNameOf(slot.base)})`;
    case 'immediate':
      return numbers[slot.bits];
    case 'constant':
      return `$${slot.value}`;
    case 'branch':
      return '.';
  }
}

/** Different registers in every place, and none that has a meaning of its own: %ds, %cr3, %dr3. */
function sampleNumber(file: string, position: number): number {
  if (file === 'segment' || file === 'control' || file === 'debug') return 3;
  return file === 'gpr8' ? 3 - position : 5 - position;
}

function textOf(name: string, { written }: InstructionForm): string {
  // The destination register of these is an address of the same width.
  const isPair = /^(movdir64b|enqcmds?)$/.test(name);
  const narrow = isPair && written.some(({ slot }) => slot.kind === 'register' && slot.accepts === 'gpr32');
  const operands = written.map(({ slot, indirect }, i) => `${indirect ? '*' : ''}${sample(slot, i, narrow)}`);
  return `${name} ${operands.join(',')}`.trim();
}

/** FWAIT before an x87 instruction is one of its own when read back. */
function readBack(bytes: Uint8Array): string {
  return disassemble(bytes, address)
    .map(({ text }) => text)
    .join('\n');
}

/**
 * What a text says, without what says nothing in 64-bit mode: comments, zero displacements, most segments, twin
 * names.
 */
function meaning(text: string): string {
  return text
    .replace(/\s+#.*$/, '')
    .replace(/\b0x0\(/, '(')
    .replace(/%[cdes]s:/g, '')
    .replace(/\b(cs|ds|es|ss|data16|rex\.w) /g, '')
    .replace(/(repne|bnd) (?=j|call|ret)/, '')
    .replace(/\bsal([bwlq]?) /, 'shl$1 ')
    .replace('xchg %rax,%rax', 'nop')
    .replace(/\bint \$0x3$/, 'int3');
}

describe('what iced can encode', () => {
  it('assembles under every name and in every spelling that the tables give, and reads back as the same', () => {
    const failures: string[] = [];
    const codes = new Set<number>();
    let lines = 0;
    // MONTMUL is read with REP only.
    for (const name of mnemonics().filter((mnemonic) => mnemonic !== 'montmul')) {
      for (const form of formsNamed(name)) {
        const text = textOf(name, form);
        lines++;
        try {
          const bytes = assembleInstruction(text, address);
          const shown = readBack(bytes);
          const again = readBack(assemble([{ base: address, source: shown }]).blocks[0]?.bytes ?? bytes);
          if (again !== shown) failures.push(`${text}: ${hex(bytes)} is ${shown}, which assembles to ${again}`);
          codes.add(form.code);
        } catch (error) {
          if (!(error instanceof InputError)) throw error;
          failures.push(`${text}: ${error.message}`);
        }
      }
    }
    console.log(`${lines} lines of ${mnemonics().length} mnemonics cover ${codes.size} encodings`);
    expect(failures).toEqual([]);
    expect(codes.size).toBeGreaterThan(2400);
  });
});

describe('disassembly of random bytes', () => {
  it('assembles to an instruction that reads the same, unless it is one of those that are not assembled', () => {
    const prefix = fc.constantFrom(
      [],
      [],
      [0x66],
      [0x48],
      [0x41],
      [0x4c],
      [0x66, 0x4d],
      [0xf0],
      [0xf3],
      [0xf2],
      [0x67],
      [0x65],
    );
    const opcode = fc.oneof(
      fc.nat(255).map((byte) => [byte]),
      fc.nat(255).map((byte) => [0x0f, byte]),
      fc.nat(255).map((byte) => [0x0f, 0x38, byte]),
    );
    const tail = fc.uint8Array({ minLength: 12, maxLength: 12 });
    let checked = 0;
    fc.assert(
      fc.property(prefix, opcode, tail, (before, code, after) => {
        const [first] = disassemble(Uint8Array.from([...before, ...code, ...after]), address);
        if (first === undefined || first.text === '(bad)' || isNotAssembled(first.text)) return;
        checked++;
        const bytes = assembleInstruction(first.text, address);
        const isBranch = /\bj\w+/.test(first.text);
        if (!isBranch) expect(bytes.length).toBeLessThanOrEqual(first.length);
        const again = disassembleOne(bytes, address).text;
        const isRelative = /\(%[re]ip\)/.test(first.text);
        expect(meaning(isRelative ? again.replace(/0x\w+\(/, '(') : again)).toBe(
          meaning(isRelative ? first.text.replace(/0x\w+\(/, '(') : first.text),
        );
      }),
      { numRuns: 8000, seed: 10 },
    );
    expect(checked).toBeGreaterThan(3000);
  });
});

/**
 * What is not assembled, or not in the same way: EVEX, 3DNow!, VIA and two XOP instructions, reserved NOPs that show
 * as `nop %eax,(%rax)`, absolute 32-bit addresses, moves of segment registers and the like, which get no REX.W, x87
 * operations on %st(0) and exchanges of registers, of which there are two each.
 */
function isNotAssembled(text: string): boolean {
  const different = [
    /zmm|\{|%[xy]mm(1[6-9]|[23]\d)/,
    /\b(xsha|xcrypt|xstore|montmul|undoc|ccs_|pf|pi2f|pavgusb|pmulhrw|pswapd|vpermil2)/,
    /\bnop[wlq]? %\w+,/,
    /addr32 [^(]*$/,
    /(sldt|str) %r|mov .*%[c-gs]s(,|$)/,
    /%st\(0\)|xchg %\w+,%/,
  ];
  return different.some((pattern) => pattern.test(text));
}

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assemble, assembleInstruction } from '../../src/encoder/assemble.js';
import { formsNamed, mnemonics } from '../../src/encoder/assembler/form-index.js';
import { disassemble, disassembleOne } from '../../src/encoder/disassemble.js';
import type { Syntax } from '../../src/encoder/syntax.js';
import { InputError } from '../../src/input-error.js';
import { hex } from './hex.js';
import { sampleText } from './sample-text.js';

const syntaxes = ['att', 'intel'] as const;
const address = 0xffffffff81000000n;

/** FWAIT before an x87 instruction is one of its own when read back. */
function readBack(bytes: Uint8Array, syntax: Syntax): string {
  return disassemble(bytes, address, { syntax })
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
    .replace(/\+0x0\]/, ']')
    .replace(/%[cdes]s:/g, '')
    .replace(/\b[cdes]s:\[/g, '[')
    .replace(/\b(cs|ds|es|ss|data16|rex\.w) /g, '')
    .replace(/(repne|bnd) (?=j|call|ret)/, '')
    .replace(/\bsal([bwlq]?) /, 'shl$1 ')
    .replace(/xchg %?rax,%?rax/, 'nop')
    .replace(/\bint \$?0x3$/, 'int3');
}

describe.each(syntaxes)('what iced can encode, in %s syntax', (syntax) => {
  it('assembles under every name and in every spelling that the tables give, and reads back as the same', () => {
    const failures: string[] = [];
    const codes = new Set<number>();
    let lines = 0;
    // MONTMUL is read with REP only.
    for (const name of mnemonics(syntax).filter((mnemonic) => mnemonic !== 'montmul')) {
      for (const form of formsNamed(name, syntax)) {
        const text = sampleText(name, form, syntax);
        lines++;
        try {
          const bytes = assembleInstruction(text, address, new Map(), { syntax });
          const shown = readBack(bytes, syntax);
          const block = { base: address, source: shown, syntax };
          const again = readBack(assemble([block]).blocks[0]?.bytes ?? bytes, syntax);
          if (again !== shown) failures.push(`${text}: ${hex(bytes)} is ${shown}, which assembles to ${again}`);
          codes.add(form.code);
        } catch (error) {
          if (!(error instanceof InputError)) throw error;
          failures.push(`${text}: ${error.message}`);
        }
      }
    }
    console.log(`${lines} lines of ${mnemonics(syntax).length} mnemonics cover ${codes.size} encodings`);
    expect(failures).toEqual([]);
    expect(codes.size).toBeGreaterThan(2400);
  });
});

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

describe.each(syntaxes)('disassembly of random bytes, in %s syntax', (syntax) => {
  it('assembles to an instruction that reads the same, unless it is one of those that are not assembled', () => {
    let checked = 0;
    fc.assert(
      fc.property(prefix, opcode, tail, (before, code, after) => {
        const [first] = disassemble(Uint8Array.from([...before, ...code, ...after]), address, { syntax });
        if (first === undefined || first.text === '(bad)' || isNotAssembled(first.text)) return;
        checked++;
        const bytes = assembleInstruction(first.text, address, new Map(), { syntax });
        const isBranch = /\bj\w+/.test(first.text);
        if (!isBranch) expect(bytes.length).toBeLessThanOrEqual(first.length);
        const again = disassembleOne(bytes, address, { syntax }).text;
        expect(meaning(withoutDistance(again))).toBe(meaning(withoutDistance(first.text)));
      }),
      { numRuns: 8000, seed: 10 },
    );
    expect(checked).toBeGreaterThan(3000);
  });
});

/** A distance from %rip depends on the length of the instruction. */
function withoutDistance(text: string): string {
  return text.replace(/0x\w+(?=\(%[re]ip\))/, '').replace(/(?<=\[[re]ip)[-+]0x\w+/, '');
}

/**
 * What is not assembled, or not in the same way: EVEX, 3DNow!, VIA and two XOP instructions, reserved NOPs that show
 * as `nop %eax,(%rax)`, absolute 32-bit addresses, moves of segment registers and parts of vector registers and the
 * like, which get no REX.W, x87 operations on %st(0) and exchanges of registers, of which there are two each.
 */
function isNotAssembled(text: string): boolean {
  const different = [
    /zmm|\{|[xy]mm(1[6-9]|[23]\d)/,
    /\b(xsha|xcrypt|xstore|montmul|undoc|ccs_|pf|pi2f|pavgusb|pmulhrw|pswapd|vpermil2)/,
    /\bnop[wlq]? (%\w+,|.*,)/,
    /addr32 (.*\[0x|[^([]*$)/,
    /(sldt|str) %?r|mov .*%[c-gs]s(,|$)|mov [^[]*\b[c-gs]s(,|$)/,
    /(movmskp[sd]|pmovmskb|pextr[bw]|extractps|pinsr[bw]) (.*[, ])?%?r(\d+|[a-ds][xip])(,|$)/,
    /st\(0\)|xchg %?\w+,%?\w+$/,
  ];
  return different.some((pattern) => pattern.test(text));
}

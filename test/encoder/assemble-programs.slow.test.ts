import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Assembly, assemble } from '../../src/encoder/assemble.js';
import { disassembleOne } from '../../src/encoder/disassemble.js';
import type { Syntax } from '../../src/encoder/syntax.js';
import { hex } from './hex.js';
import { OUTSIDE, randomProgram } from './random-programs.js';

const base = 0xffffffff81000000n;

function assembled(source: string, syntax: Syntax): Assembly {
  const [block] = assemble([{ base, source, syntax }], OUTSIDE).blocks;
  if (block === undefined) throw new Error('no block');
  return block;
}

const labelAt = (address: bigint) => `at_${address.toString(16)}`;

/**
 * A program again from its bytes, a label in front of every statement: instructions as they are disassembled, branches
 * into the program to its labels, and as bytes what a directive made.
 */
function disassembled({ bytes, lines }: Assembly, syntax: Syntax): string {
  const aligns = lines.some(({ text }) => /^\.\w*align/.test(text));
  const end = base + BigInt(bytes.length);
  const starts = new Set([...lines.map(({ address }) => address), end]);
  const statements = lines.map(({ address, length, text }) => {
    const own = bytes.slice(Number(address - base), Number(address - base) + length);
    if (text.startsWith('.')) return `${labelAt(address)}: .byte ${[...own].join(', ')}`;
    const one = disassembleOne(own, address, { syntax });
    expect(one.length, text).toBe(length);
    // A length that was asked for shows in no text. Where padding shrinks while jumps grow, one may stay long that need
    // not, as under GNU as; without the alignment it would be short.
    const asked = text.includes('.rel32') || aligns ? (length === 2 ? '.rel8' : '.rel32') : '';
    const shown = one.text.replace(/^(j\w+|call) 0x(\w+)$/, (whole, name: string, digits: string) => {
      const target = BigInt(`0x${digits}`);
      return `${name}${asked} ${starts.has(target) ? labelAt(target) : whole.slice(name.length + 1)}`;
    });
    return `${labelAt(address)}: ${shown}`;
  });
  return [...statements, `${labelAt(end)}:`].join('\n');
}

describe.each(['att', 'intel'] as const)('random programs in %s syntax', (syntax) => {
  it('assemble from their disassembly to the same bytes, and disassemble to the same text again', () => {
    const seen = { branches: 0, short: 0, directives: 0, statements: 0 };
    fc.assert(
      fc.property(randomProgram(syntax), (source) => {
        const first = assembled(source, syntax);
        const text = disassembled(first, syntax);
        const second = assembled(text, syntax);
        expect(hex(second.bytes), text).toBe(hex(first.bytes));
        expect(disassembled(withAskedLengths(second, first), syntax)).toBe(text);
        for (const { text: statement, length } of first.lines) {
          seen.statements++;
          if (statement.startsWith('.')) seen.directives++;
          if (/^j/.test(statement)) seen.branches++;
          if (/^j/.test(statement) && length === 2) seen.short++;
        }
      }),
      { numRuns: 400, seed: 20 },
    );
    expect(seen.statements).toBeGreaterThan(4000);
    expect(seen.directives).toBeGreaterThan(500);
    expect(seen.branches).toBeGreaterThan(500);
    // Jumps of either length.
    expect(seen.short).toBeGreaterThan(100);
    expect(seen.branches - seen.short).toBeGreaterThan(100);
  });
});

/** With the statements of the first text, which say where a directive or a length was. */
function withAskedLengths(again: Assembly, first: Assembly): Assembly {
  expect(again.lines.map(({ address, length }) => [address, length])).toEqual(
    first.lines.map(({ address, length }) => [address, length]),
  );
  return { ...again, lines: again.lines.map((line, i) => ({ ...line, text: first.lines[i]?.text ?? '' })) };
}

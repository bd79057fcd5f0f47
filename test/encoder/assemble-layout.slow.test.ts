import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gnuAssemble, hasGnuAs } from './gnu-as.js';
import { assembledHex } from './hex.js';

const base = 0xffffffff81000000n;

describe('branch lengths', () => {
  it('are short when the target is near, on both sides, up to the last byte', () => {
    expect(assembledHex('jmp .+129')).toBe('eb7f');
    expect(assembledHex('jmp .+130')).toBe('e97d000000');
    expect(assembledHex('je .-126')).toBe('7480');
    expect(assembledHex('je .-127')).toBe('0f847bffffff');
  });

  it('grow together where one growing branch pushes another out of reach', () => {
    const source = ['jmp 1f', '.skip 124,0x90', 'jmp 2f', '1: .skip 126,0x90', '2: nop'].join('\n');
    expect(assembledHex(source)).toBe(`eb7e${'90'.repeat(124)}eb7e${'90'.repeat(127)}`);
    const pushed = ['jmp 1f', '.skip 124,0x90', 'jmp 2f', '1: .skip 128,0x90', '2: nop'].join('\n');
    expect(assembledHex(pushed)).toBe(`e981000000${'90'.repeat(124)}e980000000${'90'.repeat(129)}`);
  });

  it('settle however long the chain is in which each growing branch makes the one before it grow', () => {
    // Each branch just reaches its target while the next one, which lies in between, is short.
    const chain = (last: string) =>
      [
        ...Array.from({ length: 400 }, (_, i) => `jmp t${i + 1}; .skip 25; t${i}: .skip 75`),
        `${last}; .skip 25; t400: ret`,
      ].join('\n');
    const length = (source: string) => assembledHex(source).length / 2;
    expect(length(chain('jmp.rel8 t400'))).toBe(400 * 102 + 28);
    expect(length(chain('jmp.rel32 t400'))).toBe(400 * 105 + 31);
  });

  it('are rel32 for outside symbols and for numbers, however near', () => {
    expect(assembledHex('jmp near', 0n, new Map([['near', 4n]]))).toBe('e9ffffffff');
    expect(assembledHex('jne 0x10')).toBe('0f850a000000');
  });

  it('stay as written when they are explicit', () => {
    expect(assembledHex('1: jmp.rel32 1b; jmp.rel8 1b; je.rel32 1b; je.rel8 1b')).toBe(
      'e9fbffffffebf90f84f3ffffff74f1',
    );
    expect(assembledHex('jmp.rel8 near', 0n, new Map([['near', 4n]]))).toBe('eb02');
  });
});

/** A random stretch of code with labels, branches between them, fill and alignment. */
const layout = fc
  .array(
    fc.oneof(
      { weight: 6, arbitrary: fc.record({ kind: fc.constant('jmp' as const), to: fc.nat(19) }) },
      { weight: 6, arbitrary: fc.record({ kind: fc.constant('jne' as const), to: fc.nat(19) }) },
      { weight: 8, arbitrary: fc.record({ kind: fc.constant('skip' as const), to: fc.integer({ min: 0, max: 70 }) }) },
      { weight: 2, arbitrary: fc.record({ kind: fc.constant('call' as const), to: fc.nat(19) }) },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant('align' as const), to: fc.integer({ min: 1, max: 5 }) }) },
    ),
    { minLength: 5, maxLength: 60 },
  )
  .map((items) => {
    const lines = items.map(({ kind, to }) => {
      if (kind === 'skip') return `.skip ${to},0x90`;
      if (kind === 'align') return `.balign ${2 ** to}`;
      return `${kind} l${to}`;
    });
    // Twenty labels, spread evenly, so that every target exists.
    for (let i = 19; i >= 0; i--) lines.splice(Math.floor((i * lines.length) / 20), 0, `l${i}:`);
    return lines.join('\n');
  });

describe.skipIf(!hasGnuAs)('layouts of random code (needs GNU as)', () => {
  it('are the same as those of GNU as', () => {
    fc.assert(
      fc.property(layout, (source) => {
        expect(assembledHex(source, base)).toBe(gnuAssemble(source, base));
      }),
      { numRuns: 40, seed: 1 },
    );
  });
});

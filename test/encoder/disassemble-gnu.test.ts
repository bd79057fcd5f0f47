import { describe, expect, it } from 'vitest';
import { disassemble } from '../../src/encoder/disassemble.js';
import { gnuAssembleLines, hasGnuAs, objdumpBoundaries } from './gnu-as.js';
import { assembledHex } from './hex.js';
import { recordedEncodings } from './recorded-encodings.js';

const base = 0xffffffff81000000n;

/** The recorded instructions, without data. */
const instructions = recordedEncodings('att')
  .filter(({ source }) => !/\.(?:byte|word|long|quad|asci|skip|zero|fill|balign|p2align|org|nops)/.test(source))
  .map(({ bytes }) => bytes);

describe.skipIf(!hasGnuAs)('our disassembly (needs GNU as and objdump)', () => {
  it('sees instructions begin where objdump does', () => {
    const code = Buffer.from(instructions.join(''), 'hex');
    const boundaries = disassemble(code, 0n).map(({ address }) => Number(address));
    expect(boundaries.length).toBeGreaterThan(450);
    expect(boundaries).toEqual(objdumpBoundaries(code));
  });

  it.each(['att', 'intel'] as const)(
    'in %s syntax is taken by GNU as and gives the bytes that it gives us',
    (syntax) => {
      const exact = instructions
        .flatMap((bytes) => disassemble(Buffer.from(bytes, 'hex'), base, { syntax }))
        // A target is an address: GNU as would need to know where the line is.
        .filter(({ text }) => !/^(?:\w+ )*(?:j\w+|call|loop\w*|xbegin)(?:,p.)? 0x/.test(text))
        .map(({ text, bytes }) => ({ text, bytes: Buffer.from(bytes).toString('hex') }))
        .filter(({ text, bytes }) => text !== '(bad)' && assembledHex(text, base, new Map(), syntax) === bytes);
      const theirs = gnuAssembleLines(
        exact.map(({ text }) => text),
        syntax,
      );
      const differences = exact.flatMap(({ text, bytes }, i) => {
        const hex = theirs[i]?.hex;
        return hex === bytes ? [] : [`${text}: ${bytes}, but ${hex ?? theirs[i]?.error}`];
      });
      expect(differences).toEqual([]);
      expect(exact.length).toBeGreaterThan(400);
    },
  );
});

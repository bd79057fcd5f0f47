import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { assemble } from '../../src/encoder/assemble.js';
import { gnuAssemble, gnuAsVersion, hasGnuAs } from './gnu-as.js';
import { assembledHex } from './hex.js';
import { parseRecorded, recordedEncodings, recordedFiles } from './recorded-encodings.js';

const syntaxes = ['att', 'intel'] as const;
const base = 0xffffffff81000000n;
const symbols = new Map([
  ['foo', 0xffffffff81001000n],
  ['site', 0xffffffff8100c0bcn],
  ['low', 0x1000n],
]);

if (process.env.XMC_RECORD !== undefined && hasGnuAs) {
  for (const syntax of syntaxes) {
    const recorded = readFileSync(recordedFiles[syntax], 'utf8')
      .split('\n')
      .map((line) => {
        if (line.startsWith('# Recorded with ')) return `# Recorded with ${gnuAsVersion()}.`;
        const source = parseRecorded(line)?.source;
        return source === undefined ? line : `${gnuAssemble(source, base, symbols, syntax)}  ${source}`;
      });
    writeFileSync(recordedFiles[syntax], recorded.join('\n'));
  }
  console.log(`recorded with ${gnuAsVersion()}`);
}

describe.each(syntaxes)('the recorded bytes of GNU as in %s syntax', (syntax) => {
  const cases = recordedEncodings(syntax);

  it('are there', () => {
    expect(cases.length).toBeGreaterThan(500);
    expect(cases.filter(({ bytes }) => bytes === '?')).toEqual([]);
  });

  it.each(cases)('$source', ({ bytes, source }) => {
    expect(assembledHex(source, base, symbols, syntax)).toBe(bytes);
  });

  it('come out the same when everything is assembled together', () => {
    const blocks = cases
      .filter(({ source }) => !/[a-z\d]+: |=|\.set|\.org/.test(source))
      .map(({ bytes, source }, i) => ({ bytes, block: { base: base + BigInt(i) * 0x1000n, source, syntax } }));
    const together = assemble(
      blocks.map(({ block }) => block),
      symbols,
    );
    expect(together.blocks.length).toBe(blocks.length);
    for (const [i, { block, bytes }] of blocks.entries()) {
      expect(together.blocks[i]?.bytes.length, block.source).toBe(bytes.length / 2);
    }
  });

  it.skipIf(!hasGnuAs)('are what the installed GNU as makes too, in a sample (needs GNU as)', () => {
    for (const { bytes, source } of cases.filter((_, i) => i % 25 === 0)) {
      expect(gnuAssemble(source, base, symbols, syntax), source).toBe(bytes);
    }
  });
});

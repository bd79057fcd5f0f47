import { describe, expect, it } from 'vitest';
import { allCodes } from '../../src/encoder/assembler/instruction-forms.js';
import { namedCodes } from '../../src/encoder/assembler/named-codes.js';
import type { PrebuiltMnemonics } from '../../src/encoder/assembler/prebuilt-mnemonics.js';
import { built, type Replaced, runReplaced } from './replaced-modules.js';

const { PREBUILT_MNEMONICS: prebuilt } = (await import(built('encoder/assembler/prebuilt-mnemonics.js'))) as {
  PREBUILT_MNEMONICS: PrebuiltMnemonics;
};

/** How many encodings the built program looks up in iced's tables to assemble some text, and the bytes. */
function assembled(text: string, replaced: Replaced): { lookUps: number; bytes: string } {
  const program = `
    const { CodeExt } = await import('${built('encoder/iced.js')}');
    let lookUps = 0;
    const { opCode } = CodeExt;
    CodeExt.opCode = (code) => { lookUps++; return opCode(code); };
    const { assembleInstruction } = await import('${built('encoder/assemble.js')}');
    const bytes = assembleInstruction(${JSON.stringify(text)}, 0x1000n);
    console.log(JSON.stringify({ lookUps, bytes: Buffer.from(bytes).toString('hex') }));`;
  const { stdout, stderr } = runReplaced(program, replaced);
  expect(stderr).toBe('');
  return JSON.parse(stdout) as { lookUps: number; bytes: string };
}

const prebuiltAs = (value: unknown): Replaced => ({
  'prebuilt-mnemonics.js': `export const PREBUILT_MNEMONICS = ${JSON.stringify(value)};`,
});

describe('the mnemonics that are gathered beforehand', () => {
  it("are the very ones that iced's tables give now", () => {
    expect(prebuilt).toEqual({
      encodings: allCodes().length,
      legacy: namedCodes('legacy'),
      vector: namedCodes('vector'),
    });
  });

  it('are what the built program uses: it looks at the encodings of what is written alone', () => {
    const { lookUps, bytes } = assembled('ret', {});
    expect(bytes).toBe('c3');
    expect(lookUps).toBeLessThan(10);
  });

  it.each([
    ['of an iced with an encoding more', { ...prebuilt, encodings: prebuilt.encodings + 1 }],
    ['of an iced with an encoding less', { ...prebuilt, encodings: prebuilt.encodings - 1 }],
  ])('are not used where they are %s: all are gathered', (_, other) => {
    const { lookUps, bytes } = assembled('ret', prebuiltAs(other));
    expect(bytes).toBe('c3');
    expect(lookUps).toBeGreaterThan(prebuilt.encodings);
  });
});

import { describe, expect, it } from 'vitest';
import { formsNamed, mnemonics } from '../../src/encoder/assembler/form-index.js';
import { codesOfPart, formsOfCodes } from '../../src/encoder/assembler/named-codes.js';

describe('the forms of a mnemonic', () => {
  it.each(['att', 'intel'] as const)('are those that it has among all forms (%s)', (syntax) => {
    const [legacy, vector] = (['legacy', 'vector'] as const).map((part) =>
      formsOfCodes(part, codesOfPart(part), syntax),
    );
    const all = new Map([...(vector ?? []), ...(legacy ?? [])]);
    expect(new Set(mnemonics(syntax))).toEqual(new Set(all.keys()));
    const different = [...all].filter(([name, forms]) => text(forms) !== text(formsNamed(name, syntax)));
    expect(different.map(([name]) => name)).toEqual([]);
  });

  it('are none where there is no such mnemonic', () => {
    expect(formsNamed('movv', 'att')).toEqual([]);
    expect(formsNamed('constructor', 'att')).toEqual([]);
  });
});

const text = (forms: unknown): string =>
  JSON.stringify(forms, (_, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value));

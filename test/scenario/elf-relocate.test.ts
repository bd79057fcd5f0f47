import { describe, expect, it } from 'vitest';
import { readElfFile } from '../../src/scenario/elf.js';
import { BASE, linkInputs, linkObjects } from './elf-link.js';
import {
  ABSOLUTE,
  buildObject,
  DATA,
  LOCAL,
  type ObjectSpec,
  R,
  type RelocationSpec,
  RODATA,
  textObject,
  WEAK,
  zeros,
} from './elf-object-builder.js';
import { errorOf } from './input-error.js';

/** What one relocation at `.text+8` makes of its field. */
function relocated(type: number, symbol: bigint, addend = 0n, width: 4 | 8 = 4): bigint {
  const spec = textObject([{ offset: 8, type, symbol: 'there', addend }]);
  return linkObjects([spec], { there: symbol }).number(BASE + 8n, width);
}

const P = BASE + 8n;
const unsigned = (value: bigint, bits = 32): bigint => BigInt.asUintN(bits, value);

describe('relocateElf computes', () => {
  it.each([
    ['R_X86_64_64', R.abs64, 8, 0x1122334455667788n, 0x10n, 0x1122334455667798n],
    ['R_X86_64_64 modulo 2^64', R.abs64, 8, 1n, -2n, 0xffff_ffff_ffff_ffffn],
    ['R_X86_64_PC64', R.pc64, 8, 0x1000n, 0n, unsigned(0x1000n - P, 64)],
    ['R_X86_64_PC32', R.pc32, 4, P + 0x100n, -4n, 0xfcn],
    ['R_X86_64_PC32 backwards', R.pc32, 4, P - 0x100n, -4n, unsigned(-0x104n)],
    ['R_X86_64_PC32 of the farthest address', R.pc32, 4, P - (1n << 31n), 0n, 0x8000_0000n],
    ['R_X86_64_PLT32', R.plt32, 4, P + 0x20n, -4n, 0x1cn],
    ['R_X86_64_32', R.abs32, 4, 0xffff_fff0n, 0xfn, 0xffff_ffffn],
    ['R_X86_64_32S', R.abs32s, 4, 0xffff_ffff_8000_0000n, 0n, 0x8000_0000n],
    ['R_X86_64_32S of a low address', R.abs32s, 4, 0x7fff_fff0n, 0xfn, 0x7fff_ffffn],
  ] as const)('%s', (name, type, width, symbol, addend, expected) => {
    if (name === 'R_X86_64_PLT32') expect(relocated(type, P + 0x20n, -4n)).toBe(0x1cn);
    else expect(relocated(type, symbol, addend, width)).toBe(expected);
  });

  it('nothing for R_X86_64_NONE, whatever else it says', () => {
    const spec = textObject([{ offset: 1 << 20, type: R.none, symbol: 77 }]);
    expect(linkObjects([spec]).memory(BASE, 64)).toEqual(new Uint8Array(64));
  });

  it('no byte beside the field', () => {
    const spec: ObjectSpec = {
      sections: [
        {
          name: '.text',
          bytes: new Array<number>(16).fill(0xcc),
          relocations: [
            { offset: 1, type: R.pc32, symbol: 's' },
            { offset: 6, type: R.abs64, symbol: 's' },
          ],
        },
      ],
      symbols: [{ name: 's', section: '.text' }],
    };
    const bytes = linkObjects([spec]).memory(BASE, 16);
    expect([bytes[0], bytes[5], bytes[14], bytes[15]]).toEqual([0xcc, 0xcc, 0xcc, 0xcc]);
    expect(Buffer.from(bytes).toString('hex', 1, 5)).toBe('ffffffff');
  });

  it('symbol number 0 as address 0', () => {
    const linked = linkObjects([textObject([{ offset: 0, type: R.abs64, symbol: 0, addend: 0x1234n }])]);
    expect(linked.number(BASE, 8)).toBe(0x1234n);
  });

  it('section symbols, local symbols and absolute ones', () => {
    const spec: ObjectSpec = {
      sections: [
        {
          name: '.text',
          bytes: zeros(24),
          relocations: ['', 'local', 'absolute'].map((symbol, i) => {
            return { offset: 8 * i, type: R.abs64, symbol: symbol === '' ? 1 : symbol, addend: 4n };
          }),
        },
        { name: '.data', bytes: zeros(16), flags: DATA },
      ],
      symbols: [
        { name: '', section: '.data', type: 3, binding: LOCAL },
        { name: 'local', section: '.data', value: 8n, binding: LOCAL },
        { name: 'absolute', section: ABSOLUTE, value: 0x42n },
      ],
    };
    const linked = linkObjects([spec], { local: 1n });
    expect([0n, 8n, 16n].map((offset) => linked.number(BASE + offset, 8))).toEqual([
      BASE + 0x1004n,
      BASE + 0x100cn,
      0x46n,
    ]);
  });
});

describe('the global offset table', () => {
  const spec = textObject(
    [
      { offset: 0, type: R.gotpcrel, symbol: 'first', addend: -4n },
      { offset: 4, type: R.gotpcrelx, symbol: 'second', addend: -5n },
      { offset: 8, type: R.rexGotpcrelx, symbol: 'first', addend: -4n },
      { offset: 12, type: R.gotpcrel, symbol: 'nowhere', addend: -4n },
      { offset: 16, type: R.gotpcrel, symbol: 'own', addend: 4n },
    ],
    [
      { name: 'nowhere', binding: WEAK },
      { name: 'own', section: '.text', value: 0x20n, binding: LOCAL },
    ],
  );
  const linked = linkObjects([spec], { first: 0x1111n, second: 0x2222n });
  const got = BASE + 0x1000n;

  it('has a slot for every symbol, in the order of first use, on a page that is only read', () => {
    expect([0n, 8n, 16n, 24n].map((slot) => linked.number(got + slot, 8))).toEqual([
      0x1111n,
      0x2222n,
      0n,
      BASE + 0x20n,
    ]);
    expect(linked.images[0]?.segments.map(({ address, flags }) => [address, flags])).toEqual([
      [BASE, { read: true, write: false, execute: true }],
      [got, { read: true, write: false, execute: false }],
    ]);
  });

  it('is where the code looks', () => {
    const seen = [0n, 4n, 8n, 12n, 16n].map((offset) => BASE + offset + linked.number(BASE + offset, 4));
    expect(seen).toEqual([got - 4n, got + 8n - 5n, got - 4n, got + 16n - 4n, got + 24n + 4n]);
  });

  it('is a section of the layout', () => {
    expect(linked.layout.files[0]?.sections).toEqual([
      { name: '.text', address: BASE, size: 64n },
      { name: '.got', address: got, size: 32n },
    ]);
  });
});

const call = (symbol: string): RelocationSpec => ({ offset: 1, type: R.plt32, symbol, addend: -4n });

describe('relocateElf refuses', () => {
  it.each([
    [
      R.pc32,
      P + (1n << 31n),
      'R_X86_64_PC32',
      'S + A - P is 0x80000000, which does not fit 32 bits, extended with their sign',
      'within 2 GiB',
    ],
    [
      R.plt32,
      P - (1n << 31n) - 1n,
      'R_X86_64_PLT32',
      'S + A - P is 0xffffffff7fffffff, which does not fit 32 bits, extended with their sign',
      'within 2 GiB',
    ],
    [
      R.abs32,
      BASE,
      'R_X86_64_32',
      'S + A is 0xffffffffa0000000, which does not fit 32 bits, extended with zeros',
      '-mcmodel=kernel',
    ],
    [
      R.abs32,
      1n << 32n,
      'R_X86_64_32',
      'S + A is 0x100000000, which does not fit 32 bits, extended with zeros',
      '-mcmodel=kernel',
    ],
    [
      R.abs32s,
      0x8000_0000n,
      'R_X86_64_32S',
      'S + A is 0x80000000, which does not fit 32 bits, extended with their sign',
      'last 2 GiB',
    ],
    [
      R.abs32s,
      0xffff_ffff_7fff_ffffn,
      'R_X86_64_32S',
      'S + A is 0xffffffff7fffffff, which does not fit 32 bits, extended with their sign',
      'last 2 GiB',
    ],
  ])('relocation %i of 0x%x', (type, symbol, name, problem, hint) => {
    const error = errorOf(() => relocated(type, symbol));
    expect(error.message).toBe(`.text+0x8: ${name} against 'there': ${problem}`);
    expect(error.location).toEqual({ file: 'a.o' });
    expect(error.hint).toContain(hint);
  });

  it('a weak symbol that is too far from 0, saying that it is weak', () => {
    const { bytes } = buildObject(textObject([call('f')], [{ name: 'f', binding: WEAK }]));
    const error = errorOf(() => linkInputs([{ elf: readElfFile(bytes, 'far.o'), base: 0xffff_8880_0000_0000n }]));
    expect(error.message).toContain(".text+0x1: R_X86_64_PLT32 against 'f': S + A - P is 0x777ffffffffb, which");
    expect(error.hint).toBe("'f' is weak: 0 if nothing defines it");
  });

  it('an undefined symbol, naming one that is near', () => {
    const error = errorOf(() => linkObjects([textObject([call('curve25519_arhc')])], { curve25519_arch: 1n }));
    expect(error.message).toBe(".text+0x1: R_X86_64_PLT32 against 'curve25519_arhc': nothing defines the symbol");
    expect(error.hint).toBe("did you mean 'curve25519_arch'?");
  });

  it('an undefined symbol that only the table of addresses needs, at its use', () => {
    const spec = textObject([{ offset: 3, type: R.rexGotpcrelx, symbol: 'f', addend: -4n }]);
    expect(errorOf(() => linkObjects([spec])).message).toBe(
      ".text+0x3: R_X86_64_REX_GOTPCRELX against 'f': nothing defines the symbol",
    );
  });

  it('nothing that no relocation needs', () => {
    expect(linkObjects([textObject([], [{ name: 'unused' }])]).images).toHaveLength(1);
  });
});

describe('relocateElf', () => {
  it('changes no bytes of the layout, so that it can be done again', () => {
    const spec: ObjectSpec = {
      sections: [
        { name: '.rodata', bytes: zeros(8), flags: RODATA, relocations: [{ offset: 0, type: R.abs64, symbol: 'x' }] },
      ],
      symbols: [{ name: 'x' }],
    };
    const { layout } = linkObjects([spec], { x: 0x99n });
    expect(layout.files[0]?.image.segments[0]?.bytes).toEqual(new Uint8Array(8));
  });
});

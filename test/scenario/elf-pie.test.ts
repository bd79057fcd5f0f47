import { describe, expect, it } from 'vitest';
import { layOutElf, readElfFile } from '../../src/scenario/elf.js';
import { BASE, linkInputs } from './elf-link.js';
import { buildObject, R, textObject } from './elf-object-builder.js';
import { buildPie, DT, PIE, type PieSpec } from './elf-pie-builder.js';
import { errorOf } from './input-error.js';

const DATA = BASE + PIE.data;
const field = (i: number, type: number, symbol: number, addend = 0n) => {
  return { offset: PIE.data + 8n * BigInt(i), type, symbol, addend };
};
const read = (spec: PieSpec) => readElfFile(buildPie(spec).bytes, 'p.elf');
const link = (spec: PieSpec, outside: Readonly<Record<string, bigint>> = {}) => {
  return linkInputs([{ elf: read(spec), base: BASE }], new Map(Object.entries(outside)));
};

describe('a static position-independent program', () => {
  it('is moved to its base: segments, entry, and symbols that are no numbers', () => {
    const { images } = link({ relocations: [] });
    expect(images[0]?.segments.map(({ address, size }) => [address, size])).toEqual([
      [BASE, 0x90n],
      [DATA, 64n],
    ]);
    expect(images[0]?.symbols.map(({ name, address }) => [name, address])).toEqual([
      ['start', BASE],
      ['local', DATA],
      ['number', 0x77n],
    ]);
    expect(images[0]?.entry).toBe(0n);
  });

  it('has its addresses adjusted by R_X86_64_RELATIVE, whatever was there', () => {
    const linked = link({
      relocations: [field(0, R.relative, 0, 0x10n), field(1, R.none, 9), field(2, R.relative, 0, -1n)],
    });
    expect([0n, 8n, 16n].map((offset) => linked.number(DATA + offset, 8))).toEqual([
      BASE + 0x10n,
      0xeeee_eeee_eeee_eeeen,
      BASE - 1n,
    ]);
  });

  it('has R_X86_64_64 of its own symbols, of those of others, and 0 for weak ones that nothing defines', () => {
    const relocations = [
      field(0, R.abs64, 3, 2n),
      field(1, R.abs64, 1, 3n),
      field(2, R.abs64, 2),
      field(3, R.abs64, 0),
    ];
    const linked = link({ relocations }, { outside: 0x1000n, own: 0x2000n });
    expect([0n, 8n, 16n, 24n].map((offset) => linked.number(DATA + offset, 8))).toEqual([DATA + 10n, 0x1003n, 0n, 0n]);
  });

  it('needs what is undefined and not weak', () => {
    const error = errorOf(() => link({ relocations: [field(1, R.abs64, 1)] }));
    expect(error.message).toBe("segment 1+0x8: R_X86_64_64 against 'outside': nothing defines the symbol");
  });

  it('gives its global names to objects, beside those of another', () => {
    const object = buildObject(textObject([{ offset: 0, type: R.abs64, symbol: 'start' }]));
    const pie = read({ relocations: [] });
    const linked = linkInputs([
      { elf: pie, base: BASE },
      { elf: pie, base: BASE + 0x10000n },
      { elf: readElfFile(object.bytes, 'a.o'), base: BASE + 0x20000n },
    ]);
    expect(linked.number(BASE + 0x20000n, 8)).toBe(BASE);
  });

  it('may share no name with an object', () => {
    const object = buildObject(textObject([], [{ name: 'start', section: '.text' }]));
    const inputs = [
      { elf: read({ relocations: [] }), base: BASE },
      { elf: readElfFile(object.bytes, 'a.o'), base: BASE + 0x20000n },
    ];
    expect(errorOf(() => layOutElf(inputs)).message).toBe("'start' is defined twice: in p.elf and in a.o");
  });

  it('needs no dynamic section', () => {
    const { bytes } = buildPie({ relocations: [] });
    const header = 64 + 56 * 2;
    const without = bytes.slice();
    without.set([0, 0, 0, 0], header);
    expect(readElfFile(without, 'p.elf').kind).toBe('pie');
  });
});

describe('the base of a position-independent program', () => {
  it('is a multiple of its largest p_align', () => {
    const elf = read({ relocations: [], alignment: 0x200000n });
    expect(layOutElf([{ elf, base: BASE }]).files).toHaveLength(1);
    const error = errorOf(() => layOutElf([{ elf, base: BASE + 0x1000n }]));
    expect(error.message).toBe(
      'the base of p.elf, 0xffffffffa0001000, is not a multiple of 0x200000, the largest p_align',
    );
    expect(error.hint).toContain('max-page-size');
  });

  it('leaves it room', () => {
    const elf = read({ relocations: [] });
    expect(errorOf(() => layOutElf([{ elf }])).message).toBe('p.elf needs a base: it has no addresses of its own');
    expect(errorOf(() => layOutElf([{ elf, base: (1n << 64n) - 0x1000n }])).message).toBe(
      'p.elf takes 0x40 bytes, which from 0x10000000000000000 are not canonical addresses',
    );
  });
});

/** Where the first dynamic entry and relocation are in the file. */
const start = 64 + 3 * 56;
const at = (offset: number): string => `at offset 0x${offset.toString(16)} is`;
const firstDynamic = (relocations: number): number => start + 0x90 + 24 * relocations + 32;
const relocation = start + 0x90;

type Bad = readonly [title: string, spec: PieSpec, message: string];
const replaced = (tag: number, value: bigint | number): NonNullable<PieSpec['dynamic']> => {
  return (good) => good.map((entry) => (entry[0] === tag ? [tag, value] : entry));
};
const first =
  (tag: number): NonNullable<PieSpec['dynamic']> =>
  (good) => [[tag, 1], ...good];
const relative = [field(0, R.relative, 0)];

const bad: readonly Bad[] = [
  [
    'an interpreter',
    { relocations: [], more: [{ address: 0n, bytes: [0], type: 3 }] },
    'PT_INTERP, needs a dynamic linker',
  ],
  [
    'thread-local storage',
    { relocations: [], more: [{ address: 0n, bytes: [0], type: 7 }] },
    'PT_TLS, thread-local storage is not supported',
  ],
  [
    'a second dynamic section',
    { relocations: [], more: [{ address: 0n, bytes: [0], type: 2 }] },
    'a second dynamic section (PT_DYNAMIC)',
  ],
  ['an odd alignment', { relocations: [], alignment: 0x1001n }, 'p_align at offset 0x70 is 0x1001: not a power of two'],
  [
    'needed libraries',
    { relocations: [], dynamic: first(DT.needed) },
    `dynamic entry 0: d_tag ${at(firstDynamic(0))} 0x1: DT_NEEDED, needs a shared library`,
  ],
  [
    'relocations without addends',
    { relocations: [], dynamic: first(DT.rel) },
    'is 0x11: DT_REL, relocations without addends',
  ],
  ['packed relocations', { relocations: [], dynamic: first(DT.relr) }, 'is 0x24: DT_RELR, packed relative relocations'],
  ['an entry twice', { relocations: [], dynamic: (good) => [...good.slice(0, 1), ...good] }, 'dynamic entry 1: d_tag'],
  [
    'no end',
    { relocations: [], dynamic: (good) => good.slice(0, -1) },
    'no DT_NULL ends the dynamic section of 0x70 bytes',
  ],
  [
    'other sizes of relocations',
    { relocations: [], dynamic: replaced(DT.relaent, 16) },
    'DT_RELAENT is not the size of an ELF64 relocation (0x18)',
  ],
  [
    'other sizes of symbols',
    { relocations: [], dynamic: replaced(DT.syment, 16) },
    'DT_SYMENT is not the size of an ELF64 symbol (0x18)',
  ],
  [
    'lazy relocations without addends',
    { relocations: [], dynamic: first(DT.pltrel) },
    'DT_PLTREL is not DT_RELA (0x7)',
  ],
  [
    'relocations that are not there',
    { relocations: relative, dynamic: replaced(DT.rela, 1n << 40n) },
    'is 0x10000000000: the 0x18 bytes of DT_RELA are not in the file',
  ],
  [
    'relocations beyond the segment',
    { relocations: relative, dynamic: replaced(DT.relasz, 48) },
    'is 0x90: the 0x30 bytes of DT_RELA are not in the file',
  ],
  [
    'half a relocation',
    { relocations: relative, dynamic: replaced(DT.relasz, 23) },
    'DT_RELA ends within its relocation 0',
  ],
  [
    'names that are not there',
    { relocations: relative, dynamic: replaced(DT.strsz, 1n << 63n) },
    'bytes of DT_STRTAB are not in the file',
  ],
  [
    'symbols that are not there',
    { relocations: [field(0, R.abs64, 1)], dynamic: replaced(DT.symtab, 0x2000n) },
    'is 0x2000: the symbols (DT_SYMTAB) are not in the file',
  ],
  [
    'a symbol that is not there',
    { relocations: [field(0, R.abs64, 1000)] },
    `relocation 0 of DT_RELA: r_info ${at(relocation + 8)} 0x3e800000001: symbol 1000 is not in the file`,
  ],
  [
    'a field outside',
    { relocations: [{ ...field(0, R.relative, 0), offset: PIE.data + 28n }] },
    `relocation 0 of DT_RELA: r_offset ${at(relocation)} 0x101c: R_X86_64_RELATIVE changes bytes that are not in the file`,
  ],
  [
    'a field below everything',
    { relocations: [{ ...field(0, R.relative, 0), offset: 0xa1n }] },
    'R_X86_64_RELATIVE changes bytes that are not in the file',
  ],
  [
    'indirect functions',
    { relocations: [field(0, R.irelative, 0)] },
    'R_X86_64_IRELATIVE, functions chosen at load time (STT_GNU_IFUNC) are not supported',
  ],
  [
    'lazily bound functions',
    {
      relocations: [field(0, R.relative, 0), field(1, 7, 1)],
      dynamic: (good) => [[DT.jmprel, PIE.relocations + 24n], [DT.pltrelsz, 24], ...replaced(DT.relasz, 24)(good)],
    },
    `relocation 0 of DT_JMPREL: r_info ${at(relocation + 32)} 0x100000007: R_X86_64_JUMP_SLOT is not supported here`,
  ],
  ['relocations of objects', { relocations: [field(0, R.pc32, 0)] }, 'R_X86_64_PC32 is not supported here'],
];

describe('a bad position-independent program', () => {
  it.each(bad)('is refused for %s', (_title, spec, message) => {
    const error = errorOf(() => read(spec));
    expect(error.message).toContain(message);
    expect(error.location).toEqual({ file: 'p.elf' });
  });

  it('is refused cut off anywhere', () => {
    const { bytes } = buildPie({ relocations: relative });
    for (let length = 0; length < bytes.length; length++) {
      errorOf(() => readElfFile(bytes.subarray(0, length), 'p.elf'));
    }
  });
});

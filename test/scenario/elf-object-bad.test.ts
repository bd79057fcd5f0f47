import { describe, expect, it } from 'vitest';
import { layOutElf, readElfFile } from '../../src/scenario/elf.js';
import { withNumber } from './elf-builder.js';
import { BASE } from './elf-link.js';
import { buildObject, R } from './elf-object-builder.js';
import { good } from './elf-small-object.js';
import { hex, type Spoilt } from './elf-small-program.js';
import { errorOf } from './input-error.js';

const built = buildObject(good);

const text = built.sectionHeader('.text');
const bss = built.sectionHeader('.bss');
const rela = built.sectionHeader('.rela.text');
const call = built.relocation('.text', 0);
const info = (symbol: number, type: number): bigint => (BigInt(symbol) << 32n) | BigInt(type);
const reloc = (value: bigint, problem: string): string => {
  return `relocation 0: r_info at offset ${hex(call + 8)} is 0x${value.toString(16)}: ${problem}`;
};

const spoilt: readonly Spoilt[] = [
  [
    'thread-local sections',
    text + 8,
    8,
    0x406,
    `section header 1: sh_flags at offset ${hex(text + 8)} is 0x406: .text is SHF_TLS (0x400), thread-local storage is not supported`,
  ],
  [
    'compressed sections',
    text + 8,
    8,
    0x806,
    `section header 1: sh_flags at offset ${hex(text + 8)} is 0x806: .text is SHF_COMPRESSED (0x800), but the section takes memory`,
  ],
  [
    'an alignment that is none',
    text + 48,
    8,
    24,
    `section header 1: sh_addralign at offset ${hex(text + 48)} is 0x18: the alignment of .text is not a power of two`,
  ],
  ['huge alignments', text + 48, 8, 1n << 63n, 'laid out, the sections take 0x60001020 bytes, more than 0x4000000'],
  [
    'too much memory',
    bss + 32,
    8,
    1n << 26n,
    `section header 3: sh_size at offset ${hex(bss + 32)} is 0x4000000: the sections take 0x4000009 bytes up to .bss, more than 0x4000000`,
  ],
  [
    'all memory',
    bss + 32,
    8,
    (1n << 64n) - 1n,
    `section header 3: sh_size at offset ${hex(bss + 32)} is 0xffffffffffffffff: the sections take 0x10000000000000008 bytes up to .bss, more than 0x4000000`,
  ],
  [
    'relocations without addends',
    rela + 4,
    4,
    9,
    `section header 5: sh_type at offset ${hex(rela + 4)} is 0x9: SHT_REL, relocations without addends; x86-64 has SHT_RELA (0x4) only`,
  ],
  [
    'relocations of no section',
    rela + 44,
    4,
    99,
    `section header 5: sh_info at offset ${hex(rela + 44)} is 0x63: there are only 0x9 sections`,
  ],
  [
    'relocations of memory without bytes',
    rela + 44,
    4,
    3,
    `relocation 0: r_offset at offset ${hex(call)} is 0x1: R_X86_64_PLT32 in .bss, which has no bytes (SHT_NOBITS)`,
  ],
  [
    'relocations with other symbols',
    rela + 40,
    4,
    7,
    `section header 5: sh_link at offset ${hex(rela + 40)} is 0x7: not the number of the symbol table (SHT_SYMTAB)`,
  ],
  [
    'relocations of another size',
    rela + 56,
    8,
    16,
    `section header 5: sh_entsize at offset ${hex(rela + 56)} is 0x10: not the size of an ELF64 relocation (0x18)`,
  ],
  [
    'half a relocation',
    rela + 32,
    8,
    12,
    `section header 5: sh_size at offset ${hex(rela + 32)} is 0xc: not a multiple of 0x18, a relocation's size`,
  ],
  [
    'a field outside the section',
    call,
    8,
    3,
    `relocation 0: r_offset at offset ${hex(call)} is 0x3: R_X86_64_PLT32 changes 0x4 bytes, but .text has 0x6`,
  ],
  [
    'a field far outside',
    call,
    8,
    (1n << 64n) - 1n,
    `relocation 0: r_offset at offset ${hex(call)} is 0xffffffffffffffff: R_X86_64_PLT32 changes 0x4 bytes, but .text has 0x6`,
  ],
  ['no such symbol', call + 8, 8, info(4, 4), reloc(info(4, 4), 'there are only 0x4 symbols')],
  [
    'thread-local relocations',
    call + 8,
    8,
    info(2, 23),
    reloc(info(2, 23), 'R_X86_64_TPOFF32, thread-local storage is not supported'),
  ],
  [
    'indirect functions',
    call + 8,
    8,
    info(2, 37),
    reloc(info(2, 37), 'R_X86_64_IRELATIVE, functions chosen at load time (STT_GNU_IFUNC) are not supported'),
  ],
  [
    'relocations for dynamic linkers',
    call + 8,
    8,
    info(2, 8),
    reloc(info(2, 8), 'R_X86_64_RELATIVE is not supported here'),
  ],
  ['unknown relocations', call + 8, 8, info(2, 200), reloc(info(2, 200), 'relocation type 0xc8 is not supported here')],
  [
    'a symbol in no section',
    built.symbol(1) + 6,
    2,
    9,
    `symbol 1: st_shndx at offset ${hex(built.symbol(1) + 6)} is 0x9: 'here' is in no section (there are 0x9)`,
  ],
  [
    'a symbol in a special section',
    built.symbol(1) + 6,
    2,
    0xff20,
    `symbol 1: st_shndx at offset ${hex(built.symbol(1) + 6)} is 0xff20: 'here' is in no section (there are 0x9)`,
  ],
  [
    'a thread-local symbol',
    built.symbol(2) + 4,
    1,
    0x16,
    `symbol 2: st_info at offset ${hex(built.symbol(2) + 4)} is 0x16: 'callee' is thread-local (STT_TLS), which is not supported`,
  ],
  [
    'an indirect function',
    built.symbol(1) + 4,
    1,
    0x1a,
    `symbol 1: st_info at offset ${hex(built.symbol(1) + 4)} is 0x1a: 'here' is a function chosen at load time (STT_GNU_IFUNC), which is not supported`,
  ],
  [
    'an unknown binding',
    built.symbol(1) + 4,
    1,
    0x30,
    `symbol 1: st_info at offset ${hex(built.symbol(1) + 4)} is 0x30: unknown binding 0x3 of 'here'`,
  ],
  [
    'a local common symbol',
    built.symbol(3) + 4,
    1,
    0x01,
    `symbol 3: st_info at offset ${hex(built.symbol(3) + 4)} is 0x1: 'shared' is common (SHN_COMMON) but not global`,
  ],
  [
    'a common symbol with no alignment',
    built.symbol(3) + 8,
    8,
    0,
    `symbol 3: st_value at offset ${hex(built.symbol(3) + 8)} is 0x0: the alignment of common 'shared' is not a power of two`,
  ],
  [
    'a huge common symbol',
    built.symbol(3) + 16,
    8,
    1n << 40n,
    'laid out, the sections take 0x10000001018 bytes, more than 0x4000000',
  ],
  [
    'a relocation against a section that is not there',
    built.symbol(2) + 6,
    2,
    4,
    reloc(info(2, 4), "'callee' is in section 4, which takes no memory"),
  ],
];

describe('a bad object', () => {
  it.each(spoilt)('is refused for %s', (_title, offset, width, value, message) => {
    const error = errorOf(() => {
      const elf = readElfFile(withNumber(built.bytes, offset, width, value), 'a.o');
      layOutElf([{ elf, base: BASE }]);
    });
    expect(error.message).toBe(message);
    expect(error.location).toEqual({ file: 'a.o' });
  });

  it('is refused if nothing in it takes memory', () => {
    const { bytes } = buildObject({ sections: [{ name: '.comment', bytes: [1], flags: 0 }] });
    expect(errorOf(() => readElfFile(bytes, 'a.o')).message).toBe(
      'ELF header: e_shnum at offset 0x3c is 0x5: nothing to load: no section takes memory (SHF_ALLOC)',
    );
  });

  it('is refused if its relocations share bytes of the file, which may make them too many', () => {
    const none = { offset: 0, type: R.none, symbol: 0 };
    const names = Array.from({ length: 10 }, (_, i) => `.text${i}`);
    const many = buildObject({
      sections: names.map((name, i) => ({ name, bytes: [0], relocations: new Array(i === 0 ? 100 : 1).fill(none) })),
    });
    expect(readElfFile(many.bytes, 'a.o').kind).toBe('object');
    const shared = names.reduce((bytes, name) => {
      const header = many.sectionHeader(`.rela${name}`);
      return withNumber(withNumber(bytes, header + 24, 8, many.relocation('.text0', 0)), header + 32, 8, 2400);
    }, many.bytes);
    const message = errorOf(() => readElfFile(shared, 'a.o')).message;
    expect(message).toMatch(/^section header \d+: sh_size .* is 0x960: sections of relocations share bytes$/);
  });

  it('is refused cut off anywhere', () => {
    for (let length = 0; length < built.bytes.length; length++) {
      errorOf(() => readElfFile(built.bytes.subarray(0, length), 'a.o'));
    }
  });
});

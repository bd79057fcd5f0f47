import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/input-error.js';
import { readElf } from '../../src/scenario/elf.js';
import { buildElf, withNumber } from './elf-builder.js';

const TEXT = 0xffffffff81000000n;
const DATA = 0xffffffff81001000n;

const good = buildElf({
  entry: TEXT + 1n,
  segments: [
    { address: DATA, bytes: [1, 2], size: 16n, flags: 6 },
    { address: TEXT, bytes: [0x90, 0xf4], flags: 5 },
  ],
  symbols: [
    { name: 'worker', address: TEXT, size: 2n },
    { name: 'site', address: TEXT + 1n, type: 0, binding: 0 },
    { name: 'count', address: DATA, size: 8n, type: 1, binding: 2 },
  ],
});

function thrownBy(bytes: Uint8Array): InputError {
  try {
    readElf(bytes, 'bad.elf');
  } catch (error) {
    if (error instanceof InputError) return error;
    throw error;
  }
  throw new Error('readElf accepted the file');
}

describe('readElf on a good program', () => {
  const image = readElf(good.bytes, 'good.elf');

  it('gives the entry point and the segments in the order of their addresses', () => {
    expect(image.entry).toBe(TEXT + 1n);
    expect(image.segments).toEqual([
      { address: TEXT, bytes: Uint8Array.of(0x90, 0xf4), size: 2n, flags: { read: true, write: false, execute: true } },
      { address: DATA, bytes: Uint8Array.of(1, 2), size: 16n, flags: { read: true, write: true, execute: false } },
    ]);
  });

  it('gives the symbols with what the file says about them', () => {
    expect(image.symbols).toEqual([
      { name: 'worker', address: TEXT, size: 2n, kind: 'function', binding: 'global' },
      { name: 'site', address: TEXT + 1n, size: 0n, kind: 'other', binding: 'local' },
      { name: 'count', address: DATA, size: 8n, kind: 'object', binding: 'weak' },
    ]);
  });

  it('copies the bytes of segments', () => {
    const bytes = new Uint8Array(good.bytes);
    const { segments } = readElf(bytes, 'good.elf');
    bytes.fill(0);
    expect(segments).toEqual(image.segments);
  });

  it('reads a file that is a part of a larger buffer', () => {
    const buffer = Buffer.concat([Buffer.from('padding'), good.bytes]);
    expect(readElf(buffer.subarray(7), 'good.elf')).toEqual(image);
  });

  it('reads a program without sections as one without symbols', () => {
    const { bytes } = buildElf({ segments: [{ address: TEXT, bytes: [0xf4] }] });
    expect(readElf(bytes, 'stripped.elf').symbols).toEqual([]);
  });

  it('takes memory without bytes from wherever the file says it is', () => {
    const { bytes, programHeader } = buildElf({ segments: [{ address: DATA, bytes: [], size: 8n, flags: 6 }] });
    const { segments } = readElf(withNumber(bytes, programHeader(0) + 8, 8, 0xffff_ffff_ffff_ffffn), 'bss.elf');
    expect(segments).toMatchObject([{ address: DATA, bytes: new Uint8Array(), size: 8n }]);
  });

  it('leaves out empty segments, and segments of other types', () => {
    const { bytes, programHeader } = buildElf({
      segments: [
        { address: TEXT, bytes: [0xf4] },
        { address: DATA, bytes: [1] },
        { address: DATA, bytes: [] },
      ],
    });
    const gnuStack = withNumber(bytes, programHeader(1), 4, 0x6474e551);
    expect(readElf(gnuStack, 'stack.elf').segments.map(({ address }) => address)).toEqual([TEXT]);
  });

  it('accepts segments that touch, up to the last byte of the address space', () => {
    const { bytes } = buildElf({
      segments: [
        { address: 0n, bytes: [1] },
        { address: 1n, bytes: [2] },
        { address: 0x7fff_ffff_ffffn, bytes: [3] },
        { address: 0xffff_8000_0000_0000n, bytes: [4] },
        { address: 0xffff_ffff_ffff_ffffn, bytes: [5] },
      ],
    });
    expect(readElf(bytes, 'edges.elf').segments).toHaveLength(5);
  });

  it('leaves out symbols that name no address, and keeps absolute ones as numbers', () => {
    const { bytes } = buildElf({
      segments: [{ address: TEXT, bytes: [0xf4] }],
      symbols: [
        { name: 'undefined', address: 0n, section: 0, binding: 2 },
        { name: '', address: TEXT },
        { name: 'file.c', address: 0n, type: 4, section: 0xfff1 },
        { name: '.text', address: TEXT, type: 3 },
        { name: 'tls', address: 8n, type: 6 },
        { name: 'absolute', address: 0x1234_5678_9abc_def0n, type: 0, section: 0xfff1 },
        { name: 'unique', address: TEXT, type: 1, binding: 10 },
        { name: 'far', address: TEXT, section: 0xffff },
      ],
    });
    const { symbols } = readElf(bytes, 'symbols.elf');
    expect(symbols.map(({ name, kind, binding }) => [name, kind, binding])).toEqual([
      ['absolute', 'other', 'global'],
      ['unique', 'object', 'global'],
      ['far', 'function', 'global'],
    ]);
  });
});

/** What is spoilt, where, how many bytes wide, by what, and the whole message. */
type Spoilt = readonly [title: string, offset: number, width: 1 | 2 | 4 | 8, value: bigint | number, message: string];

const program = good.programHeader(0);
const section = good.sectionHeader(1);
const symbol = good.symbol(1);
const end = good.bytes.length;
const HUGE = 0xffff_ffff_ffff_fff0n;
const hex = (value: number | bigint) => `0x${value.toString(16)}`;

const spoilt: readonly Spoilt[] = [
  [
    'another magic number',
    0,
    4,
    0x21726121,
    'not an ELF file: the magic number at offset 0x0 is 0x21 0x61 0x72 0x21, not 0x7f 0x45 0x4c 0x46',
  ],
  ['a 32-bit file', 4, 1, 1, 'ELF header: EI_CLASS at offset 0x4 is 0x1: not a 64-bit file (ELFCLASS64, 0x2)'],
  ['a big-endian file', 5, 1, 2, 'ELF header: EI_DATA at offset 0x5 is 0x2: not little-endian (ELFDATA2LSB, 0x1)'],
  [
    'an unknown version',
    6,
    1,
    0,
    'ELF header: EI_VERSION at offset 0x6 is 0x0: not the current version of ELF (EV_CURRENT, 0x1)',
  ],
  ['another machine', 18, 2, 0xb7, 'ELF header: e_machine at offset 0x12 is 0xb7: not for x86-64 (EM_X86_64, 0x3e)'],
  [
    'another version',
    20,
    4,
    2,
    'ELF header: e_version at offset 0x14 is 0x2: not the current version of ELF (EV_CURRENT, 0x1)',
  ],
  [
    'another header size',
    52,
    2,
    52,
    'ELF header: e_ehsize at offset 0x34 is 0x34: not the size of an ELF64 header (0x40)',
  ],
  [
    'a relocatable object',
    16,
    2,
    1,
    'ELF header: e_type at offset 0x10 is 0x1: ET_REL, a relocatable object or a kernel module; relocations are not applied yet (want ET_EXEC, 0x2)',
  ],
  [
    'a position-independent program',
    16,
    2,
    3,
    'ELF header: e_type at offset 0x10 is 0x3: ET_DYN, a shared object or a position-independent program; relocations are not applied yet (want ET_EXEC, 0x2)',
  ],
  ['a core dump', 16, 2, 4, 'ELF header: e_type at offset 0x10 is 0x4: ET_CORE, a core dump (want ET_EXEC, 0x2)'],
  ['no type', 16, 2, 0, 'ELF header: e_type at offset 0x10 is 0x0: ET_NONE, a file of no type (want ET_EXEC, 0x2)'],
  [
    'an unknown type',
    16,
    2,
    0xfe00,
    'ELF header: e_type at offset 0x10 is 0xfe00: not a type of the ELF standard (want ET_EXEC, 0x2)',
  ],
  [
    'a non-canonical entry',
    24,
    8,
    1n << 47n,
    'ELF header: e_entry at offset 0x18 is 0x800000000000: not a canonical address',
  ],

  [
    'no program headers',
    56,
    2,
    0,
    'ELF header: e_phnum at offset 0x38 is 0x0: nothing to load: no PT_LOAD program header with memory',
  ],
  [
    'too many program headers',
    56,
    2,
    0xffff,
    'ELF header: e_phnum at offset 0x38 is 0xffff: more program headers than are supported',
  ],
  [
    'program headers of another size',
    54,
    2,
    32,
    'ELF header: e_phentsize at offset 0x36 is 0x20: not the size of an ELF64 program header (0x38)',
  ],
  [
    'program headers after the end',
    32,
    8,
    end,
    `ELF header: e_phoff at offset 0x20 is ${hex(end)}: with 0x70 bytes (e_phnum 0x2 times 0x38) it ends at ${hex(end + 0x70)}, but the file ends at ${hex(end)}`,
  ],
  [
    'program headers beyond 2^64',
    32,
    8,
    HUGE,
    `ELF header: e_phoff at offset 0x20 is ${hex(HUGE)}: with 0x70 bytes (e_phnum 0x2 times 0x38) it ends at 0x10000000000000060, but the file ends at ${hex(end)}`,
  ],
  [
    'an interpreter',
    program,
    4,
    3,
    'program header 0: p_type at offset 0x40 is 0x3: PT_INTERP, needs a dynamic linker',
  ],
  [
    'a dynamic section',
    program,
    4,
    2,
    'program header 0: p_type at offset 0x40 is 0x2: PT_DYNAMIC, needs a dynamic linker',
  ],
  [
    'a segment after the end',
    program + 8,
    8,
    end - 1,
    `program header 0: p_offset at offset 0x48 is ${hex(end - 1)}: with 0x2 bytes (p_filesz) it ends at ${hex(end + 1)}, but the file ends at ${hex(end)}`,
  ],
  [
    'a segment beyond 2^64',
    program + 8,
    8,
    0xffff_ffff_ffff_ffffn,
    `program header 0: p_offset at offset 0x48 is 0xffffffffffffffff: with 0x2 bytes (p_filesz) it ends at 0x10000000000000001, but the file ends at ${hex(end)}`,
  ],
  [
    'a non-canonical segment',
    program + 16,
    8,
    1n << 63n,
    'program header 0: p_vaddr at offset 0x50 is 0x8000000000000000: not 0x10 bytes (p_memsz) of canonical addresses',
  ],
  [
    'a segment that steps into the hole',
    program + 16,
    8,
    (1n << 47n) - 8n,
    'program header 0: p_vaddr at offset 0x50 is 0x7ffffffffff8: not 0x10 bytes (p_memsz) of canonical addresses',
  ],
  [
    'a segment that wraps',
    program + 16,
    8,
    0xffff_ffff_ffff_fff8n,
    'program header 0: p_vaddr at offset 0x50 is 0xfffffffffffffff8: not 0x10 bytes (p_memsz) of canonical addresses',
  ],
  [
    'less memory than bytes',
    program + 40,
    8,
    1,
    'program header 0: p_memsz at offset 0x68 is 0x1: less than p_filesz (0x2)',
  ],
  [
    'no memory for bytes',
    program + 40,
    8,
    0,
    'program header 0: p_memsz at offset 0x68 is 0x0: less than p_filesz (0x2)',
  ],
  [
    'more memory than 64 MiB',
    program + 40,
    8,
    64 << 20,
    'program header 1: p_memsz at offset 0xa0 is 0x2: the segments take 0x4000002 bytes up to here, more than 0x4000000',
  ],
  [
    'all memory there is',
    program + 40,
    8,
    0xffff_ffff_ffff_ffffn,
    'program header 0: p_memsz at offset 0x68 is 0xffffffffffffffff: the segments take 0xffffffffffffffff bytes up to here, more than 0x4000000',
  ],
  [
    'overlapping segments',
    program + 16,
    8,
    TEXT + 1n,
    `program header 0: p_vaddr at offset 0x50 is ${hex(TEXT + 1n)}: overlaps the segment from ${hex(TEXT)} of 0x2 bytes`,
  ],

  [
    'section headers of another size',
    58,
    2,
    40,
    'ELF header: e_shentsize at offset 0x3a is 0x28: not the size of an ELF64 section header (0x40)',
  ],
  [
    'section headers after the end',
    40,
    8,
    section,
    `ELF header: e_shoff at offset 0x28 is ${hex(section)}: with 0xc0 bytes (e_shnum 0x3 times 0x40) it ends at ${hex(section + 0xc0)}, but the file ends at ${hex(end)}`,
  ],
  [
    'too many section headers',
    60,
    2,
    0,
    'ELF header: e_shnum at offset 0x3c is 0x0: more section headers than are supported, or a wrong e_shoff',
  ],
  [
    'a section after the end',
    section + 64 + 24,
    8,
    end,
    `section header 2: sh_offset at offset ${hex(section + 64 + 24)} is ${hex(end)}: with 0x13 bytes (sh_size) it ends at ${hex(end + 0x13)}, but the file ends at ${hex(end)}`,
  ],
  [
    'a second symbol table',
    section + 64 + 4,
    4,
    2,
    `section header 2: sh_type at offset ${hex(section + 64 + 4)} is 0x2: a second symbol table (SHT_SYMTAB)`,
  ],
  [
    'a string table that is none',
    section + 64 + 4,
    4,
    1,
    `section header 2: sh_type at offset ${hex(section + 64 + 4)} is 0x1: not a string table (SHT_STRTAB, 0x3), but the symbol table takes its names from here`,
  ],
  [
    'a string table that is not there',
    section + 40,
    4,
    3,
    `section header 1: sh_link at offset ${hex(section + 40)} is 0x3: there are only 0x3 sections`,
  ],
  [
    'symbols of another size',
    section + 56,
    8,
    16,
    `section header 1: sh_entsize at offset ${hex(section + 56)} is 0x10: not the size of an ELF64 symbol (0x18)`,
  ],
  [
    'half a symbol',
    section + 32,
    8,
    36,
    `section header 1: sh_size at offset ${hex(section + 32)} is 0x24: not a multiple of 0x18, a symbol's size`,
  ],

  [
    'a name outside the string table',
    symbol,
    4,
    0x13,
    `symbol 1: st_name at offset ${hex(symbol)} is 0x13: no name ends with a zero byte in the 0x13 bytes of the string table`,
  ],
  [
    'a name that does not end',
    section + 64 + 32,
    8,
    4,
    `symbol 1: st_name at offset ${hex(symbol)} is 0x1: no name ends with a zero byte in the 0x4 bytes of the string table`,
  ],
  [
    'an unknown binding',
    symbol + 4,
    1,
    0xf2,
    `symbol 1: st_info at offset ${hex(symbol + 4)} is 0xf2: unknown binding 0xf of 'worker'`,
  ],
  [
    'a symbol in no section',
    symbol + 6,
    2,
    3,
    `symbol 1: st_shndx at offset ${hex(symbol + 6)} is 0x3: 'worker' is in no section (there are 0x3)`,
  ],
  [
    'a common symbol',
    symbol + 6,
    2,
    0xfff2,
    `symbol 1: st_shndx at offset ${hex(symbol + 6)} is 0xfff2: 'worker' is in no section (there are 0x3)`,
  ],
  [
    'a non-canonical symbol',
    symbol + 8,
    8,
    1n << 50n,
    `symbol 1: st_value at offset ${hex(symbol + 8)} is 0x4000000000000: 'worker' is not 0x2 bytes of canonical addresses`,
  ],
  [
    'a symbol that wraps',
    symbol + 16,
    8,
    0x8000_0000n,
    `symbol 1: st_value at offset ${hex(symbol + 8)} is ${hex(TEXT)}: 'worker' is not 0x80000000 bytes of canonical addresses`,
  ],
];

describe('readElf on a bad file', () => {
  it.each(spoilt)('refuses %s', (_title, offset, width, value, message) => {
    const error = thrownBy(withNumber(good.bytes, offset, width, value));
    expect(error.message).toBe(message);
    expect(error.location).toEqual({ file: 'bad.elf' });
  });

  it('says how to link a file that needs relocation', () => {
    expect(thrownBy(withNumber(good.bytes, 16, 2, 1)).hint).toContain('-static');
    expect(thrownBy(withNumber(good.bytes, 16, 2, 3)).hint).toContain('-no-pie');
  });

  it('refuses an empty file and one that is cut off in the magic number or in the header', () => {
    expect(thrownBy(good.bytes.subarray(0, 0)).message).toContain('offset 0x0 is the end of the file');
    expect(thrownBy(good.bytes.subarray(0, 3)).message).toContain('offset 0x0 is 0x7f 0x45 0x4c, not');
    expect(thrownBy(good.bytes.subarray(0, 63)).message).toBe(
      'the ELF header at offset 0x0 has 0x40 bytes, but the file ends at 0x3f',
    );
  });

  it('refuses the good file cut off anywhere', () => {
    for (let length = 0; length < end; length++) thrownBy(good.bytes.subarray(0, length));
  });

  it('refuses two segments at the same address', () => {
    const { bytes } = buildElf({ segments: [TEXT, DATA, TEXT].map((address) => ({ address, bytes: [0xf4] })) });
    expect(thrownBy(bytes).message).toContain('overlaps the segment from 0xffffffff81000000 of 0x1 bytes');
  });

  it('refuses many long names that share their bytes instead of reading them all', () => {
    const long = { name: 'x'.repeat(1 << 20), address: TEXT };
    const short = Array.from({ length: 100 }, () => ({ name: 'y', address: TEXT }));
    const { bytes, symbol: symbolAt } = buildElf({
      segments: [{ address: TEXT, bytes: [0xf4] }],
      symbols: [long, ...short],
    });
    let shared = bytes;
    for (let i = 2; i <= 101; i++) shared = withNumber(shared, symbolAt(i), 4, i);
    expect(thrownBy(shared).message).toMatch(/^symbol \d+: st_name .*: more than 0x4000000 characters of names$/);
  });

  it('shows names without control characters, and not all of a long one', () => {
    const name = `\u001b[31m${'x'.repeat(1000)}`;
    const { bytes } = buildElf({
      segments: [{ address: TEXT, bytes: [0xf4] }],
      symbols: [{ name, address: TEXT, section: 9 }],
    });
    expect(thrownBy(bytes).message).toContain(`: '?[31m${'x'.repeat(55)}...' is in no section`);
  });
});

import { describe, expect, it } from 'vitest';
import { readElf } from '../../src/scenario/elf.js';
import { buildElf, withNumber } from './elf-builder.js';
import { good, hex, type Spoilt, TEXT } from './elf-small-program.js';
import { errorOf } from './input-error.js';

const thrownBy = (bytes: Uint8Array) => errorOf(() => readElf(bytes, 'bad.elf'));

const section = good.sectionHeader(1);
const symbol = good.symbol(1);
const end = good.bytes.length;

const spoilt: readonly Spoilt[] = [
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

describe('readElf on a program with bad sections or symbols', () => {
  it.each(spoilt)('refuses %s', (_title, offset, width, value, message) => {
    const error = thrownBy(withNumber(good.bytes, offset, width, value));
    expect(error.message).toBe(message);
    expect(error.location).toEqual({ file: 'bad.elf' });
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

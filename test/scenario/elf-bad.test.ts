import { describe, expect, it } from 'vitest';
import { readElf } from '../../src/scenario/elf.js';
import { buildElf, withNumber } from './elf-builder.js';
import { DATA, good, hex, type Spoilt, TEXT } from './elf-small-program.js';
import { errorOf } from './input-error.js';

const thrownBy = (bytes: Uint8Array) => errorOf(() => readElf(bytes, 'bad.elf'));

const program = good.programHeader(0);
const end = good.bytes.length;
const HUGE = 0xffff_ffff_ffff_fff0n;

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
    'ELF header: e_type at offset 0x10 is 0x1: ET_REL, a relocatable object or a kernel module; it has no addresses of its own (want ET_EXEC, 0x2)',
  ],
  [
    'a position-independent program',
    16,
    2,
    3,
    'ELF header: e_type at offset 0x10 is 0x3: ET_DYN, a shared object or a position-independent program; it has no addresses of its own (want ET_EXEC, 0x2)',
  ],
  [
    'a core dump',
    16,
    2,
    4,
    'ELF header: e_type at offset 0x10 is 0x4: ET_CORE, a core dump (want ET_EXEC 0x2, ET_DYN 0x3 or ET_REL 0x1)',
  ],
  [
    'no type',
    16,
    2,
    0,
    'ELF header: e_type at offset 0x10 is 0x0: ET_NONE, a file of no type (want ET_EXEC 0x2, ET_DYN 0x3 or ET_REL 0x1)',
  ],
  [
    'an unknown type',
    16,
    2,
    0xfe00,
    'ELF header: e_type at offset 0x10 is 0xfe00: not a type of the ELF standard (want ET_EXEC 0x2, ET_DYN 0x3 or ET_REL 0x1)',
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
];

describe('readElf on a program with bad headers', () => {
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
});

import { isCanonical } from './canonical.js';
import { hex } from './hex.js';
import { ElfRecord } from './record.js';
import type { ElfSource } from './source.js';

const SIZE = 64;
const MAGIC = [0x7f, 0x45, 0x4c, 0x46];

/** Elf64_Ehdr, as far as it is read; the first three are bytes of e_ident. */
const LAYOUT = {
  EI_CLASS: [4, 1],
  EI_DATA: [5, 1],
  EI_VERSION: [6, 1],
  e_type: [16, 2],
  e_machine: [18, 2],
  e_version: [20, 4],
  e_entry: [24, 8],
  e_phoff: [32, 8],
  e_shoff: [40, 8],
  e_ehsize: [52, 2],
  e_phentsize: [54, 2],
  e_phnum: [56, 2],
  e_shentsize: [58, 2],
  e_shnum: [60, 2],
  e_shstrndx: [62, 2],
} as const;

/** The ELF header: of an x86-64 file, of any type. */
export type ElfHeader = ElfRecord<keyof typeof LAYOUT>;

const REQUIRED: readonly [field: keyof typeof LAYOUT, value: number, otherwise: string][] = [
  ['EI_CLASS', 2, 'not a 64-bit file (ELFCLASS64, 0x2)'],
  ['EI_DATA', 1, 'not little-endian (ELFDATA2LSB, 0x1)'],
  ['EI_VERSION', 1, 'not the current version of ELF (EV_CURRENT, 0x1)'],
  ['e_machine', 62, 'not for x86-64 (EM_X86_64, 0x3e)'],
  ['e_version', 1, 'not the current version of ELF (EV_CURRENT, 0x1)'],
  ['e_ehsize', SIZE, `not the size of an ELF64 header (${hex(SIZE)})`],
];

/**
 * Check and return the ELF header.
 *
 * @throws InputError if the file is not ELF, is cut off in the header, or is not for x86-64
 */
export function readHeader(source: ElfSource): ElfHeader {
  const { bytes } = source;
  if (MAGIC.some((byte, i) => bytes[i] !== byte)) {
    const found = Array.from(bytes.subarray(0, MAGIC.length), hex).join(' ') || 'the end of the file';
    throw source.error(`not an ELF file: the magic number at offset 0x0 is ${found}, not ${MAGIC.map(hex).join(' ')}`);
  }
  if (bytes.length < SIZE) {
    throw source.error(
      `the ELF header at offset 0x0 has ${hex(SIZE)} bytes, but the file ends at ${hex(bytes.length)}`,
    );
  }
  const header = new ElfRecord(source, 'ELF header', 0, LAYOUT);
  for (const [field, value, otherwise] of REQUIRED) {
    if (header.number(field) !== value) throw header.error(field, otherwise);
  }
  if (!isCanonical(header.get('e_entry'))) throw header.error('e_entry', 'not a canonical address');
  return header;
}

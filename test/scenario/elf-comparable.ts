import type { ElfImage, PlacedElf } from '../../src/scenario/elf.js';
import { memoryOf, numberOf } from './elf-memory.js';

/**
 * What a file is in memory, in a form that does not depend on where the global offset table is, of which GNU ld has one
 * for all files: the sections with the fields that lead there zeroed, and what is in the slots that those fields lead
 * to.
 */
export function comparable(file: PlacedElf, images: readonly ElfImage[]): string {
  const fields = file.fields.filter(({ type }) => type.calculation === 'G + GOT + A - P');
  const slots = fields.map(({ section, sectionOffset, address, addend }) => {
    const distance = BigInt.asIntN(32, numberOf(images, address, 4));
    const slot = BigInt.asUintN(64, address + distance - addend);
    return `${file.file} slot of ${section}+${sectionOffset}: ${numberOf(images, slot, 8).toString(16)}`;
  });
  const sections = file.sections
    .filter(({ name, size }) => name !== '.got' && size > 0n)
    .map(({ name, address, size }) => {
      const bytes = memoryOf(images, address, Number(size));
      for (const { section, sectionOffset } of fields) {
        if (section === name) bytes.fill(0, sectionOffset, sectionOffset + 4);
      }
      return `${file.file} ${name} ${address.toString(16)}: ${Buffer.from(bytes).toString('hex')}`;
    });
  return [...sections, ...slots, ''].join('\n');
}

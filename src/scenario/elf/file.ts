import type { ElfObject } from './object/object.js';
import type { ElfPie } from './pie/pie.js';
import type { ElfProgram } from './program.js';

/** An ELF file that can be placed in memory. */
export type ElfFile = ElfProgram | ElfPie | ElfObject;

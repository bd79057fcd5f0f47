import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { BASE } from './elf-link.js';

/** Where the committed files are; `build.sh` there says how they were made. */
export const FIXTURES = fileURLToPath(new URL('./elf-fixtures/', import.meta.url));

const read = (name: string): Uint8Array => new Uint8Array(readFileSync(`${FIXTURES}${name}`));

/** Two objects that need each other, and what is outside of them. */
export const MODULES: Readonly<Record<string, Uint8Array>> = {
  'module.o': read('module.o'),
  'helper.o': read('helper.o'),
};
export const OUTSIDE: ReadonlyMap<string, bigint> = new Map([
  ['outside', BASE - 0x10000n],
  ['small', 0x1234n],
]);

/** A static position-independent program. */
export const PIE_FILE: Uint8Array = read('pie.elf');

/** What GNU ld made of {@link MODULES}, as the tests compare it. */
export const LINKED_BY_LD = `${FIXTURES}linked-by-ld.txt`;

import { readFileSync } from 'node:fs';
import { loadScenario } from '../../src/scenario/load.js';

const read = (name: string): Buffer => readFileSync(new URL(`../../examples/crc-t10dif/${name}`, import.meta.url));

/** The example that names an ELF file, and that file. */
export const CRC = {
  loaded: loadScenario(read('crc-t10dif.yaml').toString(), 'crc-t10dif.yaml'),
  files: { 'crc-t10dif.elf': new Uint8Array(read('crc-t10dif.elf')) },
};

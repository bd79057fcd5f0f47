import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, it } from 'vitest';
import { InputError } from '../../src/input-error.js';
import {
  ELF_MEMORY_LIMIT,
  type ElfFile,
  type ElfImage,
  layOutElf,
  readElfFile,
  relocateElf,
} from '../../src/scenario/elf.js';
import { buildElf } from './elf-builder.js';
import { MODULES, PIE_FILE } from './elf-fixtures.js';
import { mutations } from './elf-mutations.js';
import { buildObject, COMMON, DATA, LOCAL, R, RODATA, WEAK } from './elf-object-builder.js';
import { buildPie, PIE } from './elf-pie-builder.js';

const BASE = 0xffffffffa0000000n;
/** What the files leave to others. */
const OUTSIDE = ['outside', 'helper', 'module_target', 'calls', 'scale'].map(
  (name) => [name, BASE + 0x10000n] as const,
);

const program = buildElf({
  segments: [
    { address: 0xffffffff81000000n, bytes: [0x90, 0xf4] },
    { address: 0xffffffff81001000n, bytes: [1, 2, 3], size: 64n, flags: 6 },
  ],
  symbols: [
    { name: 'worker', address: 0xffffffff81000000n, size: 2n },
    { name: 'count', address: 0xffffffff81001000n, size: 8n, type: 1 },
  ],
}).bytes;
const object = buildObject({
  sections: [
    {
      name: '.text',
      bytes: new Array<number>(32).fill(0x90),
      relocations: [
        { offset: 1, type: R.abs64, symbol: 'outside', addend: 1n },
        { offset: 9, type: R.pc32, symbol: 'own', addend: -4n },
        { offset: 14, type: R.gotpcrel, symbol: 'weak', addend: -4n },
        { offset: 20, type: R.abs32s, symbol: 'shared' },
      ],
    },
    { name: '.rodata', bytes: [1, 2, 3, 4, 5, 6, 7, 8], flags: RODATA, alignment: 8n },
    { name: '.bss', size: 64n, flags: DATA, alignment: 32n },
  ],
  symbols: [
    { name: 'own', section: '.rodata', binding: LOCAL },
    { name: 'outside' },
    { name: 'weak', binding: WEAK },
    { name: 'shared', section: COMMON, value: 16n, size: 8n },
  ],
}).bytes;
const pie = buildPie({
  relocations: [
    { offset: PIE.data, type: R.relative, symbol: 0, addend: 0x10n },
    { offset: PIE.data + 8n, type: R.abs64, symbol: 1 },
    { offset: PIE.data + 16n, type: R.abs64, symbol: 3 },
  ],
}).bytes;
const example = new Uint8Array(readFileSync(new URL('../../examples/crc-t10dif/crc-t10dif.elf', import.meta.url)));

function checkImage(image: ElfImage): void {
  let memory = 0n;
  let end = 0n;
  for (const { address, bytes, size } of image.segments) {
    if (address < end || size < 1n || BigInt(bytes.length) > size) throw new Error(`bad segment at ${address}`);
    end = address + size;
    memory += size;
  }
  if (memory > ELF_MEMORY_LIMIT || end > 1n << 64n) throw new Error(`${memory} bytes of memory up to ${end}`);
}

function link(elf: ElfFile): readonly ElfImage[] {
  const layout = layOutElf([{ elf, base: elf.kind === 'program' ? undefined : BASE }]);
  const missing = OUTSIDE.filter(([name]) => !layout.globals.has(name));
  return relocateElf(layout, new Map([...missing, ['small', 0x1234n]]));
}

/** Images that keep their promises or an InputError that names the file; anything else is thrown on. */
function linkAnything(bytes: Uint8Array): 'linked' | 'refused' {
  try {
    for (const image of link(readElfFile(bytes, 'fuzz.elf'))) checkImage(image);
    return 'linked';
  } catch (error) {
    if (error instanceof InputError && error.location?.file === 'fuzz.elf' && error.message !== '') return 'refused';
    throw error;
  }
}

const limits = { seed: 20181005, interruptAfterTimeLimit: 30_000, markInterruptAsFailure: true };

describe('spoilt ELF files', () => {
  it.each([
    { name: 'a small program', bytes: program, numRuns: 10_000 },
    { name: 'a small object', bytes: object, numRuns: 10_000 },
    { name: 'a small position-independent program', bytes: pie, numRuns: 10_000 },
    { name: 'the CRC-T10DIF example', bytes: example, numRuns: 2_000 },
    { name: 'a module', bytes: MODULES['module.o'] ?? program, numRuns: 5_000 },
    { name: 'C code', bytes: MODULES['helper.o'] ?? program, numRuns: 5_000 },
    { name: 'a linked position-independent program', bytes: PIE_FILE, numRuns: 5_000 },
  ])('give an image or an InputError, soon: $name', ({ bytes, numRuns }) => {
    const outcomes = { linked: 0, refused: 0 };
    const property = fc.property(mutations, (steps) => {
      outcomes[linkAnything(steps.reduce((spoilt, step) => step(spoilt), bytes))]++;
    });
    fc.assert(property, { ...limits, numRuns });
    if (Math.min(outcomes.linked, outcomes.refused) < numRuns / 20) throw new Error(JSON.stringify(outcomes));
  });

  it.each([
    ['program', program],
    ['object', object],
    ['position-independent program', pie],
  ])('give an image or an InputError for arbitrary bytes after the ELF header of a %s', (_kind, bytes) => {
    const property = fc.property(fc.uint8Array({ maxLength: 512 }), (tail) => {
      linkAnything(Uint8Array.from([...bytes.subarray(0, 64), ...tail]));
    });
    fc.assert(property, { ...limits, numRuns: 5_000 });
  });
});

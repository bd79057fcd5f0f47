import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, it } from 'vitest';
import {
  ELF_MEMORY_LIMIT,
  type ElfFile,
  type ElfImage,
  layOutElf,
  readElfFile,
  relocateElf,
} from '../../src/scenario/elf.js';
import { loadScenario } from '../../src/scenario/load.js';
import { runBriefly } from '../damage/brief-run.js';
import { byteDamage } from '../damage/byte-damage.js';
import { PATIENCE, share } from '../damage/inputs.js';
import { isPlaceIn, Outcomes, withinBounds } from '../damage/within-bounds.js';
import { buildElf } from '../scenario/elf-builder.js';
import { MODULES, PIE_FILE } from '../scenario/elf-fixtures.js';
import { buildObject, COMMON, DATA, LOCAL, R, RODATA, WEAK } from '../scenario/elf-object-builder.js';
import { buildPie, PIE } from '../scenario/elf-pie-builder.js';

const BASE = 0xffffffffa0000000n;
/** What the files leave to others: names and addresses. */
const OUTSIDE = new Map(
  ['outside', 'helper', 'module_target', 'calls', 'scale'].map((name, i) => [name, BASE - BigInt((i + 1) << 12)]),
).set('small', 0x1234n);

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
  return relocateElf(layout, new Map([...OUTSIDE].filter(([name]) => !layout.globals.has(name))));
}

/** A scenario that executes a file from an address on. */
function scenarioOf(entry: bigint, base: bigint | undefined): string {
  const region = base === undefined ? '{elf: damaged.elf}' : `{elf: damaged.elf, base: ${base}}`;
  const outside = [...OUTSIDE].map(([name, address]) => `  - {name: ${name}, base: ${address}, size: 64}`);
  const task = `tasks: {only: {cpu: 0, entry: ${entry}}}`;
  return ['scenario: damaged', 'text:', `  - ${region}`, ...outside, 'cpus: 1', task, ''].join('\n');
}

/** Building a machine costs twenty times as much as linking: one file in so many is executed. */
const EXECUTED = 5;

/** Reads and links a file; perhaps builds a machine with it and executes what it holds. */
function useElf(bytes: Uint8Array, texts: Map<string, string>, isExecuted: boolean): void {
  const elf = readElfFile(bytes, 'damaged.elf');
  const images = link(elf);
  for (const image of images) checkImage(image);
  const entry = images[0]?.segments.find(({ flags }) => flags.execute)?.address;
  if (entry === undefined || !isExecuted) return;
  const text = scenarioOf(entry, elf.kind === 'program' ? undefined : BASE);
  texts.set('damaged.yaml', text);
  runBriefly(loadScenario(text, 'damaged.yaml'), { files: new Map([['damaged.elf', bytes]]) });
}

describe('A damaged ELF file is linked and runs, or is refused with a message that names it', () => {
  it.each([
    { name: 'a small program', bytes: program, part: 0.06 },
    { name: 'a small object', bytes: object, part: 0.06 },
    { name: 'a small position-independent program', bytes: pie, part: 0.06 },
    { name: 'the CRC-T10DIF example', bytes: example, part: 0.024 },
    { name: 'a module', bytes: MODULES['module.o'] ?? program, part: 0.036 },
    { name: 'C code', bytes: MODULES['helper.o'] ?? program, part: 0.048 },
    { name: 'a linked position-independent program', bytes: PIE_FILE, part: 0.042 },
  ])(
    '$name',
    ({ bytes, part }) => {
      const outcomes = new Outcomes();
      fc.assert(
        fc.property(byteDamage, (damage) => {
          const texts = new Map([['damaged.elf', '']]);
          const isExecuted = outcomes.counts.accepted % EXECUTED === 0;
          outcomes.add(withinBounds(() => useElf(damage(bytes), texts, isExecuted), isPlaceIn(texts)));
        }),
        share(part),
      );
      outcomes.requireBoth(0.05);
    },
    PATIENCE,
  );
});

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readElfFile } from '../../src/scenario/elf.js';
import { comparable } from './elf-comparable.js';
import { LINKED_BY_LD, MODULES, OUTSIDE, PIE_FILE } from './elf-fixtures.js';
import { BASE, linkFiles, linkInputs } from './elf-link.js';
import { memoryOf } from './elf-memory.js';

describe('the module and its helper', () => {
  const { layout, images, number } = linkFiles(MODULES, OUTSIDE);
  const address = (name: string): bigint => layout.symbols.get(name) ?? 0n;

  it('are linked as GNU ld linked them', () => {
    expect(layout.files.map((file) => comparable(file, images)).join('')).toBe(readFileSync(LINKED_BY_LD, 'utf8'));
  });

  it('are laid out like modules of the kernel', () => {
    const places = layout.files.map(({ sections }) => sections.map(({ name, address: at }) => [name, at]));
    expect(places[0]).toEqual([
      ['.text', BASE],
      ['.data', BASE + 0x2000n],
      ['.bss', BASE + 0x2020n],
      ['.rodata', BASE + 0x1000n],
      ['.got', BASE + 0x1038n],
      ['COMMON', BASE + 0x2030n],
    ]);
  });

  it('have the site across a 64-byte line', () => {
    expect(address('module_site') % 64n).toBe(62n);
    const target = BigInt.asIntN(32, number(address('module_site') + 1n, 4));
    expect(BigInt.asUintN(64, address('module_site') + 5n + target)).toBe(address('module_target'));
  });

  it('share one variable that both left to the linker', () => {
    expect(address('last_sum')).toBe(BASE + 0x2030n);
    expect(number(address('last_sum'), 8)).toBe(0n);
  });
});

describe('the position-independent program', () => {
  it.each([0n, 0x555555554000n, BASE])('points to its own parts when it is at %s', (base) => {
    const { layout, images } = linkInputs([{ elf: readElfFile(PIE_FILE, 'pie.elf'), base }]);
    const symbols = new Map(images[0]?.symbols.map((symbol) => [symbol.name, symbol.address]));
    const at = (name: string): bigint => symbols.get(name) ?? 0n;
    const word = (address: bigint): bigint => new DataView(memoryOf(images, address, 8).buffer).getBigUint64(0, true);
    expect(at('pie_work') - base).toBe(0x168n);
    expect(word(at('table'))).toBe(at('seven'));
    expect(word(at('pointer'))).toBe(at('numbers'));
    expect([word(at('numbers')), word(at('numbers') + 8n)]).toEqual([100n, 20n]);
    expect(images[0]?.entry).toBe(at('pie_work'));
    expect(layout.symbols.get('pie_memory')).toBe(at('pie_memory'));
  });
});

import { describe, expect, it } from 'vitest';
import { layOutElf, readElfFile } from '../../src/scenario/elf.js';
import { withNumber } from './elf-builder.js';
import { BASE, linkInputs, linkObjects } from './elf-link.js';
import { ALLOC, buildObject, DATA, LOCAL, RODATA, TEXT, WEAK } from './elf-object-builder.js';
import { good } from './elf-small-object.js';
import { errorOf } from './input-error.js';

const built = buildObject(good);

describe('an object is laid out', () => {
  it('code first, then what is read, then what is written, each on pages of its own, in the order of the file', () => {
    const { layout, images } = linkObjects([
      {
        sections: [
          { name: '.data', bytes: [1, 2], flags: DATA },
          { name: '.rodata', bytes: [3], flags: RODATA },
          { name: '.text', bytes: [0x90] },
          { name: '.bss', size: 0x2000n, flags: DATA, alignment: 16n },
          { name: '.data.late', bytes: [4], flags: DATA, alignment: 4n },
          { name: '.init.text', bytes: [0xc3], alignment: 16n },
          { name: '.rodata.str', bytes: [5], flags: ALLOC | 0x30, alignment: 1n },
          { name: '.bss.late', size: 1n, flags: DATA },
          { name: '.debug', bytes: [6], flags: 0 },
          { name: '.wx', bytes: [7], flags: TEXT | 1 },
        ],
      },
    ]);
    const sections = layout.files[0]?.sections.map(({ name, address, size }) => [name, address - BASE, size]);
    expect(sections).toEqual([
      ['.data', 0x3000n, 2n],
      ['.rodata', 0x2000n, 1n],
      ['.text', 0n, 1n],
      ['.bss', 0x3010n, 0x2000n],
      ['.data.late', 0x5010n, 1n],
      ['.init.text', 0x10n, 1n],
      ['.rodata.str', 0x2001n, 1n],
      ['.bss.late', 0x5011n, 1n],
      ['.wx', 0x1000n, 1n],
    ]);
    const shown = images[0]?.segments.map(({ address, size, bytes, flags }) => {
      return [address - BASE, size, bytes.length, Object.values(flags).map(Number).join('')];
    });
    expect(shown).toEqual([
      [0n, 0x11n, 0x11, '101'],
      [0x1000n, 1n, 1, '111'],
      [0x2000n, 2n, 2, '100'],
      [0x3000n, 0x2012n, 0x2011, '110'],
    ]);
    expect(images[0]?.segments[0]?.bytes).toEqual(Uint8Array.of(0x90, ...new Array<number>(15).fill(0), 0xc3));
  });

  it('with its alignments, of addresses, even above that of a page', () => {
    const { layout } = linkObjects([
      {
        sections: [
          { name: '.text', bytes: [0x90], alignment: 0x4000n },
          { name: '.data', bytes: [1], flags: DATA, alignment: 0x8000n },
        ],
      },
    ]);
    expect(layout.files[0]?.sections.map(({ address }) => address - BASE)).toEqual([0n, 0x8000n]);
    const { bytes } = buildObject({ sections: [{ name: '.text', bytes: [0x90], alignment: 0x4000n }] });
    const moved = layOutElf([{ elf: readElfFile(bytes, 'a.o'), base: BASE + 0x1000n }]);
    expect(moved.files[0]?.sections[0]?.address).toBe(BASE + 0x4000n);
  });

  it('with its symbols, sections and files left out', () => {
    const { images } = linkObjects([
      {
        sections: [
          { name: '.text', bytes: [0x90, 0x90] },
          { name: '.data', bytes: [], flags: DATA },
          { name: '.debug', bytes: [1], flags: 0 },
        ],
        symbols: [
          { name: 'file.c', section: 0xfff1, type: 4, binding: LOCAL },
          { name: '', section: '.text', type: 3, binding: LOCAL },
          { name: 'site', section: '.text', value: 1n, binding: LOCAL },
          { name: 'function', section: '.text', size: 2n, type: 2 },
          { name: 'end', section: '.data', type: 1, binding: WEAK },
          { name: 'debug', section: '.debug' },
          { name: 'elsewhere' },
          { name: 'number', section: 0xfff1, value: 7n },
        ],
      },
    ]);
    expect(images[0]?.entry).toBe(0n);
    expect(images[0]?.symbols).toEqual([
      { name: 'site', address: BASE + 1n, size: 0n, kind: 'other', binding: 'local' },
      { name: 'function', address: BASE, size: 2n, kind: 'function', binding: 'global' },
      { name: 'end', address: BASE + 0x1000n, size: 0n, kind: 'object', binding: 'weak' },
      { name: 'number', address: 7n, size: 0n, kind: 'other', binding: 'global' },
    ]);
  });

  it('without a name for any section', () => {
    const stripped = withNumber(buildObject(good).bytes, 62, 2, 0);
    const { layout } = linkInputs([{ elf: readElfFile(stripped, 'a.o'), base: BASE }], new Map([['callee', BASE]]));
    expect(layout.files[0]?.sections.map(({ name }) => name)).toEqual([
      'section 1',
      'section 2',
      'section 3',
      'COMMON',
    ]);
  });

  it('from copies of its bytes', () => {
    const bytes = new Uint8Array(built.bytes);
    const elf = readElfFile(bytes, 'a.o');
    bytes.fill(0);
    const linked = linkInputs([{ elf, base: BASE }], new Map([['callee', BASE]]));
    expect(linked.memory(BASE, 6)).toEqual(Uint8Array.of(0xe8, 0xfb, 0xff, 0xff, 0xff, 0xc3));
  });
});

describe('the base of an object', () => {
  const elf = readElfFile(built.bytes, 'a.o');
  const origin = { location: { file: 's.yaml', line: 3, column: 5 }, excerpt: '  - elf: a.o' };

  it.each([
    ['missing', undefined, 'a.o needs a base: it has no addresses of its own'],
    ['in a page', BASE + 8n, 'the base of a.o, 0xffffffffa0000008, is not page aligned (a multiple of 0x1000)'],
    ['not canonical', 1n << 47n, 'the base of a.o, 0x800000000000, is not a canonical address'],
    ['beyond 2^64', 1n << 64n, 'the base of a.o, 0x10000000000000000, is not a canonical address'],
    ['below 0', -4096n, 'the base of a.o, 0x-1000, is not a canonical address'],
    [
      'too near to the hole',
      (1n << 47n) - 4096n,
      'a.o takes 0x1020 bytes, which from 0x7ffffffff000 are not canonical addresses',
    ],
    [
      'too near to the end',
      (1n << 64n) - 4096n,
      'a.o takes 0x1020 bytes, which from 0xfffffffffffff000 are not canonical addresses',
    ],
  ])('is refused where it is %s', (_title, base, message) => {
    expect(errorOf(() => layOutElf([{ elf, base }])).message).toBe(message);
    const error = errorOf(() => layOutElf([{ elf, base, origin }]));
    expect([error.message, error.location, error.excerpt]).toEqual([message, origin.location, origin.excerpt]);
  });

  it('may be the last page that holds it', () => {
    expect(layOutElf([{ elf, base: (1n << 64n) - 0x2000n }]).files).toHaveLength(1);
  });
});

import { describe, expect, it } from 'vitest';
import { BASE, linkObjects } from './elf-link.js';
import {
  COMMON,
  DATA,
  LOCAL,
  type ObjectSpec,
  type ObjectSymbolSpec,
  R,
  type RelocationSpec,
  textObject,
  WEAK,
  zeros,
} from './elf-object-builder.js';
import { errorOf } from './input-error.js';

const call = (symbol: string): RelocationSpec => ({ offset: 1, type: R.plt32, symbol, addend: -4n });
const callee = (name: string, binding?: number): ObjectSymbolSpec => ({
  name,
  section: '.text',
  value: 0x30n,
  ...(binding === undefined ? {} : { binding }),
});
const SECOND = BASE + 0x100000n;
const target = (linked: ReturnType<typeof linkObjects>): bigint => {
  return BigInt.asUintN(64, BASE + 5n + BigInt.asIntN(32, linked.number(BASE + 1n, 4)));
};

describe('names of several files', () => {
  it('mean what another file or the outside defines', () => {
    expect(target(linkObjects([textObject([call('f')]), textObject([], [callee('f')])]))).toBe(SECOND + 0x30n);
    expect(target(linkObjects([textObject([call('f')])], { f: BASE - 0x1000n }))).toBe(BASE - 0x1000n);
  });

  it('do not mean the local symbols of another file', () => {
    const error = errorOf(() => linkObjects([textObject([call('f')]), textObject([], [callee('f', LOCAL)])]));
    expect(error.message).toBe(".text+0x1: R_X86_64_PLT32 against 'f': nothing defines the symbol");
    expect(error.location).toEqual({ file: 'a.o' });
  });

  it('are 0 if they are weak and nothing defines them', () => {
    const linked = linkObjects([
      textObject(
        [
          { offset: 0, type: R.abs64, symbol: 'f', addend: 1n },
          { offset: 8, type: R.pc32, symbol: 'f' },
        ],
        [{ name: 'f', binding: WEAK }],
      ),
    ]);
    expect(linked.number(BASE, 8)).toBe(1n);
    expect(linked.number(BASE + 8n, 4)).toBe(BigInt.asUintN(32, -(BASE + 8n)));
  });

  it('mean a strong definition before a weak one, in either order and from outside', () => {
    const weak = textObject([call('f')], [callee('f', WEAK)]);
    const strong = textObject([], [callee('f')]);
    expect(target(linkObjects([weak]))).toBe(BASE + 0x30n);
    expect(target(linkObjects([weak, strong]))).toBe(SECOND + 0x30n);
    expect(target(linkObjects([textObject([call('f')], [callee('f')]), textObject([], [callee('f', WEAK)])]))).toBe(
      BASE + 0x30n,
    );
    expect(target(linkObjects([weak], { f: BASE + 0x5000n }))).toBe(BASE + 0x5000n);
  });

  it('mean the first of several weak definitions', () => {
    const weak = textObject([], [callee('f', WEAK)]);
    expect(target(linkObjects([textObject([call('f')]), weak, weak]))).toBe(SECOND + 0x30n);
  });

  it('have one strong definition', () => {
    const strong = textObject([], [callee('f')]);
    expect(errorOf(() => linkObjects([strong, strong])).message).toBe("'f' is defined twice: in a.o and in b.o");
    expect(errorOf(() => linkObjects([strong], { f: 1n })).message).toBe(
      "'f' is defined twice: in a.o and in the scenario itself",
    );
    const twice = textObject([], [callee('f'), { ...callee('f'), value: 1n }]);
    expect(errorOf(() => linkObjects([twice])).message).toBe("'f' is defined twice: in a.o and in a.o");
  });

  it('are listed with the address that counts, local ones where nothing hides them', () => {
    const { layout } = linkObjects([
      textObject([], [callee('f', WEAK), callee('hidden', LOCAL), callee('mine', LOCAL)]),
      textObject([], [callee('f'), callee('hidden')]),
    ]);
    expect([...layout.symbols]).toEqual([
      ['f', SECOND + 0x30n],
      ['hidden', SECOND + 0x30n],
      ['mine', BASE + 0x30n],
    ]);
  });
});

describe('common symbols', () => {
  const common = (size: bigint, alignment: bigint): ObjectSpec => ({
    sections: [
      {
        name: '.data',
        bytes: zeros(12),
        flags: DATA,
        relocations: [{ offset: 0, type: R.abs64, symbol: 'c' }],
      },
    ],
    symbols: [{ name: 'c', section: COMMON, value: alignment, size, type: 1 }],
  });

  it('get zeroed memory behind the data of the first file, as large and aligned as any file wants', () => {
    const linked = linkObjects([common(4n, 4n), common(40n, 32n)]);
    expect(linked.number(BASE, 8)).toBe(BASE + 32n);
    expect(linked.number(SECOND, 8)).toBe(BASE + 32n);
    expect(linked.images.map(({ segments }) => segments.map(({ size, bytes }) => [size, bytes.length]))).toEqual([
      [[72n, 12]],
      [[12n, 12]],
    ]);
    expect(linked.layout.files.map(({ sections }) => sections.map(({ name }) => name))).toEqual([
      ['.data', 'COMMON'],
      ['.data'],
    ]);
    expect(linked.images.flatMap(({ symbols }) => symbols)).toEqual([
      { name: 'c', address: BASE + 32n, size: 4n, kind: 'object', binding: 'global' },
    ]);
  });

  it('give way to a strong definition, not to a weak one', () => {
    const defined = (binding: number): ObjectSpec => ({
      sections: [{ name: '.data', bytes: zeros(8), flags: DATA }],
      symbols: [{ name: 'c', section: '.data', binding }],
    });
    const strong = linkObjects([common(4n, 4n), defined(1)]);
    expect(strong.number(BASE, 8)).toBe(SECOND);
    expect(strong.images[0]?.segments[0]?.size).toBe(12n);
    expect(linkObjects([defined(WEAK), common(4n, 4n)]).number(SECOND, 8)).toBe(SECOND + 12n);
    expect(linkObjects([common(4n, 4n)], { c: 0x77n }).number(BASE, 8)).toBe(0x77n);
  });
});

import { describe, expect, it } from 'vitest';
import { layOutElf, readElf, readElfFile, relocateElf } from '../../src/scenario/elf.js';
import { buildElf, withNumber } from './elf-builder.js';
import { DATA, good, TEXT } from './elf-small-program.js';
import { errorOf } from './input-error.js';

describe('readElf on a good program', () => {
  const image = readElf(good.bytes, 'good.elf');

  it('gives the entry point and the segments in the order of their addresses', () => {
    expect(image.entry).toBe(TEXT + 1n);
    expect(image.segments).toEqual([
      { address: TEXT, bytes: Uint8Array.of(0x90, 0xf4), size: 2n, flags: { read: true, write: false, execute: true } },
      { address: DATA, bytes: Uint8Array.of(1, 2), size: 16n, flags: { read: true, write: true, execute: false } },
    ]);
  });

  it('gives the symbols with what the file says about them', () => {
    expect(image.symbols).toEqual([
      { name: 'worker', address: TEXT, size: 2n, kind: 'function', binding: 'global' },
      { name: 'site', address: TEXT + 1n, size: 0n, kind: 'other', binding: 'local' },
      { name: 'count', address: DATA, size: 8n, kind: 'object', binding: 'weak' },
    ]);
  });

  it('copies the bytes of segments', () => {
    const bytes = new Uint8Array(good.bytes);
    const { segments } = readElf(bytes, 'good.elf');
    bytes.fill(0);
    expect(segments).toEqual(image.segments);
  });

  it('reads a file that is a part of a larger buffer', () => {
    const buffer = Buffer.concat([Buffer.from('padding'), good.bytes]);
    expect(readElf(buffer.subarray(7), 'good.elf')).toEqual(image);
  });

  it('reads a program without sections as one without symbols', () => {
    const { bytes } = buildElf({ segments: [{ address: TEXT, bytes: [0xf4] }] });
    expect(readElf(bytes, 'stripped.elf').symbols).toEqual([]);
  });

  it('takes memory without bytes from wherever the file says it is', () => {
    const { bytes, programHeader } = buildElf({ segments: [{ address: DATA, bytes: [], size: 8n, flags: 6 }] });
    const { segments } = readElf(withNumber(bytes, programHeader(0) + 8, 8, 0xffff_ffff_ffff_ffffn), 'bss.elf');
    expect(segments).toMatchObject([{ address: DATA, bytes: new Uint8Array(), size: 8n }]);
  });

  it('leaves out empty segments, and segments of other types', () => {
    const { bytes, programHeader } = buildElf({
      segments: [
        { address: TEXT, bytes: [0xf4] },
        { address: DATA, bytes: [1] },
        { address: DATA, bytes: [] },
      ],
    });
    const gnuStack = withNumber(bytes, programHeader(1), 4, 0x6474e551);
    expect(readElf(gnuStack, 'stack.elf').segments.map(({ address }) => address)).toEqual([TEXT]);
  });

  it('accepts segments that touch, up to the last byte of the address space', () => {
    const { bytes } = buildElf({
      segments: [
        { address: 0n, bytes: [1] },
        { address: 1n, bytes: [2] },
        { address: 0x7fff_ffff_ffffn, bytes: [3] },
        { address: 0xffff_8000_0000_0000n, bytes: [4] },
        { address: 0xffff_ffff_ffff_ffffn, bytes: [5] },
      ],
    });
    expect(readElf(bytes, 'edges.elf').segments).toHaveLength(5);
  });

  it('leaves out symbols that name no address, and keeps absolute ones as numbers', () => {
    const { bytes } = buildElf({
      segments: [{ address: TEXT, bytes: [0xf4] }],
      symbols: [
        { name: 'undefined', address: 0n, section: 0, binding: 2 },
        { name: '', address: TEXT },
        { name: 'file.c', address: 0n, type: 4, section: 0xfff1 },
        { name: '.text', address: TEXT, type: 3 },
        { name: 'tls', address: 8n, type: 6 },
        { name: 'absolute', address: 0x1234_5678_9abc_def0n, type: 0, section: 0xfff1 },
        { name: 'unique', address: TEXT, type: 1, binding: 10 },
        { name: 'far', address: TEXT, section: 0xffff },
      ],
    });
    const { symbols } = readElf(bytes, 'symbols.elf');
    expect(symbols.map(({ name, kind, binding }) => [name, kind, binding])).toEqual([
      ['absolute', 'other', 'global'],
      ['unique', 'object', 'global'],
      ['far', 'function', 'global'],
    ]);
  });
});

describe('a program that is linked to fixed addresses', () => {
  const elf = readElfFile(good.bytes, 'good.elf');

  it('stays where it is', () => {
    const layout = layOutElf([{ elf }]);
    expect(relocateElf(layout)).toEqual([readElf(good.bytes, 'good.elf')]);
    expect([...layout.symbols]).toEqual([
      ['worker', TEXT],
      ['count', DATA],
      ['site', TEXT + 1n],
    ]);
  });

  it('cannot have a base', () => {
    expect(errorOf(() => layOutElf([{ elf, base: TEXT }])).message).toBe(
      'good.elf is linked to fixed addresses (ET_EXEC); it cannot have a base',
    );
  });

  it('may share names with another one, whose names then hide behind its own', () => {
    const other = buildElf({
      segments: [{ address: 0x1000n, bytes: [0xf4] }],
      symbols: [{ name: 'worker', address: 0x1000n }],
    });
    const layout = layOutElf([{ elf }, { elf: readElfFile(other.bytes, 'other.elf') }]);
    expect(layout.symbols.get('worker')).toBe(TEXT);
  });
});

import { buildElf, type Width } from './elf-builder.js';

/** Where the text and the data of the small program are. */
export const TEXT = 0xffffffff81000000n;
export const DATA = 0xffffffff81001000n;

/** A program with two segments and three symbols. */
export const good = buildElf({
  entry: TEXT + 1n,
  segments: [
    { address: DATA, bytes: [1, 2], size: 16n, flags: 6 },
    { address: TEXT, bytes: [0x90, 0xf4], flags: 5 },
  ],
  symbols: [
    { name: 'worker', address: TEXT, size: 2n },
    { name: 'site', address: TEXT + 1n, type: 0, binding: 0 },
    { name: 'count', address: DATA, size: 8n, type: 1, binding: 2 },
  ],
});
/** What of a file is spoilt, where, how many bytes wide, by what, and the whole message. */
export type Spoilt = readonly [title: string, offset: number, width: Width, value: bigint | number, message: string];

/** A number as messages write it. */
export const hex = (value: number | bigint): string => `0x${value.toString(16)}`;

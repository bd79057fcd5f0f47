import { assemble } from '../../src/encoder/assemble.js';
import type { Syntax } from '../../src/encoder/syntax.js';

/** Bytes as lower-case hex. */
export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

/** The bytes of one block of source, in hex. */
export function assembledHex(
  source: string,
  base = 0n,
  symbols: ReadonlyMap<string, bigint> = new Map(),
  syntax: Syntax = 'att',
): string {
  return hex(assemble([{ base, source, syntax }], symbols).blocks[0]?.bytes ?? new Uint8Array());
}

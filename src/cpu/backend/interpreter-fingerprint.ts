import {
  ACCESS_ENTRY_SIZE,
  ACCESS_LOG_SIZE,
  BRANCH_TARGET_ENTRIES,
  CPU_STRIDE,
  LAYOUT,
  MARK,
  PAGE_SIZE,
  SCRATCH,
  TLB,
} from '../../memory/layout.js';
import { CELL } from '../cells.js';
import type { Handler } from '../definition.js';
import { RECORD, STATUS } from '../record.js';
import { isInLoop } from './loop-handlers.js';
import { HOST } from './wasm-locals.js';

/** The numbers that the emitted code shares with the host. */
const TABLES = [LAYOUT, TLB, SCRATCH, MARK, CELL, RECORD, STATUS, HOST];
const SIZES = [PAGE_SIZE, CPU_STRIDE, BRANCH_TARGET_ENTRIES, ACCESS_LOG_SIZE, ACCESS_ENTRY_SIZE];

/**
 * 64 bits, in hexadecimal, of what an interpreter's module is made of: the handlers in order, the text of their
 * definitions, and where things lie in linear memory. Far cheaper than emitting the module. The text of functions that
 * definitions call is not in it: a test compares the bytes.
 */
export function interpreterFingerprint(handlers: readonly Handler[]): string {
  const definitions = new Set(handlers.map(({ definition }) => definition));
  const parts = [
    JSON.stringify([TABLES, SIZES]),
    ...handlers.map((handler) => `${handler.key} ${handler.definition.shape.dest ?? ''} ${isInLoop(handler)}`),
    ...[...definitions].map(({ meaning }) => meaning.toString()),
  ];
  const text = parts.join('\n');
  return OFFSET_BASES.map((basis) => fnv1a(basis, text).toString(16).padStart(8, '0')).join('');
}

/** FNV-1a over UTF-16 code units, in two lanes that begin differently. */
const OFFSET_BASES = [0x811c9dc5, 0x243f6a88] as const;

function fnv1a(basis: number, text: string): number {
  let hash = basis;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

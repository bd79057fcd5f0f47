import { LAYOUT } from '../memory/layout.js';

/**
 * Fields of a decode record, in bytes from its start. A record is one decoded instruction of one CPU at one RIP: what
 * the interpreter needs of it at fixed places. Operand fields are addresses in linear memory, so that one handler
 * serves registers, AH..BH and immediates alike. Records are a cache: they are never part of a snapshot.
 */
export const RECORD = {
  /** 32-bit: index of the handler. */
  handler: 0,
  /** 32-bit each: address and expected value of the version counters of the first and last line of its bytes. */
  firstLine: 4,
  firstVersion: 8,
  lastLine: 12,
  lastVersion: 16,
  /** 32-bit: records of the next instruction and of the branch target, 0 while unknown. */
  fall: 20,
  taken: 24,
  /** 32-bit: the block of its CPU's state, or -1 in a record that is not in use. Never 0. */
  block: 28,
  /** 64-bit: its RIP, the next RIP, the branch target. */
  rip: 32,
  next: 40,
  target: 48,
  /** 32-bit: addresses of operand cells. */
  dest: 56,
  src: 60,
  third: 64,
  /** 32-bit: addresses of the cells of the memory operand's base, index and segment base. */
  base: 68,
  index: 72,
  segment: 76,
  /** 32-bit: log2 of the index's scale. */
  scale: 80,
  /** 32-bit: 1 when a non-canonical memory operand is #SS. */
  stack: 84,
  /** 64-bit: displacement, and mask of the effective address. */
  displacement: 88,
  mask: 96,
  /** 64-bit immediates. */
  immediate: 104,
  immediate2: 112,
  /** 8-bit: length in bytes; then the bytes. */
  length: 120,
  bytes: 121,
  /** 32-bit: CPU number. */
  cpu: 136,
} as const;

export const RECORD_SIZE = 144;
/** How many records fit; when they are used up the whole cache starts anew. */
export const MAX_RECORDS = Math.floor((LAYOUT.pool - LAYOUT.records) / RECORD_SIZE);

/** What a step leaves in the status word beside doing its work; 0 is the common case. */
export const STATUS = {
  /** An exception with the vector in the low 8 bits: a fault (RIP of the instruction) or a trap (RIP of the next). */
  fault: 1 << 8,
  trap: 1 << 9,
  serialize: 1 << 10,
  mfence: 1 << 11,
  halt: 1 << 12,
  iret: 1 << 13,
  /** A store waits in the bounce buffer for the host. */
  slowStore: 1 << 14,
  /** SYSCALL entered the kernel; SYSRET left it. */
  syscall: 1 << 16,
  sysret: 1 << 17,
  /** The instruction is outside the implemented set; nothing was done. */
  unsupported: 1 << 15,
} as const;

import { CELL, cpuBase } from '../../cpu/cells.js';
import type { Machine } from '../../machine/machine.js';

/** Registers, flags, mode, task, what is pending: the first cells of a CPU's block. */
const DIGESTED = CELL.pending + 32;

/** 32 bits of what a CPU is in: good enough to guess that it has been there before, not to rely on it. */
export function cpuDigest({ memory, contexts }: Machine, cpu: number): number {
  const { i32 } = memory.linear;
  const start = cpuBase(cpu) >>> 2;
  let digest = contexts[cpu]?.depth ?? 0;
  for (let word = start; word < start + (DIGESTED >>> 2); word++) {
    digest = Math.imul(digest ^ (i32[word] ?? 0), 0x85ebca6b);
    digest ^= digest >>> 15;
  }
  return digest;
}

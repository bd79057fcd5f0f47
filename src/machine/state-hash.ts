import { CELL, cpuBase, KNOWN, XMM_CELLS, XMM_REGISTERS } from '../cpu/cells.js';
import { statusFlagsOfHalves } from '../cpu/flags.js';
import { MAX_CPUS } from '../memory/layout.js';
import type { LinearMemory } from '../memory/linear-memory.js';
import type { Memory } from '../memory/memory.js';
import { LANE_SEEDS, mixWord } from '../memory/word-hash.js';

/*
 * `xmc-state/1`: the hash of what software can see of a machine. It is the sum, in each of two 32-bit lanes, of
 *
 *   mix(address, word) - mix(address, initial word)    over all aligned 8-byte words of memory
 *   mix(key, value)    - mix(key, reset value)         over the architectural cells of each CPU
 *
 * where a CPU cell's key is its number, and 2^32 - 1 minus the CPU's number as the high half (no canonical address has
 * such a high half with a low half below 256). Cells at their reset value add nothing, so that later cells can come
 * without changing old hashes, at the end of the list; CR0, CR4, IA32_EFER and IA32_STAR count as the difference to
 * what they begin as. Step counters, procedure frames and caches are not part of it, nor is that an NMI is being
 * handled: no software can read it, and files from before XMM registers have been recorded without it.
 */

/** Cells that are hashed as they are, at their number here. Their reset value is 0. */
const CELL_OFFSETS = [
  ...Array.from({ length: 16 }, (_, number) => 8 * number),
  CELL.rip,
  CELL.systemFlags, // 17 is RFLAGS, see below
  CELL.fsBase,
  CELL.gsBase,
  CELL.cr0,
  CELL.cr2,
  CELL.cr3,
  CELL.cr4,
  CELL.cr8,
  CELL.cpl,
  CELL.shadow,
  CELL.activity,
  CELL.pending,
  CELL.pending + 8,
  CELL.pending + 16,
  CELL.pending + 24,
  CELL.kernelGsBase,
  CELL.selectors,
  CELL.star,
  CELL.lstar,
  CELL.fmask,
  CELL.efer,
  CELL.tscAux,
  CELL.tsc,
  CELL.dr0,
  CELL.dr1,
  CELL.dr2,
  CELL.dr3,
  CELL.dr6,
  CELL.dr7,
  CELL.gdtrBase,
  CELL.gdtrLimit,
  CELL.idtrBase,
  CELL.idtrLimit,
  CELL.umwaitControl,
  ...Array.from({ length: 2 * XMM_REGISTERS }, (_, half) => XMM_CELLS + 8 * half),
];
/** RFLAGS is hashed in its canonical form; its reset value is 2. */
const RFLAGS_NUMBER = 17;
const RFLAGS_RESET = 2;

/** The hash of the machine, as 16 hex digits. */
export function stateHash(memory: Memory, cpus: number): string {
  return stateLanes(memory, cpus)
    .map((lane) => (lane >>> 0).toString(16).padStart(8, '0'))
    .join('');
}

/** The same, as two 32-bit lanes. */
function stateLanes(memory: Memory, cpus: number): [number, number] {
  let [first, second] = memory.written.hash();
  const { linear } = memory;
  for (let cpu = 0; cpu < cpus; cpu++) {
    const base = cpuBase(cpu);
    if ((linear.int32(base + CELL.known) & KNOWN.hash) === 0) hashBlock(linear, cpu);
    first = (first + linear.int32(base + CELL.hashLane0)) | 0;
    second = (second + linear.int32(base + CELL.hashLane1)) | 0;
  }
  return [first, second];
}

/** Brings the hash that a CPU's block carries up to date. */
function hashBlock(linear: LinearMemory, cpu: number): void {
  const { i32 } = linear;
  const base = cpuBase(cpu);
  const high = -1 - cpu;
  let first = 0;
  let second = 0;
  for (let number = 0; number < CELL_OFFSETS.length; number++) {
    const index = (base + (CELL_OFFSETS[number] ?? 0)) >>> 2;
    const isFlags = number === RFLAGS_NUMBER;
    const low = isFlags ? canonicalFlags(linear, base) : (i32[index] ?? 0);
    const top = isFlags ? 0 : (i32[index + 1] ?? 0);
    if (((low ^ (isFlags ? RFLAGS_RESET : 0)) | top) === 0) continue;
    const at = 2 * (cpu * CELL_OFFSETS.length + number);
    first += mixWord(LANE_SEEDS[0], number, high, low, top) - (RESET_MIXES[at] ?? 0);
    second += mixWord(LANE_SEEDS[1], number, high, low, top) - (RESET_MIXES[at + 1] ?? 0);
  }
  linear.setInt32(base + CELL.hashLane0, first);
  linear.setInt32(base + CELL.hashLane1, second);
  linear.setInt32(base + CELL.known, linear.int32(base + CELL.known) | KNOWN.hash);
}

/** The mixes of all cells' reset values: two lanes for each number of each CPU. */
const RESET_MIXES = Int32Array.from({ length: 2 * MAX_CPUS * CELL_OFFSETS.length }, (_, at) => {
  const number = (at >>> 1) % CELL_OFFSETS.length;
  const cpu = Math.floor((at >>> 1) / CELL_OFFSETS.length);
  const reset = number === RFLAGS_NUMBER ? RFLAGS_RESET : 0;
  return mixWord(LANE_SEEDS[(at & 1) as 0 | 1], number, -1 - cpu, reset, 0);
});

function canonicalFlags(linear: LinearMemory, base: number): number {
  const status = statusFlagsOfHalves(
    linear.int32(base + CELL.result),
    linear.int32(base + CELL.result + 4),
    linear.int32(base + CELL.carries),
    linear.int32(base + CELL.carries + 4),
  );
  return linear.int32(base + CELL.systemFlags) | status;
}

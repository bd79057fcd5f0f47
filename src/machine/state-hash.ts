import { CELL, cpuBase } from '../cpu/cells.js';
import { statusFlagsOf } from '../cpu/flags.js';
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
 * without changing old hashes. Step counters, procedure frames and caches are not part of it.
 */

/** Cells that are hashed as they are, by number: the general-purpose registers, then these. The reset value is 0. */
const PLAIN_CELLS: readonly (readonly [number: number, offset: number])[] = [
  ...Array.from({ length: 16 }, (_, n) => [n, 8 * n] as const),
  [16, CELL.rip],
  [18, CELL.fsBase],
  [19, CELL.gsBase],
  [20, CELL.cr0],
  [21, CELL.cr2],
  [22, CELL.cr3],
  [23, CELL.cr4],
  [24, CELL.cr8],
  [25, CELL.cpl],
  [26, CELL.shadow],
  [27, CELL.activity],
  [28, CELL.pending],
  [29, CELL.pending + 8],
  [30, CELL.pending + 16],
  [31, CELL.pending + 24],
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
export function stateLanes(memory: Memory, cpus: number): [number, number] {
  const [first, second] = memory.written.hash();
  const lanes: [number, number] = [first, second];
  for (let cpu = 0; cpu < cpus; cpu++) {
    lanes[0] = (lanes[0] + cpuLane(memory, cpu, LANE_SEEDS[0])) | 0;
    lanes[1] = (lanes[1] + cpuLane(memory, cpu, LANE_SEEDS[1])) | 0;
  }
  return lanes;
}

function cpuLane(memory: Memory, cpu: number, seed: number): number {
  const { linear } = memory;
  const base = cpuBase(cpu);
  const high = -1 - cpu;
  let lane = 0;
  for (const [number, offset] of PLAIN_CELLS) {
    const low = linear.int32(base + offset);
    const top = linear.int32(base + offset + 4);
    if ((low | top) === 0) continue;
    lane += mixWord(seed, number, high, low, top) - mixWord(seed, number, high, 0, 0);
  }
  const status = statusFlagsOf(linear.uint64(base + CELL.result), linear.uint64(base + CELL.carries));
  const rflags = linear.int32(base + CELL.systemFlags) | Number(status);
  if (rflags !== RFLAGS_RESET) {
    lane += mixWord(seed, RFLAGS_NUMBER, high, rflags, 0) - mixWord(seed, RFLAGS_NUMBER, high, RFLAGS_RESET, 0);
  }
  return lane | 0;
}

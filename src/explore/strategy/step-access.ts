import type { Machine } from '../../machine/machine.js';
import type { Footprint } from '../../memory/footprint.js';

/** What a step touched: lines of memory by pool offset / 64, and other CPUs. */
export interface Access {
  readonly lines: ReadonlySet<number>;
  readonly stored: ReadonlySet<number>;
  /** A bit for each CPU but its own. */
  readonly cpus: number;
}

/** What was noted while a CPU did a step, text included. */
export function accessOf({ lines, data, stored, cpus }: Footprint, cpu: number, { memory }: Machine): Access {
  const ofWords = (words: ReadonlySet<number>): number[] => Array.from(words, (word) => word >>> 3);
  const written = new Set(ofWords(stored));
  const touched = new Set([...ofWords(data), ...written]);
  for (const line of lines) touched.add(memory.written.offsetOfLine(line) >>> 6);
  return { lines: touched, stored: written, cpus: cpus & ~(1 << cpu) };
}

/** Whether the order of a step and one that another CPU may do next can matter. */
export function race(done: Access, next: Access, nextCpu: number): boolean {
  if (((done.cpus >> nextCpu) & 1) !== 0) return true;
  for (const line of done.stored) if (next.lines.has(line)) return true;
  for (const line of next.stored) if (done.lines.has(line)) return true;
  return false;
}

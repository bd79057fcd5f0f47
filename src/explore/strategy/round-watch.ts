import type { Machine } from '../../machine/machine.js';
import { cpuDigest } from './cpu-digest.js';

/** Steps that a CPU may do in a row before it counts as looping although its registers differ all the time. */
const LONG = 500;

/**
 * Recognises awaits: a CPU that executes guest code and comes round to the state in which it was before, while no other
 * did anything, does nothing new until another CPU does something.
 */
export class RoundWatch {
  private cpu = -1;
  private readonly seen = new Set<number>();

  /** To be asked before each step: whether the CPU that did the last steps awaits. */
  wentRound(machine: Machine, cpu: number): boolean {
    if (cpu !== this.cpu) {
      this.cpu = cpu;
      this.seen.clear();
    }
    // A procedure that waits has no step.
    if (machine.contexts[cpu]?.inProcedure !== false) return false;
    const digest = cpuDigest(machine, cpu);
    if (this.seen.has(digest) || this.seen.size >= LONG) return true;
    this.seen.add(digest);
    return false;
  }
}

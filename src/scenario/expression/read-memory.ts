import type { Machine } from '../../machine/machine.js';
import { MAX_CPUS } from '../../memory/layout.js';
import { NotMapped } from '../../memory/not-mapped.js';
import { cpuOf } from '../../property/task-block.js';
import type { ExpressionText } from './expression-text.js';
import type { Extent, MemorySize } from './syntax-tree.js';

/** Who has no private memory: neither a task nor a CPU that idles has this number. */
const NOBODY = -1 - MAX_CPUS;

/**
 * A read of memory.
 * @param viewer the task as which private stacks are seen; undefined: they are not
 * @returns throws InputError at its place where nothing is mapped.
 */
export function memoryReader(
  source: ExpressionText,
  extent: Extent,
  {
    machine,
    size,
    address,
    viewer,
  }: {
    readonly machine: Machine;
    readonly size: MemorySize;
    readonly address: () => bigint;
    readonly viewer: number | undefined;
  },
): () => bigint {
  return () => {
    const from = address();
    lookThrough(machine, viewer);
    try {
      return machine.memory.read(from, size);
    } catch (error) {
      if (!(error instanceof NotMapped)) throw error;
      const hint = "join a condition that guards it with 'and'";
      throw source.error(`nothing is mapped at 0x${from.toString(16)}`, extent.at, hint);
    }
  };
}

/** The view of a task that runs is that of its CPU; other views have numbers behind those of CPUs. */
function lookThrough(machine: Machine, viewer: number | undefined): void {
  if (viewer === undefined) machine.memory.lookThrough(NOBODY, MAX_CPUS);
  else machine.memory.lookThrough(viewer, cpuOf(machine, viewer) ?? MAX_CPUS + 1 + viewer);
}

import type { Machine } from '../../machine/machine.js';
import type { Step } from '../../machine/step.js';

/** First bytes of the instructions that change IF: POPF, IRET, CLI, STI; IRETQ has REX.W. */
const CHANGE_IF: ReadonlySet<number> = new Set([0x9d, 0xcf, 0xfa, 0xfb]);
const REX_W = 0x48;

/** Where procedures store to text, by procedure and label. */
export type StoringPlaces = ReadonlySet<string>;

/**
 * Whether a CPU's next step is one whose order matters: a fetch at a site or in another range that is watched, a
 * store to text, an accepted interrupt, a change of IF.
 */
export function isInteresting(machine: Machine, cpu: number, steps: readonly Step[], storing: StoringPlaces): boolean {
  return steps.some((step) => {
    if (step.kind === 'instruction') return isInterestingInsn(machine, cpu);
    if (step.kind === 'procedure') return storing.has(storingPlace(machine, cpu));
    return true;
  });
}

/** What {@link StoringPlaces} knows the step by at which a CPU's procedure is. */
export function storingPlace(machine: Machine, cpu: number): string {
  const at = machine.procedureAt(cpu);
  return `${at?.procedure}: ${at?.label}`;
}

function isInterestingInsn({ cpus, watched, memory }: Machine, cpu: number): boolean {
  const state = cpus[cpu];
  if (state === undefined) return false;
  const { rip } = state;
  if (watched.mayTouch(state.ripLow) && watched.touches(rip, 1)) return true;
  const offset = memory.translate(rip, 'execute');
  const [first = 0, second = 0] = offset === 0 ? [] : memory.linear.u8.subarray(offset, offset + 2);
  return CHANGE_IF.has(first) || (first === REX_W && CHANGE_IF.has(second));
}

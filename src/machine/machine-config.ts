import type { Memory } from '../memory/memory.js';
import type { Rules } from '../profile/rules.js';
import type { CpuNaming } from './cpu-naming.js';
import type { IdtEntry } from './delivery.js';
import type { NmiStack } from './nmi-stack.js';
import type { Procedure } from './procedure.js';
import type { GracePeriodWords } from './quiescent-states.js';
import type { StepHost } from './step-context.js';

/** What a machine is made of; memory is mapped and filled already. */
export interface MachineConfig {
  readonly memory: Memory;
  readonly cpus: number;
  readonly backend?: 'wasm' | 'bigint';
  /** The simulated hardware's rules; those of the profile `ideal` unless given. */
  readonly rules?: Rules;
  readonly idt?: ReadonlyMap<number, IdtEntry>;
  readonly symbols?: ReadonlyMap<string, bigint>;
  /** Where the stack of each CPU's idle task begins to grow. */
  readonly idleStacks?: readonly bigint[];
  /**
   * The NMI stack of each CPU, as raw hardware has it. Absent: an NMI pushes to the current stack, so that a nested one has
   * a frame of its own, which is what Linux arranges (arch/x86/entry/entry_64.S, asm_exc_nmi).
   */
  readonly nmiStacks?: readonly NmiStack[];
  /** Procedures that tasks run; those of the IDT are known anyway. */
  readonly procedures?: readonly Procedure[];
  /** Done by every delivery of an interrupt or exception, before the handler begins, and when a CPU changes tasks. */
  readonly onKernelEntry?: ((host: StepHost, cpu: number) => void) | undefined;
  /** Where grace periods keep whom they wait for; absent where nobody ever does. */
  readonly gracePeriods?: GracePeriodWords | undefined;
  /** Where procedures tell CPUs apart. Default: nowhere. */
  readonly naming?: CpuNaming;
}

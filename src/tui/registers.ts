import { GPR_NAMES } from '../cpu/cells.js';
import type { CpuState } from '../cpu/cpu-state.js';

/** The registers that are shown of a CPU, in order. */
export const REGISTER_NAMES: readonly string[] = [...GPR_NAMES, 'rip', 'rflags'];

/** Their values, in that order. */
export type Registers = readonly bigint[];

export function registersOf(state: CpuState): Registers {
  return [...GPR_NAMES.map((name) => state.gpr(name)), state.rip, state.rflags];
}

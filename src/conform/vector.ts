import type { RegisterName } from './registers.js';

/** One recorded test of an instruction or a short program: its bytes, the state before, the state after. */
export interface Vector {
  readonly name: string;
  /** The code, placed at `initial`'s RIP. */
  readonly bytes: Uint8Array;
  /** RFLAGS bits that are not compared; absent when the instruction tables decide. */
  readonly undefinedFlags: bigint | undefined;
  readonly until: Until;
  readonly initial: VectorState;
  readonly final: VectorState & { readonly exception?: VectorException };
  /** Registers that it names, and that real processors have but the simulated ones have not. */
  readonly missingRegisters: readonly string[];
}

/** Where a test ends, if no exception ends it: after so many instructions, or behind the first INT3 or HLT. */
export type Until = number | 'int3' | 'hlt';

/** Registers that are named, and contents of memory. */
export interface VectorState {
  readonly registers: ReadonlyMap<RegisterName, bigint>;
  readonly ram: readonly { readonly address: bigint; readonly bytes: Uint8Array }[];
}

export interface VectorException {
  readonly vector: number;
  readonly error: number | undefined;
  readonly cr2: bigint | undefined;
}

/** A register before the test: what is not named is 0, but for CPL 3 and the bit of RFLAGS that is always 1. */
export function initialRegister({ initial }: Vector, name: RegisterName): bigint {
  const given = initial.registers.get(name);
  if (name === 'cpl') return given ?? 3n;
  return name === 'rflags' ? (given ?? 0n) | 2n : (given ?? 0n);
}

/** A register behind the test: what is not named has not changed. */
export function finalRegister(vector: Vector, name: RegisterName): bigint {
  return vector.final.registers.get(name) ?? initialRegister(vector, name);
}

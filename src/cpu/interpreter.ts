import type { Memory } from '../memory/memory.js';
import { MAX_INSTRUCTION_LENGTH } from './decoded-instruction.js';

/** A data access of a step, as the access log has it. */
export interface DataAccess {
  readonly address: bigint;
  readonly size: number;
  /** `update` is a read and a write of the same operand. */
  readonly kind: 'read' | 'write' | 'update';
}

/** What the last step executed. */
export interface ExecutedInstruction {
  readonly rip: bigint;
  /** The bytes that were fetched and decoded; empty when the fetch faulted. */
  readonly bytes: Uint8Array;
}

/** Executes instructions of the CPUs whose state lies in a memory; the two backends behind one face. */
export interface Interpreter {
  readonly name: 'wasm' | 'bigint';
  readonly memory: Memory;
  /**
   * Executes one instruction (one iteration of a repeated one) of a CPU.
   * @returns the bits of STATUS, 0 in the common case; after an exception its error code is in the scratch cell.
   */
  step(cpu: number): number;
  /** The instruction of the last step. */
  executed(): ExecutedInstruction;
  /** The data accesses of the last step, in order. */
  accesses(): DataAccess[];
}

/** Tells the footprint of the memory, if there is one, what the last step fetched and accessed. */
export function noteInstruction(interpreter: Interpreter): void {
  const { memory } = interpreter;
  if (memory.footprint === undefined) return;
  memory.footprint.fetching = true;
  memory.note(interpreter.executed().rip, MAX_INSTRUCTION_LENGTH);
  memory.footprint.fetching = false;
  for (const { address, size } of interpreter.accesses()) memory.note(address, size);
}

import { I32, I64 } from './wasm-code.js';

/** Locals of the interpreter function. Values of a definition start at `values`. */
export const LOCAL = {
  /** i32: how many steps; the CPU's block; its record; a pointer; the destination's pointer; a TLB entry. */
  count: 0,
  cpu: 1,
  record: 2,
  pointer: 3,
  destPointer: 4,
  tlb: 5,
  /** i32: offset in the access log while an access is noted; steps done; the record's handler. */
  log: 6,
  done: 7,
  handler: 8,
  /** i32: of the next step the CPU's block, and the record and handler that it goes on with. */
  nextCpu: 9,
  nextRecord: 10,
  nextHandler: 11,
  /** i64: an address being translated, or a branch target. */
  address: 12,
  values: 13,
} as const;

/** Types of a function's locals behind its parameters, which are the first of {@link LOCAL}. */
export function localTypes(parameters: number, values: number): number[] {
  return [...new Array<number>(LOCAL.address - parameters).fill(I32), ...new Array<number>(values + 1).fill(I64)];
}

/** Indices of the functions that the host provides. */
export const HOST = { read: 0, write: 1, touch: 2, fall: 3, taken: 4, lookup: 5, refetch: 6, divide: 7 } as const;

/** Where a handler's code can leave to: levels of the interpreter's blocks. */
export interface Exits {
  /** The next instruction; the branch's target; the address in `LOCAL.address`; this instruction again. */
  readonly fall: number;
  readonly taken: number;
  readonly indirect: number;
  readonly self: number;
}

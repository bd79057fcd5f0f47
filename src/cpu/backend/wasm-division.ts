import { LAYOUT, SCRATCH } from '../../memory/layout.js';
import { I64, OP, type WasmCode } from './wasm-code.js';
import { HOST } from './wasm-locals.js';
import type { WasmValue } from './wasm-values.js';

/** A 128-by-64-bit division in the making; the divisor is not 0. */
export interface WasmDivision {
  readonly high: WasmValue;
  readonly low: WasmValue;
  readonly divisor: WasmValue;
  readonly signed: boolean;
}

/**
 * Emits code that leaves on the stack (i64) whether the quotient overflows, quotient and remainder in their scratch
 * cells. The short division of the processor we run on serves when the dividend is only 64 bits wide; the host does the
 * rest.
 */
export function pushDivision(code: WasmCode, division: WasmDivision): void {
  pushIsShort(code, division);
  code.if(I64);
  divideShort(code, division);
  code.const64(0n);
  code.else();
  divideByHost(code, division);
  code.end();
}

/** Whether `high` only extends `low`. A signed division by -1 may overflow, which traps in WebAssembly. */
function pushIsShort(code: WasmCode, { high, low, divisor, signed }: WasmDivision): void {
  high.push(code);
  if (signed) {
    low.push(code);
    code.const64(63n);
    code.op(OP.i64ShrS);
  } else {
    code.const64(0n);
  }
  code.op(OP.i64Eq);
  if (!signed) return;
  divisor.push(code);
  code.const64(-1n);
  code.op(OP.i64Ne);
  code.op(OP.i32And);
}

function divideShort(code: WasmCode, { low, divisor, signed }: WasmDivision): void {
  for (const [at, op] of [
    [SCRATCH.quotient, signed ? OP.i64DivS : OP.i64DivU],
    [SCRATCH.remainder, signed ? OP.i64RemS : OP.i64RemU],
  ] as const) {
    code.const32(0);
    low.push(code);
    divisor.push(code);
    code.op(op);
    code.store64(8, LAYOUT.scratch + at);
  }
}

function divideByHost(code: WasmCode, { high, low, divisor, signed }: WasmDivision): void {
  for (const [at, value] of [
    [SCRATCH.high, high],
    [SCRATCH.low, low],
    [SCRATCH.divisor, divisor],
  ] as const) {
    code.const32(0);
    value.push(code);
    code.store64(8, LAYOUT.scratch + at);
  }
  code.const32(signed ? 1 : 0);
  code.call(HOST.divide);
  code.op(OP.i64ExtendI32U);
}

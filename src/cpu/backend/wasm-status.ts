import { LAYOUT, SCRATCH } from '../../memory/layout.js';
import type { WasmCode } from './wasm-code.js';

/*
 * The status of the step. It lies in memory, where the host sets it too, and not in a local: it is 0 until the step
 * that ends the batch.
 */

export function pushStatus(code: WasmCode): void {
  code.const32(0);
  code.load32(LAYOUT.scratch + SCRATCH.status);
}

export function setStatus(code: WasmCode, pushValue: () => void): void {
  code.const32(0);
  pushValue();
  code.store32(LAYOUT.scratch + SCRATCH.status);
}

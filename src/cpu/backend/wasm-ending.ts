import { LAYOUT, SCRATCH } from '../../memory/layout.js';
import type { Arg, Signal } from '../insn.js';
import { STATUS } from '../record.js';
import { OP } from './wasm-code.js';
import type { Exits } from './wasm-locals.js';
import { WasmRecorder } from './wasm-recorder.js';
import { pushStatus, setStatus } from './wasm-status.js';

/** How instructions end: faults, traps and what they signal. */
export class WasmEnding extends WasmRecorder {
  constructor(protected readonly exits: Exits) {
    super();
  }

  fault(vector: number, errorCode: Arg = 0): void {
    const error = this.use(errorCode);
    this.effect((code) => {
      code.const32(0);
      error.push(code);
      code.op(OP.i32WrapI64);
      code.store32(LAYOUT.scratch + SCRATCH.errorCode);
    });
    this.end(STATUS.fault | vector);
  }

  unsupported(): void {
    this.end(STATUS.unsupported);
  }

  /** Whatever was signalled before belongs to an instruction that did not happen. */
  private end(status: number): void {
    this.effect((code) => {
      setStatus(code, () => code.const32(status));
      code.branch(this.exits.self);
    });
  }

  trap(vector: Arg): void {
    this.raise(this.value(vector).or(STATUS.trap));
  }

  signal(what: Signal): void {
    this.raise(STATUS[what]);
  }

  private raise(status: Arg): void {
    const bits = this.use(status);
    this.effect((code) => {
      setStatus(code, () => {
        bits.push(code);
        code.op(OP.i32WrapI64);
        pushStatus(code);
        code.op(OP.i32Or);
      });
    });
  }
}

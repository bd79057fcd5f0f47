import { BigintInterpreter } from '../../src/cpu/backend/bigint.js';
import { WasmInterpreter } from '../../src/cpu/backend/wasm.js';
import { GPR_NAMES } from '../../src/cpu/cells.js';
import { CpuState } from '../../src/cpu/cpu-state.js';
import { LAYOUT } from '../../src/memory/layout.js';
import { Memory } from '../../src/memory/memory.js';
import { DATA } from '../../src/memory/page.js';
import { AT, hex, RSP, WRITABLE_TEXT } from './machine-with.js';

/** Where each of several CPUs has its own data, and its own stack. */
export const dataOf = (cpu: number): bigint => AT.data + 0x100n * BigInt(cpu);

/** Several CPUs that all begin at the same code, which they may write; RDI points to data of their own, RBP counts CPUs. */
export class Cpus {
  readonly memory = new Memory(8);
  readonly states: readonly CpuState[];

  constructor(count: number, code: string, at: bigint = AT.code) {
    this.memory.map(at, BigInt(hex(code).length), WRITABLE_TEXT, hex(code));
    this.memory.map(AT.data, 0x1000n, DATA);
    this.memory.map(AT.stack, 0x2000n, DATA);
    this.states = Array.from({ length: count }, (_, cpu) => {
      const state = new CpuState(this.memory.linear, cpu);
      state.reset();
      state.rip = at;
      state.rsp = RSP - 0x100n * BigInt(cpu);
      state.setGpr('rdi', dataOf(cpu));
      state.setGpr('rbp', BigInt(cpu));
      return state;
    });
  }

  wasm(maxRecords?: number): WasmInterpreter {
    return new WasmInterpreter(this.memory, undefined, undefined, maxRecords);
  }

  bigint(): BigintInterpreter {
    return new BigintInterpreter(this.memory);
  }

  schedule(cpus: readonly number[]): void {
    this.memory.linear.u8.set(cpus, LAYOUT.schedule);
  }

  get state0(): CpuState {
    const [first] = this.states;
    if (first === undefined) throw new Error('no CPU');
    return first;
  }

  /** Everything that software can see. */
  look() {
    return {
      cpus: this.states.map((state) => ({
        registers: GPR_NAMES.map((name) => state.gpr(name).toString(16)).join(' '),
        rip: state.rip.toString(16),
        rflags: state.rflags.toString(16),
      })),
      written: [...this.memory.written.entries()]
        .map(({ address, value }) => `${address.toString(16)}: ${value.toString(16)}`)
        .sort(),
      hash: [...this.memory.written.hash()],
      text: this.memory.text.save(),
    };
  }
}

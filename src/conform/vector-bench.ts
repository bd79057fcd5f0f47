import { BigintInterpreter } from '../cpu/backend/bigint.js';
import { WasmInterpreter } from '../cpu/backend/wasm.js';
import { CpuState } from '../cpu/cpu-state.js';
import { decode } from '../cpu/decode.js';
import type { Interpreter } from '../cpu/interpreter.js';
import { STATUS } from '../cpu/record.js';
import { Memory } from '../memory/memory.js';
import { DATA, pageAddress, TEXT } from '../memory/page.js';
import { compareVector, DEFAULT_RFLAGS } from './compare-vector.js';
import { incomparable } from './incomparable.js';
import type { Vector } from './vector.js';

/**
 * How a vector went: compared in full and equal, or each difference in words; not compared, and why; or the instruction is
 * not implemented, by the name that the decoder gives it.
 */
export type VectorResult =
  | { readonly kind: 'passed' }
  | { readonly kind: 'failed'; readonly mismatches: readonly string[] }
  | { readonly kind: 'incomparable'; readonly reason: string }
  | { readonly kind: 'unsupported'; readonly instruction: string };

/** More iterations than any recorded string instruction has. */
const MAX_STEPS = 0x10000;
const MAX_PAGES = 64;

/** Executes vectors on one backend, at CPL 3; one machine serves them all. */
export class VectorBench {
  private readonly memory = new Memory(MAX_PAGES);
  private readonly cpu = new CpuState(this.memory.linear, 0);
  private readonly interpreter: Interpreter;

  constructor(backend: Interpreter['name']) {
    const Backend = backend === 'wasm' ? WasmInterpreter : BigintInterpreter;
    this.interpreter = new Backend(this.memory);
  }

  /** Executes a vector's instruction and compares everything with what was recorded. */
  run(vector: Vector): VectorResult {
    const reason = incomparable(vector);
    if (reason !== undefined) return { kind: 'incomparable', reason };
    this.prepare(vector);
    const status = this.execute(vector);
    if ((status & STATUS.unsupported) !== 0) return { kind: 'unsupported', instruction: instructionName(vector) };
    const mismatches = compareVector(vector, this.cpu, this.memory, status);
    return mismatches.length === 0 ? { kind: 'passed' } : { kind: 'failed', mismatches };
  }

  private prepare({ bytes, initial }: Vector): void {
    const { memory, cpu } = this;
    memory.clear();
    memory.map(initial.rip, BigInt(bytes.length), TEXT, bytes);
    for (const { address, bytes: contents } of initial.ram) {
      memory.map(pageAddress(address), 1n, DATA);
      memory.map(address, BigInt(contents.length), DATA, contents);
    }
    cpu.reset();
    for (const [name, value] of initial.registers) cpu.setGpr(name, value);
    cpu.rip = initial.rip;
    cpu.rflags = initial.rflags ?? DEFAULT_RFLAGS;
    cpu.setCell('cpl', 3n);
  }

  private execute(vector: Vector): number {
    // One step is one iteration of a repeated instruction.
    const limit = instructionName(vector).startsWith('rep') ? MAX_STEPS : 1;
    for (let steps = 1; ; steps++) {
      const status = this.interpreter.step(0);
      if (status !== 0 || this.cpu.rip !== vector.initial.rip || steps >= limit) return status;
    }
  }
}

function instructionName({ bytes }: Vector): string {
  const decoded = decode(bytes);
  return decoded.kind === 'instruction' ? (decoded.handler.split('/')[0] ?? '') : '';
}

import { BigintInterpreter } from '../cpu/backend/bigint.js';
import { WasmInterpreter } from '../cpu/backend/wasm.js';
import { CpuState } from '../cpu/cpu-state.js';
import { decode } from '../cpu/decode.js';
import type { Interpreter } from '../cpu/interpreter.js';
import { STATUS } from '../cpu/record.js';
import { instructionFacts } from '../encoder/instruction-facts.js';
import { Memory } from '../memory/memory.js';
import { compareVector } from './compare-vector.js';
import { incomparable } from './incomparable.js';
import { mapVector, pagesOf } from './map-vector.js';
import { REGISTER_NAMES, writeRegister } from './registers.js';
import { UndefinedFlags } from './undefined-flags.js';
import { initialRegister, type Vector } from './vector.js';
import type { VectorEnd } from './vector-end.js';
import type { VectorResult } from './vector-result.js';

/** Steps beyond the instructions that are asked for: iterations of string instructions, or the length of a program. */
const MAX_STEPS = 1 << 18;
const MAX_PAGES = 1024;

/** Executes vectors on one backend; one machine serves them all. */
export class VectorBench {
  private readonly memory = new Memory(MAX_PAGES);
  private readonly cpu = new CpuState(this.memory.linear, 0);
  private readonly interpreter: Interpreter;
  private readonly undefinedFlags = new UndefinedFlags();

  constructor(
    readonly backend: Interpreter['name'],
    private readonly maxSteps = MAX_STEPS,
  ) {
    const Backend = backend === 'wasm' ? WasmInterpreter : BigintInterpreter;
    this.interpreter = new Backend(this.memory);
  }

  /** Executes a vector's code and compares everything with what was recorded. */
  run(vector: Vector): VectorResult {
    const missing = this.prepare(vector);
    if (missing !== undefined) return { kind: 'unsupported', reason: missing };
    const end = this.execute(vector);
    if (end.kind === 'incomparable' || end.kind === 'unsupported') return end;
    const undefinedFlags = vector.undefinedFlags ?? this.undefinedFlags.mask;
    const mismatches = compareVector(vector, this.cpu, this.memory, end, undefinedFlags);
    return mismatches.length === 0 ? { kind: 'passed' } : { kind: 'failed', mismatches };
  }

  /** Brings about the state before a vector, or says what of it the simulated processors do not have. */
  private prepare(vector: Vector): string | undefined {
    const [register] = vector.missingRegisters;
    if (register !== undefined) return `register ${register}`;
    const cpl = initialRegister(vector, 'cpl');
    if (cpl !== 0n && cpl !== 3n) return `CPL ${cpl}`;
    const pages = pagesOf(vector);
    if (pages.size > MAX_PAGES) return `more than ${MAX_PAGES} pages of memory`;
    this.memory.clear();
    mapVector(vector, pages, this.memory);
    this.cpu.reset();
    for (const name of REGISTER_NAMES) writeRegister(this.cpu, name, initialRegister(vector, name));
    this.undefinedFlags.clear();
    return undefined;
  }

  private execute({ until, undefinedFlags }: Vector): VectorEnd | Exclude<VectorResult, { kind: 'passed' | 'failed' }> {
    const { interpreter, cpu } = this;
    let left = typeof until === 'number' ? until : Number.POSITIVE_INFINITY;
    const limit = this.maxSteps + (typeof until === 'number' ? until : 0);
    for (let steps = 0; steps < limit; steps++) {
      const [rip, rcx] = [cpu.rip, cpu.gpr('rcx')];
      const status = interpreter.step(0);
      const { bytes } = interpreter.executed();
      const reason = incomparable(bytes, rcx);
      if (reason !== undefined) return { kind: 'incomparable', reason };
      if ((status & STATUS.unsupported) !== 0) return { kind: 'unsupported', reason: instructionName(bytes) };
      if (undefinedFlags === undefined) this.undefinedFlags.add(bytes);
      if ((status & (STATUS.fault | STATUS.trap)) !== 0) return { kind: 'exception', vector: status & 0xff };
      if ((status & STATUS.halt) !== 0) return { kind: 'hlt' };
      // One step is one iteration of a repeated instruction.
      if (cpu.rip === rip && isRepeated(bytes)) continue;
      left--;
      if (left === 0) return { kind: 'done' };
    }
    return { kind: 'endless', steps: limit };
  }
}

function isRepeated(bytes: Uint8Array): boolean {
  const decoded = decode(bytes);
  return decoded.kind === 'instruction' && decoded.handler.startsWith('rep');
}

/** `addps (Addps_xmm_xmmm128)`. */
function instructionName(bytes: Uint8Array): string {
  const { mnemonic, code } = instructionFacts(bytes);
  return `${mnemonic} (${code})`;
}

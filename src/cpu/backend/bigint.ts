import { LAYOUT, SCRATCH } from '../../memory/layout.js';
import type { Memory } from '../../memory/memory.js';
import { CELL, cpuBase } from '../cells.js';
import { type Executable, executableAt } from '../executable.js';
import { COHERENT, type FetchRule } from '../fetch.js';
import { HeldStores } from '../held-store.js';
import type { DataAccess, ExecutedInstruction, Interpreter } from '../interpreter.js';
import { isLocked } from '../locked.js';
import { MachineView, type ProcessorView } from '../processor-view.js';
import { HANDLERS } from '../semantics/index.js';
import { BigintInsn } from './bigint-insn.js';

/**
 * Runs the definitions on bigints, one fetch, decode and execution after the other, without any cache of the machine's
 * state: the oracle of the fast backend, for breakpoints, coverage and the plain explorer.
 */
export class BigintInterpreter implements Interpreter {
  readonly name = 'bigint';
  private last: DataAccess[] = [];
  private lastExecuted: ExecutedInstruction = { rip: 0n, bytes: new Uint8Array() };

  constructor(
    readonly memory: Memory,
    private readonly rule: FetchRule = COHERENT,
    private readonly stores: HeldStores = new HeldStores(memory),
  ) {}

  step(cpu: number): number {
    const { linear } = this.memory;
    const base = cpuBase(cpu);
    const executable = executableAt(this.memory, this.rule, cpu, linear.uint64(base + CELL.rip));
    linear.setUint64(base + CELL.shadow, 0n);
    const view = new MachineView(this.memory, cpu, this.stores, () => isLocked(executable.bytes));
    const insn = execute(executable, view);
    view.finish();
    linear.setUint64(base + CELL.rip, insn.rip);
    linear.setInt32(LAYOUT.scratch + SCRATCH.errorCode, insn.errorCode);
    this.last = insn.accesses;
    this.lastExecuted = executable;
    return insn.status;
  }

  executed(): ExecutedInstruction {
    return this.lastExecuted;
  }

  accesses(): DataAccess[] {
    return this.last;
  }
}

/** Executes one instruction on a view of a processor; the caller commits RIP. */
export function execute(executable: Executable, view: ProcessorView): BigintInsn {
  const handler = HANDLERS[executable.handler];
  if (handler === undefined) throw new Error(`no handler ${executable.handler}`);
  const insn = new BigintInsn(handler, executable, view);
  handler.definition.meaning(insn);
  return insn;
}

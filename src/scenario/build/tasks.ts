import { GPR, type GprName } from '../../cpu/cells.js';
import { RFLAGS } from '../../cpu/flags.js';
import { InputError } from '../../input-error.js';
import { PROCEDURE_TEXT } from '../../machine/delivery.js';
import type { Machine } from '../../machine/machine.js';
import type { Procedure } from '../../machine/procedure.js';
import type { Memory } from '../../memory/memory.js';
import { DATA } from '../../memory/page.js';
import { evaluateSymbolExpression } from '../expression.js';
import type { Scenario, Stack } from '../scenario.js';

/** Where stacks go that the scenario does not place: 64 KiB apart, so that running off one faults. */
const STACKS = 0xffffc90000010000n;
const STACK_SPACING = 0x10000n;
const IDLE_STACK: Stack = { kind: 'own', size: 4096, base: undefined };

/** Maps the stacks of all CPUs and says where each begins to grow. */
export function mapStacks(scenario: Scenario, memory: Memory): bigint[] {
  return Array.from({ length: scenario.cpus }, (_, cpu) => {
    const task = scenario.tasks.find((other) => other.cpu === cpu);
    const stack = task?.stack ?? IDLE_STACK;
    if (stack.kind === 'private') {
      throw new InputError(`task ${task?.name}: private stacks are not implemented yet`, {
        ...task?.origin,
        hint: 'write "stack: 4096": every task gets a stack of its own address',
      });
    }
    const base = stack.base ?? STACKS + BigInt(cpu) * STACK_SPACING;
    memory.map(base, BigInt(stack.size), DATA);
    return base + BigInt(stack.size);
  });
}

/** Puts each task on its CPU; a CPU without one idles, halted, with interrupts on. */
export function startTasks(
  scenario: Scenario,
  machine: Machine,
  patcher: Procedure,
  stackTops: readonly bigint[],
  symbols: ReadonlyMap<string, bigint>,
): void {
  machine.cpus.forEach((state, cpu) => {
    const task = scenario.tasks.find((other) => other.cpu === cpu);
    state.rsp = stackTops[cpu] ?? 0n;
    state.rflags = RFLAGS.fixed | (task?.if === 0 ? 0n : RFLAGS.if);
    if (task === undefined) {
      machine.startTask(cpu, PROCEDURE_TEXT);
      state.halted = true;
      return;
    }
    if (task.kind === 'procedure') {
      machine.startProcedure(cpu, patcher);
      return;
    }
    const own = new Map([...symbols, ['cpu', BigInt(cpu)] as const]);
    for (const name of Object.keys(GPR) as GprName[]) {
      const value = name === 'rsp' ? undefined : task.registers[name];
      if (value !== undefined) state.setGpr(name, evaluateSymbolExpression(value, own));
    }
    machine.startTask(cpu, evaluateSymbolExpression(task.entry, symbols));
  });
}

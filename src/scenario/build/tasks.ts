import { GPR_NAMES } from '../../cpu/cells.js';
import { RFLAGS } from '../../cpu/flags.js';
import type { Machine } from '../../machine/machine.js';
import type { Procedure } from '../../machine/procedure.js';
import type { Memory } from '../../memory/memory.js';
import { DATA } from '../../memory/page.js';
import { evaluateSymbolExpression } from '../expression.js';
import type { GuestTask, Scenario, Task } from '../scenario.js';

/** Where stacks go that the scenario does not place: 64 KiB apart, so that running off one faults. */
const STACKS = 0xffffc90000010000n;
const PRIVATE_STACKS = 0xffffc90000000000n;
const IDLE_STACKS = 0xffffc90000200000n;
const STACK_SPACING = 0x10000n;
const IDLE_STACK_SIZE = 4096n;

/** Maps a stack for the idle task of each CPU and says where each begins to grow. */
export function mapIdleStacks(scenario: Scenario, memory: Memory): bigint[] {
  return Array.from({ length: scenario.cpus }, (_, cpu) => {
    const base = IDLE_STACKS + BigInt(cpu) * STACK_SPACING;
    memory.map(base, IDLE_STACK_SIZE, DATA);
    return base + IDLE_STACK_SIZE;
  });
}

/**
 * Puts each task on its CPU. Of several tasks of one CPU the first in the file runs, the others wait to be resumed; a CPU
 * without any idles, with interrupts on.
 */
export function startTasks(
  scenario: Scenario,
  machine: Machine,
  patcher: Procedure,
  symbols: ReadonlyMap<string, bigint>,
): void {
  for (let cpu = 0; cpu < scenario.cpus; cpu++) {
    machine.idle(cpu);
    const [first, ...waiting] = scenario.tasks.filter((task) => task.cpu === cpu);
    for (const task of waiting) machine.setAside(cpu, start(task, machine, patcher, symbols));
    if (first !== undefined) start(first, machine, patcher, symbols);
  }
}

/** Starts a task on its CPU; its number. */
function start(task: Task, machine: Machine, patcher: Procedure, symbols: ReadonlyMap<string, bigint>): number {
  const { cpu, name, stack } = task;
  const own = stack.kind === 'own';
  const base = stack.base ?? (own ? STACKS + BigInt(machine.tasks.traits.length) * STACK_SPACING : PRIVATE_STACKS);
  const state = machine.state(cpu);
  state.reset();
  state.rsp = base + BigInt(stack.size);
  state.rflags = RFLAGS.fixed | (task.if === 0 ? 0n : RFLAGS.if);
  if (own) machine.memory.map(base, BigInt(stack.size), DATA);
  const number =
    task.kind === 'procedure'
      ? machine.startProcedure(cpu, patcher, { name, reschedulable: false })
      : startGuest(task, machine, symbols);
  if (!own) machine.memory.mapPrivate(number, base, BigInt(stack.size), DATA);
  return number;
}

function startGuest(task: GuestTask, machine: Machine, symbols: ReadonlyMap<string, bigint>): number {
  const { cpu, name } = task;
  const own = new Map([...symbols, ['cpu', BigInt(cpu)] as const]);
  for (const register of GPR_NAMES) {
    const value = register === 'rsp' ? undefined : task.registers[register];
    if (value !== undefined) machine.state(cpu).setGpr(register, evaluateSymbolExpression(value, own));
  }
  return machine.startTask(cpu, evaluateSymbolExpression(task.entry, symbols), { name });
}

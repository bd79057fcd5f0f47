import { GPR_NAMES } from '../../cpu/cells.js';
import { RFLAGS } from '../../cpu/flags.js';
import { InputError } from '../../input-error.js';
import type { Machine } from '../../machine/machine.js';
import type { Procedure } from '../../machine/procedure.js';
import { DATA } from '../../memory/page.js';
import { evaluateSymbolExpression } from '../expression.js';
import type { GuestTask, Scenario, Task } from '../scenario.js';
import { at } from './placement.js';
import type { Stacks } from './stacks.js';

/**
 * Puts each task on its CPU. Of several tasks of one CPU the first in the file runs, the others wait to be resumed; a CPU
 * without any idles, with interrupts on.
 */
export function startTasks(
  scenario: Scenario,
  machine: Machine,
  patcher: Procedure,
  symbols: ReadonlyMap<string, bigint>,
  stacks: Stacks,
): void {
  for (let cpu = 0; cpu < scenario.cpus; cpu++) {
    machine.idle(cpu);
    const [first, ...waiting] = scenario.tasks.filter((task) => task.cpu === cpu);
    const begin = (task: Task): number => start(task, machine, patcher, symbols, stacks);
    for (const task of waiting) machine.setAside(cpu, begin(task));
    if (first !== undefined) begin(first);
  }
}

/** Starts a task on its CPU; its number. */
function start(
  task: Task,
  machine: Machine,
  patcher: Procedure,
  symbols: ReadonlyMap<string, bigint>,
  stacks: Stacks,
): number {
  const { cpu, name, origin } = task;
  const place = stacks.tasks.get(task);
  if (place === undefined) throw new Error(`no stack for ${name}`);
  const { address, size } = place;
  const own = task.stack.kind === 'own';
  const state = machine.state(cpu);
  state.reset();
  state.rsp = address + size;
  state.rflags = RFLAGS.fixed | (task.if === 0 ? 0n : RFLAGS.if);
  if (own) at(origin, () => machine.memory.map(address, size, DATA));
  const number =
    task.kind === 'procedure'
      ? machine.startProcedure(cpu, patcher, { name, reschedulable: false })
      : startGuest(task, machine, symbols);
  if (!own) at(origin, () => machine.memory.mapPrivate(number, address, size, DATA));
  return number;
}

function startGuest(task: GuestTask, machine: Machine, symbols: ReadonlyMap<string, bigint>): number {
  const { cpu, name } = task;
  const own = new Map([...symbols, ['cpu', BigInt(cpu)] as const]);
  for (const register of GPR_NAMES) {
    const value = register === 'rsp' ? undefined : task.registers[register];
    if (value !== undefined) machine.state(cpu).setGpr(register, evaluateSymbolExpression(value, own));
  }
  const entry = evaluateSymbolExpression(task.entry, symbols);
  return machine.startTask(cpu, entry, { name, ...yieldPoints(task, machine, symbols) });
}

/** @throws {@link InputError} for a yield point that is no text: no task would ever come there */
function yieldPoints({ yields }: GuestTask, machine: Machine, symbols: ReadonlyMap<string, bigint>) {
  if (yields.length === 0) return {};
  const addresses = yields.map((point) => {
    const address = evaluateSymbolExpression(point, symbols);
    if (machine.memory.pageAt(address)?.permissions.execute) return address;
    throw new InputError(`yield point ${point.text} is not in text`, point.origin);
  });
  return { yields: new Set(addresses) };
}

import { MAX_TASKS } from '../memory/layout.js';
import { exactlyOne } from './exactly-one.js';
import type { ResolveContext } from './resolve-context.js';
import type { GuestTask, Stack, Task } from './scenario.js';
import type { ScenarioFile } from './schema.js';
import { type GeneralRegister, generalRegisters } from './schema-values.js';
import type { SourceText } from './source-text.js';

type TaskEntry = ScenarioFile['tasks'][string];

const DEFAULT_STACK = 4096;
/** The ABI's stack alignment; interrupt delivery aligns its frame to it too (SDM Vol. 3A, 6.14.2). */
const STACK_ALIGNMENT = 16;

function resolveStack(context: ResolveContext, name: string, entry: TaskEntry['stack']): Stack {
  const path = ['tasks', name, 'stack'];
  const { size, base, private: privateSize } = typeof entry === 'object' ? entry : { size: entry };
  if (privateSize !== undefined && size !== undefined) context.problem(path, "give 'size' or 'private', not both");
  const bytes = privateSize ?? size ?? DEFAULT_STACK;
  if (bytes % STACK_ALIGNMENT !== 0)
    context.problem(path, `expected a multiple of ${STACK_ALIGNMENT} bytes, not ${bytes}`);
  if (base !== undefined && base % BigInt(STACK_ALIGNMENT) !== 0n) {
    context.problem([...path, 'base'], `expected a multiple of ${STACK_ALIGNMENT}`);
  }
  return { kind: privateSize === undefined ? 'own' : 'private', size: bytes, base };
}

function resolveRegisters(context: ResolveContext, name: string, entry: TaskEntry): GuestTask['registers'] {
  const registers: Partial<Record<GeneralRegister, SourceText>> = {};
  for (const register of generalRegisters) {
    if (entry.registers?.[register] === undefined) continue;
    const path = ['tasks', name, 'registers', register];
    if (register === 'rsp') context.problem(path, 'the stack pointer comes from `stack`');
    registers[register] = context.expression(path);
  }
  return registers;
}

function resolveYields(context: ResolveContext, name: string, { yields = [] }: TaskEntry): readonly SourceText[] {
  return yields.map((_, index) => context.expression(['tasks', name, 'yields', index]));
}

/** The tasks of one entry: one, or one per CPU of a list. */
function expandTask(context: ResolveContext, name: string, entry: TaskEntry): readonly Task[] {
  const path = ['tasks', name];
  const kind = exactlyOne(context, path, entry, ['entry', 'procedure']);
  if (kind === undefined) return [];
  if (kind === 'procedure' && entry.registers !== undefined) {
    context.problem([...path, 'registers'], 'a procedure has no registers of its own');
  }
  if (kind === 'procedure' && entry.yields !== undefined) {
    context.problem([...path, 'yields'], 'a procedure yields by itself, where it waits');
  }
  const stack = resolveStack(context, name, entry.stack);
  const registers = resolveRegisters(context, name, entry);
  const origin = context.origin(path);
  const flag = entry.if === 0 ? 0 : 1;
  const what =
    kind === 'entry'
      ? { kind, entry: context.expression([...path, 'entry']), registers, yields: resolveYields(context, name, entry) }
      : { kind: 'procedure' as const, procedure: 'patch' as const };
  if (typeof entry.cpu === 'number') return [{ name, cpu: entry.cpu, if: flag, stack, origin, ...what }];
  return entry.cpu.map((cpu, index) => {
    // Stacks at a stated address follow each other; a private one is at the same address for all.
    const shift = stack.kind === 'private' ? 0n : BigInt(stack.size * index);
    const own = stack.base === undefined ? stack : { ...stack, base: stack.base + shift };
    return { name: `${name}@${cpu}`, cpu, if: flag, stack: own, origin, ...what };
  });
}

function checkCpus(context: ResolveContext, file: ScenarioFile, tasks: readonly Task[]): void {
  const names = new Set<string>();
  for (const [index, { name, cpu }] of tasks.entries()) {
    const path = ['tasks', taskEntryName(name), 'cpu'];
    if (cpu >= file.cpus) context.problem(path, `there is no CPU ${cpu}: 'cpus' is ${file.cpus}, counted from 0`);
    // Tasks are told apart by their names.
    if (names.has(name)) context.problem(path, `CPU ${cpu} is listed twice`, 'add a task of another name for that CPU');
    names.add(name);
    if (index === MAX_TASKS) context.problem(path, `more than ${MAX_TASKS} tasks`);
  }
}

function checkPatcher(context: ResolveContext, file: ScenarioFile, tasks: readonly Task[]): void {
  const [patcher, second] = tasks.filter((task) => task.kind === 'procedure');
  if (patcher === undefined) {
    if (file.patch !== undefined)
      context.problem(['patch'], 'no task applies this', 'give one task `procedure: patch`');
    return;
  }
  const path = ['tasks', taskEntryName(patcher.name), 'procedure'];
  if (file.patch === undefined) context.problem(path, "there is no list 'patch' to apply");
  if (second !== undefined) {
    const secondPath = ['tasks', taskEntryName(second.name), 'procedure'];
    context.problem(secondPath, `'${patcher.name}' applies the patches already; one patcher for now`);
  }
}

/** The name under which a task stands in the file: without the CPU that a list of CPUs adds. */
export function taskEntryName(task: string): string {
  return task.split('@', 1)[0] ?? task;
}

/** The `tasks` map, as a list with one element per task and CPU. */
export function resolveTasks(context: ResolveContext, file: ScenarioFile): readonly Task[] {
  const tasks = Object.entries(file.tasks).flatMap(([name, entry]) => expandTask(context, name, entry));
  if (Object.keys(file.tasks).length === 0) context.problem(['tasks'], 'expected at least one task');
  // With a task that could not be read, the rest would be about its absence.
  if (tasks.length < Object.keys(file.tasks).length) return tasks;
  checkCpus(context, file, tasks);
  checkPatcher(context, file, tasks);
  return tasks;
}

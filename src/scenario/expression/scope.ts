import type { Machine } from '../../machine/machine.js';
import { didYouMean } from '../../suggest.js';
import { type ExpressionText, quoted } from './expression-text.js';
import type { Name } from './names-in.js';
import { TASK_REGISTERS } from './task-registers.js';

/** Names that mean something: the keys of a map, or a set. */
interface KnownNames {
  has(name: string): boolean;
  keys(): Iterable<string>;
}

/** The names that an expression may use. */
export interface Names {
  readonly symbols: KnownNames;
  readonly tasks: KnownNames;
}

/** What names in an expression mean. */
export interface ExpressionScope extends Names {
  readonly machine: Machine;
  /** Addresses by symbol. */
  readonly symbols: ReadonlyMap<string, bigint>;
  /** Numbers of the machine's tasks by name. */
  readonly tasks: ReadonlyMap<string, number>;
}

/** What a name stands for. */
export type Meaning =
  | { readonly kind: 'symbol'; readonly address: bigint }
  | { readonly kind: 'register'; readonly task: number; readonly bits: number; readonly read: () => bigint };

/**
 * Looks up a name: `task.register`, or else a symbol.
 * @throws InputError at its place for a name that nothing has.
 */
export function lookUpName(at: Name, scope: ExpressionScope, source: ExpressionText): Meaning {
  const { machine, symbols, tasks } = scope;
  const { name } = at;
  const [taskName, register] = splitName(name, tasks);
  const task = taskName === undefined ? undefined : tasks.get(taskName);
  const known = TASK_REGISTERS.get(register);
  if (task !== undefined && known !== undefined) {
    return { kind: 'register', task, bits: known.bits, read: () => known.read(machine, task) };
  }
  const address = symbols.get(name);
  if (address !== undefined) return { kind: 'symbol', address };
  throw unknown(at, scope, source);
}

/**
 * Checks that {@link lookUpName} will find what a name stands for.
 * @throws InputError at its place for a name that nothing has.
 */
export function requireName(at: Name, names: Names, source: ExpressionText): void {
  const [task, register] = splitName(at.name, names.tasks);
  if (task !== undefined && TASK_REGISTERS.has(register)) return;
  if (!names.symbols.has(at.name)) throw unknown(at, names, source);
}

/** Splits a name behind the longest task that it begins with; all of it is the register's where there is none. */
function splitName(name: string, tasks: KnownNames): readonly [task: string | undefined, rest: string] {
  for (let dot = name.lastIndexOf('.'); dot > 0; dot = name.lastIndexOf('.', dot - 1)) {
    const task = name.slice(0, dot);
    if (tasks.has(task)) return [task, name.slice(dot + 1)];
  }
  return [undefined, name];
}

function unknown({ name, at }: Name, { symbols, tasks }: Names, source: ExpressionText): Error {
  const [task, register] = splitName(name, tasks);
  if (task !== undefined) {
    const hint = didYouMean(register, TASK_REGISTERS.keys()) ?? 'registers are written as in rip, rax, eax, ax, al, cf';
    return source.error(`task ${task} has no register ${quoted(register)}`, at + task.length + 1, hint);
  }
  if (tasks.has(name)) {
    return source.error(`${quoted(name)} is a task`, at, `name one of its registers, as in '${name}.rip'`);
  }
  const [, prefix, suffix] = /^([^.]+)\.(.+)$/.exec(name) ?? [];
  if (prefix !== undefined && suffix !== undefined && TASK_REGISTERS.has(suffix)) {
    const onCpus = [...tasks.keys()].filter((other) => other.startsWith(`${prefix}@`));
    const hint = onCpus.length === 0 ? didYouMean(prefix, tasks.keys()) : `there are ${onCpus.join(', ')}`;
    return source.error(`unknown task ${quoted(prefix)}`, at, hint);
  }
  return source.error(`unknown symbol ${quoted(name)}`, at, didYouMean(name, symbols.keys()));
}

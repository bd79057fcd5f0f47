import { ACTIVITY, CELL, GPR, GPR_NAMES } from '../../cpu/cells.js';
import { RFLAGS, statusFlagsOf } from '../../cpu/flags.js';
import type { Machine } from '../../machine/machine.js';
import type { LinearMemory } from '../../memory/linear-memory.js';
import { taskBlock } from '../../property/task-block.js';

/** Something of a task that has a value in every state. */
export interface TaskRegister {
  /** How many bits the value has at most. */
  readonly bits: number;
  readonly read: (machine: Machine, task: number) => bigint;
}

/** A register of which is known where it lies in a block of linear memory. */
function inBlock(bits: number, read: (linear: LinearMemory, block: number) => bigint): TaskRegister {
  return { bits, read: (machine, task) => read(machine.memory.linear, taskBlock(machine, task)) };
}

/** Low parts of the registers that the 8086 had, by width: `eax`, `ax`, `al`; the others have a suffix, as in `r8d`. */
const OLD_NAMES = ['a', 'c', 'd', 'b'] as const;

function partNames(number: number, name: string): readonly (readonly [name: string, bytes: 1 | 2 | 4 | 8])[] {
  const letter = OLD_NAMES[number];
  const word = name.slice(1);
  if (number >= 8) return [[name, 8], [`${name}d`, 4], [`${name}w`, 2], [`${name}b`, 1]]; // biome-ignore format: a row
  return [[name, 8], [`e${word}`, 4], [word, 2], [letter === undefined ? `${word}l` : `${letter}l`, 1]]; // biome-ignore format: a row
}

const part = (offset: number, bytes: number): TaskRegister =>
  inBlock(8 * bytes, (linear, block) =>
    bytes === 8 ? linear.uint64(block + offset) : linear.readSized(block + offset, bytes),
  );

function readRflags(linear: LinearMemory, block: number): bigint {
  const status = statusFlagsOf(linear.uint64(block + CELL.result), linear.uint64(block + CELL.carries));
  return linear.uint64(block + CELL.systemFlags) | status;
}

function flag(name: keyof typeof RFLAGS): TaskRegister {
  const mask = RFLAGS[name];
  const lowest = mask & -mask;
  const bits = (mask / lowest).toString(2).length;
  return inBlock(bits, (linear, block) => (readRflags(linear, block) & mask) / lowest);
}

/** The bits of RFLAGS that may be asked for, alone (`cf`) or as `rflags.cf`. */
const FLAGS = ['cf', 'pf', 'af', 'zf', 'sf', 'tf', 'if', 'df', 'of', 'iopl', 'nt', 'rf', 'ac', 'id'] as const;

/**
 * What may follow the name of a task and a dot: registers and their parts, flags, `halted`, and `parked` while the task is
 * off its CPU and may be resumed.
 */
export const TASK_REGISTERS: ReadonlyMap<string, TaskRegister> = new Map<string, TaskRegister>([
  ['rip', part(CELL.rip, 8)],
  ...GPR_NAMES.flatMap((name) =>
    partNames(GPR[name], name).map(([own, bytes]) => [own, part(8 * GPR[name], bytes)] as const),
  ),
  ...OLD_NAMES.map((letter, number) => [`${letter}h`, part(8 * number + 1, 1)] as const),
  ['rflags', inBlock(64, readRflags)],
  ...FLAGS.flatMap((name) => [[name, flag(name)] as const, [`rflags.${name}`, flag(name)] as const]),
  ['halted', inBlock(1, (linear, block) => truth(linear.uint64(block + CELL.activity) === ACTIVITY.halted))],
  ['parked', { bits: 1, read: (machine, task) => truth([...machine.tasks.runnable()].includes(task)) }],
]);

function truth(holds: boolean): bigint {
  return holds ? 1n : 0n;
}

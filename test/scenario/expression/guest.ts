import { RFLAGS } from '../../../src/cpu/flags.js';
import { Machine } from '../../../src/machine/machine.js';
import { Memory } from '../../../src/memory/memory.js';
import { DATA, TEXT } from '../../../src/memory/page.js';
import { rulesOfProfile } from '../../../src/profile/profiles.js';
import { compileExpression } from '../../../src/scenario/expression/compile.js';
import type { ExpressionScope } from '../../../src/scenario/expression/scope.js';
import { plainText } from '../../../src/scenario/source-text.js';

export const TEXT_AT = 0xffffffff81000000n;
export const DATA_AT = 0xffffffff83000000n;
export const STACK_AT = 0xffffc90000000000n;
/** Where the private stacks of both workers lie. */
export const PRIVATE_AT = 0xffffc90000100000n;

const SYMBOLS: ReadonlyMap<string, bigint> = new Map([
  ['site', TEXT_AT],
  ['worker', TEXT_AT + 1n],
  ['foo.isra.0', TEXT_AT + 2n],
  ['a-b', 1n],
  ['a', 100n],
  ['data', DATA_AT],
]);

/** Three tasks on two CPUs: `worker@1` and `worker@2` on theirs, `my-task` off any; and the symbols above. */
export function guest(): ExpressionScope {
  const memory = new Memory(32);
  // NOPs, then HLT.
  memory.map(TEXT_AT, 0x1000n, TEXT, Uint8Array.of(0x90, 0x90, 0x90, 0xf4));
  memory.map(DATA_AT, 0x1000n, DATA, Uint8Array.of(0xf0, 0xde, 0xbc, 0x9a, 0x78, 0x56, 0x34, 0x12, 0xff));
  for (const cpu of [0n, 1n, 2n]) memory.map(STACK_AT + 0x10000n * cpu, 0x1000n, DATA);
  const machine = new Machine({
    memory,
    cpus: 2,
    rules: rulesOfProfile('ideal'),
    idleStacks: [STACK_AT + 0x21000n, STACK_AT + 0x21000n],
  });
  machine.budgets.set('reschedule', 5);
  const tasks = new Map<string, number>();
  const start = (name: string, cpu: number): number => {
    const state = machine.state(cpu);
    state.reset();
    state.rsp = STACK_AT + 0x10000n * BigInt(cpu) + 0x1000n;
    state.rflags = RFLAGS.fixed | RFLAGS.if;
    const task = machine.startTask(cpu, TEXT_AT, { name });
    tasks.set(name, task);
    return task;
  };
  machine.setAside(0, start('my-task', 0));
  for (const cpu of [0, 1]) {
    const task = start(`worker@${cpu + 1}`, cpu);
    memory.mapPrivate(task, PRIVATE_AT, 0x1000n, DATA);
    memory.lookThrough(task, cpu);
    memory.write(PRIVATE_AT, 8, BigInt(task) + 0x100n);
  }
  machine.lookThrough(0);
  return { machine, symbols: SYMBOLS, tasks };
}

/** Whether an expression holds now. */
export function holds(text: string, scope: ExpressionScope): boolean {
  return compileExpression(plainText(text, 'e.yaml'), scope).holds();
}

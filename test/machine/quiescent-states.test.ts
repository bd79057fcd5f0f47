import { describe, expect, it } from 'vitest';
import { VECTOR } from '../../src/cpu/vector.js';
import { assemble } from '../../src/encoder/assemble.js';
import { Machine } from '../../src/machine/machine.js';
import { procedure } from '../../src/machine/procedure.js';
import { parseStep } from '../../src/machine/step.js';
import { Memory } from '../../src/memory/memory.js';
import { DATA, TEXT } from '../../src/memory/page.js';
import { KernelData } from '../../src/patcher/kernel-data.js';
import { rcuTasks } from '../../src/patcher/rcu-tasks.js';

const BASE = 0xffffffff81000000n;
const STACKS = 0xffffc90000010000n;

/** A caller of synchronize_rcu_tasks() on CPU 0 and a task on each further CPU, which yields at the label `yield`. */
function machineOf(source: string, backend: 'wasm' | 'bigint' = 'wasm') {
  const { blocks, symbols } = assemble([{ base: BASE, source }]);
  const memory = new Memory(64);
  memory.map(BASE, 4096n, TEXT, blocks[0]?.bytes);
  const data = new KernelData();
  const rcu = rcuTasks(data);
  data.map(memory);
  const caller = procedure('caller', (p) => p.call(rcu.synchronize));
  const machine = new Machine({
    memory,
    cpus: 2,
    backend,
    idt: new Map([
      [VECTOR.bp, { procedure: procedure('bp', (p) => p.step('iretq', (c) => c.host.interruptReturn(c.cpu))) }],
    ]),
    idleStacks: [STACKS + 0x3000n, STACKS + 0x4000n],
    procedures: [caller],
    gracePeriods: rcu.words,
  });
  memory.map(STACKS, 0x4000n, DATA);
  for (let cpu = 0; cpu < 2; cpu++) {
    machine.idle(cpu);
    machine.state(cpu).reset();
    machine.state(cpu).rsp = STACKS + 0x1000n * BigInt(cpu + 1);
    machine.state(cpu).rflags = 0x202n;
  }
  machine.startProcedure(0, caller);
  const yields = new Set([symbols.get('yield') ?? 0n]);
  machine.startTask(1, BASE, { name: 'worker', yields });
  machine.budgets.set('reschedule', 2);
  const act = (...texts: string[]): void => {
    for (const text of texts) {
      const step = parseStep(text);
      if (step === undefined || !machine.isEnabled(step)) throw new Error(`${text} is not enabled`);
      machine.apply(step);
    }
  };
  const holdouts = (): bigint => memory.read(rcu.words.tasks, 8);
  return { machine, memory, act, holdouts };
}

const WORKER = 1n << 1n;

describe('a task that a grace period waits for', () => {
  it('is waited for until it has executed the instruction at its yield point, on both backends', () => {
    for (const backend of ['wasm', 'bigint'] as const) {
      const { act, holdouts } = machineOf('start: nop\n yield: nop\n jmp start', backend);
      act('cpu0 proc');
      expect(holdouts()).toBe(WORKER);
      act('cpu1 insn');
      expect(holdouts()).toBe(WORKER);
      act('cpu1 insn');
      expect(holdouts()).toBe(0n);
      act('cpu0 proc');
    }
  });

  it('has to yield since the grace period began, not before', () => {
    const { act, holdouts } = machineOf('start: nop\n yield: nop\n jmp start');
    act('cpu1 insn', 'cpu1 insn', 'cpu0 proc');
    expect(holdouts()).toBe(WORKER);
  });

  it('has not yielded when its instruction there raised an exception instead', () => {
    const { act, holdouts } = machineOf('yield: int3\n start: jmp start');
    act('cpu0 proc', 'cpu1 insn', 'cpu1 proc');
    expect(holdouts()).toBe(WORKER);
  });

  it('is still waited for after it was preempted, resumed, or while it is off its CPU', () => {
    const { act, holdouts } = machineOf('start: nop\n yield: nop\n jmp start');
    act('cpu0 proc', 'cpu1 switch idle');
    expect(holdouts()).toBe(WORKER);
    act('cpu1 switch 1');
    expect(holdouts()).toBe(WORKER);
    act('cpu1 insn', 'cpu1 insn');
    expect(holdouts()).toBe(0n);
  });

  it('is waited for when it is off its CPU as the grace period begins', () => {
    const { act, holdouts } = machineOf('start: nop\n yield: nop\n jmp start');
    act('cpu1 switch idle', 'cpu0 proc');
    expect(holdouts()).toBe(WORKER);
  });

  it('is not waited for once it idles, before or after the beginning', () => {
    const before = machineOf('hlt');
    before.act('cpu1 insn', 'cpu0 proc');
    expect(before.holdouts()).toBe(0n);
    const after = machineOf('hlt');
    after.act('cpu0 proc');
    expect(after.holdouts()).toBe(WORKER);
    after.act('cpu1 insn');
    expect(after.holdouts()).toBe(0n);
  });

  it('is not waited for once it is in user mode', () => {
    const toUser =
      'push $0x2b\n push %rsp\n push $0x202\n push $0x33\n lea user(%rip), %rax\n push %rax\n iretq\n user: nop';
    const { act, holdouts, machine } = machineOf(toUser);
    act('cpu0 proc');
    while (machine.state(1).cell('cpl') === 0n) {
      expect(holdouts()).toBe(WORKER);
      act('cpu1 insn');
    }
    expect(holdouts()).toBe(0n);
  });

  it('is not waited for once SYSRET has brought it to user mode', () => {
    const { act, holdouts, machine } = machineOf('lea user(%rip), %rcx\n mov $0x202, %r11d\n sysretq\n user: nop');
    act('cpu0 proc', 'cpu1 insn', 'cpu1 insn');
    expect(holdouts()).toBe(WORKER);
    act('cpu1 insn');
    expect([holdouts(), machine.state(1).cell('cpl')]).toEqual([0n, 3n]);
  });

  it('is part of the state: a snapshot brings it back, and it tells states apart', () => {
    const { act, holdouts, machine } = machineOf('start: nop\n yield: jmp start');
    act('cpu0 proc', 'cpu1 insn');
    const [snapshot, hash] = [machine.save(), machine.hash()];
    act('cpu1 insn', 'cpu1 insn');
    expect(holdouts()).toBe(0n);
    expect(machine.hash()).not.toBe(hash);
    machine.restore(snapshot);
    expect([holdouts(), machine.hash()]).toEqual([WORKER, hash]);
  });
});

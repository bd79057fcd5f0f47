import { describe, expect, it } from 'vitest';
import { MOV_SS_SHADOW } from '../../src/cpu/cells.js';
import { VECTOR } from '../../src/cpu/vector.js';
import { assemble } from '../../src/encoder/assemble.js';
import type { IdtEntry } from '../../src/machine/delivery.js';
import type { MachineEvent } from '../../src/machine/event.js';
import { Machine } from '../../src/machine/machine.js';
import { parseStep } from '../../src/machine/step.js';
import { Memory } from '../../src/memory/memory.js';
import { DATA, TEXT } from '../../src/memory/page.js';
import { PLAIN_HANDLERS } from '../../src/patcher/plain-handlers.js';
import { rulesOfProfile } from '../../src/profile/profiles.js';
import type { Rules } from '../../src/profile/rules.js';

const BASE = 0xffffffff81000000n;
const STACKS = 0xffffc90000010000n;
const IDLE = 0xffffc90000200000n;

/** Two CPUs over a few instructions; the tasks given run at labels, the later ones of a CPU wait. */
function machineOf(
  source: string,
  tasks: readonly { readonly cpu: number; readonly at: string; readonly flags?: bigint }[],
  options: { readonly rules?: Partial<Rules>; readonly idt?: readonly (readonly [number, IdtEntry])[] } = {},
) {
  const { blocks, symbols } = assemble([{ base: BASE, source }]);
  const memory = new Memory(64);
  memory.map(BASE, 4096n, TEXT, blocks[0]?.bytes);
  for (let cpu = 0; cpu < 2; cpu++) memory.map(IDLE + BigInt(cpu) * 0x10000n, 4096n, DATA);
  const machine = new Machine({
    memory,
    cpus: 2,
    rules: { ...rulesOfProfile('ideal'), ...options.rules },
    idt: new Map([...PLAIN_HANDLERS, ...(options.idt ?? [])]),
    idleStacks: [IDLE + 4096n, IDLE + 0x10000n + 4096n],
  });
  const events: MachineEvent[] = [];
  machine.observe({ instructions: 'all', observe: (event) => events.push(event) });
  for (let cpu = 0; cpu < 2; cpu++) machine.idle(cpu);
  tasks.forEach(({ cpu, at, flags = 0x202n }, index) => {
    const stack = STACKS + BigInt(index) * 0x10000n;
    memory.map(stack, 4096n, DATA);
    machine.state(cpu).reset();
    machine.state(cpu).rsp = stack + 4096n;
    machine.state(cpu).rflags = flags;
    const number = machine.startTask(cpu, symbols.get(at) ?? 0n);
    if (tasks.slice(index + 1).some((other) => other.cpu === cpu)) machine.setAside(cpu, number);
  });
  const label = (name: string): bigint => symbols.get(name) ?? 0n;
  const steps = (): string[] => machine.enabled().map((step) => JSON.stringify(step));
  const act = (...texts: string[]): void => {
    for (const text of texts) {
      const step = parseStep(text);
      if (step === undefined || !machine.isEnabled(step)) throw new Error(`${text} is not enabled: ${steps()}`);
      machine.apply(step);
    }
  };
  const can = (text: string): boolean => {
    const step = parseStep(text);
    return step !== undefined && machine.isEnabled(step);
  };
  return { machine, memory, label, act, can, events };
}

const COUNT = 'count: inc %rax\n next: inc %rax\n jmp count\n other: dec %rbx\n jmp other';

describe('rescheduling', () => {
  it('takes a task off its CPU for budget, and an idle CPU resumes it for nothing', () => {
    const { machine, act, can, label } = machineOf(COUNT, [{ cpu: 0, at: 'count' }]);
    expect(can('cpu0 switch idle')).toBe(false);
    machine.budgets.set('reschedule', 1);
    act('cpu0 insn', 'cpu0 switch idle');
    expect(machine.budgets.left('reschedule')).toBe(0);
    expect(can('cpu0 insn')).toBe(false);
    act('cpu1 switch 0');
    expect(machine.state(1).rip).toBe(label('next'));
    expect(machine.state(1).gpr('rax')).toBe(1n);
    act('cpu1 insn');
    expect(machine.state(1).gpr('rax')).toBe(2n);
    expect(can('cpu1 switch idle')).toBe(false);
  });

  it('pushes a real frame when it leaves and resumes through it, which serialises', () => {
    const { machine, memory, act, events, label } = machineOf(COUNT, [{ cpu: 0, at: 'count' }]);
    machine.budgets.set('reschedule', 1);
    const { rsp } = machine.state(0);
    act('cpu0 insn', 'cpu0 switch idle');
    expect(memory.read(rsp - 40n, 8)).toBe(label('next'));
    memory.write(rsp - 40n, 8, label('other'));
    events.length = 0;
    act('cpu1 switch 0');
    expect(machine.state(1).rip).toBe(label('other'));
    expect(events.map(({ kind }) => kind)).toEqual(['switch', 'iret', 'serialize']);
    expect(machine.state(1).rsp).toBe(rsp);
  });

  it('takes the task’s own GS base, selectors and XMM registers along, and leaves what is the CPU’s', () => {
    const { machine, act } = machineOf(COUNT, [{ cpu: 0, at: 'count' }]);
    machine.budgets.set('reschedule', 1);
    for (const [name, value] of [
      ['kernelGsBase', 0x7000n],
      ['selectors', 0x2bn],
      ['gsBase', 0x8000n],
      ['lstar', 0x9000n],
      ['dr7', 0x300n],
    ] as const) {
      machine.state(0).setCell(name, value);
    }
    machine.state(0).setXmm(15, 0xabcdn << 64n);
    act('cpu0 insn', 'cpu0 switch idle', 'cpu1 switch 0');
    expect([0, 1].map((cpu) => machine.state(cpu).xmm(15))).toEqual([0n, 0xabcdn << 64n]);
    const cells = (cpu: number) =>
      (['kernelGsBase', 'selectors', 'gsBase', 'lstar', 'dr7'] as const).map((name) => machine.state(cpu).cell(name));
    expect(cells(0)).toEqual([0n, 0n, 0x8000n, 0x9000n, 0x300n]);
    expect(cells(1)).toEqual([0x7000n, 0x2bn, 0n, 0n, 0n]);
  });

  it('is not enabled with IF=0, and costs nothing where the first task of a CPU is done', () => {
    const { machine, can } = machineOf(COUNT, [{ cpu: 0, at: 'count', flags: 2n }]);
    machine.budgets.set('reschedule', 1);
    expect(can('cpu0 switch idle')).toBe(false);
  });

  it('lets a task that never ran begin where it was set to begin', () => {
    const { machine, act, can, label } = machineOf(COUNT, [
      { cpu: 0, at: 'other' },
      { cpu: 0, at: 'count' },
    ]);
    expect(can('cpu0 switch 0')).toBe(false);
    act('cpu1 switch 0', 'cpu1 insn');
    expect(machine.state(1).gpr('rbx')).toBe(0xffffffffffffffffn);
    expect(machine.state(0).rip).toBe(label('count'));
  });

  it('gives equal states the same hash and can be undone by restore', () => {
    const { machine, act } = machineOf(COUNT, [{ cpu: 0, at: 'count' }]);
    machine.budgets.set('reschedule', 1);
    const before = machine.hash();
    const snapshot = machine.save();
    act('cpu0 switch idle');
    const parked = machine.save();
    const hash = machine.hash();
    act('cpu0 switch 0');
    machine.restore(snapshot);
    expect(machine.hash()).toBe(before);
    expect(machine.budgets.left('reschedule')).toBe(1);
    machine.restore(parked);
    expect(machine.hash()).toBe(hash);
    act('cpu1 switch 0', 'cpu1 insn');
    expect(machine.state(1).gpr('rax')).toBe(1n);
  });

  it('moves a private stack with its task', () => {
    const { machine, memory, act } = machineOf('push: push %rax\n jmp push', [
      { cpu: 0, at: 'push' },
      { cpu: 1, at: 'push' },
    ]);
    const shared = 0xffffc90000000000n;
    for (const task of [0, 1]) {
      memory.mapPrivate(task, shared, 4096n, DATA);
      machine.state(task).rsp = shared + 4096n;
      machine.state(task).setGpr('rax', BigInt(task + 1));
    }
    machine.budgets.set('reschedule', 2);
    act('cpu0 insn', 'cpu1 insn', 'cpu0 switch idle', 'cpu1 switch 0');
    machine.lookThrough(1);
    expect(memory.read(shared + 4088n, 8)).toBe(1n);
    act('cpu0 switch 1');
    machine.lookThrough(0);
    expect(memory.read(shared + 4088n, 8)).toBe(2n);
  });
});

describe('NMI, #MC and #DB', () => {
  const SHADOW = 'start: sti\n shadowed: nop\n after: nop\n jmp after';
  const start = [{ cpu: 0, at: 'start', flags: 2n }];

  it('hold an NMI in the shadow of STI only where the profile says so', () => {
    for (const held of [true, false, 'optional'] as const) {
      const { machine, act, can } = machineOf(SHADOW, start, { rules: { nmiHeldInStiShadow: held } });
      machine.budgets.set('nmi', 1);
      expect(can('cpu0 nmi')).toBe(true);
      act('cpu0 insn');
      expect(can('cpu0 nmi')).toBe(held !== true);
      act('cpu0 insn');
      expect(can('cpu0 nmi')).toBe(true);
    }
  });

  it("drop the shadow: after the NMI's IRET a maskable interrupt is accepted at once", () => {
    const { machine, act, can, label } = machineOf(SHADOW, start, { rules: { nmiHeldInStiShadow: false } });
    machine.budgets.set('nmi', 1);
    machine.setPending(0, 0xfc);
    act('cpu0 insn');
    expect(can('cpu0 accept 0xfc')).toBe(false);
    act('cpu0 nmi', 'cpu0 proc');
    expect(machine.state(0).rip).toBe(label('shadowed'));
    expect(can('cpu0 accept 0xfc')).toBe(true);
  });

  it('block further NMIs until the IRET, whatever the IRET is of', () => {
    const { machine, act, can } = machineOf(SHADOW, start);
    machine.budgets.set('nmi', 2);
    act('cpu0 nmi');
    expect(can('cpu0 nmi')).toBe(false);
    act('cpu0 proc');
    expect(can('cpu0 nmi')).toBe(true);
  });

  it('let a machine check into the shadow, within its budget', () => {
    const { machine, act, can } = machineOf(SHADOW, start);
    machine.budgets.set('mc', 1);
    act('cpu0 insn', 'cpu0 mc', 'cpu0 proc');
    expect(can('cpu0 mc')).toBe(false);
  });

  it('single-step with TF: #DB after each instruction, RIP of the next', () => {
    const { act, events, label } = machineOf(SHADOW, [{ cpu: 0, at: 'shadowed', flags: 0x102n }]);
    act('cpu0 insn');
    expect(events.find(({ kind }) => kind === 'trap')).toMatchObject({ vector: VECTOR.db, rip: label('after') });
    act('cpu0 proc', 'cpu0 insn', 'cpu0 proc', 'cpu0 insn');
    expect(events.filter(({ kind }) => kind === 'trap')).toHaveLength(3);
  });

  it('hold everything but #MC in the shadow of MOV SS, #DB too', () => {
    const source = 'start: mov %eax, %ss\n next: nop\n after: nop';
    const { machine, act, can, events, label } = machineOf(source, [{ cpu: 0, at: 'start', flags: 0x302n }]);
    machine.state(0).setGpr('rax', 0x18n);
    machine.budgets.set('nmi', 1);
    machine.setPending(0, 0xfc);
    act('cpu0 insn');
    expect(machine.state(0).cell('shadow')).toBe(BigInt(MOV_SS_SHADOW));
    expect([can('cpu0 nmi'), can('cpu0 accept 0xfc')]).toEqual([false, false]);
    expect(events.filter(({ kind }) => kind === 'trap')).toEqual([]);
    act('cpu0 insn');
    expect(events.find(({ kind }) => kind === 'trap')).toMatchObject({ vector: VECTOR.db, rip: label('after') });
  });
});

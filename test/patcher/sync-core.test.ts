import { describe, expect, it } from 'vitest';
import { Machine } from '../../src/machine/machine.js';
import { type Procedure, procedure } from '../../src/machine/procedure.js';
import { Memory } from '../../src/memory/memory.js';
import { DATA, TEXT } from '../../src/memory/page.js';
import { KernelData } from '../../src/patcher/kernel-data.js';
import { CALL_FUNCTION_VECTOR, syncCore } from '../../src/patcher/sync-core.js';
import { Monitors } from '../../src/property/monitors.js';
import { everySchedule } from '../property/every-schedule.js';
import { PatchWorld, stackBase, stackTop } from './patch-world.js';

const setup = {
  asm: 'worker: site: .nops 5; jmp worker; masked: nop; jmp masked; f: ret; idle: hlt; jmp idle',
  sites: { site: { clobbers: ['rax'] as const } },
  patches: [{ site: 'site', new: 'call.rel32 f' }],
};
const waits = (world: PatchWorld): boolean => !world.machine.enabled().some(({ cpu }) => cpu === 0);

describe('sync core', () => {
  it('waits until every other CPU has acknowledged', () => {
    const world = new PatchWorld({ ...setup, workers: ['worker', 'worker', 'worker'] }).until('on_each_cpu').proc(0, 2);
    expect(world.next()).toBe('wait for all acks');
    for (const cpu of [2, 1, 3]) {
      expect(waits(world)).toBe(true);
      world.interrupt(cpu);
    }
    expect(waits(world)).toBe(false);
  });

  it('sends to all the others in one step, serialises itself in the next', () => {
    const world = new PatchWorld({ ...setup, workers: ['worker', 'worker'] }).until('on_each_cpu');
    world.events.length = 0;
    world.proc();
    expect(world.events.filter(({ kind }) => kind !== 'procedure-step')).toEqual([
      { kind: 'ipi-sent', cpu: 0, vector: CALL_FUNCTION_VECTOR, targets: [1, 2] },
    ]);
    for (const cpu of [1, 2]) {
      expect(world.machine.enabled()).toContainEqual({ kind: 'accept', cpu, vector: CALL_FUNCTION_VECTOR });
    }
    world.events.length = 0;
    world.proc();
    expect(world.events.filter(({ kind }) => kind !== 'procedure-step')).toEqual([{ kind: 'serialize', cpu: 0 }]);
  });

  it('has every CPU serialise before it acknowledges, and return after that', () => {
    const world = new PatchWorld({ ...setup, workers: ['worker'] }).until('on_each_cpu').proc(0, 2);
    world.events.length = 0;
    world.interrupt(1);
    expect(world.events.map(({ kind }) => kind)).toEqual([
      'ipi-accepted',
      'procedure-step',
      'serialize',
      'procedure-step',
      'ipi-acked',
      'procedure-step',
      'iret',
      'serialize',
    ]);
    expect(world.labels(1)).toEqual(['take the queued calls; do_sync_core()', 'ack', 'iretq']);
  });

  it('is over with the ack, before the handler has returned', () => {
    const world = new PatchWorld({ ...setup, workers: ['worker'] }).until('on_each_cpu').proc(0, 2);
    world.apply({ kind: 'accept', cpu: 1, vector: CALL_FUNCTION_VECTOR }).proc(1);
    expect(waits(world)).toBe(true);
    world.proc(1);
    expect(waits(world)).toBe(false);
  });

  it('waits for a CPU with IF=0 until that sets it', () => {
    const asm = 'worker: site: .nops 5; jmp worker; masked: nop; nop; sti; nop; open: jmp open; f: ret';
    const world = new PatchWorld({ ...setup, asm, workers: ['masked'], if: 0 }).until('on_each_cpu').proc(0, 2);
    for (let i = 0; i < 3; i++) {
      expect(world.machine.enabled()).toEqual([{ kind: 'instruction', cpu: 1 }]);
      world.insn();
    }
    // The shadow of STI.
    expect(world.machine.enabled()).toEqual([{ kind: 'instruction', cpu: 1 }]);
    world.insn().interrupt().finish();
    expect(world.violated).toBeUndefined();
  });

  it('waits for ever for a CPU that never sets IF', () => {
    const world = new PatchWorld({ ...setup, workers: ['masked'], if: 0 });
    expect(() => world.finish()).toThrow('waits for ever: wait for all acks');
  });

  it('wakes an idle CPU', () => {
    const world = new PatchWorld({ ...setup, workers: ['idle'] }).insn().finish();
    expect(world.text('site', 1)).toBe('e8');
    expect(world.machine.stopped).toBeUndefined();
  });

  it('does not wait when there is no other CPU', () => {
    const world = new PatchWorld({ ...setup, workers: [] });
    while (!world.machine.isFinished(0)) world.proc();
    expect(world.text('site', 1)).toBe('e8');
  });
});

/** A machine whose first CPUs each run the given tasks, and whose last CPU idles: hlt; jmp to it. */
function initiators(make: (sync: Procedure) => readonly Procedure[]): { machine: Machine; monitors: Monitors } {
  const memory = new Memory(32);
  memory.map(0x1000n, 3n, TEXT, Uint8Array.of(0xf4, 0xeb, 0xfd));
  const data = new KernelData();
  const count = make(procedure('none', () => {})).length;
  const sync = syncCore(data, count + 1);
  data.map(memory);
  const tasks = make(sync.call);
  const idt = new Map([[CALL_FUNCTION_VECTOR, { procedure: sync.handler }]]);
  const machine = new Machine({ memory, cpus: count + 1, idt, procedures: tasks });
  machine.cpus.forEach((state, cpu) => {
    memory.map(stackBase(cpu), 0x1000n, DATA);
    state.rsp = stackTop(cpu);
    state.setInterruptsEnabled(true);
    const task = tasks[cpu];
    if (task === undefined) machine.startTask(cpu, 0x1000n);
    else machine.startProcedure(cpu, task);
  });
  const monitors = new Monitors(machine, { sites: [], patches: [], ranges: new Map() });
  return { machine, monitors };
}

describe('two sync cores at once', () => {
  it('both end, whatever the schedule', () => {
    const { machine, monitors } = initiators((sync) => [0, 1].map((n) => procedure(`task ${n}`, (p) => p.call(sync))));
    // Nothing goes on for ever, so that it is enough to look where nothing is enabled any more.
    const left = new Set<string>();
    const result = everySchedule(machine, monitors, 20_000, () => {
      for (const cpu of [0, 1])
        if (!machine.isFinished(cpu)) left.add(`CPU ${cpu} at ${machine.procedureAt(cpu)?.label}`);
    });
    expect([result.complete, [...result.violations], result.ends > 0, [...left]]).toEqual([true, [], true, []]);
  });

  it('give one IPI both their acks when it finds both in the queue, and an empty queue does no harm', () => {
    const { machine } = initiators((sync) => [0, 1].map((n) => procedure(`task ${n}`, (p) => p.call(sync))));
    const proc = (cpu: number, times = 1): void => {
      for (let i = 0; i < times; i++) machine.apply({ kind: 'procedure', cpu, choice: 0 });
    };
    const accept = (cpu: number): void => machine.apply({ kind: 'accept', cpu, vector: CALL_FUNCTION_VECTOR });
    proc(0); // CPU 0 sends
    accept(2);
    proc(1); // CPU 1 sends, while CPU 2 has accepted and not looked at its queue yet
    proc(2, 3); // acks both
    accept(2);
    proc(2, 3); // its queue is empty
    accept(0);
    proc(0, 3);
    accept(1);
    proc(1, 3);
    proc(0, 2);
    proc(1, 2);
    expect([machine.isFinished(0), machine.isFinished(1)]).toEqual([true, true]);
  });
});

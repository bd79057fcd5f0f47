import { describe, expect, it } from 'vitest';
import { CALL_FUNCTION_VECTOR } from '../../src/patcher/sync-core.js';
import type { SyncReach } from '../../src/patcher/sync-reach.js';
import { loadScenario } from '../../src/scenario/load.js';
import { errorLine, errorOf } from '../scenario/input-error.js';
import { PatchWorld } from './patch-world.js';

const setup = {
  asm: `
    worker: site: .nops 5
            jmp worker
    idle:   hlt
            jmp idle
    user:   push $0x2b
            push %rsp
            push $0x202
            push $0x33
            push %rax
            iretq
    there:  jmp there
    calls:  syscall
    irq:    nop
            iretq
    f:      ret`,
  sites: { site: { clobbers: ['rax'] as const } },
  patches: [{ site: 'site', new: 'call.rel32 f' }],
  idt: { 64: 'irq' },
};
const skip = (...cpus: number[]): SyncReach => ({ skip: new Set(cpus), defer: new Set() });
const defer = (...cpus: number[]): SyncReach => ({ skip: new Set(), defer: new Set(cpus) });

const atSync = (reach: SyncReach, workers: readonly string[]): PatchWorld =>
  new PatchWorld({ ...setup, workers, reach }).until('on_each_cpu');
const sentTo = (world: PatchWorld): readonly number[] | undefined => {
  const [sent] = world.events.flatMap((event) => (event.kind === 'ipi-sent' ? [event.targets] : []));
  return sent;
};
const kinds = (world: PatchWorld, cpu: number): string[] =>
  world.events.filter((event) => event.cpu === cpu && event.kind !== 'procedure-step').map(({ kind }) => kind);
/** Whether the patcher gets through its sync core with nobody else doing anything. */
const returns = (world: PatchWorld): boolean => {
  world.proc(0, 2);
  return world.machine.enabled().some(({ cpu }) => cpu === 0);
};

describe('a CPU that the sync IPI skips', () => {
  it('is neither asked nor waited for, and does not serialise', () => {
    const world = atSync(skip(1), ['worker', 'worker']).proc(0, 2);
    expect(sentTo(world)).toEqual([2]);
    expect(kinds(world, 1)).toEqual([]);
    expect(world.machine.enabled()).not.toContainEqual({ kind: 'accept', cpu: 1, vector: CALL_FUNCTION_VECTOR });
    expect(world.machine.enabled().some(({ cpu }) => cpu === 0)).toBe(false);
    world.interrupt(2);
    expect(world.machine.enabled().some(({ cpu }) => cpu === 0)).toBe(true);
  });

  it('does not know of it at its next interrupt either', () => {
    const world = atSync(skip(1), ['idle']).proc(0, 2);
    world.events.length = 0;
    world.machine.setPending(1, 0x40);
    world.apply({ kind: 'accept', cpu: 1, vector: 0x40 });
    expect(kinds(world, 1)).toEqual(['ipi-accepted']);
  });
});

describe('a CPU that defers the sync', () => {
  const interrupt = (world: PatchWorld): string[] => {
    world.events.length = 0;
    world.machine.setPending(1, 0x40);
    world.apply({ kind: 'accept', cpu: 1, vector: 0x40 });
    return kinds(world, 1);
  };

  it('is asked like any other while it is in the kernel', () => {
    const world = atSync(defer(1), ['worker']);
    expect(returns(world)).toBe(false);
    expect(sentTo(world)).toEqual([1]);
    world.interrupt(1);
    expect(interrupt(world)).toEqual(['ipi-accepted']);
  });

  it('is not asked while it is halted, and serialises when it enters the kernel, before its handler begins', () => {
    const world = atSync(defer(1), ['idle']).insn(1);
    expect(returns(world)).toBe(true);
    expect(sentTo(world)).toEqual([]);
    expect(interrupt(world)).toEqual(['ipi-accepted', 'deferred-sync', 'serialize']);
    expect(world.machine.state(1).rip).toBe(world.at('irq'));
  });

  it('does so once for any number of syncs, and never again for the same', () => {
    const world = atSync(defer(1), ['idle']).insn(1).finish();
    expect(interrupt(world)).toEqual(['ipi-accepted', 'deferred-sync', 'serialize']);
    world.insn(1, 2);
    expect(interrupt(world)).toEqual(['ipi-accepted']);
  });

  it('is not asked while it is in user mode', () => {
    const world = new PatchWorld({ ...setup, workers: ['user'], reach: defer(1) });
    world.machine.state(1).setGpr('rax', world.at('there'));
    world.insn(1, 6).until('on_each_cpu');
    expect(world.machine.state(1).cell('cpl')).toBe(3n);
    expect(returns(world)).toBe(true);
    expect(interrupt(world)).toEqual(['ipi-accepted', 'deferred-sync', 'serialize']);
  });

  it('serialises when SYSCALL takes it from user mode into the kernel', () => {
    const world = new PatchWorld({ ...setup, workers: ['user'], reach: defer(1) });
    world.machine.state(1).setGpr('rax', world.at('calls'));
    world.machine.state(1).setCell('lstar', world.at('irq'));
    world.insn(1, 6).until('on_each_cpu');
    expect(returns(world)).toBe(true);
    world.events.length = 0;
    world.insn(1);
    expect(kinds(world, 1)).toEqual(['instruction', 'deferred-sync', 'serialize']);
    expect(world.machine.state(1).rip).toBe(world.at('irq'));
  });

  it('is in the kernel while it handles an interrupt, even if that came while it was halted', () => {
    const world = atSync(defer(1), ['idle']).insn(1);
    interrupt(world);
    expect(returns(world)).toBe(false);
  });

  it('enters the kernel when it changes tasks, too', () => {
    const world = atSync(defer(1), ['idle', 'worker']).insn(1);
    world.proc(0, 2).interrupt(2);
    world.events.length = 0;
    world.machine.budgets.set('reschedule', 2);
    world.apply({ kind: 'switch', cpu: 1, task: undefined });
    expect(kinds(world, 1)).toEqual(['switch', 'deferred-sync', 'serialize']);
  });

  it('keeps its work in the machine: a snapshot brings it back', () => {
    const world = atSync(defer(1), ['idle']).insn(1).proc(0, 1);
    const snapshot = world.machine.save();
    expect(interrupt(world)).toContain('deferred-sync');
    world.machine.restore(snapshot);
    expect(interrupt(world)).toContain('deferred-sync');
  });
});

describe('the CPUs of `sync`', () => {
  const complaint = (sync: string): string =>
    errorLine(
      errorOf(() =>
        loadScenario(
          `scenario: x
text: [{base: 0x1000, asm: "here: nop"}]
sites: {here: {}}
cpus: 3
tasks: {patcher: {cpu: 0, procedure: patch}}
patch: [{site: here, new: nop}]
sync: ${sync}
`,
          'x.yaml',
        ),
      ),
    );

  it.each([
    ['{skip: [3]}', "x.yaml:7:15: sync.skip.0: there is no CPU 3: 'cpus' is 3, counted from 0"],
    ['{defer: [1, 7]}', "x.yaml:7:19: sync.defer.1: there is no CPU 7: 'cpus' is 3, counted from 0"],
    ['{skip: [0]}', "x.yaml:7:15: sync.skip.0: CPU 0 runs 'patcher', which syncs itself"],
    ['{skip: [1], defer: [2, 1]}', "x.yaml:7:30: sync.defer.1: CPU 1 is in 'sync.skip' already"],
    ['{skip: [2, 2]}', "x.yaml:7:18: sync.skip.1: CPU 2 is in 'sync.skip' already"],
    ['{skip: []}', 'x.yaml:7:14: sync.skip: expected at least one CPU, not a list'],
    ['{skip: 1}', 'x.yaml:7:14: sync.skip: expected a list, not 1'],
    ['{skipp: [1]}', "x.yaml:7:8: sync: unknown key 'skipp'"],
  ])('are checked: %s', (sync, message) => {
    expect(complaint(sync)).toBe(message);
  });
});

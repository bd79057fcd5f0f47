import { describe, expect, it } from 'vitest';
import { ALGORITHMS } from '../../src/patcher/algorithms.js';
import { NAIVE_MEMCPY } from '../../src/patcher/naive-memcpy.js';
import { SYNC, textPoke } from './labels.js';
import { CALL_CLOBBERS, PatchWorld } from './patch-world.js';

const BEGIN = 'mutex_lock(&text_mutex); patch begins';
const ADD = '__smp_text_poke_batch_add: vec[nr_entries++] = the patch';
const CHECK = 'if (!text_poke_array.nr_entries) return';
const SET_REFS = 'atomic_set_release(text_poke_array_refs of a CPU, 1)';
const SAVE_OLD = 'text_poke_array.vec[i].old = *addr';
const DROP_REFS = 'atomic_dec_and_test(text_poke_array_refs of a CPU)';
const RETIRE = 'text_poke_array.nr_entries = 0';
const RETURN = 'patch returns; mutex_unlock(&text_mutex)';

const CALL_WORLD = {
  asm: 'worker: nop; site: .nops 5; jmp worker; f: ret',
  sites: { site: { clobbers: CALL_CLOBBERS } },
  patches: [{ site: 'site', new: 'call.rel32 f' }],
  workers: ['worker'],
};

describe('text_poke_bp', () => {
  it('does for one patch on two CPUs what smp_text_poke_batch_finish does, in its order', () => {
    const world = new PatchWorld(CALL_WORLD).finish();
    expect(world.labels()).toEqual([
      BEGIN,
      ADD,
      CHECK,
      // for_each_possible_cpu(i)
      SET_REFS,
      SET_REFS,
      // First step: add a INT3 trap to the address that will be patched.
      SAVE_OLD,
      ...textPoke(1),
      ...SYNC,
      // Second step: update all but the first byte of the patched range.
      ...textPoke(4),
      ...SYNC,
      // Third step: replace the first byte (INT3) by the first byte of the replacing opcode.
      ...textPoke(1),
      ...SYNC,
      // Remove and wait for refs to be zero.
      DROP_REFS,
      DROP_REFS,
      RETIRE,
      RETURN,
    ]);
    expect([world.text('site', 5), world.violated]).toEqual(['e802000000', undefined]);
  });

  it('does each step for all sites of a batch before the next step, with three syncs in all', () => {
    const world = new PatchWorld({
      asm: 'worker: a: .nops 5; b: jmp.rel8 c; c: .nops 5; jmp worker; f: ret',
      sites: { a: {}, b: {}, c: {} },
      patches: [
        { site: 'a', new: 'call.rel32 f' },
        { site: 'b', new: 'data16 nop' },
        { site: 'c', new: 'jmp.rel32 worker' },
      ],
      batches: [3],
      workers: ['worker'],
    }).finish();
    expect(world.labels()).toEqual([
      BEGIN,
      ADD,
      ADD,
      ADD,
      CHECK,
      SET_REFS,
      SET_REFS,
      ...[1, 2, 3].flatMap(() => [SAVE_OLD, ...textPoke(1)]),
      ...SYNC,
      ...textPoke(4),
      ...textPoke(1),
      ...textPoke(4),
      ...SYNC,
      ...[1, 2, 3].flatMap(() => textPoke(1)),
      ...SYNC,
      DROP_REFS,
      DROP_REFS,
      RETIRE,
      RETURN,
    ]);
    expect([world.text('a', 5), world.text('b', 2), world.text('c', 5)]).toEqual(['e809000000', '6690', 'e9f4ffffff']);
    expect(world.violated).toBeUndefined();
  });

  it('needs no second sync where there are no tails, and no third one where INT3 stays', () => {
    const world = new PatchWorld({
      asm: 'worker: site: nop; jmp worker',
      sites: { site: {} },
      patches: [{ site: 'site', new: 'int3' }],
      workers: ['worker'],
    }).finish();
    expect(world.labels()).toEqual([
      BEGIN,
      ADD,
      CHECK,
      SET_REFS,
      SET_REFS,
      SAVE_OLD,
      ...textPoke(1),
      ...SYNC,
      DROP_REFS,
      DROP_REFS,
      RETIRE,
      RETURN,
    ]);
    expect(world.text('site', 1)).toBe('cc');
  });

  it('has between its syncs the bytes that it should have, wherever the tail is written', () => {
    for (const order of ['ascending', 'any'] as const) {
      const world = new PatchWorld({ ...CALL_WORLD, order });
      const bytes = (): string => world.text('site', 5);
      world.until('on_each_cpu');
      expect(bytes()).toBe('cc1f440000');
      world.until('on_each_cpu', 2);
      expect(bytes()).toBe('cc02000000');
      world.until('on_each_cpu', 2);
      expect(bytes()).toBe('e802000000');
      world.finish();
      expect(bytes()).toBe('e802000000');
    }
  });

  it('stores the tail in any order, or in ascending order where that is asked for', () => {
    const atTail = (order: 'ascending' | 'any'): PatchWorld =>
      new PatchWorld({ ...CALL_WORLD, order }).until('text_poke_memcpy').proc().until('text_poke_memcpy');
    const enabled = (world: PatchWorld): number[] =>
      world.machine.enabled().flatMap((step) => (step.kind === 'procedure' && step.cpu === 0 ? [step.choice] : []));
    expect(enabled(atTail('any'))).toEqual([0, 1, 2, 3]);
    expect(enabled(atTail('ascending'))).toEqual([0]);
    const world = atTail('any').apply({ kind: 'procedure', cpu: 0, choice: 2 });
    expect([enabled(world), world.text('site', 5)]).toEqual([[0, 1, 3], 'cc1f440000']);
    world.apply({ kind: 'procedure', cpu: 0, choice: 0 });
    expect([enabled(world), world.text('site', 5)]).toEqual([[1, 3], 'cc02440000']);
  });

  it('keeps interrupts off while it writes through the temporary mapping, and only then', () => {
    const world = new PatchWorld(CALL_WORLD);
    const off = new Set<string | undefined>();
    while (!world.machine.isFinished(0)) {
      if (!world.machine.state(0).interruptsEnabled) off.add(world.next());
      const label = world.next();
      if (label === 'wait for all acks') world.interrupt(1);
      world.proc();
    }
    expect([...off]).toEqual([
      'text_poke_memcpy: store one byte',
      'unuse_temporary_mm(prev): MOV CR3 serialises; local_irq_restore(flags)',
    ]);
  });

  it('serialises the patching CPU after every text_poke and in every sync', () => {
    const world = new PatchWorld(CALL_WORLD).finish();
    expect(world.events.filter((event) => event.kind === 'serialize' && event.cpu === 0)).toHaveLength(6);
  });

  it('changes text by one event a byte, and by none where the byte stays', () => {
    const world = new PatchWorld(CALL_WORLD).finish();
    const stores = world.events.flatMap((event) =>
      event.kind === 'text-store' ? [[Number(event.address - world.at('site')), event.after[0], event.cpu]] : [],
    );
    expect(stores).toEqual([
      [0, 0xcc, 0],
      [1, 2, 0],
      [2, 0, 0],
      [0, 0xe8, 0],
    ]);
  });

  it('patches a conditional jump by its six bytes, 0F first and last', () => {
    const world = new PatchWorld({
      asm: 'worker: site: je.rel32 f; jmp worker; f: nop; g: jmp worker',
      sites: { site: {} },
      patches: [{ site: 'site', new: 'je.rel32 g' }],
      workers: ['worker'],
    });
    world.until('on_each_cpu', 2);
    expect(world.text('site', 6)).toBe('cc8403000000');
    world.finish();
    expect([world.text('site', 6), world.violated]).toEqual(['0f8403000000', undefined]);
    expect(world.labels().filter((label) => label.startsWith('text_poke_memcpy'))).toHaveLength(7);
  });

  it('goes through its whole list again, as often as it is told to', () => {
    const world = new PatchWorld({
      ...CALL_WORLD,
      patches: [...CALL_WORLD.patches, { site: 'site', new: '.nops 5' }],
      repeat: 3,
    }).finish();
    const returns = world.events.flatMap((event) => (event.kind === 'patch-return' ? [event.patch] : []));
    expect([returns, world.text('site', 5)]).toEqual([[0, 1, 0, 1, 0, 1], '0f1f440000']);
  });
});

describe('memcpy', () => {
  it('stores the bytes one by one and nothing else', () => {
    const world = new PatchWorld({ ...CALL_WORLD, algorithm: NAIVE_MEMCPY }).finish();
    expect(world.labels()).toEqual([BEGIN, ...Array.from({ length: 5 }, () => 'memcpy: store one byte'), RETURN]);
    expect(world.text('site', 5)).toBe('e802000000');
  });
});

describe('the built-in algorithms', () => {
  it('are found by the names that scenarios use', () => {
    expect([...ALGORITHMS.keys()].slice(0, 2)).toEqual(['text-poke-bp', 'memcpy']);
    for (const [name, algorithm] of ALGORITHMS) expect(algorithm.name).toBe(name);
  });
});

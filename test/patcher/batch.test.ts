import { describe, expect, it } from 'vitest';
import { ALGORITHMS } from '../../src/patcher/algorithms.js';
import { TEXT_POKE_ARRAY_MAX } from '../../src/patcher/text-poke-array.js';
import { PatchWorld } from './patch-world.js';

/** `count` two-byte jumps to their next instruction, at s0, s1, ...; an idle CPU beside the patcher. */
function manySites(count: number, order: (index: number) => number = (index) => index): PatchWorld {
  const sites = Array.from({ length: count }, (_, i) => `s${i}`);
  return new PatchWorld({
    asm: `${sites.map((site) => `${site}: jmp.rel8 .+2`).join('\n')}\nend: hlt`,
    sites: Object.fromEntries(sites.map((site) => [site, {}])),
    patches: sites.map((_, i) => ({ site: `s${order(i)}`, new: 'data16 nop' })),
    batches: [count],
    workers: ['end'],
  });
}

const count = (world: PatchWorld, label: string): number =>
  world.labels().filter((other) => other.startsWith(label)).length;

/** The sites that were in the array each time it was flushed: how many. */
function flushes(world: PatchWorld): number[] {
  const sizes: number[] = [];
  let added = 0;
  for (const label of world.labels()) {
    if (label.startsWith('__smp_text_poke_batch_add')) added++;
    if (label === 'text_poke_array.nr_entries = 0') {
      sizes.push(added);
      added = 0;
    }
  }
  return sizes;
}

describe('a batch', () => {
  it('of ascending addresses is patched in one go', () => {
    const world = manySites(20).finish();
    expect([flushes(world), count(world, 'on_each_cpu')]).toEqual([[20], 3]);
    expect(world.text('s0', 40)).toBe('6690'.repeat(20));
  });

  it('is flushed before an address that is lower than the last one', () => {
    const world = manySites(6, (i) => [0, 3, 1, 2, 5, 4][i] ?? 0).finish();
    expect([flushes(world), count(world, 'on_each_cpu')]).toEqual([[2, 3, 1], 9]);
    expect(world.text('s0', 12)).toBe('6690'.repeat(6));
  });

  it('in descending order is flushed for every patch', () => {
    const world = manySites(4, (i) => 3 - i).finish();
    expect(flushes(world)).toEqual([1, 1, 1, 1]);
  });

  it('of exactly as many entries as the array holds is patched in one go', () => {
    const world = manySites(TEXT_POKE_ARRAY_MAX).finish();
    expect(flushes(world)).toEqual([256]);
    expect(world.text('s0', 512)).toBe('6690'.repeat(256));
  });

  it('of more entries than the array holds is flushed when it is full', () => {
    const world = manySites(TEXT_POKE_ARRAY_MAX + 3).finish();
    expect([flushes(world), count(world, 'on_each_cpu')]).toEqual([[256, 3], 6]);
    expect(world.text('s0', 2 * 259)).toBe('6690'.repeat(259));
    expect(world.violated).toBeUndefined();
  });

  it('begins and returns all of its patches together', () => {
    const world = manySites(3).finish();
    const calls = world.events.flatMap((event) =>
      event.kind === 'patch-begin' || event.kind === 'patch-return' ? [`${event.kind} ${event.patch}`] : [],
    );
    expect(calls).toEqual([
      'patch-begin 0',
      'patch-begin 1',
      'patch-begin 2',
      'patch-return 0',
      'patch-return 1',
      'patch-return 2',
    ]);
  });

  it('lets the int3 handler find every site of it, whatever its place', () => {
    for (const size of [1, 2, 3, 8]) {
      const labels = Array.from({ length: size }, (_, i) => `s${i}`);
      const world = new PatchWorld({
        asm: `worker: ${labels.map((site) => `${site}: jmp.rel8 .+2`).join('\n')}\n jmp worker`,
        sites: Object.fromEntries(labels.map((site) => [site, {}])),
        patches: labels.map((site) => ({ site, new: 'data16 nop' })),
        batches: [size],
        workers: ['worker'],
      }).until('on_each_cpu');
      for (let i = 0; i < size; i++) {
        world.insn().handler();
        expect(world.machine.state(1).rip).toBe(world.at(`s${i}`) + 2n);
      }
      expect(world.violated).toBeUndefined();
    }
  });
});

describe('the reference counts', () => {
  const world = (): PatchWorld =>
    new PatchWorld({
      asm: 'worker: site: .nops 5; jmp worker',
      sites: { site: {} },
      patches: [{ site: 'site', new: 'jmp.rel32 worker' }],
      workers: ['worker', 'worker', 'worker'],
    });
  const refs = (one: PatchWorld): bigint[] =>
    [0n, 1n, 2n, 3n].map((cpu) => one.machine.memory.read(one.at('text_poke_array_refs') + 8n * cpu, 8));

  it('are one for each CPU, 1 from before the first INT3 until after the last sync', () => {
    const one = world();
    expect(refs(one)).toEqual([0n, 0n, 0n, 0n]);
    one.until('text_poke_array.vec[i].old');
    expect(refs(one)).toEqual([1n, 1n, 1n, 1n]);
    one.until('atomic_dec_and_test');
    expect(refs(one)).toEqual([1n, 1n, 1n, 1n]);
    one.finish();
    expect(refs(one)).toEqual([0n, 0n, 0n, 0n]);
  });

  it("are raised by a handler, on its own CPU's counter, while it reads the array", () => {
    const one = world().until('on_each_cpu').insn(2);
    const seen: bigint[] = [];
    while (one.machine.context(2).inProcedure) {
      one.proc(2);
      seen.push(refs(one)[2] ?? 0n);
      expect([refs(one)[0], refs(one)[1], refs(one)[3]]).toEqual([1n, 1n, 1n]);
    }
    expect(seen).toEqual([1n, 2n, 2n, 2n, 2n, 2n, 1n, 1n]);
  });

  it('keep the patcher waiting while a handler still holds one', () => {
    // Without the third sync nothing else would hold it up: the handler is made to hold its reference by hand.
    const one = world().until('atomic_dec_and_test');
    one.machine.memory.write(one.at('text_poke_array_refs') + 16n, 8, 2n);
    one.proc().proc().proc();
    expect([one.next(), one.machine.enabled().some(({ cpu }) => cpu === 0)]).toEqual([
      'atomic_cond_read_acquire(refs of the CPU, !VAL)',
      false,
    ]);
    one.machine.memory.write(one.at('text_poke_array_refs') + 16n, 8, 0n);
    one.finish();
  });
});

describe('the reference count of bp_desc', () => {
  const DESC = ALGORITHMS.get('text-poke-bp-desc');
  const world = (): PatchWorld =>
    new PatchWorld({
      asm: 'worker: site: .nops 5; jmp worker',
      sites: { site: {} },
      patches: [{ site: 'site', new: 'jmp.rel32 worker' }],
      workers: ['worker', 'worker'],
      ...(DESC && { algorithm: DESC }),
    });
  const refs = (one: PatchWorld): bigint => one.machine.memory.read(one.at('bp_desc.refs'), 8);

  it('is raised by the handlers of all CPUs, and 0 before and after', () => {
    const one = world();
    expect(refs(one)).toBe(0n);
    one.until('on_each_cpu').insn(1).insn(2).proc(1, 2).proc(2, 2);
    expect(refs(one)).toBe(3n);
    one.handler(2);
    expect(refs(one)).toBe(2n);
    one.handler(1);
    expect([refs(one), one.machine.state(1).rip]).toEqual([1n, one.at('worker')]);
    one.finish();
    expect([refs(one), one.violated]).toEqual([0n, undefined]);
  });

  it('keeps the patcher waiting while a handler on any CPU still holds it', () => {
    const one = world().until('atomic_dec_and_test');
    one.machine.memory.write(one.at('bp_desc.refs'), 8, 2n);
    one.proc();
    expect([one.next(), one.machine.enabled().some(({ cpu }) => cpu === 0)]).toEqual([
      'atomic_cond_read_acquire(&bp_desc.refs, !VAL)',
      false,
    ]);
    one.machine.memory.write(one.at('bp_desc.refs'), 8, 0n);
    one.finish();
  });

  it('is of the array that bp_desc.vec leads to', () => {
    const one = world().until('on_each_cpu');
    expect(one.machine.memory.read(one.at('bp_desc.vec'), 8)).toBe(one.at('tp_vec'));
    // The same entry somewhere else: the handler follows the pointer.
    one.machine.memory.write(one.at('bp_desc.vec'), 8, one.at('tp_vec') + 16n);
    for (let at = 0n; at < 16n; at += 8n) {
      one.machine.memory.write(one.at('tp_vec') + 16n + at, 8, one.machine.memory.read(one.at('tp_vec') + at, 8));
      one.machine.memory.write(one.at('tp_vec') + at, 8, 0n);
    }
    one.insn(1).handler(1);
    expect([one.machine.state(1).rip, one.machine.stopped]).toEqual([one.at('worker'), undefined]);
  });
});

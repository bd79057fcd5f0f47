import { describe, expect, it } from 'vitest';
import { procedure } from '../../src/machine/procedure.js';
import type { Algorithm } from '../../src/patcher/algorithm.js';
import { CALL_CLOBBERS, type PatchSetup, PatchWorld } from '../patcher/patch-world.js';
import { variant } from '../patcher/variants.js';

const setup: PatchSetup = {
  asm: 'worker: site: call.rel32 f; jmp worker; f: ret; g: ret',
  sites: { site: { clobbers: CALL_CLOBBERS } },
  patches: [{ site: 'site', new: 'call.rel32 g' }],
  workers: ['worker'],
  properties: ['no-use-after-reuse'],
};

/** Nobody waits for handlers: no third sync, and the references are simply set to 0. */
const HASTY = variant({ sync3: false, refs: 'drop' });
const TAKE_REF = 1;
const READ_NR = 2;

/** CPU 1 executes the INT3 and does so many steps of its handler; then the patch is finished and returns. */
function inHandlerThenFinished(steps: number, algorithm: Algorithm): PatchWorld {
  const world = new PatchWorld({ ...setup, algorithm }).until('text_poke_memcpy', 6).insn().proc(1, steps);
  while (!world.machine.isFinished(0)) world.proc(0);
  return world;
}

describe('no-use-after-reuse', () => {
  it('is violated by a handler that reads the array after it was given to another use', () => {
    // Entry, reference, number of entries: it is inside the array now.
    const world = inHandlerThenFinished(1 + READ_NR, HASTY);
    expect(world.violated).toBeUndefined();
    world.proc(1);
    expect(world.labels(1).at(-1)).toContain('__inline_bsearch');
    expect(world.monitors.violation).toMatchObject({
      property: 'no-use-after-reuse',
      cpu: 1,
      address: world.at('text_poke_array.vec'),
    });
  });

  it('is violated in each later step that reads the array', () => {
    for (const [steps, label] of [
      [4, 'read tpl->len and tpl->opcode'],
      [5, 'read tpl->disp'],
    ] as const) {
      const world = inHandlerThenFinished(steps, HASTY);
      world.proc(1);
      expect([world.labels(1).at(-1)?.startsWith(label), world.violated]).toEqual([true, 'no-use-after-reuse']);
    }
  });

  it('holds for a handler that was not inside yet, and one that had read everything', () => {
    for (const steps of [0, TAKE_REF, 6, 7]) {
      expect([steps, inHandlerThenFinished(steps, HASTY).handler().violated]).toEqual([steps, undefined]);
    }
  });

  it('holds where the patcher waits for the handlers', () => {
    const world = new PatchWorld({ ...setup, algorithm: variant({ sync3: false }) });
    world
      .until('text_poke_memcpy', 6)
      .insn()
      .proc(1, 1 + READ_NR);
    world.until('wait for the handlers', 2);
    expect(world.machine.enabled().some(({ cpu }) => cpu === 0)).toBe(false);
    world.handler().finish();
    expect(world.violated).toBeUndefined();
  });

  it('holds under text_poke_bp itself, whose third sync waits for the handler', () => {
    const world = new PatchWorld(setup).until('text_poke_memcpy', 6).insn().proc(1, 3).until('wait for all acks');
    expect(world.machine.enabled().some(({ cpu }) => cpu === 0)).toBe(false);
    expect(world.handler().finish().violated).toBeUndefined();
  });
});

/** An algorithm that does nothing but give a stub in text to another use. */
function retiring(range: { readonly address: bigint; readonly size: number }): Algorithm {
  return {
    name: 'retiring',
    title: '',
    install: () => ({
      apply: procedure('retiring', (p) =>
        p.step('retire', (c) => c.host.emit({ kind: 'range-retired', cpu: c.cpu, range: 'stub' })),
      ),
      idt: new Map(),
      goals: [],
      ranges: new Map([['stub', range]]),
    }),
  };
}

describe('no-use-after-reuse, of text', () => {
  const asm = `
    worker: nop
            jmp stub
    irq:    nop
            iretq
    site:   nop
            .balign 64
    stub:   nop
            nop
            jmp worker
    end:    hlt`;
  const STUB = { address: 0xffffffff81000080n, size: 4 };
  const world = (): PatchWorld => {
    const one = new PatchWorld({
      ...setup,
      asm,
      sites: { site: {} },
      patches: [{ site: 'site', new: 'nop' }],
      algorithm: retiring(STUB),
      idt: { 64: 'irq' },
    });
    expect(one.at('stub')).toBe(STUB.address);
    return one;
  };
  const interrupted = (one: PatchWorld): PatchWorld => {
    one.machine.setPending(1, 0x40);
    return one.apply({ kind: 'accept', cpu: 1, vector: 0x40 });
  };

  it('is violated by a CPU that goes on in a stub that was retired under it', () => {
    const one = world().insn(1, 3).finish();
    expect(one.violated).toBeUndefined();
    expect(one.insn().monitors.violation).toMatchObject({
      property: 'no-use-after-reuse',
      cpu: 1,
      address: STUB.address + 1n,
      message: `CPU 1 executed at 0x${(STUB.address + 1n).toString(16)} in stub, which was given to another use while it was inside`,
    });
  });

  it('is violated by a CPU that stands at its first instruction: it has gone in', () => {
    const one = world().insn(1, 2);
    expect(one.machine.state(1).rip).toBe(STUB.address);
    expect(one.finish().insn().violated).toBe('no-use-after-reuse');
  });

  it('is violated by a CPU that was interrupted inside, at the first instruction or later', () => {
    for (const steps of [2, 3, 4]) {
      const one = interrupted(world().insn(1, steps)).finish().insn(1, 2);
      expect(one.violated).toBeUndefined();
      expect([steps, one.insn().violated]).toEqual([steps, 'no-use-after-reuse']);
    }
  });

  it('holds for a CPU that has left before, and for one that comes in after', () => {
    const one = world().insn(1, 5);
    expect(one.machine.state(1).rip).toBe(one.at('worker'));
    expect(one.finish().insn(1, 5).violated).toBeUndefined();
    expect(world().finish().insn(1, 5).violated).toBeUndefined();
  });

  it('holds for a handler that runs elsewhere while its task is inside', () => {
    const one = interrupted(world().insn(1, 3)).finish();
    expect(one.insn(1, 2).violated).toBeUndefined();
  });

  it('tells CPUs apart', () => {
    const one = new PatchWorld({
      ...setup,
      asm,
      sites: { site: {} },
      patches: [{ site: 'site', new: 'nop' }],
      algorithm: retiring(STUB),
      workers: ['worker', 'worker'],
    });
    one.insn(2, 3).insn(1, 1).finish().insn(1, 4);
    expect(one.violated).toBeUndefined();
    expect(one.insn(2).monitors.violation).toMatchObject({ cpu: 2 });
  });
});

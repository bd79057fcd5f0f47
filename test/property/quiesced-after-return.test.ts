import { describe, expect, it } from 'vitest';
import type { InstructionEvent } from '../../src/machine/event.js';
import { procedure } from '../../src/machine/procedure.js';
import type { Algorithm } from '../../src/patcher/algorithm.js';
import { int3Handler } from '../../src/patcher/int3-handler.js';
import { CALL_CLOBBERS, type PatchSetup, PatchWorld } from '../patcher/patch-world.js';
import { variant } from '../patcher/variants.js';

const setup: PatchSetup = {
  asm: 'worker: site: call.rel32 f; jmp worker; f: ret; .skip 0x1234; g: ret',
  sites: { site: { clobbers: CALL_CLOBBERS } },
  patches: [{ site: 'site', new: 'call.rel32 g' }],
  workers: ['worker'],
  properties: ['quiesced-after-return'],
};

/** text_poke_bp that returns without the last step: INT3 stays and goes on being handled. */
const KEEPS_INT3 = variant({ firstBytes: false, refs: 'keep', handler: int3Handler });

/** Returns at once. */
const NOTHING: Algorithm = {
  name: 'nothing',
  title: '',
  install: () => ({ apply: procedure('nothing', () => {}), idt: new Map(), goals: [], ranges: new Map() }),
};

describe('quiesced-after-return', () => {
  it('holds for the new version after the return, and for whatever happens before it', () => {
    const world = new PatchWorld(setup).insn(1, 3).until('on_each_cpu').insn().handler().insn(1, 2).finish();
    expect(world.insn(1, 6).violated).toBeUndefined();
  });

  it("is violated by the patcher's INT3, but not in the first step that a CPU does after the return", () => {
    const world = new PatchWorld({ ...setup, algorithm: KEEPS_INT3 }).finish();
    // That step may have begun before the return.
    world.insn().handler().insn(1, 2);
    expect([world.machine.state(1).rip, world.violated]).toEqual([world.at('site'), undefined]);
    world.insn();
    expect(world.monitors.violation).toMatchObject({
      property: 'quiesced-after-return',
      cpu: 1,
      address: world.at('site'),
      message: "CPU 1 executed the patcher's INT3 at site after the patch had returned",
    });
  });

  it('asks each CPU for a step of its own', () => {
    const world = new PatchWorld({ ...setup, workers: ['worker', 'f'], algorithm: KEEPS_INT3 });
    world.machine.state(2).rsp -= 8n;
    world.machine.memory.write(world.machine.state(2).rsp, 8, world.at('worker'));
    world.finish().insn(2);
    // CPU 2 has done one, CPU 1 has not.
    expect(world.insn(1).violated).toBeUndefined();
    expect(world.insn(2).monitors.violation).toMatchObject({ cpu: 2 });
  });

  it('takes any step for it: an accepted interrupt too', () => {
    const world = new PatchWorld({
      ...setup,
      algorithm: KEEPS_INT3,
      idt: { 64: 'irq' },
      asm: `${setup.asm}; irq: iretq`,
    });
    world.finish().machine.setPending(1, 0x40);
    world.apply({ kind: 'accept', cpu: 1, vector: 0x40 }).insn();
    expect(world.violated).toBeUndefined();
    expect(world.insn().violated).toBe('quiesced-after-return');
  });

  it('is over when the next patch of the site begins', () => {
    const patches = [
      { site: 'site', new: 'call.rel32 g' },
      { site: 'site', new: 'call.rel32 f' },
    ];
    const world = new PatchWorld({ ...setup, patches, algorithm: KEEPS_INT3 }).until('patch returns').proc();
    expect(world.next()).toContain('patch begins');
    world.insn().handler().insn(1, 2).proc();
    expect(world.insn().violated).toBeUndefined();
  });

  it('allows INT3 where the new version is one', () => {
    const asm = 'worker: site: nop; jmp worker';
    const world = new PatchWorld({ ...setup, asm, patches: [{ site: 'site', new: 'int3' }] }).finish();
    expect(world.insn(1, 1).violated).toBeUndefined();
    const again = new PatchWorld({ ...setup, asm, patches: [{ site: 'site', new: 'int3' }], workers: ['worker'] });
    // The first step is exempt anyway; this is the second one.
    again.finish().machine.state(1).rip = again.at('site') + 1n;
    expect(again.insn(1, 2).violated).toBeUndefined();
  });

  it('is violated by the old version where the patch returned without having written the new one', () => {
    const world = new PatchWorld({ ...setup, algorithm: NOTHING }).finish().insn(1, 3);
    expect(world.violated).toBeUndefined();
    expect(world.insn().violated).toBe('quiesced-after-return');
  });

  it('is violated where the tail of the old version was forgotten, as far as its bytes differ', () => {
    const forgotten = variant({ tails: false });
    const world = new PatchWorld({ ...setup, algorithm: forgotten }).finish().insn(1, 3).insn();
    expect(world.violated).toBe('quiesced-after-return');
    // jmp.rel32 and call.rel32 to the same place differ in their first byte only.
    const same = { asm: 'worker: site: jmp.rel32 f; f: jmp worker', patches: [{ site: 'site', new: 'call.rel32 f' }] };
    const whole = new PatchWorld({ ...setup, ...same, algorithm: forgotten }).finish().insn(1, 3).insn();
    expect(whole.violated).toBeUndefined();
  });

  it('goes by versions, not by values: a byte of a retired version counts although it is the same', () => {
    const world = new PatchWorld(setup).finish().insn(1, 3);
    const { address, bytes } = world.patches[0] ?? { address: 0n, bytes: new Uint8Array() };
    const times = world.machine.memory.textTimes(address, 5);
    const executed = (changed: readonly number[]): InstructionEvent => ({
      kind: 'instruction',
      cpu: 1,
      rip: address,
      bytes,
      times: changed,
      exception: undefined,
    });
    world.monitors.observe(executed(times), world.machine);
    expect(world.violated).toBeUndefined();
    world.monitors.observe(executed(times.with(0, 0)), world.machine);
    expect(world.monitors.violation?.message).toContain('byte 0 of a retired version');
  });

  it('does not count the bytes after a RET', () => {
    const asm = 'worker: call body; jmp worker; body: site: jmp.rel32 end; end: ret';
    const patches = [{ site: 'site', new: '.byte 0xc3, 0xcc, 0xcc, 0xcc, 0xcc' }];
    const world = new PatchWorld({ ...setup, asm, patches }).finish().insn(1, 9);
    expect([world.text('site', 1), world.violated]).toEqual(['c3', undefined]);
  });
});

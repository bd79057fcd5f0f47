import { describe, expect, it } from 'vitest';
import { CALL_CLOBBERS, PatchWorld } from '../patcher/patch-world.js';

// What a patcher does not promise must not be reported: kernel developers would rightly call it noise.
describe('not a violation', () => {
  it('is a batch whose sites change at different moments for a CPU: the new one first, then an old one', () => {
    const world = new PatchWorld({
      asm: 'worker: a: call.rel32 f; b: call.rel32 f; jmp worker; f: ret; g: ret',
      sites: { a: { clobbers: CALL_CLOBBERS }, b: { clobbers: CALL_CLOBBERS } },
      patches: [
        { site: 'a', new: 'call.rel32 g' },
        { site: 'b', new: 'call.rel32 g' },
      ],
      batches: [2],
      workers: ['worker'],
    });
    // INT3 is at `a` already, at `b` not yet.
    world.until('text_poke_array.vec[i].old', 2);
    expect([world.text('a', 1), world.text('b', 1)]).toEqual(['cc', 'e8']);
    world.insn().handler();
    expect(world.machine.state(1).rip).toBe(world.at('g'));
    world.insn(1, 2);
    expect(world.machine.state(1).rip).toBe(world.at('f'));
    expect(world.insn(1, 2).finish().insn(1, 5).violated).toBeUndefined();
  });

  it('is a CPU that has the new effect while another one still has the old: the first sync has not returned', () => {
    const world = new PatchWorld({
      asm: 'worker: site: call.rel32 f; jmp worker; f: ret; g: ret',
      sites: { site: { clobbers: CALL_CLOBBERS } },
      patches: [{ site: 'site', new: 'call.rel32 g' }],
      workers: ['worker', 'worker'],
    });
    // CPU 2 is on its way to the old function when the INT3 is written, which CPU 1 then executes.
    world.insn(2).until('on_each_cpu').insn(1).handler(1).insn(1, 2).insn(2, 2);
    expect(world.machine.state(1).rip).toBe(world.at('site'));
    world.insn(2).handler(2).finish().insn(1, 6).insn(2, 6);
    expect(world.violated).toBeUndefined();
  });
});

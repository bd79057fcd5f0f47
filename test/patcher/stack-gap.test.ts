import { describe, expect, it } from 'vitest';
import { excInt3, int3Handler } from '../../src/patcher/int3-handler.js';
import { CALL_CLOBBERS, PatchWorld, stackBase, stackTop } from './patch-world.js';
import { gaplessEntry, type Variation, variant } from './variants.js';

/** A worker with a given RSP has just executed the INT3 of a patch to CALL. */
function trapped(rsp: bigint, entry: Variation['entry'] = excInt3): PatchWorld {
  const world = new PatchWorld({
    asm: 'worker: nop; site: .nops 5; jmp worker; f: ret',
    sites: { site: { clobbers: CALL_CLOBBERS } },
    patches: [{ site: 'site', new: 'call.rel32 f' }],
    workers: ['site'],
    algorithm: variant({ handler: int3Handler, entry }),
  }).until('on_each_cpu');
  world.machine.state(1).rsp = rsp;
  return world.insn();
}

const word = (world: PatchWorld, at: bigint): bigint => world.machine.memory.read(at, 8);

describe('the stack gap of exc_int3', () => {
  it('is six words between the copied frame and the one that the CPU pushed', () => {
    for (const misaligned of [0n, 8n]) {
      const rsp = stackTop(1) - 0x40n - misaligned;
      const world = trapped(rsp);
      const frame = world.machine.state(1).rsp;
      expect(frame).toBe((rsp & ~15n) - 40n);
      const words = Array.from({ length: 5 }, (_, i) => word(world, frame + 8n * BigInt(i)));
      world.proc(1);
      const copy = world.machine.state(1).rsp;
      expect(copy).toBe(frame - 8n - 48n);
      expect(word(world, copy)).toBe(0xffffffffffffffffn);
      expect(Array.from({ length: 5 }, (_, i) => word(world, copy + 8n + 8n * BigInt(i)))).toEqual(words);
      expect(words).toEqual([world.at('site') + 1n, 0x10n, expect.anything(), rsp, 0x18n]);
    }
  });

  it('takes the push of an emulated CALL wherever RSP was, and the frame stays whole', () => {
    for (let misaligned = 0n; misaligned < 16n; misaligned++) {
      const rsp = stackTop(1) - 0x40n - misaligned;
      const world = trapped(rsp).handler();
      const { rip, rsp: now } = world.machine.state(1);
      expect([misaligned, rip, now, world.violated]).toEqual([misaligned, world.at('f'), rsp - 8n, undefined]);
      expect(word(world, now)).toBe(world.at('site') + 5n);
      world.insn().insn();
      expect(world.machine.state(1).rip).toBe(world.at('worker'));
    }
  });

  it('has to be there where RSP is 16-byte aligned: without it the push damages SS and the IRETQ is #GP', () => {
    const world = trapped(stackTop(1) - 0x40n, gaplessEntry).handler();
    expect(world.machine.stopped).toMatchObject({ cpu: 1, kind: 'unhandled-exception', reason: 'unhandled #GP' });
    expect(world.violated).toBe('int3-handled');
    expect(world.events.findLast(({ kind }) => kind === 'trap')).toMatchObject({ vector: 13 });
  });

  it('is not missed where RSP is 8 past an alignment: the padding takes the push', () => {
    const world = trapped(stackTop(1) - 0x48n, gaplessEntry).handler();
    expect([world.machine.stopped, world.violated, world.machine.state(1).rip]).toEqual([
      undefined,
      undefined,
      world.at('f'),
    ]);
  });

  it('may find no stack below it, which is the end of the CPU and says so', () => {
    const world = trapped(stackBase(1) + 0x40n).handler();
    expect(world.machine.stopped).toMatchObject({ cpu: 1, kind: 'unhandled-exception' });
    expect(world.machine.stopped?.reason).toContain('#PF');
    expect(world.violated).toBe('int3-handled');
  });
});

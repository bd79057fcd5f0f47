import { describe, expect, it } from 'vitest';
import { NAIVE_MEMCPY } from '../../src/patcher/naive-memcpy.js';
import { CALL_CLOBBERS, type PatchSetup, PatchWorld } from '../patcher/patch-world.js';

const setup = (more: Partial<PatchSetup>): PatchSetup => ({
  asm: 'worker: site: call.rel32 f; jmp worker; f: ret; .skip 0x1234; g: ret',
  sites: { site: { clobbers: CALL_CLOBBERS } },
  patches: [{ site: 'site', new: 'call.rel32 g' }],
  workers: ['worker'],
  algorithm: NAIVE_MEMCPY,
  properties: ['no-torn-instruction'],
  ...more,
});

describe('no-torn-instruction', () => {
  it('is violated by an instruction of old and new bytes, which is named with the versions there are', () => {
    // Only the first two displacement bytes differ: 03 00 -> 37 12.
    const world = new PatchWorld(setup({})).until('memcpy').proc(0, 2).insn();
    expect(world.monitors.violation).toMatchObject({
      property: 'no-torn-instruction',
      cpu: 1,
      step: world.machine.steps,
      address: world.at('site'),
      bytes: Uint8Array.of(0xe8, 0x37, 0, 0, 0),
      message:
        'CPU 1 executed "e8 37 00 00 00" at site: nobody wrote that instruction (whole versions are "e8 02 00 00 00", "e8 37 12 00 00")',
    });
    expect(world.monitors.violation?.events.at(-1)).toMatchObject({ kind: 'instruction', cpu: 1 });
  });

  it('holds for the old and the new version, whole', () => {
    const world = new PatchWorld(setup({})).until('memcpy').insn(1, 3).proc(0, 5).insn(1, 3);
    expect(world.violated).toBeUndefined();
  });

  it('goes by bytes: a store that makes no difference leaves the instruction whole', () => {
    const asm = 'worker: site: call.rel32 f; jmp worker; f: ret; g: ret';
    const world = new PatchWorld(setup({ asm })).until('memcpy').proc().insn(1, 3).proc().insn(1, 3);
    expect(world.violated).toBeUndefined();
  });

  it('does not mind a whole version that was replaced long ago', () => {
    const world = new PatchWorld(setup({})).finish();
    world.machine.memory.storeBytes(world.at('site'), Uint8Array.of(0xe8, 2, 0, 0, 0));
    expect(world.insn().violated).toBeUndefined();
  });

  it('is violated by a jump into the middle of a site, patched or not', () => {
    const asm = 'worker: jmp.rel8 site + 3; site: .nops 5; end: hlt';
    const world = new PatchWorld(setup({ asm, patches: [{ site: 'site', new: 'jmp.rel32 end' }] }));
    world.insn();
    expect(world.violated).toBeUndefined();
    // 00 00: add %al, (%rax)
    world.insn();
    expect(world.monitors.violation).toMatchObject({
      property: 'no-torn-instruction',
      address: world.at('site') + 3n,
      bytes: Uint8Array.of(0, 0),
    });
    expect(world.monitors.violation?.message).toContain('which overlaps site');
  });

  it('is violated by an instruction that begins before a site and runs into it', () => {
    const asm = 'worker: .byte 0x66; site: .nops 5; end: jmp worker';
    const world = new PatchWorld(setup({ asm, patches: [{ site: 'site', new: 'jmp.rel32 end' }] }));
    expect(world.insn().monitors.violation).toMatchObject({
      address: world.at('worker'),
      property: 'no-torn-instruction',
    });
  });

  it('is not concerned with instructions that end where a site begins, or begin where it ends', () => {
    const asm = 'worker: nop; site: .nops 5; nop; jmp worker; end: hlt';
    const world = new PatchWorld(setup({ asm, patches: [{ site: 'site', new: 'jmp.rel32 end' }] })).until('memcpy');
    expect(world.insn(1, 8).violated).toBeUndefined();
  });

  it('does not count the bytes after a RET', () => {
    const world = new PatchWorld(
      setup({
        asm: 'worker: call body; jmp worker; body: site: jmp.rel32 end; end: ret',
        patches: [{ site: 'site', new: '.byte 0xc3, 0xcc, 0xcc, 0xcc, 0xcc' }],
      }),
    );
    world.until('memcpy').insn().proc();
    expect(world.text('site', 5)).toBe('c300000000');
    expect(world.insn(1, 2).violated).toBeUndefined();
    // The other way round they do: E9 with INT3 for a displacement is nobody's.
    world.until('patch returns');
    expect([world.text('site', 5), world.violated]).toEqual(['c3cccccccc', undefined]);
    world.machine.memory.storeBytes(world.at('site'), Uint8Array.of(0xe9));
    expect(world.insn(1, 2).violated).toBe('no-torn-instruction');
  });

  it('allows INT3 at the start at any time, and nowhere else', () => {
    const world = new PatchWorld(setup({}));
    world.machine.memory.storeBytes(world.at('site'), Uint8Array.of(0xcc));
    expect(world.insn().violated).toBeUndefined();
    const middle = new PatchWorld(setup({ asm: 'worker: jmp.rel8 site + 1; site: call.rel32 g; g: hlt' }));
    middle.machine.memory.storeBytes(middle.at('site') + 1n, Uint8Array.of(0xcc));
    expect(middle.insn(1, 2).violated).toBe('no-torn-instruction');
  });

  it('allows the boundary inside an old version of two instructions until the new one is there', () => {
    // 66 66 90 | 66 90, the five-byte NOP that AMD K8 had: a CPU may be between them when it is patched.
    const old = setup({
      asm: 'worker: site: .byte 0x66, 0x66, 0x90, 0x66, 0x90; jmp worker; f: ret',
      sites: { site: { length: 5 } },
      patches: [{ site: 'site', new: 'call.rel32 f' }],
      order: 'ascending',
    });
    expect(new PatchWorld(old).insn(1, 3).violated).toBeUndefined();
    const world = new PatchWorld(old).insn().finish();
    expect(world.violated).toBeUndefined();
    world.insn();
    expect(world.monitors.violation).toMatchObject({ property: 'no-torn-instruction', address: world.at('site') + 3n });
  });

  it('is violated by such a CPU even under text_poke_bp: an interrupt returns to the middle of the site', () => {
    const world = new PatchWorld({
      asm: 'worker: site: .byte 0x66, 0x66, 0x90, 0x66, 0x90; jmp worker; f: ret',
      sites: { site: { length: 5 } },
      patches: [{ site: 'site', new: 'call.rel32 f' }],
      workers: ['worker'],
    });
    world.insn().finish();
    expect([world.machine.state(1).rip, world.violated]).toEqual([world.at('site') + 3n, undefined]);
    expect(world.insn().violated).toBe('no-torn-instruction');
  });
});

import { describe, expect, it } from 'vitest';
import { RFLAGS } from '../../src/cpu/flags.js';
import type { Algorithm } from '../../src/patcher/algorithm.js';
import { CALL_CLOBBERS, type PatchSetup, PatchWorld } from '../patcher/patch-world.js';
import { handlerThat, variant } from '../patcher/variants.js';

const setup: PatchSetup = {
  asm: 'worker: nop; site: call.rel32 f; jmp worker; f: ret; g: ret; foreign: int3; irq: iretq',
  sites: { site: { clobbers: CALL_CLOBBERS } },
  patches: [{ site: 'site', new: 'call.rel32 g' }],
  workers: ['site'],
};

describe('int3-handled', () => {
  it('holds when the handler consumes the #BP', () => {
    const world = new PatchWorld(setup).until('on_each_cpu').insn().handler();
    expect([world.machine.state(1).rip, world.violated]).toEqual([world.at('g'), undefined]);
  });

  it('is violated when the IDT has no entry for #BP', () => {
    const without: Algorithm = {
      name: 'no handler',
      title: '',
      install: (environment) => ({ ...variant().install(environment), idt: new Map() }),
    };
    const world = new PatchWorld({ ...setup, algorithm: without }).until('on_each_cpu').insn();
    expect(world.monitors.violation).toMatchObject({
      property: 'int3-handled',
      cpu: 1,
      address: world.at('site'),
      message: `CPU 1 executed the patcher's INT3 at site (0x${world.at('site').toString(16)}) and nobody handled the #BP: unhandled #BP`,
    });
  });

  it('is violated when the entry is gone before the handler looks', () => {
    const world = new PatchWorld({ ...setup, algorithm: variant({ sync3: false }) });
    // The first byte is the sixth that is stored: INT3, four of the tail, this one.
    world.until('text_poke_memcpy', 6).insn();
    world.finish();
    expect(world.handler().violated).toBe('int3-handled');
  });

  it('is not judged where traps nest deeper than the machine can have them', () => {
    // The handler of #BP itself executes somebody else's INT3.
    const world = new PatchWorld({ ...setup, idt: { 3: 'foreign' } }).until('on_each_cpu').insn();
    while (world.machine.stopped === undefined) world.insn();
    expect([world.machine.stopped.kind, world.violated]).toEqual(['unsupported', undefined]);
  });

  it('is not concerned with an INT3 that is nobody of the patcher', () => {
    const world = new PatchWorld({ ...setup, workers: ['foreign'] }).until('on_each_cpu').insn().handler();
    expect([world.machine.stopped?.kind, world.violated]).toEqual(['died', 'no-unhandled-exception']);
  });

  it('is not concerned with an INT3 that is the version of the site in force', () => {
    const asm = 'worker: site: int3; jmp worker';
    const world = new PatchWorld({ ...setup, asm, patches: [{ site: 'site', new: 'ret' }] }).insn().handler();
    expect(world.violated).toBe('no-unhandled-exception');
  });

  it('is over with the IRET of the handler, not with one that only serialises inside of it', () => {
    const asm = `
      worker: site: call.rel32 f
      f:      ret
      bp:     lea   (%rsp), %rcx
              push  $0x18
              push  %rcx
              pushfq
              push  $0x10
              lea   back(%rip), %rcx
              push  %rcx
              iretq
      back:   ud2
      g:      ret`;
    const world = new PatchWorld({ ...setup, asm, idt: { 3: 'bp' } }).until('on_each_cpu').insn(1, 9);
    expect(world.machine.state(1).rip).toBe(world.at('back'));
    expect(world.insn().violated).toBe('int3-handled');
  });

  it('is not violated by a CPU that dies of something else after the handler', () => {
    const asm = 'worker: site: call.rel32 f; f: ret; g: ud2';
    const world = new PatchWorld({ ...setup, asm }).until('on_each_cpu').insn().handler().insn();
    expect(world.violated).toBe('no-unhandled-exception');
  });

  it('holds when the handler goes back to the site until the INT3 is gone', () => {
    const retry = handlerThat((c, regs, array) => c.store(regs, array.address(c, 0n)));
    const world = new PatchWorld({ ...setup, algorithm: variant({ handler: retry }) }).until('on_each_cpu');
    world.insn().handler().insn().handler();
    expect([world.machine.state(1).rip, world.violated]).toEqual([world.at('site'), undefined]);
    world.finish().insn();
    expect([world.machine.state(1).rip, world.violated]).toEqual([world.at('g'), undefined]);
    expect(world.machine.state(1).rflags & RFLAGS.if).toBe(RFLAGS.if);
  });
});

describe('no-unhandled-exception', () => {
  const only = { ...setup, properties: ['no-unhandled-exception'] };

  it('is violated when a CPU stops at an exception, at whatever RIP', () => {
    const asm = 'worker: site: call.rel32 f; f: mov 0x10, %rax; g: ret';
    const world = new PatchWorld({ ...only, asm }).insn().insn();
    expect(world.monitors.violation).toMatchObject({
      property: 'no-unhandled-exception',
      cpu: 1,
      address: world.at('f'),
      message: `CPU 1 stopped at 0x${world.at('f').toString(16)}: unhandled #PF`,
    });
  });

  it('is violated when the kernel dies', () => {
    const world = new PatchWorld({ ...only, workers: ['foreign'] }).insn().handler();
    expect(world.monitors.violation?.message).toContain('int3 that nobody handled');
  });

  it('is not violated by an exception that has a handler', () => {
    const asm = 'worker: site: call.rel32 f; f: ud2; handler: addq $2, (%rsp); iretq; g: ret';
    const world = new PatchWorld({ ...only, asm, idt: { 6: 'handler' } }).insn(1, 4);
    expect([world.machine.context(1).depth, world.violated]).toEqual([1, undefined]);
  });

  it('is not violated by an instruction that the simulator does not know: that is no verdict at all', () => {
    const asm = 'worker: site: call.rel32 f; f: .byte 0xd9, 0xe8; g: ret';
    const world = new PatchWorld({ ...only, asm }).insn().insn();
    expect([world.machine.stopped?.kind, world.violated]).toEqual(['unsupported', undefined]);
  });
});

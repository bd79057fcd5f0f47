import { describe, expect, it } from 'vitest';
import { RFLAGS } from '../../src/cpu/flags.js';
import { procedure } from '../../src/machine/procedure.js';
import type { StepContext } from '../../src/machine/step-context.js';
import { int3Handler } from '../../src/patcher/int3-handler.js';
import { ptRegs } from '../../src/patcher/pt-regs.js';
import type { TextPokeArray } from '../../src/patcher/text-poke-array.js';
import { CALL_CLOBBERS, type PatchSetup, PatchWorld } from '../patcher/patch-world.js';
import { handlerThat, SKIPPING, type Variation, variant } from '../patcher/variants.js';

const STATUS_FLAGS = 0x8d5n;

const setup: PatchSetup = {
  asm: 'worker: site: call.rel32 f; jmp worker; f: ret; g: ret; h: ret',
  sites: { site: { clobbers: CALL_CLOBBERS, flagClobbers: STATUS_FLAGS } },
  patches: [{ site: 'site', new: 'call.rel32 g' }],
  workers: ['worker'],
  properties: ['site-effect'],
};

/** The right handler, and then something that it has no business with. */
const meddling = (does: (c: StepContext, regs: bigint) => void): Variation => ({
  handler: (array: TextPokeArray) =>
    procedure('meddling handler', (p) => {
      const regs = p.local();
      const handled = p.local();
      p.call(int3Handler(array), (c) => [c.get(regs)], handled);
      p.step('meddle', (c) => does(c, c.get(regs)));
      p.return((c) => c.get(handled));
    }),
});

const setFlag = (flag: bigint) => (c: StepContext, regs: bigint) => c.store(regs + 16n, ptRegs.flags(c, regs) ^ flag);

/** The worker executes the INT3 and its handler; what was violated then. */
function afterHandler(variation: Variation, more: Partial<PatchSetup> = {}): string | undefined {
  const world = new PatchWorld({ ...setup, ...more, algorithm: variant(variation) }).until('on_each_cpu');
  return world.insn().handler().violated;
}

describe('site-effect', () => {
  it('holds for the old version, the emulation and the new version', () => {
    const world = new PatchWorld(setup).insn(1, 3).until('on_each_cpu').insn().handler().insn(1, 2);
    world.until('unuse_temporary_mm', 2).insn().handler().insn(1, 2).finish().insn(1, 3);
    expect([world.machine.state(1).rip, world.violated]).toEqual([world.at('site'), undefined]);
  });

  it('is violated by a handler that skips the call, in words that say what differs', () => {
    const world = new PatchWorld({ ...setup, algorithm: variant({ handler: SKIPPING }) }).until('on_each_cpu');
    world.insn().handler();
    const { message = '', address } = world.monitors.violation ?? {};
    const [site, f, g] = ['site', 'f', 'g'].map((label) => `0x${world.at(label).toString(16)}`);
    const after = `0x${(world.at('site') + 5n).toString(16)}`;
    expect([address, `0x${address?.toString(16)}`]).toEqual([world.at('site'), site]);
    expect(message).toBe(
      `CPU 1 went through site with neither the effect of "e8 02 00 00 00" (RIP would be ${f}, is ${after}) nor of "e8 03 00 00 00" (RIP would be ${g}, is ${after})`,
    );
  });

  it('holds for registers and flags that the site clobbers, and for nothing else', () => {
    const cases: readonly (readonly [string, Variation, whenClobbered: boolean, otherwise: boolean])[] = [
      ['RAX', meddling((c) => c.state.setGpr('rax', 1n)), true, false],
      ['R11', meddling((c) => c.state.setGpr('r11', 1n)), true, false],
      ['RBX', meddling((c) => c.state.setGpr('rbx', 1n)), false, false],
      ['RBP', meddling((c) => c.state.setGpr('rbp', 1n)), false, false],
      ['XMM7', meddling((c) => c.state.setXmm(7, 1n << 64n)), false, false],
      ['ZF', meddling(setFlag(RFLAGS.zf)), true, false],
      ['CF', meddling(setFlag(RFLAGS.cf)), true, false],
      ['IF', meddling(setFlag(RFLAGS.if)), false, false],
      ['DF', meddling(setFlag(RFLAGS.df)), false, false],
      ['RIP', meddling((c, regs) => ptRegs.setIp(c, regs, ptRegs.ip(c, regs) + 1n)), false, false],
      ['RSP', meddling((c, regs) => ptRegs.setSp(c, regs, ptRegs.sp(c, regs) + 8n)), false, false],
      ['the return address', meddling((c, regs) => c.store(ptRegs.sp(c, regs), 1n)), false, false],
      ['what is below RSP', meddling((c, regs) => c.store(ptRegs.sp(c, regs) - 8n, 1n)), true, true],
    ];
    for (const [what, variation, whenClobbered, otherwise] of cases) {
      const holds = (sites: PatchSetup['sites']): boolean => afterHandler(variation, { sites }) === undefined;
      expect([what, holds(setup.sites), holds({ site: {} })]).toEqual([what, whenClobbered, otherwise]);
    }
  });

  it('is violated by an emulation with a wrong return address', () => {
    const handler = handlerThat((c, regs, array) => {
      ptRegs.setSp(c, regs, ptRegs.sp(c, regs) - 8n);
      c.store(ptRegs.sp(c, regs), array.address(c, 0n) + 1n);
      ptRegs.setIp(c, regs, c.symbol('g'));
    });
    expect(afterHandler({ handler })).toBe('site-effect');
  });

  it('is violated by the effect of a version that is neither old nor new', () => {
    const handler = handlerThat((c, regs, array) => {
      ptRegs.setSp(c, regs, ptRegs.sp(c, regs) - 8n);
      c.store(ptRegs.sp(c, regs), array.address(c, 0n) + 5n);
      ptRegs.setIp(c, regs, c.symbol('h'));
    });
    expect(afterHandler({ handler })).toBe('site-effect');
  });

  it('allows the effect that a patch declares to be emulated, and not the one of the written bytes alone', () => {
    const patches = [{ site: 'site', new: 'cs cs cs xor %eax, %eax', emulate: 'call.rel32 g' }];
    expect(afterHandler({ handler: int3Handler }, { patches })).toBeUndefined();
    // RAX does not become 0: fine where it is clobbered, wrong where it is the result (the kernel's RET0).
    expect(afterHandler({ handler: SKIPPING }, { patches })).toBeUndefined();
    const sites = { site: { clobbers: [], flagClobbers: STATUS_FLAGS } };
    const asm = 'worker: mov $7, %eax; site: call.rel32 f; jmp worker; f: ret; g: ret';
    const world = new PatchWorld({ ...setup, asm, sites, patches, algorithm: variant({ handler: SKIPPING }) });
    expect(world.insn().until('on_each_cpu').insn().handler().violated).toBe('site-effect');
  });

  it('follows a conditional jump both ways', () => {
    const jcc = {
      asm: 'worker: cmp %eax, %ebx; site: je.rel32 f; jmp worker; f: jmp worker; g: jmp worker',
      patches: [{ site: 'site', new: 'je.rel32 g' }],
      sites: { site: {} },
    };
    for (const rbx of [0n, 1n]) {
      const world = new PatchWorld({ ...setup, ...jcc }).until('on_each_cpu');
      world.machine.state(1).setGpr('rbx', rbx);
      world.insn(1, 2).handler();
      expect([world.machine.state(1).rip, world.violated]).toEqual([
        rbx === 0n ? world.at('g') : world.at('site') + 6n,
        undefined,
      ]);
      const inverted = new PatchWorld({
        ...setup,
        ...jcc,
        algorithm: variant(
          meddling((c, regs) => {
            const next = c.symbol('site') + 6n;
            ptRegs.setIp(c, regs, ptRegs.ip(c, regs) === next ? c.symbol('g') : next);
          }),
        ),
      });
      inverted.machine.state(1).setGpr('rbx', rbx);
      expect(inverted.until('on_each_cpu').insn(1, 2).handler().violated).toBe('site-effect');
    }
  });

  it('is violated by the old effect once the new version is in force', () => {
    // INT3 stays after the return, and its handler still does what the site did before.
    const handler = handlerThat((c, regs, array) => {
      ptRegs.setSp(c, regs, ptRegs.sp(c, regs) - 8n);
      c.store(ptRegs.sp(c, regs), array.address(c, 0n) + 5n);
      ptRegs.setIp(c, regs, c.symbol('f'));
    });
    const algorithm = variant({ handler, firstBytes: false, refs: 'keep' });
    const world = new PatchWorld({ ...setup, algorithm }).until('on_each_cpu').insn().handler().insn(1, 2);
    expect(world.violated).toBeUndefined();
    // What the CPU does next after the return may have begun before it.
    expect(world.finish().insn().handler().insn(1, 2).violated).toBeUndefined();
    expect(world.insn().handler().violated).toBe('site-effect');
  });

  it('allows the effect of any patch that was open while the CPU was on its way through', () => {
    // The handler sends the CPU back to the site, and meanwhile two more patches of it begin.
    const retry = handlerThat((c, regs, array) => ptRegs.setIp(c, regs, array.address(c, 0n)));
    const world = new PatchWorld({
      ...setup,
      patches: [
        { site: 'site', new: 'call.rel32 g' },
        { site: 'site', new: 'call.rel32 h' },
      ],
      algorithm: variant({ handler: retry }),
    });
    world.until('on_each_cpu').insn().handler().finish().insn();
    expect([world.machine.state(1).rip, world.violated]).toEqual([world.at('h'), undefined]);
  });

  /** A division by 0 that becomes a NOP; the patched kernel's handler of #DE goes on somewhere. */
  const division: Partial<PatchSetup> = {
    asm: 'worker: xor %ecx, %ecx; site: div %ecx; after: jmp worker; far: jmp worker; nop; de: inc %rbx; addq $4, (%rsp); iretq',
    sites: { site: {} },
    patches: [{ site: 'site', new: '.nops 2' }],
    idt: { 0: 'de' },
  };

  it('does not judge a pass whose instruction raised an exception: the rest is what the handler of that did', () => {
    const world = new PatchWorld({ ...setup, ...division }).insn(1, 5);
    expect([world.machine.state(1).rip, world.violated]).toEqual([world.at('far'), undefined]);
    expect(world.until('on_each_cpu').insn(1, 3).handler().finish().insn(1, 3).violated).toBeUndefined();
  });

  it('takes no version for an excuse that would have raised an exception but was not executed', () => {
    const message = (variation: Variation): string | undefined => {
      const world = new PatchWorld({ ...setup, ...division, algorithm: variant(variation) }).until('on_each_cpu');
      return world.insn(1, 2).handler().monitors.violation?.message;
    };
    expect(message({})).toBeUndefined();
    const wrong = message(meddling((c) => c.state.setGpr('rbx', 5n)));
    expect(wrong).toContain('neither the effect of "f7 f1" (it would raise an exception) nor of "66 90" (RBX would be');
  });

  it('goes on through an interrupt in the middle of a site of two instructions', () => {
    const world = new PatchWorld({
      ...setup,
      asm: 'worker: site: .byte 0x66, 0x66, 0x90, 0x66, 0x90; jmp worker; irq: push %rax; pop %rax; iretq',
      sites: { site: { length: 5 } },
      patches: [{ site: 'site', new: '.nops 5' }],
      idt: { 64: 'irq' },
    });
    world.insn().machine.setPending(1, 0x40);
    world.apply({ kind: 'accept', cpu: 1, vector: 0x40 }).insn(1, 3);
    expect(world.machine.state(1).rip).toBe(world.at('site') + 3n);
    expect(world.insn(1, 2).violated).toBeUndefined();
  });

  it('tells the pass of a nested handler from the one that it interrupted', () => {
    const nested: PatchSetup = {
      ...setup,
      asm: `
        worker: site: .byte 0x66, 0x66, 0x90, 0x66, 0x90
                jmp worker
        irq:    call site2
                iretq
        site2:  jmp site`,
      sites: { site: { length: 5 } },
      patches: [{ site: 'site', new: '.nops 5' }],
      idt: { 64: 'irq' },
    };
    const world = new PatchWorld(nested).insn();
    world.machine.setPending(1, 0x40);
    world.apply({ kind: 'accept', cpu: 1, vector: 0x40 }).insn(1, 4);
    // The handler is through the site too, and in the loop of the worker; the task is still in the middle.
    expect([world.machine.state(1).rip, world.machine.context(1).depth]).toEqual([world.at('site') + 5n, 2]);
    expect(world.violated).toBeUndefined();
  });

  it('does not take an instruction that changes its own operand for a wrong one', () => {
    // What the instruction should do is known from the state before it, not from the memory after it.
    const world = new PatchWorld({
      ...setup,
      asm: 'worker: push $5; site: addb $1, 8(%rsp); jmp worker; g: ret',
      sites: { site: {} },
      patches: [{ site: 'site', new: 'addb $1, 4(%rsp)', emulate: 'jmp.rel32 g' }],
      algorithm: variant({ handler: handlerThat((c, regs, array) => ptRegs.setIp(c, regs, array.address(c, 0n))) }),
    });
    world.machine.state(1).rsp -= 0x20n;
    expect(world.insn(1, 3).violated).toBeUndefined();
    // Through the INT3 and back to the site: the same.
    world.until('on_each_cpu').insn(1, 2).handler().finish().insn();
    expect([world.machine.state(1).rip, world.violated]).toEqual([world.at('site') + 5n, undefined]);
  });

  it('knows the effect of an instruction that also serialises', () => {
    const world = (handler: Variation['handler']): PatchWorld =>
      new PatchWorld({
        ...setup,
        asm: 'worker: site: cpuid; jmp worker; g: jmp worker; h: jmp worker',
        patches: [{ site: 'site', new: 'jmp.rel8 g' }],
        algorithm: variant(handler === undefined ? {} : { handler }),
      });
    expect(world(undefined).insn().until('on_each_cpu').insn().insn().handler().violated).toBeUndefined();
    const wrong = handlerThat((c, regs) => ptRegs.setIp(c, regs, c.symbol('h')));
    expect(world(wrong).until('on_each_cpu').insn().handler().violated).toBe('site-effect');
  });

  it('knows the effect of versions that set and clear the interrupt flag', () => {
    const masks: PatchSetup = {
      ...setup,
      asm: 'worker: site: .byte 0xfb, 0x90; jmp worker; g: jmp worker',
      sites: { site: { length: 2 } },
      patches: [{ site: 'site', new: '.byte 0xfa, 0x90', emulate: 'jmp.rel8 g' }],
      if: 0,
    };
    expect(new PatchWorld({ ...masks, workers: ['worker'] }).insn(1, 2).violated).toBeUndefined();
    const ends = (IF: boolean): string | undefined => {
      const handler = handlerThat((c, regs, array) => {
        ptRegs.setIp(c, regs, array.address(c, 0n) + 2n);
        c.store(regs + 16n, RFLAGS.fixed | (IF ? RFLAGS.if : 0n));
      });
      const world = new PatchWorld({ ...masks, algorithm: variant({ handler }) }).until('on_each_cpu');
      return world.insn().handler().violated;
    };
    // sti; nop and cli; nop: both are one of the two.
    expect([ends(true), ends(false)]).toEqual([undefined, undefined]);
    const neither = handlerThat((c, regs) => ptRegs.setIp(c, regs, c.symbol('worker') + 3n));
    const world = new PatchWorld({ ...masks, algorithm: variant({ handler: neither }) }).until('on_each_cpu');
    expect(world.insn().handler().violated).toBe('site-effect');
  });

  it('looks at each CPU on its own', () => {
    const world = new PatchWorld({ ...setup, workers: ['worker', 'worker'] }).until('on_each_cpu').insn(1).insn(2);
    for (let i = 0; i < 4; i++) world.proc(1).proc(2);
    world.handler(2).handler(1);
    expect([world.machine.state(1).rip, world.machine.state(2).rip, world.violated]).toEqual([
      world.at('g'),
      world.at('g'),
      undefined,
    ]);
  });
});

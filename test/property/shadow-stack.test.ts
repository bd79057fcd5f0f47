import { describe, expect, it } from 'vitest';
import type { Algorithm } from '../../src/patcher/algorithm.js';
import { EMULATE_NO_FIXUP } from '../../src/patcher/algorithms/emulate-no-fixup.js';
import { straightLine } from '../../src/patcher/straight-line.js';
import { TEXT_POKE_BP } from '../../src/patcher/text-poke-bp.js';
import { buildScenario } from '../../src/scenario/build/build.js';
import { loadScenario } from '../../src/scenario/load.js';
import { CALL_CLOBBERS, type PatchSetup, PatchWorld } from '../patcher/patch-world.js';
import { errorOf } from '../scenario/input-error.js';

const onShadowStack = (algorithm: Algorithm): Algorithm => ({
  ...algorithm,
  install: (environment) => algorithm.install({ ...environment, shadowStack: true }),
});

/** A worker that executes some code; there is a site that it need not go through. */
const world = (asm: string, more: Partial<PatchSetup> = {}): PatchWorld =>
  new PatchWorld({
    asm: `${asm}; site: nop; end: hlt`,
    sites: { site: {} },
    patches: [{ site: 'site', new: 'ret' }],
    workers: ['worker'],
    properties: ['shadow-stack'],
    algorithm: onShadowStack(TEXT_POKE_BP),
    ...more,
  });
/** The property that is violated by the first so many instructions of the worker. */
const violatedAfter = (asm: string, instructions: number): string | undefined =>
  world(asm).insn(1, instructions).violated;

describe('shadow-stack', () => {
  it('holds for returns to where the call was, of whatever form', () => {
    expect(violatedAfter('worker: call f; jmp worker; f: call g; ret; g: ret', 20)).toBeUndefined();
    expect(violatedAfter('worker: lea f(%rip), %rax; call *%rax; jmp worker; f: rep ret', 20)).toBeUndefined();
    expect(violatedAfter('worker: push $0; call f; jmp worker; f: ret $8', 20)).toBeUndefined();
    expect(violatedAfter('worker: call *there(%rip); jmp worker; f: ret; there: .quad f', 20)).toBeUndefined();
  });

  it('is violated by a return to elsewhere', () => {
    const one = world('worker: call f; here: jmp worker; f: lea g(%rip), %rax; mov %rax, (%rsp); back: ret; g: nop');
    expect(one.insn(1, 3).violated).toBeUndefined();
    one.insn(1);
    const [g, here] = [one.at('g'), one.at('here')].map((address) => `0x${address.toString(16)}`);
    expect(one.monitors.violation).toMatchObject({
      property: 'shadow-stack',
      cpu: 1,
      address: one.at('back'),
      bytes: Uint8Array.of(0xc3),
      message: `CPU 1 returned to ${g}, but its shadow stack has ${here}: #CP`,
    });
  });

  it('is violated by a return without a call, and by a push that stands for one', () => {
    expect(violatedAfter('worker: lea g(%rip), %rax; push %rax; ret; g: nop', 2)).toBeUndefined();
    expect(violatedAfter('worker: lea g(%rip), %rax; push %rax; ret; g: nop', 3)).toBe('shadow-stack');
  });

  it('knows that a call of the next instruction reads RIP and pushes nothing to it', () => {
    expect(violatedAfter('worker: call 1f; 1: pop %rax; call f; jmp worker; f: ret', 20)).toBeUndefined();
    expect(violatedAfter('worker: call 1f; 1: ret', 2)).toBe('shadow-stack');
  });

  it('does not take a return that faults for one', () => {
    const one = world('worker: call f; jmp worker; f: mov $1, %rax; shl $63, %rax; mov %rax, (%rsp); ret; fault: nop', {
      idt: { 13: 'fault' },
    });
    expect(one.insn(1, 6).violated).toBeUndefined();
    expect(one.events.find(({ kind }) => kind === 'trap')).toMatchObject({ vector: 13 });
  });

  it('has a stack of its own for each interrupt frame', () => {
    const asm = 'worker: call f; jmp worker; f: nop; nop; ret; good: call g; iretq; g: ret; bad: push $0; ret';
    const interrupted = (label: string): PatchWorld => {
      const one = world(asm, { idt: { 64: label } }).insn(1, 2);
      one.machine.setPending(1, 0x40);
      return one.apply({ kind: 'accept', cpu: 1, vector: 0x40 });
    };
    expect(interrupted('good').insn(1, 6).violated).toBeUndefined();
    expect(interrupted('bad').insn(1, 2).violated).toBe('shadow-stack');
  });

  it('goes with the task to another CPU', () => {
    const one = world('worker: call f; jmp worker; f: nop; ret', { workers: ['worker', undefined] });
    one.machine.idle(2);
    one.insn(1);
    one.machine.budgets.set('reschedule', 2);
    one.apply({ kind: 'switch', cpu: 1, task: undefined }).apply({ kind: 'switch', cpu: 2, task: 1 });
    expect(one.insn(2, 10).violated).toBeUndefined();
  });

  it('is undone by a snapshot', () => {
    const one = world('worker: call f; jmp worker; f: nop; ret');
    const snapshot = one.machine.save();
    one.insn(1, 2);
    one.machine.restore(snapshot);
    expect(one.insn(1, 10).violated).toBeUndefined();
  });

  it('hears of every instruction, and no other property does', () => {
    expect(world('worker: nop').monitors.instructions).toBe('all');
    expect(world('worker: nop', { properties: ['site-effect'] }).monitors.instructions).toBe('watched');
  });
});

describe('a shadow stack and an int3 handler that emulates', () => {
  const call: Partial<PatchSetup> = {
    asm: 'worker: site: call.rel32 f; jmp worker; f: ret; g: ret',
    sites: { site: { clobbers: CALL_CLOBBERS } },
    patches: [{ site: 'site', new: 'call.rel32 g' }],
  };
  /** The function returns one instruction earlier. */
  const ret: Partial<PatchSetup> = {
    asm: 'worker: call outer; jmp worker; outer: call f; ret; f: site: nop; ret',
    patches: [{ site: 'site', new: 'ret' }],
  };
  /** The worker goes to the INT3 with so many instructions, through the handler, and one further. */
  const emulated = (setup: Partial<PatchSetup>, algorithm: Algorithm, instructions: number): PatchWorld => {
    const one = world('', { ...setup, algorithm: onShadowStack(algorithm) }).until('on_each_cpu');
    return one.insn(1, instructions).handler().insn(1);
  };

  it('agree where it does the fix-up, for a call and for a return', () => {
    const steps = ['publish', 'write-int3', 'sync', 'write-tail', 'sync', 'write-first-byte', 'sync', 'retire'];
    for (const algorithm of [TEXT_POKE_BP, straightLine('mine', 'emulate', steps)]) {
      const called = emulated(call, algorithm, 1);
      expect(called.labels(1)).toContain('CET SHSTK fixup: push the return address to the shadow stack');
      expect(called.violated).toBeUndefined();
      const returned = emulated(ret, algorithm, 3);
      expect(returned.labels(1)).toContain('CET SHSTK fixup: pop the return address from the shadow stack');
      expect(returned.violated).toBeUndefined();
    }
  });

  it('differ without it: a return that was not called, and a call that has returned already', () => {
    expect(emulated(call, EMULATE_NO_FIXUP, 1).violated).toBe('shadow-stack');
    expect(emulated(ret, EMULATE_NO_FIXUP, 3).violated).toBe('shadow-stack');
  });

  it('are no matter where there is none', () => {
    const one = world('', { ...call, algorithm: TEXT_POKE_BP })
      .until('on_each_cpu')
      .insn()
      .handler();
    expect(one.labels(1).join()).not.toContain('SHSTK');
  });
});

describe('the key shadow-stack of a scenario', () => {
  const build = (lines: string) =>
    buildScenario(
      loadScenario(
        `scenario: x
text: [{base: 0xffffffff81000000, asm: "here: call f; jmp here; f: ret"}]
cpus: 1
tasks: {worker: {cpu: 0, entry: here}}
${lines}
`,
        'x.yaml',
      ),
    );

  it('brings the property, which does not exist without it', () => {
    expect(build('shadow-stack: on').monitors.instructions).toBe('all');
    expect(build('').monitors.instructions).toBe('watched');
    expect(errorOf(() => build('properties: {enable: [shadow-stack]}')).message).toBe(
      `property "shadow-stack" means nothing without 'shadow-stack: on'`,
    );
    expect(build('shadow-stack: on\nproperties: {disable: [shadow-stack]}').monitors.instructions).toBe('watched');
  });
});

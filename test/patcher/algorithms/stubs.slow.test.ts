import { describe, expect, it } from 'vitest';
import { disassemble } from '../../../src/encoder/disassemble.js';
import { CALL_INSN_OPCODE, textGenInsn } from '../../../src/encoder/instruction-templates.js';
import { InputError } from '../../../src/input-error.js';
import type { Patch } from '../../../src/machine/patch.js';
import { reachableCallOf } from '../../../src/patcher/stub/static-call.js';
import { reachable } from './reachable.js';
import { builtIn, steppedWorld } from './stepped-world.js';
import { CALL_F, CALL_G, NOP5, STUB, type WorldSetup, worldOf } from './world.js';

const STUBS = ['stub-plain', 'stub-sti', 'stub-sti-no-first-sync', 'stub-sti-forgot-if', 'stub-static', 'stub-r10-r11'];

function errorOf(setup: WorldSetup): string {
  try {
    worldOf(setup);
  } catch (error) {
    if (error instanceof InputError) return `${error.location?.line}: ${error.message} (${error.hint})`;
    throw error;
  }
  return 'no error';
}

/** What a world's stub consists of, once the patcher has come to its first text_poke. */
function stubAt(algorithm: string, size: number): string[] {
  const world = steppedWorld(builtIn(algorithm)).until('local_irq_save');
  const address = 0xffffffff81000080n;
  return disassemble(world.machine.memory.bytes(address, size), address).map(({ text }) => text);
}

const violated = (setup: WorldSetup): string[] => [...reachable(worldOf(setup)).violations.keys()].sort();

describe('the text of stubs', () => {
  it('is generated for the call: push imm32 and jmp rel32, with STI before the jmp', () => {
    expect(stubAt('stub-plain', 10)).toEqual(['push $0xffffffff81000045', 'jmp 0xffffffff81000048']);
    expect(stubAt('stub-sti', 27)).toEqual([
      'push $0xffffffff81000045',
      'jmp 0xffffffff81000048',
      ...Array.from({ length: 3 }, () => 'add %al,(%rax)'),
      'push $0xffffffff81000045',
      'sti',
      'jmp 0xffffffff81000048',
    ]);
  });

  it('is there from the start where it is static', () => {
    expect(stubAt('stub-static', 33)).toEqual([
      'pushq %gs:0x0',
      'sti',
      'jmpq *%gs:0x8',
      'pushq %gs:0x0',
      'jmpq *%gs:0x8',
    ]);
    expect(stubAt('stub-r10-r11', 5)).toEqual(['push %r10', 'jmp *%r11']);
    const { machine } = worldOf({ algorithm: 'stub-static' });
    expect(machine.memory.text.timeOf(machine.memory.offsetOf(STUB))).toBe(0);
  });

  it('needs room that the scenario reserves', () => {
    const lacking = errorOf({ algorithm: 'stub-sti', stub: 0 });
    expect(lacking).toContain('algorithm stub-sti needs 27 bytes of text for its stub, and the scenario reserves none');
    expect(lacking).toContain('(reserve them: "text: - {name: stub, base: 0xffffffff83000000, size: 27}")');
    expect(errorOf({ algorithm: 'stub-sti', stub: 26 })).toContain(
      '27 bytes of text for its stub, and stub has 26 only',
    );
    expect(errorOf({ algorithm: 'stub-static', stub: 32 })).toContain('needs 33 bytes');
    for (const algorithm of STUBS) {
      expect(errorOf({ algorithm, stub: 0 })).toMatch(/^[0-9]+: algorithm/);
      expect(errorOf({ algorithm, stub: 33 })).toBe('no error');
    }
    expect(errorOf({ algorithm: 'stub-plain', stub: 10 })).toBe('no error');
  });

  it('stands for calls, jumps and NOPs only', () => {
    for (const algorithm of STUBS) {
      const setup = { algorithm, from: 'jmp.rel32 f', to: ['.byte 0xc3, 0xcc, 0xcc, 0xcc, 0xcc'] };
      expect(errorOf(setup)).toContain('site site: a stub can call and jump, and nothing else');
      expect(errorOf({ algorithm, to: [NOP5] })).toBe('no error');
    }
  });

  it('reaches what an immediate and a displacement of 32 bits reach', () => {
    const patchAt = (address: bigint): Patch => {
      const bytes = textGenInsn(CALL_INSN_OPCODE, address, address + 0x1000n);
      return { site: 'site', address, bytes, emulate: undefined };
    };
    const stub = 0xffffffff83000000n;
    expect(reachableCallOf(patchAt(0xffffffff81000000n), stub)).toEqual({
      target: 0xffffffff81001000n,
      returnAddress: 0xffffffff81000005n,
    });
    const message = 'a stub at 0xffffffff83000000 cannot push 0x7f0000000005 or reach 0x7f0000001000';
    expect(() => reachableCallOf(patchAt(0x7f0000000000n), stub)).toThrow(message);
    // The lowest 2 GiB can be pushed, but lie too far away; the stub would have to be there too.
    expect(() => reachableCallOf(patchAt(0x1000n), stub)).not.toThrow();
    expect(() => reachableCallOf(patchAt(0x7ffffff0n), stub)).toThrow('cannot push 0x7ffffff5');
    expect(() => reachableCallOf(patchAt(0x7ffffff0n), 0x70000000n)).not.toThrow();
  });

  it('clobbers R10 and R11 where it passes arguments in them', () => {
    const message = 'algorithm stub-r10-r11 changes r10 and r11, which site site does not clobber';
    expect(errorOf({ algorithm: 'stub-r10-r11', clobbers: 'rax, r10' })).toContain(message);
    expect(errorOf({ algorithm: 'stub-r10-r11', clobbers: 'r10, r11' })).toBe('no error');
  });
});

describe('a CPU in a stub', () => {
  const inStub = (name: string, more: Parameters<typeof steppedWorld>[1] = {}) => {
    const world = steppedWorld(builtIn(name), more);
    while (world.text('site', 1) !== 'cc') world.until('unuse_temporary_mm').proc();
    return world.insn(1, more.asm === undefined ? 1 : 2).handler();
  };

  /** The site is reached with IF=0, after one instruction. */
  const IRQ_OFF = `
            .skip 4
    worker: cli
    site:   call.rel32 f
            sti
            jmp.rel8 worker
    f:      ret
    g:      ret
            .align 64
            .skip 64`;

  it('comes out as if it had executed the call', () => {
    for (const name of STUBS) {
      const world = inStub(name);
      while (world.machine.state(1).rip !== world.at('g')) world.insn();
      const { rsp, interruptsEnabled } = world.machine.state(1);
      expect([name, world.machine.memory.read(rsp, 8), interruptsEnabled]).toEqual([name, world.at('site') + 5n, true]);
      expect(world.insn(1, 2).machine.state(1).rip).toBe(world.at('worker'));
    }
  });

  it('goes through the STI stub with IF=0 and a shadow, and through the plain one where IF was 0 already', () => {
    for (const [name, sti] of [
      ['stub-sti', 0x90n],
      ['stub-static', 0x80n],
    ] as const) {
      const world = inStub(name);
      const state = world.machine.state(1);
      expect([state.rip, state.interruptsEnabled]).toEqual([0xffffffff81000000n + sti, false]);
      world.insn(1, 2);
      expect([state.interruptsEnabled, state.shadowed]).toEqual([true, true]);
      world.insn();
      expect([state.rip, state.interruptsEnabled, state.shadowed]).toEqual([world.at('g'), true, false]);

      const asm = IRQ_OFF;
      const off = inStub(name, { asm });
      expect(off.machine.state(1).rip).not.toBe(0xffffffff81000000n + sti);
      off.insn(1, 2);
      expect([off.machine.state(1).rip, off.machine.state(1).interruptsEnabled]).toEqual([off.at('g'), false]);
    }
  });

  it('has IF=1 and no shadow where the handler forgot to clear IF', () => {
    const { machine, ...world } = inStub('stub-sti-forgot-if').insn(1, 2);
    expect([machine.state(1).interruptsEnabled, machine.state(1).shadowed]).toEqual([true, false]);
    expect(world).toBeDefined();
  });

  it('needs no stub for a jump or a NOP', () => {
    for (const name of STUBS) {
      const world = inStub(name, { patches: [{ site: 'site', new: '.nops 5' }] });
      expect([name, world.machine.state(1).rip]).toEqual([name, world.at('site') + 5n]);
      expect(world.labels().some((label) => label.includes('stub:'))).toBe(false);
    }
  });

  it('is still in it when it is generated anew: mail 002', () => {
    const patches = [
      { site: 'site', new: 'call.rel32 g' },
      { site: 'site', new: 'call.rel32 h' },
    ];
    // It is between the two instructions of the stub, where it takes the IPIs of all sync cores of both patches.
    const world = inStub('stub-plain', { patches }).insn().finish();
    expect(world.events.filter((event) => event.kind === 'ipi-acked' && event.cpu === 1)).toHaveLength(8);
    expect([world.machine.context(1).depth, world.violated]).toEqual([1, undefined]);
    world.insn();
    expect([world.machine.state(1).rip, world.violated]).toEqual([world.at('h'), 'no-use-after-reuse']);
  });

  it('is waited for at the last sync core of its own patch where it has IF=0 or a shadow', () => {
    for (const instructions of [0, 1, 2]) {
      const world = inStub('stub-sti').insn(1, instructions);
      expect(() => world.finish()).toThrow('the patcher waits for ever: wait for all acks');
      world.insn(1, 3 - instructions).finish();
      expect([instructions, world.violated]).toEqual([instructions, undefined]);
    }
  });
});

describe('what makes the generated stub visible', () => {
  const rules = 'fetch: any, unit: 64, iret-serialises: no';

  it('is the IRET of the handler: without the first sync core and with an IRET that serialises nothing it is stale', () => {
    expect(violated({ algorithm: 'stub-sti-no-first-sync', from: NOP5, rules })).toContain('no-unhandled-exception');
    expect(violated({ algorithm: 'stub-sti', from: NOP5, rules })).toEqual([]);
  });

  it('is the INT3 itself where stores become visible in their order', () => {
    const ordered = rules.replace('any', 'monotone');
    expect(violated({ algorithm: 'stub-sti-no-first-sync', from: NOP5, rules: ordered })).toEqual([]);
  });
});

describe('an NMI', () => {
  const rules = 'nmi-held-in-sti-shadow: no';

  it('ends the shadow in which the stub relies on not being interrupted, where STI does not hold it: T5', () => {
    const setup = { algorithm: 'stub-sti', from: NOP5, nmi: 1 };
    const { violations } = reachable(worldOf({ ...setup, rules }), ['no-use-after-reuse']);
    expect([...violations.keys()]).toEqual(['no-use-after-reuse']);
    const kinds = violations.get('no-use-after-reuse')?.map(({ kind }) => kind);
    expect(kinds?.filter((kind) => kind === 'nmi' || kind === 'switch')).toEqual(['nmi']);
    expect(violated(setup)).toEqual([]);
  });

  it('lets the slots of a CPU be freed while it is in the static stub and has one to read', () => {
    const setup = { algorithm: 'stub-static', from: NOP5, nmi: 1 };
    const { violations } = reachable(worldOf({ ...setup, rules }), ['no-use-after-reuse']);
    expect([...violations.keys()]).toEqual(['no-use-after-reuse']);
    const kinds = violations.get('no-use-after-reuse')?.map(({ kind }) => kind);
    expect(kinds?.filter((kind) => kind === 'nmi')).toEqual(['nmi']);
    expect(violated(setup)).toEqual([]);
  });

  it('is no matter where what the context needs is in its registers, or emulated', () => {
    for (const algorithm of ['stub-r10-r11', 'text-poke-bp']) {
      expect([algorithm, violated({ algorithm, from: NOP5, nmi: 1, rules })]).toEqual([algorithm, []]);
    }
  });
});

describe('two patches one after the other', () => {
  it('share the stub without harm where it is waited for', () => {
    for (const algorithm of ['stub-sti', 'stub-static', 'stub-r10-r11']) {
      expect([algorithm, violated({ algorithm, from: NOP5, to: [CALL_G, CALL_F] })]).toEqual([algorithm, []]);
    }
  });

  it('do so where the stub is not', () => {
    expect(violated({ algorithm: 'stub-plain', from: NOP5, to: [CALL_G, CALL_F] })).toEqual(['no-use-after-reuse']);
  });
});

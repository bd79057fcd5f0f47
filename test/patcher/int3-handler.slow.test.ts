import { describe, expect, it } from 'vitest';
import { GPR_NAMES } from '../../src/cpu/cells.js';
import { RFLAGS } from '../../src/cpu/flags.js';
import type { MachineSnapshot } from '../../src/machine/machine-snapshot.js';
import { PatchWorld, stackTop } from './patch-world.js';

/** What software sees of CPU 1, and the stack around where its RSP was. */
function seen(world: PatchWorld): Record<string, string> {
  const state = world.machine.state(1);
  const word = (at: bigint): string => world.machine.memory.read(at, 8).toString(16);
  return {
    ...Object.fromEntries(GPR_NAMES.map((name) => [name, state.gpr(name).toString(16)])),
    rip: state.rip.toString(16),
    rflags: state.rflags.toString(16),
    // From RSP upwards: what is below it is nobody's.
    stack: Array.from({ length: 6 }, (_, i) => word(state.rsp + 8n * BigInt(i))).join(' '),
    depth: `${world.machine.context(1).depth}`,
  };
}

/** The stages of a patch in which a CPU may execute its INT3: the patcher's next step. */
const STAGES: readonly (readonly [string, (world: PatchWorld) => PatchWorld])[] = [
  ['INT3 is written', (world) => world.until('on_each_cpu')],
  ['every CPU knows of the INT3', (world) => world.until('wait for all acks').until('local_irq_save')],
  ['half of the tail is written', (world) => world.until('on_each_cpu').until('text_poke_memcpy').proc(0, 2)],
  ['the tail is written', (world) => world.until('on_each_cpu', 2)],
  ['the first byte is next', (world) => world.until('on_each_cpu', 2).until('text_poke_memcpy')],
];

interface Form {
  readonly what: string;
  readonly old: string;
  readonly new: string;
  readonly emulate?: string;
}

const FORMS: readonly Form[] = [
  { what: 'CALL', old: '.nops 5', new: 'call.rel32 f' },
  { what: 'CALL for another CALL', old: 'call.rel32 f', new: 'call.rel32 g' },
  { what: 'JMP32', old: '.nops 5', new: 'jmp.rel32 g' },
  { what: 'JMP32 backwards', old: '.nops 5', new: 'jmp.rel32 worker' },
  { what: 'JMP8', old: 'data16 nop', new: 'jmp.rel8 after' },
  { what: 'JMP8 backwards', old: 'data16 nop', new: 'jmp.rel8 worker' },
  { what: 'JMP8 in five bytes', old: 'call.rel32 f', new: '.byte 0xeb, after - site - 2, 0xcc, 0xcc, 0xcc' },
  { what: 'NOP2', old: 'jmp.rel8 after', new: 'data16 nop' },
  { what: 'NOP5', old: 'call.rel32 f', new: '.nops 5' },
  { what: 'RET', old: 'jmp.rel32 g', new: '.byte 0xc3, 0xcc, 0xcc, 0xcc, 0xcc' },
  { what: 'JMP32 for RET', old: '.byte 0xc3, 0xcc, 0xcc, 0xcc, 0xcc', new: 'jmp.rel32 g' },
  { what: 'a call that returns 0', old: 'call.rel32 f', new: 'cs cs cs xor %eax,%eax', emulate: 'call.rel32 zero' },
  { what: 'JE', old: 'je.rel32 f', new: 'je.rel32 g' },
  { what: 'JE in two bytes', old: 'data16 nop', new: 'je.rel8 after' },
];

function worldOf(form: Form): PatchWorld {
  return new PatchWorld({
    asm: `worker: nop; site: ${form.old}; jmp worker; nop; after: hlt; f: ret; g: hlt; zero: xor %eax, %eax; ret`,
    sites: { site: form.what === 'RET' ? { length: 5 } : form.old.startsWith('.byte') ? { length: 5 } : {} },
    patches: [{ site: 'site', new: form.new, ...(form.emulate === undefined ? {} : { emulate: form.emulate }) }],
    workers: ['site'],
    properties: ['no-torn-instruction', 'int3-handled', 'no-unhandled-exception', 'site-effect'],
    quiet: true,
  });
}

/** Gives CPU 1 registers that tell each other apart, and a return address on its stack. */
function prepare(world: PatchWorld, rsp = stackTop(1) - 0x100n, flags = 0n): PatchWorld {
  const state = world.machine.state(1);
  GPR_NAMES.forEach((name, number) => {
    state.setGpr(name, 0x1111111100000000n + BigInt(number));
  });
  state.rsp = rsp;
  state.rflags = RFLAGS.fixed | RFLAGS.if | flags;
  for (let i = 0n; i < 6n; i++) world.machine.memory.write(rsp + 8n * i, 8, world.at('g') + i);
  return world;
}

/** What the new instruction (or the declared one) does when it is simply there. */
function direct(form: Form, rsp?: bigint, flags?: bigint): Record<string, string> {
  const world = prepare(worldOf({ ...form, new: form.emulate ?? form.new }), rsp, flags);
  world.machine.memory.storeBytes(world.at('site'), world.patches[0]?.bytes ?? new Uint8Array());
  return seen(world.insn());
}

describe('a CPU that executes the INT3 of a patch', () => {
  for (const form of FORMS) {
    it(`gets the effect of the new instruction in every stage: ${form.what}`, () => {
      const wanted = direct(form);
      const world = prepare(worldOf(form));
      for (const [stage, go] of STAGES) {
        const before = world.machine.save();
        prepare(go(world));
        expect([stage, world.text('site', 1)]).toEqual([stage, 'cc']);
        world.insn().handler();
        expect([stage, seen(world), world.violated]).toEqual([stage, wanted, undefined]);
        world.machine.restore(before);
      }
    });
  }

  it('whose RSP is 16-byte aligned or not gets a push that leaves the frame alone', () => {
    for (const below of [0x100n, 0x108n, 0x101n, 0x10fn]) {
      const form = { what: 'CALL', old: '.nops 5', new: 'call.rel32 f' };
      const rsp = stackTop(1) - below;
      const world = prepare(worldOf(form).until('on_each_cpu'), rsp);
      world.insn().handler();
      expect([below, seen(world)]).toEqual([below, direct(form, rsp)]);
      expect(world.machine.memory.read(rsp - 8n, 8)).toBe(world.at('site') + 5n);
    }
  });

  it('keeps its interrupt flag, on or off', () => {
    for (const IF of [0n, RFLAGS.if]) {
      const world = prepare(worldOf({ what: 'NOP5', old: 'call.rel32 f', new: '.nops 5' }).until('on_each_cpu'));
      world.machine.state(1).rflags = RFLAGS.fixed | IF;
      world.insn();
      expect(world.machine.state(1).interruptsEnabled).toBe(false);
      world.handler();
      expect([world.machine.state(1).rflags, world.violated]).toEqual([RFLAGS.fixed | IF, undefined]);
    }
  });

  it('may be the patching CPU itself, in an interrupt that it took between its steps', () => {
    const world = new PatchWorld({
      asm: 'irq: site: .nops 5; iretq; f: ret; idle: hlt',
      sites: { site: { clobbers: ['rax'] } },
      patches: [{ site: 'site', new: 'call.rel32 f' }],
      workers: ['idle'],
      idt: { 64: 'irq' },
    });
    world.until('on_each_cpu').machine.setPending(0, 0x40);
    world.apply({ kind: 'accept', cpu: 0, vector: 0x40 }).insn(0);
    world.proc(0, 8);
    expect(world.machine.state(0).rip).toBe(world.at('f'));
    world.insn(0).insn(0).finish();
    expect([world.violated, world.text('site', 5)]).toEqual([undefined, 'e802000000']);
  });
});

describe('the emulation of a conditional jump', () => {
  const CONDITIONS = ['o', 'no', 'b', 'ae', 'e', 'ne', 'be', 'a', 's', 'ns', 'p', 'np', 'l', 'ge', 'le', 'g'] as const;
  const { cf, pf, zf, sf, of } = RFLAGS;
  const FLAGS = Array.from({ length: 32 }, (_, i) =>
    [cf, pf, zf, sf, of].reduce((flags, bit, n) => flags | ((i >> n) & 1 ? bit : 0n), 0n),
  );

  for (const [size, distance] of [
    ['rel32', 6n],
    ['rel8', 2n],
  ] as const) {
    it(`goes where the CPU itself would go, for all conditions and flags: ${size}`, () => {
      for (const condition of CONDITIONS) {
        const world = new PatchWorld({
          asm: `worker: site: j${condition}.${size} f; hlt; f: hlt; g: hlt`,
          sites: { site: {} },
          patches: [{ site: 'site', new: `j${condition}.${size} g` }],
          workers: ['worker'],
          properties: [],
          quiet: true,
        });
        const go = (flags: bigint): bigint => {
          world.machine.state(1).rflags = RFLAGS.fixed | RFLAGS.if | flags;
          world.insn().handler();
          return world.machine.state(1).rip;
        };
        const each = (snapshot: MachineSnapshot): bigint[] =>
          FLAGS.map((flags) => {
            world.machine.restore(snapshot);
            return go(flags);
          });
        world.until('on_each_cpu');
        const before = world.machine.save();
        const emulated = each(before);
        world.machine.restore(before);
        world.machine.memory.storeBytes(world.at('site'), world.patches[0]?.bytes ?? new Uint8Array());
        const native = each(world.machine.save());
        expect([condition, emulated]).toEqual([condition, native]);
        expect(new Set(native)).toEqual(new Set([world.at('g'), world.at('site') + distance]));
      }
    });
  }
});

describe('a #BP that is not for the handler', () => {
  const setup = {
    asm: 'worker: int3; nop; site: .nops 5; jmp worker; f: ret',
    sites: { site: { clobbers: ['rax'] as const } },
    patches: [{ site: 'site', new: 'call.rel32 f' }],
  };
  const stopsWith = (world: PatchWorld, property: string): void => {
    expect(world.machine.stopped).toMatchObject({ cpu: 1, kind: 'died', reason: 'int3 that nobody handled' });
    expect(world.violated).toBe(property);
  };

  it("is fatal: somebody else's INT3 while a patch is under way", () => {
    const world = new PatchWorld({ ...setup, workers: ['worker'] }).until('on_each_cpu').insn().handler();
    stopsWith(world, 'no-unhandled-exception');
    expect(world.labels(1)).toEqual([
      'asm_exc_int3: push ORIG_RAX; open the stack gap',
      'raw_atomic_inc_not_zero(this_cpu_ptr(&text_poke_array_refs))',
      'nr_entries = text_poke_array.nr_entries',
      '__inline_bsearch: compare vec[middle] with ip',
      'put_text_poke_array: raw_atomic_dec(refs)',
      'die("int3"): nobody consumed the #BP',
    ]);
  });

  it("is fatal: somebody else's INT3 while no patch is under way, and then nothing of the array is read", () => {
    const world = new PatchWorld({ ...setup, workers: ['worker'] }).insn().handler();
    stopsWith(world, 'no-unhandled-exception');
    expect(world.labels(1)).toHaveLength(3);
  });

  it('is fatal: an INT3 of user mode, even at the site', () => {
    const world = new PatchWorld({ ...setup, workers: ['site'] }).until('on_each_cpu');
    world.machine.state(1).setCell('cpl', 3n);
    world.insn().handler();
    stopsWith(world, 'int3-handled');
    // user_mode(regs): the handler returns 0 without looking at anything, and there is no stack gap.
    expect(world.labels(1)).toEqual([
      'asm_exc_int3: push ORIG_RAX; open the stack gap',
      'die("int3"): nobody consumed the #BP',
    ]);
  });

  it('is fatal: an explicit INT3 as the new instruction is for somebody else', () => {
    const world = new PatchWorld({
      asm: 'worker: site: nop; jmp worker',
      sites: { site: {} },
      patches: [{ site: 'site', new: 'int3' }],
      workers: ['worker'],
    });
    world.until('on_each_cpu').insn().handler();
    expect(world.machine.stopped).toMatchObject({ kind: 'died' });
    expect(world.labels(1)).toContain('read tpl->disp; int3_emulate_{jmp,call,ret,jcc}(regs)');
  });

  it('leaves the reference count as it was', () => {
    const world = new PatchWorld({ ...setup, workers: ['worker'] }).until('on_each_cpu').insn().handler();
    expect(world.machine.memory.read(world.at('text_poke_array_refs') + 8n, 8)).toBe(1n);
  });
});

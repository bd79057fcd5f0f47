import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CELL, cpuBase, GPR_NAMES, XMM_REGISTERS } from '../../src/cpu/cells.js';
import type { CpuState } from '../../src/cpu/cpu-state.js';
import { RFLAGS } from '../../src/cpu/flags.js';
import type { Machine } from '../../src/machine/machine.js';
import { procedure } from '../../src/machine/procedure.js';
import { LAYOUT } from '../../src/memory/layout.js';
import { LANE_SEEDS, mixWord } from '../../src/memory/word-hash.js';
import { CALL_SWAP, subject, walk } from './walk.js';
import { CODE, DATA_PAGE, type Setup, stackTop, World } from './world.js';

const WRITABLE = { read: true, write: true, execute: true };
const irq = procedure('irq', (p) => p.step('iretq', (c) => c.host.interruptReturn(c.cpu)));

/** A machine of two CPUs that stand at the same place. */
const two = (more: Setup = {}): World =>
  new World({ asm: 'here: nop; nop; nop', cpus: 2, tasks: ['here', 'here'], idt: { 252: irq }, ...more });

/** Cells that came after the pending vectors, in the order of their numbers. */
const LATER = [
  ...(['kernelGsBase', 'selectors', 'star', 'lstar', 'fmask', 'efer', 'tscAux', 'tsc'] as const),
  ...(['dr0', 'dr1', 'dr2', 'dr3', 'dr6', 'dr7', 'gdtrBase', 'gdtrLimit', 'idtrBase', 'idtrLimit'] as const),
  'umwaitControl',
] as const;
/** The number of XMM0's low half; each register has two. */
const FIRST_XMM = 51;
/** Cells whose bits are RFLAGS, or pending vectors. */
const OTHERWISE = ['result', 'carries', 'systemFlags', 'pending'] as const;
/** Cells that software cannot see: the simulator's own, and that an NMI is being handled. */
const INVISIBLE = [
  'fetchFloor',
  'task',
  'known',
  'nextRecord',
  'hashLane0',
  'hashLane1',
  'random',
  'nmiBlocked',
] as const;
const CELLS = ['rip', 'fsBase', 'gsBase', 'cr0', 'cr2', 'cr3', 'cr4', 'cr8', 'cpl', 'shadow', 'activity'] as const;

function flip(cpu: CpuState, bit: bigint): void {
  cpu.rflags ^= bit;
}

/** Every single change of what software can see of one CPU. */
const CHANGES: readonly (readonly [string, (cpu: CpuState) => void])[] = [
  ...GPR_NAMES.map((name) => [name, (cpu: CpuState) => cpu.setGpr(name, cpu.gpr(name) ^ 1n)] as const),
  ...GPR_NAMES.map(
    (name) => [`${name}, top bit`, (cpu: CpuState) => cpu.setGpr(name, cpu.gpr(name) ^ (1n << 63n))] as const,
  ),
  ...[...CELLS, ...LATER].map((name) => [name, (cpu: CpuState) => cpu.setCell(name, cpu.cell(name) ^ 1n)] as const),
  ...Object.entries(RFLAGS)
    .filter(([name]) => name !== 'fixed')
    .map(([name, bit]) => [`flag ${name}`, (cpu: CpuState) => flip(cpu, bit)] as const),
  ...Array.from({ length: XMM_REGISTERS }, (_, n) =>
    [0n, 63n, 64n, 127n].map(
      (bit) => [`xmm${n}, bit ${bit}`, (cpu: CpuState) => cpu.setXmm(n, cpu.xmm(n) ^ (1n << bit))] as const,
    ),
  ).flat(),
];

const PLAIN = ['fsBase', 'gsBase', 'cr0', 'cr2', 'cr3', 'cr4', 'cr8', 'cpl', 'shadow', 'activity'] as const;

/** The hash anew from everything, by the description of `xmc-state/1`. */
function hashByDefinition({ memory, cpus }: Machine, initial: Uint8Array): string {
  const { linear } = memory;
  const mix = (seed: number, key: bigint, value: bigint): number => {
    const halves = (word: bigint): [number, number] => [Number(word & 0xffffffffn) | 0, Number(word >> 32n) | 0];
    return mixWord(seed, ...halves(key), ...halves(value));
  };
  const lanes = LANE_SEEDS.map((seed) => {
    let sum = 0;
    const add = (key: bigint, value: bigint, reset: bigint): void => {
      if (value !== reset) sum = (sum + mix(seed, key, value) - mix(seed, key, reset)) | 0;
    };
    const before = new DataView(initial.buffer, initial.byteOffset);
    for (let at = 0; at < initial.length; at += 8) {
      add(memory.addressOf(LAYOUT.pool + at), linear.uint64(LAYOUT.pool + at), before.getBigUint64(at, true));
    }
    cpus.forEach((state, cpu) => {
      const key = (number: number): bigint => (BigInt.asUintN(32, BigInt(-1 - cpu)) << 32n) | BigInt(number);
      GPR_NAMES.forEach((name, number) => {
        add(key(number), state.gpr(name), 0n);
      });
      add(key(16), state.rip, 0n);
      add(key(17), state.rflags, 2n);
      PLAIN.forEach((name, index) => {
        add(key(18 + index), state.cell(name), 0n);
      });
      for (let word = 0; word < 4; word++) {
        add(key(28 + word), linear.uint64(cpuBase(cpu) + CELL.pending + 8 * word), 0n);
      }
      LATER.forEach((name, index) => {
        add(key(32 + index), state.cell(name), 0n);
      });
      for (let n = 0; n < XMM_REGISTERS; n++) {
        add(key(FIRST_XMM + 2 * n), BigInt.asUintN(64, state.xmm(n)), 0n);
        add(key(FIRST_XMM + 2 * n + 1), state.xmm(n) >> 64n, 0n);
      }
    });
    return (sum >>> 0).toString(16).padStart(8, '0');
  });
  return lanes.join('');
}

describe('the hash of a state', () => {
  it('has 16 hex digits', () => {
    expect(two().machine.hash()).toMatch(/^[0-9a-f]{16}$/);
  });

  it('differs for every register, flag and cell of each CPU, and none of these changes looks like another', () => {
    const world = two();
    const seen = new Map([[world.machine.hash(), 'nothing']]);
    for (const cpu of [0, 1]) {
      for (const [what, change] of CHANGES) {
        const saved = world.machine.save();
        change(world.machine.state(cpu));
        const hash = world.machine.hash();
        expect(`${what} of CPU ${cpu} looks like ${seen.get(hash)}`).toBe(`${what} of CPU ${cpu} looks like undefined`);
        seen.set(hash, `${what} of CPU ${cpu}`);
        world.machine.restore(saved);
      }
      for (let vector = 0; vector < 256; vector++) {
        const saved = world.machine.save();
        world.send(vector, cpu);
        const hash = world.machine.hash();
        expect(seen.get(hash)).toBeUndefined();
        seen.set(hash, `vector ${vector} of CPU ${cpu}`);
        world.machine.restore(saved);
      }
    }
    expect(seen.size).toBe(1 + 2 * (CHANGES.length + 256));
  });

  it('has a part for every cell of a CPU that software can see, and none for the others', () => {
    expect([...CELLS, ...LATER, ...OTHERWISE, ...INVISIBLE].sort()).toEqual(Object.keys(CELL).sort());
    const { machine } = two();
    const before = machine.hash();
    for (const name of ['fetchFloor', 'task', 'random'] as const) machine.state(1).setCell(name, 5n);
    machine.state(1).nmiBlocked = true;
    expect(machine.hash()).toBe(before);
  });

  it('is what it was before there were XMM registers, where they are 0 again', () => {
    const { machine } = two();
    const before = machine.hash();
    machine.state(0).setXmm(15, 1n << 127n);
    expect(machine.hash()).not.toBe(before);
    machine.state(0).setXmm(15, 0n);
    expect(machine.hash()).toBe(before);
  });

  it('follows XMM registers that guest code writes', () => {
    const world = new World({ asm: 'here: movq %rax, %xmm3; pxor %xmm3, %xmm3', tasks: ['here'] });
    world.cpu.setGpr('rax', 7n);
    for (const value of [7n, 0n]) {
      world.machine.hash();
      world.insn();
      const kept = world.machine.hash();
      expect(world.cpu.xmm(3)).toBe(value);
      world.cpu.setXmm(3, 5n);
      expect(world.machine.hash()).not.toBe(kept);
      world.cpu.setXmm(3, value);
      expect(world.machine.hash()).toBe(kept);
    }
  });

  it('differs for every byte of memory, and for where it is', () => {
    const world = two();
    const seen = new Set([world.machine.hash()]);
    for (let at = 0n; at < 32n; at++) {
      for (const value of [1n, 2n, 0xffn]) {
        const saved = world.machine.save();
        world.machine.memory.write(DATA_PAGE + at, 1, value);
        seen.add(world.machine.hash());
        world.machine.restore(saved);
      }
    }
    expect(seen.size).toBe(1 + 32 * 3);
  });

  it('differs when two CPUs change places', () => {
    const [one, other] = [two(), two()];
    one.machine.state(0).setGpr('rax', 5n);
    other.machine.state(1).setGpr('rax', 5n);
    expect(one.machine.hash()).not.toBe(other.machine.hash());
  });

  it('is the same for the same state, whatever the way there', () => {
    const change = fc.record({ cpu: fc.nat(1), index: fc.nat(CHANGES.length - 1) });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 20 }), fc.infiniteStream(fc.nat()), (changes, numbers) => {
        const [one, other] = [two(), two()];
        const apply = (world: World, { cpu, index }: { cpu: number; index: number }): void =>
          CHANGES[index]?.[1](world.machine.state(cpu));
        for (const item of changes) apply(one, item);
        const shuffled = changes
          .map((item) => [numbers.next().value, item] as const)
          .sort(([a], [b]) => a - b)
          .map(([, item]) => item);
        for (const item of shuffled) {
          apply(other, item);
          other.machine.hash();
        }
        expect(other.machine.hash()).toBe(one.machine.hash());
      }),
      { numRuns: 30 },
    );
  });

  it('does not know in which order, and by which pieces, memory was written', () => {
    const [one, other] = [two(), two()];
    one.machine.memory.write(DATA_PAGE + 4n, 8, 0x1122334455667788n);
    for (const i of [7, 0, 3, 1, 6, 2, 5, 4]) {
      other.machine.memory.write(DATA_PAGE + 4n + BigInt(i), 1, 0xffn);
      other.machine.hash();
      other.machine.memory.write(DATA_PAGE + 4n + BigInt(i), 1, (0x1122334455667788n >> BigInt(8 * i)) & 0xffn);
    }
    expect(other.machine.hash()).toBe(one.machine.hash());
    for (const { machine } of [one, other]) machine.memory.write(DATA_PAGE + 4n, 8, 0n);
    expect([one.machine.hash(), other.machine.hash()]).toEqual([two().machine.hash(), two().machine.hash()]);
  });

  it('takes flags as they are, not how they came about', () => {
    const asm = `
      compare: cmp %rbx, %rax
               jmp end
      pop:     popf
               nop
      end:     nop`;
    const flags = (entry: string): World => {
      const world = new World({ asm, tasks: [entry] });
      world.cpu.setGpr('rax', 3n);
      world.cpu.setGpr('rbx', 5n);
      world.machine.memory.write(stackTop(0) - 8n, 8, 0x293n);
      world.cpu.rsp = stackTop(0) - 8n;
      world.insn(0, 2);
      world.cpu.rsp = stackTop(0);
      world.cpu.rip = CODE;
      return world;
    };
    const [compared, popped] = [flags('compare'), flags('pop')];
    expect(compared.cpu.rflags).toBe(popped.cpu.rflags);
    expect(compared.machine.hash()).toBe(popped.machine.hash());
  });

  it('takes text by its bytes, whatever its history', () => {
    const [one, other] = [two({ text: WRITABLE }), two({ text: WRITABLE })];
    one.machine.memory.storeBytes(CODE + 1n, Uint8Array.of(0xcc));
    expect(one.machine.hash()).not.toBe(other.machine.hash());
    one.machine.memory.storeBytes(CODE + 1n, Uint8Array.of(0x90));
    expect(one.machine.memory.text.now).toBe(2);
    expect(one.machine.hash()).toBe(other.machine.hash());
  });

  it('does not know how far a procedure is, what its locals are, and how many steps there were', () => {
    const task = procedure('task', (p) => {
      const local = p.local();
      p.step('one', (c) => c.set(local, 5n));
      p.step('two', () => {});
      p.step('three', () => {});
    });
    const world = new World({ tasks: [task] });
    const hashes = [0, 1, 2, 3].map((n) => (n === 0 ? world : world.proc()).machine.hash());
    expect(new Set(hashes).size).toBe(1);
  });

  it('does not know of events, of observers, of what is watched', () => {
    const [one, other] = [two(), two()];
    other.machine.watched.add(CODE, CODE + 1n);
    other.machine.observe({ instructions: 'all', observe: () => {} });
    one.insn(0).insn(1);
    other.insn(1).insn(0);
    expect(other.machine.hash()).toBe(one.machine.hash());
  });

  it('may be asked for at any time, by an observer in the middle of a step too', () => {
    const asm = 'here: inc %rax; ud2; handler: addq $2, (%rsp); iretq';
    const make = (): World => new World({ asm, tasks: ['here'], idt: { 6: 'handler', 252: irq } });
    const [plain, asked] = [make(), make()];
    const ask = (): void => void asked.machine.hash();
    asked.machine.watched.add(CODE, CODE + 64n);
    asked.machine.observe({ instructions: 'all', before: ask, observe: ask, after: ask });
    const both = (action: (world: World) => void): void => {
      action(plain);
      action(asked);
      expect(asked.machine.hash()).toBe(plain.machine.hash());
    };
    for (let i = 0; i < 4; i++) both((world) => world.insn());
    both((world) => world.send(0xfc));
    both((world) => world.accept(0xfc));
    both((world) => world.proc());
  });

  it('is part of the format xmc-state/1 and never changes', () => {
    const world = two();
    const hashes = [world.machine.hash()];
    world.machine.state(1).setGpr('rax', 0x123456789abcdef0n);
    world.machine.state(0).rflags = 0xed7n;
    hashes.push(world.machine.hash());
    world.machine.memory.write(DATA_PAGE + 3n, 8, 0x1122334455667788n);
    hashes.push(world.machine.hash());
    world.send(0xfc, 1);
    hashes.push(world.machine.hash());
    expect(hashes).toEqual(['124c09063aeb4814', '573bbafe7546bdf4', '14f29dd914423a85', '18ae1af81ae4a5c7']);
  });

  it('is the sum that its description says, however it is kept up to date', () => {
    const one = subject(CALL_SWAP);
    const { memory } = one.machine;
    const initial = memory.linear.u8.slice(LAYOUT.pool);
    for (let round = 0; round < 12; round++) {
      walk(
        one,
        Array.from({ length: 97 }, (_, i) => (i + round) * 7919),
        [],
      );
      one.machine.state(round % 2).setXmm((5 * round) % XMM_REGISTERS, BigInt(round) << BigInt(10 * round));
      one.machine.state(round % 2).setCell('umwaitControl', BigInt(round & ~1));
      expect(one.machine.hash()).toBe(hashByDefinition(one.machine, initial));
    }
  });

  it('of a machine that was never started does not depend on its CPUs: they are at their reset values but halted', () => {
    const halted = (cpus: number): string => new World({ cpus }).machine.hash();
    expect(halted(1)).not.toBe(halted(2));
    expect(halted(2)).toBe(halted(2));
  });
});

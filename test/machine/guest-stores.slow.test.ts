import { describe, expect, it } from 'vitest';
import { HeldStores } from '../../src/cpu/held-store.js';
import { RandomScheduler } from '../../src/explore/random-scheduler.js';
import { MAX_CONTEXTS, MAX_FRAMES } from '../../src/machine/contexts.js';
import { Monitors } from '../../src/property/monitors.js';
import { WRITABLE_TEXT } from '../cpu/machine-with.js';
import { type Build, runTwice } from '../explore/run-twice.js';
import { type Setup, stackTop, World } from './world.js';

const BACKENDS = ['wasm', 'bigint'] as const;
const WORD = 0x8877665544332211n;
const TF = 0x100n;

/** Two CPUs; CPU 0 stores to `site`, whose bytes 3 and following lie behind a boundary of 8, 64 and so on. */
const asm = (store: string): string => `
  start: ${store}
  done:  mov $1, %bl
         jmp done
  other: mov site(%rip), %rbx
         movb $0xb1, done(%rip)
         jmp other
  trap:  nop
         .balign 64
         .skip 61
  site:  .quad 0, 0, 0, 0`;

function world(store: string, setup: Partial<Setup> = {}): World {
  const made = new World({
    asm: asm(store),
    text: WRITABLE_TEXT,
    cpus: 2,
    tasks: ['start', 'other'],
    idt: { 1: 'trap', 2: 'trap', 64: 'trap' },
    ...setup,
    rules: { storeBoundary: 8, ...setup.rules },
  });
  made.cpu.setGpr('rax', WORD);
  made.cpu.setGpr('rcx', made.at('site'));
  return made;
}

const ALL = Array.from({ length: 8 }, (_, byte) => `cpu0 store ${byte}`);
const stores = (made: World): number[] => made.of('text-store').map(({ after }) => after.length);
const storeByte = (made: World, ...bytes: readonly number[]): World =>
  made.apply(...bytes.map((byte) => ({ kind: 'store' as const, cpu: 0, byte })));

describe.each(BACKENDS)('a guest store to text (%s)', (backend) => {
  it.each([
    ['inside one unit of the store boundary', 'mov %rax, 3(%rcx)', 8],
    ['across it when that is larger', 'mov %rax, 4(%rcx)', 64],
    ['of one byte', 'mov %al, (%rcx)', 1],
  ])('is one event: %s', (_what, store, storeBoundary) => {
    const made = world(store, { backend, rules: { storeBoundary } }).insn();
    expect(stores(made)).toHaveLength(1);
    expect(made.enabled()).toEqual(['cpu0 insn']);
  });

  it('across the store boundary becomes visible byte by byte, in any order, before the CPU goes on', () => {
    const made = world('mov %rax, (%rcx)', { backend }).insn();
    expect(made.cpu.rip).toBe(made.at('done'));
    expect([made.word(made.at('site')), stores(made)]).toEqual([0n, []]);
    expect(made.enabled()).toEqual(ALL);
    storeByte(made, 7, 0);
    expect(made.enabled()).toEqual(ALL.slice(1, 7));
    made.insn(1);
    expect(made.machine.state(1).gpr('rbx')).toBe(0x8800000000000011n);
    storeByte(made, 3, 1, 2, 6, 5, 4);
    expect([made.word(made.at('site')), stores(made)]).toEqual([WORD, new Array(8).fill(1)]);
    expect(made.enabled()).toEqual(['cpu0 insn']);
  });

  it('holds as many bytes as it stores, whatever lies beside them', () => {
    const made = world('movl %eax, (%rcx)', { backend }).insn();
    expect(made.enabled()).toEqual(ALL.slice(0, 4));
    storeByte(made, 2, 3, 0, 1);
    expect(made.word(made.at('site'))).toBe(0x44332211n);
  });

  it('of 16 bytes becomes visible byte by byte wherever it lies: nobody promises more', () => {
    const made = world('movups %xmm3, (%rcx)', { backend, rules: { storeBoundary: 64 } });
    made.cpu.setXmm(3, (WORD << 64n) | 0x0102030405060708n);
    made.cpu.setGpr('rcx', made.at('site') + 3n);
    made.insn();
    expect(made.enabled()).toEqual(Array.from({ length: 16 }, (_, byte) => `cpu0 store ${byte}`));
    storeByte(made, 15, 8, 14, 9, 13, 10, 12, 11);
    expect([made.word(made.at('site') + 3n), made.word(made.at('site') + 11n)]).toEqual([0n, WORD]);
    storeByte(made, 0, 1, 2, 3, 4, 5, 6, 7);
    expect([made.word(made.at('site') + 3n), made.enabled()]).toEqual([0x0102030405060708n, ['cpu0 insn']]);
  });

  it('under a boundary of 1 is never more than bytes', () => {
    expect(
      world('movw %ax, 3(%rcx)', { backend, rules: { storeBoundary: 1 } })
        .insn()
        .enabled(),
    ).toHaveLength(2);
  });

  it('that changes no byte is over at once', () => {
    const made = world('movq $0, (%rcx)', { backend }).insn();
    expect([made.enabled(), stores(made)]).toEqual([['cpu0 insn'], []]);
  });

  it.each([
    ['LOCK', 'lock; addq %rax, (%rcx)'],
    ['LOCK behind a segment', 'ds lock addq %rax, (%rcx)'],
    ['XCHG', 'xchg %rax, (%rcx)'],
    ['XCHG of two bytes', 'xchg %ax, 2(%rcx)'],
  ])('by a locked operation is one event, across the boundary too: %s', (_what, store) => {
    const made = world(store, { backend }).insn();
    expect(stores(made)).toHaveLength(1);
    expect(made.enabled()).toEqual(['cpu0 insn']);
  });

  it('without LOCK is held, whatever the instruction reads', () => {
    for (const store of ['addq %rax, (%rcx)', 'xadd %rax, (%rcx)', 'btsw $3, 2(%rcx)']) {
      expect(world(store, { backend }).insn().enabled()[0]).toBe('cpu0 store 0');
    }
  });

  it('of a compare-exchange that fails is none', () => {
    const made = world('cmpxchg %rbx, (%rcx)', { backend }).insn();
    expect([made.enabled(), stores(made)]).toEqual([['cpu0 insn'], []]);
  });

  it('by CMPXCHG16B is one event of 16 bytes', () => {
    const made = world('lock cmpxchg16b 3(%rcx)', { backend, rules: { storeBoundary: 1 } });
    made.cpu.setGpr('rax', 0n);
    made.cpu.setGpr('rbx', WORD);
    made.cpu.setGpr('rcx', made.at('site'));
    made.insn();
    const [store] = made.of('text-store');
    expect(made.of('text-store')).toHaveLength(1);
    expect(store?.after).toHaveLength(16);
    expect(made.word(made.at('site') + 3n)).toBe(WORD);
    expect(made.word(made.at('site') + 11n)).toBe(made.at('site'));
  });

  it('is followed by what waits at the boundary: an interrupt, an NMI', () => {
    const made = world('mov %rax, (%rcx)', { backend });
    made.machine.budgets.set('nmi', 1);
    made.insn().send(0x40);
    expect(made.enabled()).toEqual(ALL);
    storeByte(made, 0, 1, 2, 3, 4, 5, 6, 7);
    expect(made.enabled()).toEqual(['cpu0 accept 0x40', 'cpu0 insn', 'cpu0 nmi']);
  });

  it('under TF is followed by #DB, when its last byte is stored', () => {
    const made = world('mov %rax, (%rcx)', { backend });
    made.cpu.rflags |= TF;
    made.insn();
    storeByte(made, 1, 2, 3, 4, 5, 6, 7);
    expect(made.of('trap')).toEqual([]);
    storeByte(made, 0);
    expect(made.of('trap')).toMatchObject([{ vector: 1, rip: made.at('done') }]);
    expect(made.enabled()).toEqual(['cpu0 insn']);
  });

  it('is part of the state while it is held, and leaves nothing behind', () => {
    const made = world('mov %rax, (%rcx)', { backend }).insn();
    const held = made.machine.save();
    storeByte(made, 0, 1, 2, 3, 4, 5, 6, 7);
    const stored = [made.machine.hash(), made.machine.save().blocks];
    made.machine.restore(held);
    expect(made.enabled()).toEqual(ALL);
    storeByte(made, 7, 6, 5, 4, 3, 2, 1, 0);
    expect([made.machine.hash(), made.machine.save().blocks]).toEqual(stored);
  });

  it('is part of the vector that searches keep', () => {
    const made = world('mov %rax, (%rcx)', { backend }).insn();
    storeByte(made, 4);
    const vector = made.machine.vector();
    vector.read();
    const held = vector.ids.slice(0, vector.length);
    storeByte(made, 0, 1, 2, 3, 5, 6, 7);
    vector.write(held, held.length);
    expect(made.enabled()).toEqual(ALL.filter((step) => step !== 'cpu0 store 4'));
    storeByte(made, 7, 6, 5, 3, 2, 1, 0);
    expect(made.word(made.at('site'))).toBe(WORD);
  });

  it('leaves the CPU no older fetch than of when its last byte was stored, under torn', () => {
    const rules = { fetch: 'torn', unit: 1 } as const;
    const made = world('mov %rax, (%rcx)', { backend, rules });
    const { text } = made.machine.memory;
    made.insn();
    // CPU 1 changes the first byte of what CPU 0 executes next, between two of the bytes.
    storeByte(made, 0, 1, 2, 3, 4, 5, 6);
    made.insn(1, 2);
    storeByte(made, 7);
    expect([made.enabled(), text.now]).toEqual([['cpu0 insn'], 9]);
  });
});

describe('held stores', () => {
  it('do not lie where contexts do', () => {
    const made = world('mov %rax, (%rcx)');
    const contexts = made.machine.context(0);
    while (contexts.depth < MAX_CONTEXTS) contexts.push(0x40, stackTop(0));
    while (contexts.frames < MAX_FRAMES) contexts.pushFrame(0);
    for (let local = 0; local < 8; local++) contexts.setLocal(local, 0xffffffffffffffffn);
    expect(new HeldStores(made.machine.memory, 8).left(0)).toBe(0);
  });

  it('come out alike on both backends, whoever stores what', () => {
    const bodies = [
      'mov %rax, (%rcx)',
      'addw %ax, 2(%rcx)',
      'lock xadd %rax, (%rcx)',
      'mov %rax, 4(%rcx); push (%rcx); pop 1(%rcx)',
    ];
    for (const [seed, body] of bodies.entries()) {
      const build: Build = (backend) => {
        const { machine } = world(`${body}; ror %rax; jmp start`, { backend });
        return { machine, monitors: new Monitors(machine, { sites: [], patches: [], ranges: new Map() }, []) };
      };
      const { steps, schedule } = runTwice(build, () => new RandomScheduler(seed), 400);
      expect([steps, schedule.some(({ kind }) => kind === 'store')]).toEqual([400, !body.startsWith('lock')]);
    }
  });
});
